"""Memory that a job is done with goes back to the system.

glibc keeps what lies freed between blocks still in use, for the next job; a machine's other processes have nothing of
it, and jobs of differing sizes leave more and more of it behind.
"""

import ctypes
import sys
from functools import cache


def give_back() -> bool:
    """Give all freed memory back; True if any was. Does nothing where the C library is not glibc (musl, macOS)."""
    glibc = _glibc()
    return glibc is not None and bool(glibc.malloc_trim(ctypes.c_size_t(0)))


@cache
def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
