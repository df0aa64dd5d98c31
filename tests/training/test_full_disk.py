"""A disk that is full for real: the operating system's limit on file size, in a forked process."""

import multiprocessing
import signal

import pytest


def train_on_a_small_disk(toys, root, results):
    import resource

    from quakebook.training import facts

    facts.commit(), facts.versions(), facts.package_hash()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))  # room for the record, not for a checkpoint
    try:
        toys.train("gan", root)
    except Exception as error:
        results.put((type(error).__name__, str(error)))


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_one_message_and_nothing_half_written(toys, tmp_path):
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    process = context.Process(target=train_on_a_small_disk, args=(toys, tmp_path, results))
    process.start()
    process.join(60)
    kind, message = results.get()
    assert kind == "RunError" and "last.pt" in message and "QUAKEBOOK_RUNS" in message
    run = toys.runs.Run(next(tmp_path.glob("gan/*/record.json")).parent)
    assert run.record["status"] == "failed"
    assert not list(run.path.rglob("*.part")) and not list(run.path.rglob("*.pt"))
    assert toys.train("gan", tmp_path).finished, "with room again, the same request completes"
