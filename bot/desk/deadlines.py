"""Processes that must be done by a time are killed after it: for a reader that stops in the middle of a message."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator

LOOK_SECONDS = 0.5


class Deadlines:
    """Of any number of processes. One thread looks after all: one for each would cost more than reading a header."""

    def __init__(self) -> None:
        """Nothing is watched."""
        self._until: dict[subprocess.Popen[bytes], float] = {}  # monotonic
        self._lock = threading.Lock()
        self._looking = False

    @contextlib.contextmanager
    def within(self, process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
        """Kill the process where what is done meanwhile takes longer."""
        with self._lock:
            self._until[process] = time.monotonic() + seconds
            begin, self._looking = not self._looking, True
        if begin:
            threading.Thread(target=self._look, name="deadlines", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._until.pop(process, None)

    def _look(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            with self._lock:  # so that none is killed that has just been done
                for process, until in self._until.items():
                    if until < time.monotonic():
                        process.kill()
                if not self._until:
                    self._looking = False
                    return
