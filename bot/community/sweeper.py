"""What is done now and then: old trays, previews, results and pictures that nobody names any more."""

import threading
import time
from datetime import timedelta

import structlog
from sqlalchemy import delete, select

from bot.community.challenges import Challenges
from bot.community.privacy import Privacy
from bot.community.references import References
from bot.community.rules import CommunityRules
from bot.community.tables import SpentRow
from bot.community.tray import Tray
from bot.desk import Desk, OutOfReachError
from bot.desk.tables import JobRow
from worker.contract import UnreachableError

log = structlog.get_logger(__name__)

OFTEN_SECONDS = 60.0
SELDOM_SECONDS = 6 * 3600.0  # looks at every picture in the store


class Sweeper:
    """Several desks may sweep at once: what one has taken, the other does not find."""

    def __init__(
        self,
        desk: Desk,
        references: References,
        tray: Tray,
        challenges: Challenges,
        privacy: Privacy,
        rules: CommunityRules,
    ) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references
        self._tray = tray
        self._challenges = challenges
        self._privacy = privacy
        self._rules = rules

    def run(self, stop: threading.Event) -> None:
        """Sweep until `stop` is set; a service that is away is tried again the next time. For a thread of its own."""
        swept = -SELDOM_SECONDS
        while not stop.wait(OFTEN_SECONDS):
            try:
                self.often()
                if time.monotonic() - swept >= SELDOM_SECONDS:
                    self.seldom()
                    swept = time.monotonic()
            except (OutOfReachError, UnreachableError) as error:
                log.warning("sweeper_waits", reason=str(error))

    def often(self) -> None:
        """Close challenges, empty old trays, delete what is past its time."""
        self._challenges.close_due()
        self._tray.sweep()
        now = self._desk.clock()
        if self._rules.result_days > 0:
            self._privacy.delete_old(now - timedelta(days=self._rules.result_days))
        with self._desk.database.write() as session:
            session.execute(delete(SpentRow).where(SpentRow.at < now - timedelta(days=1)))
        self.previews()

    def seldom(self) -> int:
        """Delete pictures that no row names and that were written long ago. Returns how many."""
        before = self._desk.clock() - timedelta(hours=self._rules.orphan_hours)
        candidates = self._desk.store.digests(before)
        named = self._references.named(candidates)
        gone = self._references.release(set(candidates) - named)
        if gone:
            log.info("orphans_deleted", count=len(gone))
        return len(gone)

    def previews(self) -> int:
        """Delete previews whose worker did not live to do it. Returns how many."""
        drawer = self._desk.store.previews
        old = drawer.digests(self._desk.clock() - timedelta(minutes=self._rules.preview_minutes))
        with self._desk.database.read() as session:
            shown = set(session.execute(select(JobRow.preview).where(JobRow.preview.is_not(None))).scalars())
        gone = [digest for digest in old if digest not in shown]
        for digest in gone:
            drawer.delete(digest)
        return len(gone)
