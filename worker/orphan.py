"""A child that must not outlive its parent, even one killed with SIGKILL."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>
POLL_SECONDS = 0.5
PARENT = "TWOBIT_PARENT"  # the parent's process id, in the child's environment


def tied(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a child that calls `die_with_parent`."""
    return {**environment, PARENT: str(os.getpid())}


def die_with_parent() -> None:
    """Call first thing in the child: the kernel ends it with the parent; elsewhere than Linux a thread watches.

    Does nothing in a process that was not started with `tied`. The parent may have died while we were still
    starting, so its process id comes from the environment.
    """
    named = os.environ.get(PARENT)
    if named is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(int(named),), daemon=True).start()
    if os.getppid() != int(named):
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os._exit(1)
