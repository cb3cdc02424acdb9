"""The service behind every front.

A little long: the order of a wish's steps (look, store, write, queue) is the promise, and is read in one piece.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.desk import intake, lookback, outbox, reading, suggest
from bot.desk.clock import Clock, clock_of
from bot.desk.database import Database
from bot.desk.errors import OutOfReachError, RefusedError, UnknownJobError
from bot.desk.estimate import Estimator
from bot.desk.front import Delivery, Front, FrontError
from bot.desk.job_id import new_job_id
from bot.desk.locks import naming_pictures
from bot.desk.lookback import Overview, Recipe
from bot.desk.metrics import Heard
from bot.desk.request import Request, SuggestRequest, Wish
from bot.desk.rules import Rules
from bot.desk.standing import FINAL, WHAT, Standing, Ticket
from bot.desk.suggest import SuggestedMap
from bot.desk.tables import DeskRow, JobRow
from worker.contract import (
    ContractError,
    JobQueue,
    MissingPictureError,
    PaintOptions,
    PictureStore,
    UnreachableError,
    tracing,
)

log = structlog.get_logger(__name__)

Guard = Callable[[Session, Wish, int], None]
"""Asked before a request is accepted, with the bytes of its pictures; raises RefusedError. Asked twice: at once, and in
the transaction that records the request, so that two at the same moment can't both take the last place."""


