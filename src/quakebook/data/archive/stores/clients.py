"""obstore's own stores, with the time limits and retries that all of ours have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


def connect(url: str, region: str, endpoint_url: str | None, keys: dict[str, str | None] | None, timeout_s: float,
            retries: int) -> Any:
    """A store for ``s3://bucket[/prefix]`` or an HTTP address; without `keys`, requests are not signed."""
    from obstore.store import HTTPStore, S3Store

    options = {"client_options": {"allow_http": True, "timeout": timedelta(seconds=timeout_s),
                                  "connect_timeout": timedelta(seconds=min(5.0, timeout_s))},
               "retry_config": {"max_retries": retries, "retry_timeout": timedelta(seconds=timeout_s),
                                "backoff": {"init_backoff": timedelta(milliseconds=50), "base": 2,
                                            "max_backoff": timedelta(seconds=2)}}}
    if not url.startswith("s3://"):
        return HTTPStore(url, **options)
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    signing = {name: value for name, value in keys.items() if value} if keys else {"skip_signature": True}
    place = {"endpoint": endpoint_url, "virtual_hosted_style_request": False} if endpoint_url else {}
    return S3Store(bucket, prefix=prefix or None, region=region, **signing, **place, **options)
