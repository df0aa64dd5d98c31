"""Killed at any moment and started again, a training ends with the same bits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).with_name("toys.py")
EVERYTHING = ("training.ema_decay=0.9", "training.clip_norm=1.0", "training.validate_every=15")


PAUSE = {"TOY_PAUSE_S": "0.03", "QUAKEBOOK_BATCH": "1"}


class Fresh:
    """A training in a new interpreter (slow to start: it imports everything)."""

    def __init__(self, toys, kind, root, *overrides):
        self._process = subprocess.Popen([sys.executable, SCRIPT, kind, root, *overrides], env=os.environ | PAUSE)
        self.pid = self._process.pid

    def wait(self):
        return self._process.wait(60)


class Forked:
    """A training in a copy of this process, ended by its exit status as an interpreter would be."""

    def __init__(self, toys, kind, root, *overrides):
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                os.environ.update(PAUSE)
                toys.train(kind, root, *overrides)
                status = 0
            except KeyboardInterrupt:
                status = 130
            except SystemExit as end:
                status = end.code
            finally:
                os._exit(status)

    def wait(self):
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def wait_for(pattern, root, timeout_s=180):
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if found := list(Path(root).glob(pattern)):
            return found[0]
        time.sleep(0.005)
    raise TimeoutError(pattern)


@pytest.mark.parametrize(("process", "kind", "overrides"), [(Fresh, "plain", EVERYTHING), (Forked, "gan", ())])
def test_sigkill_then_restart_equals_an_uninterrupted_run(toys, same, tmp_path, process, kind, overrides):
    running = process(toys, kind, tmp_path / "killed", *overrides, "training.checkpoint_every=7")
    whole = toys.train(kind, tmp_path / "whole", *overrides)
    checkpoint = wait_for("*/*/checkpoints/last.pt", tmp_path / "killed")
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    killed_at = torch.load(checkpoint, weights_only=True)["step"]
    assert 0 < killed_at < 40
    resumed = toys.train(kind, tmp_path / "killed", *overrides, "training.checkpoint_every=11")
    assert resumed.id == whole.id
    for name in ("model", "last"):
        a, b = whole.load_checkpoint(name), resumed.load_checkpoint(name)
        assert same(a.get("networks", a), b.get("networks", b))
    numbers = [run.metrics().drop(columns="seconds") for run in (whole, resumed)]
    assert numbers[0].equals(numbers[1]), "the log of a resumed run equals that of an uninterrupted one"
    assert resumed.record["metrics"] == whole.record["metrics"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_a_checkpoint_and_the_run_goes_on_from_it(toys, same, tmp_path, number):
    running = Forked(toys, "gan", tmp_path / "stopped", "training.log_every=1")
    folder = wait_for("*/*/metrics.csv", tmp_path / "stopped").parent
    time.sleep(0.1)
    os.kill(running.pid, number)
    assert running.wait() == 128 + number
    run = toys.runs.Run(folder)
    assert run.record["status"] == "interrupted"
    assert 0 < run.load_checkpoint("last")["step"] < 40
    whole = toys.train("gan", tmp_path / "whole", "training.log_every=1")
    resumed = toys.train("gan", tmp_path / "stopped", "training.log_every=1")
    assert resumed.finished and resumed.path == folder
    assert same(whole.load_checkpoint("model"), resumed.load_checkpoint("model"))


def test_a_damaged_checkpoint_is_named(toys, tmp_path):
    run = toys.train("gan", tmp_path)
    path = run.path / "checkpoints" / "last.pt"
    content = bytearray(path.read_bytes())
    place = content.find(run.load_checkpoint("last")["networks"]["g"]["0.weight"].numpy().tobytes())
    content[place + 5] ^= 0xFF  # one flipped byte among the weights: torch.load alone reads it silently
    path.write_bytes(content)
    run.note(status="running")
    with pytest.raises(toys.runs.RunError, match="last.pt is damaged"):
        toys.train("gan", tmp_path)
    path.write_bytes(content[:100])
    with pytest.raises(toys.runs.RunError, match="last.pt is damaged"):
        toys.train("gan", tmp_path)


def test_a_checkpoint_of_other_networks_is_refused(toys, tmp_path):
    run = toys.train("gan", tmp_path)
    state = run.load_checkpoint("last")
    state["networks"]["g"].popitem()
    run.save_checkpoint("last", state)
    run.note(status="running")
    with pytest.raises(toys.runs.RunError, match="does not fit"):
        toys.train("gan", tmp_path)
