"""The service behind every front."""

import getpass
import secrets
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.desk import estimate, intake, outbox, suggest
from bot.desk.clock import Clock, utc_now
from bot.desk.database import Database
from bot.desk.errors import OutOfReachError, RefusedError, UnknownJobError
from bot.desk.front import Delivery, Front, FrontError
from bot.desk.request import Request
from bot.desk.rules import Rules
from bot.desk.standing import FINAL, WHAT, Standing, Ticket
from bot.desk.suggest import SuggestedMap, SuggestRequest
from bot.desk.tables import DeskRow, JobRow
from worker.contract import ContractError, JobQueue, PictureStore, UnreachableError

log = structlog.get_logger(__name__)

ID_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/i/l, u: read out loud and typed on a phone
ID_LENGTH = 12


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
        clock: Clock = utc_now,
    ) -> None:
        """`clock` is for tests."""
        self.database = database
        self.store = store
        self.queue = queue
        self.rules = rules or Rules()
        self.clock = clock

    def accept(self, request: Request) -> Ticket:
        """Check, store and record a request; from here on it ends exactly once, whatever happens.

        Needs the database and the store only: Redis may be down. The same request_key again gives the same ticket.
        Raises RefusedError.
        """
        known = self._by_request_key(request.request_key)
        if known is not None:
            return known
        intake.check(request)
        try:
            digests = {role: self.store.put(data) for role, data in request.pictures().items()}
        except UnreachableError as error:
            raise OutOfReachError(str(error)) from error
        row = JobRow(
            id=new_job_id(),
            person=request.person,
            front=request.front,
            address=request.address,
            request_key=request.request_key,
            options=request.options.model_dump(),
            state="queued",
            attempt=0,
            crashes=0,
            losses=0,
            created_at=self.clock(),
            **digests,
        )
        return self._record(row)

    def suggest(self, request: SuggestRequest) -> Ticket:
        """The same for a suggested map: checked, stored, recorded, and it ends exactly once. Raises RefusedError."""
        known = self._by_request_key(request.request_key)
        if known is not None:
            return known
        suggest.check(request)
        try:
            digest = self.store.put(request.picture)
        except UnreachableError as error:
            raise OutOfReachError(str(error)) from error
        return self._record(suggest.new_row(request, new_job_id(), digest, self.clock))

    def standing(self, job_id: str) -> Standing:
        """Where a job stands. Raises UnknownJobError."""
        with self.database.read() as session:
            return estimate.standing_of(session, self._row(session, job_id), self.clock())

    def cancel(self, job_id: str, by: str | None) -> Standing:
        """Cancel a job that has not ended, at once. `by`: who asks; None is the operator.

        Raises UnknownJobError, RefusedError for somebody else's job.
        """
        with self.database.write() as session:
            row = session.execute(select(JobRow).where(JobRow.id == job_id).with_for_update()).scalar_one_or_none()
            if row is None:
                raise _unknown(job_id)
            if by is not None and by != row.person:
                raise RefusedError("Only the one who asked for this can cancel it.")
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
            raise RefusedError(f"Job {job_id} is {standing.state}: there is no painting to fetch")
        return self._picture(standing.result)

    def suggestion(self, job_id: str) -> SuggestedMap:
        """The suggested map of a job that is done. Raises UnknownJobError, RefusedError when there is none."""
        standing = self.standing(job_id)
        if standing.kind != "suggest":
            raise RefusedError(f"Job {job_id} is a painting and no suggested map")
        if standing.result is None:
            raise RefusedError(standing.message or f"Job {job_id} is {standing.state}: there is no map to fetch yet")
        return suggest.suggested(standing, self._picture(standing.result))

    def deliver(self, front: Front, job_id: str | None = None) -> Standing | None:
        """Let `front` hand over one answer it owes (that of one job, when named); None when there is none to hand over.

        Raises FrontError for what the front reports; it is tried again later unless permanent.
        """
        with self.database.write() as session:
            claimed = outbox.claim(session, front.name, self.clock(), self.rules, job_id)
            if claimed is None:
                return None
            delivery_row, job_row = claimed
            standing = estimate.standing_of(session, job_row, self.clock())
            delivery = Delivery(delivery_row.id, delivery_row.tries, job_row.address, standing)
        try:
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
        """Sign of life of a running desk loop; forgets those of long ago."""
        now = self.clock()
        with self.database.write() as session:
            session.execute(delete(DeskRow).where(DeskRow.seen_at < now - timedelta(days=1)))
            session.merge(DeskRow(name=name, seen_at=now))

    def running(self) -> bool:
        """True when a desk loop works on this database."""
        since = self.clock() - timedelta(seconds=self.rules.desk_seen)
        with self.database.read() as session:
            return session.execute(select(DeskRow.name).where(DeskRow.seen_at > since)).first() is not None

    def _record(self, row: JobRow) -> Ticket:
        try:
            with self.database.write() as session:
                session.add(row)
        except IntegrityError:  # the same request came in twice at once
            known = self._by_request_key(row.request_key)
            if known is None:
                raise
            return known
        log.info("job_accepted", job=row.id, front=row.front, kind=row.kind)
        return Ticket(row.id)

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


def new_job_id() -> str:
    """A short id that nobody can guess: 30^12 is 5e17."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def local_person() -> str:
    """Who sits at this machine."""
    return f"cli:{getpass.getuser()}"


def _unknown(job_id: str) -> UnknownJobError:
    return UnknownJobError(f"There is no job {job_id}: look at the id that `twobit submit` printed")