class Desk:
    """Accepts, shows, cancels, delivers. Any process may have one: the database is what they share.

    Every call raises OutOfReachError when the database or the store does not answer.
    """

    def __init__(
        self,
        database: Database,
        store: PictureStore,
        queue: JobQueue,
        *,
        rules: Rules | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`clock` is for tests; by default that of the database."""
        self.database = database
        self.store = store
        self.queue = queue
        self.rules = rules or Rules()
        self.clock = clock or clock_of(database)
        self.guards: Sequence[Guard] = ()
        self.heard = Heard()
        self._estimator = Estimator()

    def accept(self, request: Request) -> Ticket:
        """Check, store and record a request; from here on it ends exactly once, whatever happens.

        Needs the database and the store only: Redis may be down. The same request_key again gives the same ticket.
        Raises RefusedError.
        """
        return self._take(request)

    def suggest(self, request: SuggestRequest) -> Ticket:
        """The same for a suggested map: checked, stored, recorded, and it ends exactly once. Raises RefusedError."""
        return self._take(request)

    def standing(self, job_id: str) -> Standing:
        """Where a job stands. Raises UnknownJobError."""
        with self.database.read() as session:
            return self.standings(session, [self._row(session, job_id)])[0]

    def standings(self, session: Session, rows: Sequence[JobRow]) -> list[Standing]:
        """Where these jobs stand, within the caller's transaction."""
        return self._estimator.standings(session, rows, self.clock(), self.rules)

    def last_jobs(self, person: str, *, limit: int = 10, before: str | None = None) -> list[Standing]:
        """A person's jobs, newest first; with `before` (a job's id), those accepted before it."""
        with self.database.read() as session:
            return self.standings(session, lookback.last_jobs(session, person, max(1, min(limit, 100)), before))

    def overview(self) -> Overview:
        """How many wait, run and paint, and how long a new job would take."""
        workers = self._workers()
        with self.database.read() as session:
            return lookback.overview(session, self.clock(), self.rules, workers)

    def recipe(self, job_id: str) -> Recipe:
        """What a painting was made of. Raises UnknownJobError, RefusedError for a suggested map."""
        with self.database.read() as session:
            return lookback.recipe(self._row(session, job_id))

    def again(
        self,
        job_id: str,
        by: str,
        *,
        address: str,
        options: PaintOptions | None = None,
        front: str | None = None,
        server: str | None = None,
        request_key: str | None = None,
    ) -> Request:
        """A request for `accept` from one's own job, with other choices: another seed, weight or size.

        Raises UnknownJobError, RefusedError for somebody else's job or a suggested map, OutOfReachError when its
        pictures are gone.
        """
        recipe = self.recipe(job_id)
        if by != recipe.person:
            raise RefusedError(
                "Only the one who asked for this painting can ask for it again: remix it when published.",
                "job_of_another",
            )
        pictures = {role: self._picture(digest) for role, digest in recipe.pictures().items()}
        request = recipe.request(pictures, address, options)
        return replace(request, front=front or recipe.front, server=server or recipe.server, request_key=request_key)

    def preview(self, job_id: str) -> bytes | None:
        """A small JPEG (longest side 256 px at most) of a running painting so far; None while there is none."""
        digest = self.standing(job_id).preview
        try:
            return None if digest is None else self.store.previews.get(digest)
        except MissingPictureError:
            return None  # it ended or the next one came, just now
        except ContractError as error:
            raise OutOfReachError(str(error)) from error

    def cancel(self, job_id: str, by: str | None) -> Standing:
        """Cancel a job that has not ended, at once. `by`: who asks; None is a moderator or the operator.

        Raises UnknownJobError, RefusedError for somebody else's job.
        """
        with self.database.write() as session:
            row = session.execute(select(JobRow).where(JobRow.id == job_id).with_for_update()).scalar_one_or_none()
            if row is None:
                raise _unknown(job_id)
            if by is not None and by != row.person:
                raise RefusedError("Only the one who asked for this can cancel it.", "job_of_another")
            if row.state not in FINAL:
                outbox.end(session, row, "cancelled", self.clock(), f"The {WHAT[row.kind]} was cancelled.")
                log.info("job_cancelled", job=job_id)
            key = f"{row.id}-{row.attempt}"
        self._stop_workers(job_id, key)
        return self.standing(job_id)

    def painting(self, job_id: str) -> bytes:
        """The finished picture's bytes. Raises UnknownJobError, RefusedError when there is none."""
        standing = self.standing(job_id)
        if standing.kind != "paint":
            raise RefusedError(f"Job {job_id} is no painting but a suggested map")
        if standing.result is None:
            raise RefusedError(f"Job {job_id} is {standing.state}: there is no painting to fetch", "no_painting")
        return self._picture(standing.result)

    def suggestion(self, job_id: str) -> SuggestedMap:
        """The suggested map of a job that is done. Raises UnknownJobError, RefusedError when there is none."""
        standing = self.standing(job_id)
        if standing.kind != "suggest":
            raise RefusedError(f"Job {job_id} is a painting and no suggested map")
        if standing.result is None:
            raise RefusedError(standing.message or f"Job {job_id} is {standing.state}: there is no map to fetch yet")
        return suggest.suggested(standing.result, self._picture(standing.result))

    def deliver(self, front: Front, job_id: str | None = None) -> Standing | None:
        """Let `front` hand over one answer it owes (that of one job, when named); None when there is none to hand over.

        Raises FrontError for what the front reports; it is tried again later unless permanent.
        """
        with self.database.write() as session:
            claimed = outbox.claim(session, front.name, self.clock(), self.rules, job_id)
            if claimed is None:
                return None
            delivery_row, job_row = claimed
            (standing,) = self.standings(session, [job_row])
            delivery = Delivery(delivery_row.id, delivery_row.tries, job_row.address, standing)
        try:
            with tracing.span("deliver", standing.job_id, front=front.name, tries=delivery.token):
                painting = None if standing.result is None else self._picture(standing.result)
                front.deliver(delivery, painting)
        except (FrontError, OutOfReachError) as error:
            with self.database.write() as session:
                if isinstance(error, FrontError) and error.permanent:
                    outbox.give_up(session, delivery.id, delivery.token, str(error))
                else:
                    outbox.not_delivered(session, delivery.id, delivery.token, self.clock(), self.rules, str(error))
            raise
        with self.database.write() as session:
            outbox.delivered(session, delivery.id, delivery.token, self.clock())
        log.info("job_delivered", job=standing.job_id, front=front.name)
        return standing

    def fetched(self, job_id: str) -> None:
        """The person came for the answer: nothing is owed any more."""
        with self.database.write() as session:
            outbox.fetched(session, job_id, self.clock())

    def owes(self, job_id: str) -> bool:
        """True while the answer of an ended job is neither delivered nor given up."""
        with self.database.read() as session:
            return outbox.owed(session, job_id)

    def beat(self, name: str) -> None:
        """Sign of life of a running desk loop, and how many workers it sees; forgets those of long ago."""
        workers = self._workers()
        now = self.clock()
        with self.database.write() as session:
            session.execute(delete(DeskRow).where(DeskRow.seen_at < now - timedelta(days=1)))
            session.merge(DeskRow(name=name, seen_at=now, workers=workers))

    def running(self) -> bool:
        """True when a desk loop works on this database."""
        since = self.clock() - timedelta(seconds=self.rules.desk_seen)
        with self.database.read() as session:
            return session.execute(select(DeskRow.name).where(DeskRow.seen_at > since)).first() is not None

    def _workers(self) -> int | None:
        try:
            return self.queue.workers()
        except UnreachableError:
            return None

    def _take(self, wish: Wish) -> Ticket:
        began = datetime.now(UTC)
        known = self._by_request_key(wish.request_key)
        if known is not None:
            return known
        pictures = wish.pictures()
        size = sum(map(len, pictures.values()))
        with self.database.read() as session:
            self._ask_guards(session, wish, size)
        pixels = reading.check(wish)
        try:
            digests = {role: self.store.put(data) for role, data in pictures.items()}
        except UnreachableError as error:
            raise OutOfReachError(str(error)) from error
        row = intake.new_row(wish, new_job_id(), digests, pixels, self.clock())
        try:
            with self.database.write() as session:
                self._ask_guards(session, wish, size)
                naming_pictures(session)
                session.add(row)
        except IntegrityError:  # the same request came in twice at once
            known = self._by_request_key(wish.request_key)
            if known is None:
                raise
            return known
        self._look_again(row.id, digests, pictures)
        tracing.passed("accept", row.id, began, front=wish.front, size_bytes=size)
        log.info("job_accepted", job=row.id, front=row.front, kind=row.kind)
        return Ticket(row.id)

    def _ask_guards(self, session: Session, wish: Wish, size_bytes: int) -> None:
        for guard in self.guards:
            guard(session, wish, size_bytes)

    def _look_again(self, job_id: str, digests: dict[str, str], pictures: dict[str, bytes]) -> None:
        """Somebody may have deleted the same picture between our storing it and our row; from now on nobody will."""
        try:
            for role, digest in digests.items():
                if not self.store.has(digest):
                    self.store.put(pictures[role])
        except UnreachableError as error:
            log.warning("pictures_not_looked_at", job=job_id, reason=str(error))

    def _by_request_key(self, key: str | None) -> Ticket | None:
        if key is None:
            return None
        with self.database.read() as session:
            job_id = session.execute(select(JobRow.id).where(JobRow.request_key == key)).scalar_one_or_none()
        return None if job_id is None else Ticket(job_id)

    def _row(self, session: Session, job_id: str) -> JobRow:
        row = session.execute(select(JobRow).where(JobRow.id == job_id)).scalar_one_or_none()
        if row is None:
            raise _unknown(job_id)
        return row

    def _stop_workers(self, job_id: str, key: str) -> None:
        try:
            self.queue.forbid(job_id)
            self.queue.withdraw(key)
        except UnreachableError as error:
            # The row is final already: whatever a worker still sends for it is dropped.
            log.warning("cancel_not_sent", job=job_id, reason=str(error))

    def _picture(self, digest: str) -> bytes:
        try:
            return self.store.get(digest)
        except ContractError as error:
            raise OutOfReachError(str(error)) from error


def _unknown(job_id: str) -> UnknownJobError:
    return UnknownJobError(f"There is no job {job_id}: look at the id that `twobit submit` printed")
