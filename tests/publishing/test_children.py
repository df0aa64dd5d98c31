"""Processes that a block started end with it, the stubborn ones too; others stay."""

import subprocess
import sys
import time

import psutil
import pytest

from quakebook.publishing import children

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"


def gone(process):
    return not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="orphans are seen on Linux only")
def test_orphans_of_a_child_end_with_the_block():
    code = ("import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', sys.argv[1]], "
            "stdout=subprocess.DEVNULL).pid)")
    words = [sys.executable, "-c", code, SLEEP]
    with children.ended():
        grandchild = int(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
        assert not gone(grandchild)
    assert gone(grandchild)


def test_what_ran_before_stays_and_what_refuses_is_killed(monkeypatch):
    monkeypatch.setattr(children, "GRACE_S", 0.5)
    before = subprocess.Popen([sys.executable, "-c", SLEEP])
    try:
        with pytest.raises(ZeroDivisionError), children.ended():
            deaf = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
            deaf.stdout.readline()
            raise ZeroDivisionError
        assert before.poll() is None
        for _ in range(100):
            if gone(deaf.pid):
                break
            time.sleep(0.05)
        assert gone(deaf.pid)
    finally:
        before.kill()
        before.wait()
        deaf.stdout.close()
        deaf.wait()
