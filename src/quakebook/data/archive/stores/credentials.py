"""Keys of an S3 store: given, from the environment, or from a profile."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

from quakebook.data.archive.errors import StoreError


def with_environment(key: str | None, secret: str | None, token: str | None) -> dict[str, str | None]:
    """The three parts under obstore's names; what is not given comes from AWS_ACCESS_KEY_ID and its like."""
    return {"access_key_id": key or os.environ.get("AWS_ACCESS_KEY_ID"),
            "secret_access_key": secret or os.environ.get("AWS_SECRET_ACCESS_KEY"),
            "session_token": token or os.environ.get("AWS_SESSION_TOKEN")}


def of_profile(name: str) -> tuple[str | None, str | None, str | None]:
    """Key, secret and token of a section of ~/.aws/credentials ($AWS_SHARED_CREDENTIALS_FILE)."""
    path = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", Path.home() / ".aws" / "credentials"))
    sections = configparser.ConfigParser()
    sections.read(path)
    if name not in sections:
        raise StoreError(f"{path} has no profile {name!r}; it has {', '.join(sections.sections()) or 'none'}")
    part = sections[name]
    return part.get("aws_access_key_id"), part.get("aws_secret_access_key"), part.get("aws_session_token")
