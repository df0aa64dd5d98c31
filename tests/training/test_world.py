"""Launchers: which process is the first, whether the settings agree with them, and what the machine can carry."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from quakebook.training import runs, world
from quakebook.training.config import ConfigError, TrainingConfig

NAMES = ("WORLD_SIZE", "RANK", "LOCAL_RANK", "NODE_RANK", "GROUP_RANK", "LOCAL_WORLD_SIZE", "TORCHELASTIC_RUN_ID",
         "SLURM_NTASKS", "SLURM_PROCID", "SLURM_LOCALID", "SLURM_NODEID", "SLURM_STEP_ID", "SLURM_JOB_NAME",
         "SLURM_JOB_ID", "SLURM_NTASKS_PER_NODE", "SLURM_NNODES", "QUAKEBOOK_PARENT")


@pytest.fixture
def environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return lambda **values: [monkeypatch.setenv(name, str(value)) for name, value in values.items()]


def srun(rank, tasks):
    return {"SLURM_NTASKS": tasks, "SLURM_NTASKS_PER_NODE": tasks, "SLURM_PROCID": rank, "SLURM_LOCALID": rank,
            "SLURM_NODEID": 0, "SLURM_STEP_ID": 0}


@pytest.mark.parametrize(("names", "devices", "nodes", "size", "rank"), [
    ({}, 1, 1, 1, 0),
    ({"WORLD_SIZE": 1, "RANK": 0}, 1, 1, 1, 0),
    ({"WORLD_SIZE": 4, "RANK": 3}, 4, 1, 4, 3),
    ({"WORLD_SIZE": 2, "LOCAL_RANK": 1, "NODE_RANK": 0}, 2, 1, 2, 1),
    ({"WORLD_SIZE": 4, "LOCAL_RANK": 1, "NODE_RANK": 1}, 2, 2, 4, 3),  # a helper that Fabric started on node 1
    ({"NODE_RANK": 1}, 2, 2, 4, 2),  # the process that will start it
    ({"TORCHELASTIC_RUN_ID": "x", "WORLD_SIZE": 2, "RANK": 1, "LOCAL_RANK": 1}, 2, 1, 2, 1),
    (srun(1, 2), 2, 1, 2, 1),
    ({"SLURM_NTASKS": 4, "SLURM_PROCID": 0}, 1, 1, 1, 0),  # a batch script outside srun trains alone
])
def test_size_and_rank(environment, names, devices, nodes, size, rank):
    environment(**names)
    found = world.check_world({"devices": devices, "num_nodes": nodes})
    assert (found.size, found.rank) == (size, rank)


@pytest.mark.parametrize(("names", "devices", "message"), [
    (srun(0, 1), 2, "training.devices=2 on training.num_nodes=1 asks for 2 .*SLURM .SLURM_NTASKS. has 1"),
    (srun(0, 2), 1, "asks for 1 .*SLURM .SLURM_NTASKS. has 2"),
    ({"TORCHELASTIC_RUN_ID": "x", "WORLD_SIZE": 4, "RANK": 1}, 2, "torchrun .WORLD_SIZE. has 4"),
    ({"WORLD_SIZE": 3, "RANK": 0}, 2, "the environment .WORLD_SIZE. has 3"),
    ({"SLURM_NTASKS": 2}, 2, "SLURM .* do not describe one training"),
])
def test_a_mismatch_is_refused_before_anything_is_written(environment, tmp_path, names, devices, message):
    environment(**names)
    settings = {"training": {"devices": devices, "num_nodes": 1}}
    with pytest.raises(ConfigError, match=message):
        runs.obtain("paper", settings, "d", ["quakebook.training.schema"], lambda run: None, root=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_second_task_does_not_wait_for_the_lock(environment, tmp_path):
    environment(**srun(1, 2))
    run = runs.obtain("paper", {"training": {"devices": 2}}, "d", ["quakebook.training.schema"],
                      lambda run: run.report({"a": 1.0}), root=tmp_path)
    assert not run.writable and not list(tmp_path.rglob("*"))


def test_one_process_in_a_batch_script_of_several_tasks_trains(toys, tmp_path, environment):
    environment(SLURM_NTASKS=4, SLURM_PROCID=0, SLURM_JOB_ID=7, SLURM_NNODES=2)
    assert toys.train("plain", tmp_path, "training.steps=2").finished


def test_devices_and_threads_are_those_of_the_machine(toys, tmp_path, environment, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    world.check_machine("cpu", 3, 3)
    with pytest.raises(ConfigError, match="`training.devices` is 4, but this machine has 3 processor cores"):
        toys.train("plain", tmp_path, "training.devices=4", "training.strategy=ddp")
    with pytest.raises(ConfigError, match="`training.threads` is 5, but this machine has 3 processor cores"):
        toys.train("plain", tmp_path, "training.threads=5")
    with pytest.raises(ConfigError, match=r"training.devices.* \[1, 1024\]; found 100000"):
        TrainingConfig(devices=100_000)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel of Linux ends children with their parent")
def test_helpers_end_with_the_process_that_started_them(tmp_path):
    note = tmp_path / "pid"
    child = ("import os, time; from quakebook.training.world import end_with_parent; end_with_parent(); "
             f"open({str(note)!r} + 'x', 'w').write(str(os.getpid())); os.rename({str(note)!r} + 'x', {str(note)!r}); "
             "time.sleep(60)")
    code = ("import os, subprocess, sys, time; os.environ['QUAKEBOOK_PARENT'] = str(os.getpid()); "
            f"subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)")
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        while not note.exists():
            assert parent.poll() is None
            time.sleep(0.05)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    helper = int(note.read_text())
    for _ in range(200):
        if not psutil.pid_exists(helper) or psutil.Process(helper).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {helper} lives on")


def test_a_training_leaves_no_word_of_its_process_behind(toys, tmp_path):
    """Else a training that is started later, by another process, would take itself for an orphan and end."""
    toys.train("plain", tmp_path, "training.steps=1")
    assert "QUAKEBOOK_PARENT" not in os.environ
