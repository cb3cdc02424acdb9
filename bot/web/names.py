"""What a person is called in addresses: the name they show, and a mark that tells namesakes apart and no id."""

import hashlib
import hmac
import threading
from functools import lru_cache

from sqlalchemy import select

from bot.community import Work
from bot.community.tables import WorkRow
from bot.community.words import slug_of
from bot.desk import Database

KEPT = 4096  # names of the people that walls show
MARK = 10  # hexadecimal digits: 40 bits, of a few thousand people


class Names:
    """Public names of people who published something."""

    def __init__(self, database: Database, secret: bytes) -> None:
        """`secret`: without it nobody finds a person's id by trying."""
        self._database = database
        self._secret = secret
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()
        self._name = lru_cache(maxsize=KEPT)(self._named)

    def of(self, work: Work) -> str:
        """The name of a work's maker, for an address."""
        return self._name(work.author, work.person)

    def _named(self, author: str, person: str) -> str:
        mark = self._mark(person)
        slug = slug_of(author, 40)
        return f"{slug}-{mark}" if slug else mark  # no name, or one without a Latin letter

    def person(self, name: str) -> str | None:
        """Whose name it is, None when nobody's that has a work."""
        mark = name[-MARK:]
        with self._lock:
            if mark not in self._known:
                with self._database.read() as session:
                    people = session.execute(select(WorkRow.person).distinct()).scalars().all()
                self._known = {self._mark(person): person for person in people}
            return self._known.get(mark)

    def _mark(self, person: str) -> str:
        return hmac.new(self._secret, b"name " + person.encode(), hashlib.sha256).hexdigest()[:MARK]
