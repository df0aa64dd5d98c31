"""What obstore's clients are told: addresses, time limits, pauses, keys."""

from datetime import timedelta

import pytest

from quakebook.data.archive.stores import clients


@pytest.fixture
def made(monkeypatch):
    out = []
    monkeypatch.setattr("obstore.store.S3Store", lambda *place, **options: out.append((place, options)))
    monkeypatch.setattr("obstore.store.HTTPStore", lambda *place, **options: out.append((place, options)))
    return out


@pytest.mark.parametrize(("timeout_s", "connect_s"), [(30.0, 5.0), (5.0, 5.0), (2.0, 2.0)])
def test_time_limits(made, timeout_s, connect_s):
    """Five seconds at most until there is a connection; pauses of 50 ms, doubled up to two seconds."""
    clients.connect("http://server/a", "x", None, None, timeout_s, 3)
    (place, options), = made
    assert place == ("http://server/a",) and set(options) == {"client_options", "retry_config"}
    assert options["client_options"] == {"allow_http": True, "timeout": timedelta(seconds=timeout_s),
                                         "connect_timeout": timedelta(seconds=connect_s)}
    assert options["retry_config"] == {
        "max_retries": 3, "retry_timeout": timedelta(seconds=timeout_s),
        "backoff": {"init_backoff": timedelta(seconds=0.05), "base": 2, "max_backoff": timedelta(seconds=2)}}


@pytest.mark.parametrize(("url", "bucket", "prefix"), [("s3://b", "b", None), ("s3://b/a/c", "b", "a/c")])
def test_buckets(made, url, bucket, prefix):
    clients.connect(url, "eu", None, None, 1.0, 0)
    clients.connect(url, "eu", "http://here", {"access_key_id": "k", "session_token": None}, 1.0, 0)
    (place, open_), (_, signed) = made
    assert place == (bucket,) and open_["prefix"] == prefix == signed["prefix"] and open_["region"] == "eu"
    assert open_["skip_signature"] is True and "endpoint" not in open_ and "access_key_id" not in open_
    assert signed["access_key_id"] == "k" and "session_token" not in signed and "skip_signature" not in signed
    assert signed["endpoint"] == "http://here" and signed["virtual_hosted_style_request"] is False
