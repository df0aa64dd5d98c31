"""Objects on S3-compatible stores and HTTP servers, through obstore."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from quakebook.data.archive.errors import StoreError, checked_timeout
from quakebook.data.archive.stores.clients import connect
from quakebook.data.archive.stores.contract import StoredObject
from quakebook.data.archive.stores.credentials import of_profile, with_environment

Result = TypeVar("Result")
#: Answers of S3 that mean "your credentials no longer count".
_EXPIRED = ("ExpiredToken", "InvalidToken", "TokenRefreshRequired", "RequestExpired")
#: The process that first used obstore: its threads do not survive a fork.
_first_process: list[int] = []


class RemoteStore:
    """An S3 bucket (or a part of it) or an HTTP folder.

    Parameters
    ----------
    url : str
        ``s3://bucket``, ``s3://bucket/prefix`` or ``http(s)://host/path``. HTTP servers cannot be listed.
    region : str
    endpoint_url : str, optional
        For S3-compatible servers; $AWS_ENDPOINT_URL otherwise.
    anonymous : bool, optional
        Unsigned requests. Default: unsigned unless there is a key here or in the environment.
    access_key_id, secret_access_key, session_token : str, optional
        Environment variables of the same meaning (AWS_ACCESS_KEY_ID, ...) otherwise.
    profile : str, optional
        Section of ~/.aws/credentials to take the keys from.
    timeout_s : float
        For one request.
    retries : int
        Further tries after a dropped connection or an answer 429 or 5xx.
    """

    remote = True

    def __init__(self, url: str, *, region: str = "us-west-2", endpoint_url: str | None = None,
                 anonymous: bool | None = None, access_key_id: str | None = None, secret_access_key: str | None = None,
                 session_token: str | None = None, profile: str | None = None, timeout_s: float = 30.0,
                 retries: int = 3) -> None:
        self.url = url.rstrip("/")
        self.retries, self.timeout_s, self.region = retries, checked_timeout(timeout_s), region
        self.endpoint_url = endpoint_url or os.environ.get("AWS_ENDPOINT_URL")
        given = of_profile(profile) if profile else (access_key_id, secret_access_key, session_token)
        self._keys = with_environment(*given)
        self.anonymous = not self._keys["access_key_id"] if anonymous is None else anonymous
        if not self.anonymous and url.startswith("s3://") and not self._keys["access_key_id"]:
            raise StoreError(f"{self.url}: signed access needs a key; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                             "name a profile, or ask for anonymous access")
        self._client: Any = None
        self._process = 0

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_client": None, "_process": 0}

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Objects of the bucket below `prefix`, in the order of the server (S3: by key)."""
        if not self.url.startswith("s3://"):
            raise StoreError(f"{self.url}: an HTTP server cannot be listed; give a manifest or an index")
        import obstore

        # a prefix that ends within a name must be matched here: object_store lists whole folders only
        folder = prefix if prefix.endswith("/") or not prefix else prefix.rpartition("/")[0]
        stream = self._try(prefix or "(all objects)", lambda: obstore.list(self.client(), prefix=folder or None))
        while True:
            batch = self._try(prefix or "(all objects)", lambda: next(stream, None))
            if batch is None:
                return
            for entry in batch:
                if entry["path"].startswith(prefix):
                    yield StoredObject(entry["path"], entry["size"], (entry["e_tag"] or "").strip('"'))

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes of an object; a body that ends early is asked for again."""
        import obstore

        def whole() -> bytes:
            if start == 0 and stop is None:
                answer = obstore.get(self.client(), key)
                content, size = bytes(answer.bytes()), answer.meta["size"]
                if len(content) != size:
                    raise obstore.exceptions.GenericError(f"body ends after {len(content)} of {size} bytes")
                return content
            if start < 0:
                return bytes(obstore.get(self.client(), key, options={"range": {"suffix": -start}}).bytes())
            if stop is None:
                return bytes(obstore.get(self.client(), key, options={"range": {"offset": start}}).bytes())
            return bytes(obstore.get_range(self.client(), key, start=start, end=stop))

        return self._try(key, whole)

    def write(self, key: str, content: bytes) -> None:
        """Put an object."""
        import obstore

        self._try(key, lambda: obstore.put(self.client(), key, content))

    def create(self, key: str, content: bytes) -> bool:
        """Put an object under the condition that there is none (If-None-Match)."""
        import obstore

        try:
            self._try(key, lambda: obstore.put(self.client(), key, content, mode="create"))
        except FileExistsError:
            return False
        return True

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """An object and the tag of just that content."""
        import obstore

        answer = self._try(key, lambda: obstore.get(self.client(), key))
        return bytes(answer.bytes()), answer.meta["e_tag"]

    def replace(self, key: str, content: bytes, tag: str) -> bool:
        """Put an object under the condition that it still has this tag; False when another was faster."""
        import obstore

        try:
            self._try(key, lambda: obstore.put(self.client(), key, content, mode={"e_tag": tag}))
        except FileExistsError:
            return False
        return True

    def delete(self, key: str) -> None:
        """Remove an object."""
        import obstore

        self._try(key, lambda: obstore.delete(self.client(), key))

    def client(self) -> Any:
        """obstore's store, made once a process."""
        if self._client is None or self._process != os.getpid():
            self._check_fork()
            keys = None if self.anonymous else self._keys
            self._client = connect(self.url, self.region, self.endpoint_url, keys, self.timeout_s, self.retries)
            self._process = os.getpid()
        return self._client

    def _check_fork(self) -> None:
        if not _first_process:
            _first_process.append(os.getpid())
        if _first_process[0] != os.getpid():
            raise StoreError(f"{self.url}: remote stores do not work in a forked process that used one before the fork;"
                             " give the DataLoader multiprocessing_context='spawn'")

    def _try(self, key: str, work: Callable[[], Result]) -> Result:
        """Do the work, again after a failure that may pass; other failures become one line."""
        from obstore import exceptions

        where = f"{self.url}/{key}"
        for attempt in range(self.retries + 1):
            try:
                return work()
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError) as error:
                raise FileExistsError(where) from error
            except FileNotFoundError as error:
                raise StoreError(f"{where}: there is no such object (404); list the archive again, or check bucket and "
                                 "prefix") from error
            except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
                raise StoreError(f"{where}: access denied; {self._remedy(str(error))}") from error
            except exceptions.BaseError as error:
                text = str(error)
                if any(word in text for word in _EXPIRED):
                    raise StoreError(f"{where}: access denied; {self._remedy(text)}") from error
                if attempt == self.retries:
                    raise StoreError(f"{where}: {_short(text)}; gave up after {attempt + 1} tries. Check the network "
                                     "and the endpoint, then run the same command again: it goes on where it stopped"
                                     ) from error
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    def _remedy(self, text: str) -> str:
        if any(word in text for word in _EXPIRED):
            return "the credentials have expired: fetch new ones and set AWS_SESSION_TOKEN"
        if self.anonymous:
            return "the object is not public: give credentials (--no-anon)"
        return "the credentials do not open this object: check the key, or use anonymous access (--anon)"


def _short(text: str) -> str:
    """The informative part of obstore's long messages."""
    line = text.splitlines()[0] if text else "unknown error"
    return line if len(line) < 200 else line[:197] + "..."
