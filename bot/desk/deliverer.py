"""The delivery loop: threads that ask the desk for answers that are owed, until they are told to stop."""

import threading
import time

import structlog

from bot.desk.desk import Desk
from bot.desk.errors import OutOfReachError
from bot.desk.front import Front, FrontError

log = structlog.get_logger(__name__)

THREADS = 3  # one slow channel must not hold up the others
LOOK_SECONDS = 0.3  # a cancelled job is shown as such within two seconds
PAUSE_SECONDS = 2.0
LEAVE_SECONDS = 5.0


class Deliverer:
    """Hands over what the desk owes to this front's people."""

    def __init__(self, desk: Desk, front: Front) -> None:
        """Nothing runs yet."""
        self._desk = desk
        self._front = front
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; again is harmless."""
        if self._threads:
            return
        for number in range(THREADS):
            thread = threading.Thread(target=self._run, name=f"deliver-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let the threads end after what they have in hand, and wait a while for it; not to be called on the loop."""
        self._stop.set()
        give_up = time.monotonic() + LEAVE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._desk.deliver(self._front) is None:
                    self._stop.wait(LOOK_SECONDS)
            except FrontError as error:
                log.warning("not_delivered", permanent=error.permanent, reason=str(error)[:500])
            except OutOfReachError as error:
                log.warning("delivery_waits", reason=str(error))
                self._stop.wait(PAUSE_SECONDS)
            except Exception:  # the delivery loop's edge: one poisonous answer must not keep the others
                log.exception("delivery_failed")
                self._stop.wait(PAUSE_SECONDS)
