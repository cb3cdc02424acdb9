"""One painting's previews: put into the store and taken out again, beside the painting and never in its way."""

from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from worker.contract import PictureStore, UnreachableError

log = structlog.get_logger(__name__)

KEPT = 2  # the one shown and the one before: a front may be fetching it just now


class Previews:
    """A thread of its own puts and deletes: a store that hangs must not stop the signs of life.

    What a killed worker leaves behind is deleted by the desk's sweeper.
    """

    def __init__(self, store: PictureStore) -> None:
        """`store`: its drawer of previews is used."""
        self._drawer = store.previews
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="previews")
        self._busy: Future[None] | None = None
        self._lying: list[str] = []  # what the store has of ours, oldest first; the thread's alone
        self.latest: str | None = None  # digest of the newest one in the store

    def offer(self, picture: bytes) -> None:
        """Show this one next; left out while the one before is still on its way."""
        if self._busy is None or self._busy.done():
            self._busy = self._thread.submit(self._put, picture)

    def end(self) -> None:
        """The painting has ended: delete them all, soon. Nothing can be offered any more."""
        self._thread.submit(self._keep, 0)
        self._thread.shutdown(wait=False)

    def _put(self, picture: bytes) -> None:
        try:
            digest = self._drawer.put(picture)
        except UnreachableError as error:
            log.warning("preview_skipped", reason=str(error))
            return
        self._lying = [*(one for one in self._lying if one != digest), digest]
        self.latest = digest
        self._keep(KEPT)

    def _keep(self, count: int) -> None:
        while len(self._lying) > count:
            try:
                self._drawer.delete(self._lying.pop(0))
            except UnreachableError as error:
                log.warning("preview_left", reason=str(error))
