"""What all tests need."""

import multiprocessing
import os
import signal
import socket

import pytest


def pytest_configure():
    """Let Ctrl-C work: a program that a shell starts in the background ignores it, and so do its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item):
    """Tests marked `cuda` need a GPU."""
    if item.get_closest_marker("cuda"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("needs a CUDA device")


@pytest.fixture
def two_processes():
    """Call a function in two processes of one training, with the environment that torchrun gives; their exit codes."""
    def run(function, *arguments):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        context = multiprocessing.get_context("fork")  # a fresh interpreter would import for ten seconds
        ranks = [context.Process(target=_rank, args=(rank, port, function, arguments)) for rank in range(2)]
        for process in ranks:
            process.start()
        for process in ranks:
            process.join(300)
            if process.is_alive():
                process.kill()
        return [process.exitcode for process in ranks]

    return run


def _rank(rank, port, function, arguments):
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", LOCAL_WORLD_SIZE="2", MASTER_PORT=str(port),
                      MASTER_ADDR="127.0.0.1", QUAKEBOOK_BATCH="1")
    function(*arguments)
