"""One writer a run: how long is waited in silence."""

import pytest
from filelock import Timeout

from quakebook.training import lock
from quakebook.training.files import RunError


class Lock:
    """Fails so often with the time that was given."""

    def __init__(self, times):
        self.times, self.asked, self.released = times, [], 0

    def __call__(self, path):
        return self

    def acquire(self, timeout=None):
        self.asked.append(timeout)
        self.times -= 1
        if self.times >= 0:
            raise Timeout("x")

    def release(self):
        self.released += 1


@pytest.mark.parametrize(("times", "asked", "said"), [(0, [5.0], False), (1, [5.0, None], True)])
def test_five_seconds_pass_in_silence(tmp_path, monkeypatch, capsys, times, asked, said):
    made = Lock(times)
    monkeypatch.setattr(lock, "FileLock", made)
    with lock.held(tmp_path / "deep" / ".x.lock"):
        assert made.released == 0 and (tmp_path / "deep").is_dir()
    assert made.asked == asked and made.released == 1
    assert ("another process computes this run" in capsys.readouterr().err) is said


def test_it_is_given_back_after_an_error_too(tmp_path, monkeypatch):
    made = Lock(0)
    monkeypatch.setattr(lock, "FileLock", made)
    with pytest.raises(KeyError), lock.held(tmp_path / ".x.lock"):
        raise KeyError
    assert made.released == 1
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"cannot lock .*QUAKEBOOK_RUNS"), lock.held(tmp_path / "file" / "x"):
        pytest.fail("held")
