"""Keys that are given, in the environment, or in a profile."""

import pytest

from quakebook.data.archive import StoreError
from quakebook.data.archive.stores import credentials


def test_what_is_given_comes_before_the_environment(monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.setenv(f"AWS_{name}", name.lower())
    assert credentials.with_environment("a", None, "c") == {
        "access_key_id": "a", "secret_access_key": "secret_access_key", "session_token": "c"}
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert credentials.with_environment(None, None, None)["secret_access_key"] is None


def test_profiles(monkeypatch, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[a]\naws_access_key_id = k\naws_secret_access_key = s\n"
                                               "aws_session_token = t\n[b]\naws_access_key_id = l\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_SHARED_CREDENTIALS_FILE", raising=False)
    assert credentials.of_profile("a") == ("k", "s", "t") and credentials.of_profile("b") == ("l", None, None)
    with pytest.raises(StoreError, match="no profile 'c'; it has a, b"):
        credentials.of_profile("c")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreError, match="it has none"):
        credentials.of_profile("a")
