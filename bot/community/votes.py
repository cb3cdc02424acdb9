"""One vote a person and work; a second press takes it back."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from bot.community.dialect import insert_unless_there
from bot.community.tables import VoteRow, WorkRow
from bot.community.work import row_of
from bot.desk import Desk, RefusedError


@dataclass(frozen=True, slots=True)
class Voted:
    """After a press of the button."""

    voted: bool  # whether the person's vote counts now
    votes: int


class Votes:
    """All votes; the count in a work's row is changed in the same transaction, by one, never read and written back."""

    def __init__(self, desk: Desk) -> None:
        """See bot.community.Community."""
        self._desk = desk

    def vote(self, work_id: str, person: str, *, on: bool | None = None) -> Voted:
        """Vote, or take the vote back; `on` None: the other of what is. Raises NotThereError, RefusedError."""
        with self._desk.database.write() as session:
            work = row_of(session, work_id, lock=True)
            if work.person == person:
                raise RefusedError("This work is your own: let others vote for it.", "vote_own")
            if work.state != "shown":
                raise RefusedError("This work is hidden: there is nothing to vote for.", "work_gone")
            mine = (VoteRow.work_seq == work.seq, VoteRow.person == person)
            there = session.execute(select(VoteRow.work_seq).where(*mine)).first() is not None
            wanted = not there if on is None else on
            change = 0
            if wanted and not there:
                values = {"work_seq": work.seq, "person": person, "at": self._desk.clock()}
                change = int(insert_unless_there(session, VoteRow, values))
            elif there and not wanted:
                session.execute(delete(VoteRow).where(*mine))
                change = -1
            count = update(WorkRow).where(WorkRow.seq == work.seq).values(votes=WorkRow.votes + change)
            votes = session.execute(count.returning(WorkRow.votes)).scalar_one()
        return Voted(wanted, votes)

    def voted(self, person: str, work_ids: Iterable[str]) -> set[str]:
        """Those of `work_ids` that the person voted for."""
        query = select(WorkRow.id).join(VoteRow, VoteRow.work_seq == WorkRow.seq)
        query = query.where(VoteRow.person == person, WorkRow.id.in_(list(work_ids)))
        with self._desk.database.read() as session:
            return set(session.execute(query).scalars())
