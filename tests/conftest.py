"""What all tests need."""

import signal


def pytest_configure():
    """Let Ctrl-C work: a program that a shell starts in the background ignores it, and so do its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
