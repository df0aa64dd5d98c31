"""Keep freed memory in the process: on a CPU a third of a small training step can be page faults."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # glibc malloc.h


def keep_freed_memory(limit_bytes: int = 1 << 30) -> bool:
    """Ask glibc to reuse blocks of up to `limit_bytes` instead of returning each to the system.

    Torch frees and allocates the activations of a step again and again; without this, glibc gives every one of them
    back and the next step pays for zeroed pages. Results do not change; the process keeps its largest size.

    Returns
    -------
    bool
        False where there is no glibc (nothing is done then).
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, limit_bytes)) and bool(mallopt(_M_TRIM_THRESHOLD, 2 * limit_bytes - 1))
