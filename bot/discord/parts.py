"""What the bot is put together from; made in main and passed down."""

from dataclasses import dataclass, field

from bot.community import Community, Posts
from bot.desk import Desk
from bot.desk.once import forget, hold, once
from bot.discord.reading import Reader
from bot.discord.threads import Threads

FRONT = "discord"


@dataclass(frozen=True, slots=True)
class Parts:
    """Services that every command may use; all their calls block and go through `threads`."""

    desk: Desk
    community: Community
    threads: Threads = field(default_factory=Threads)
    reader: Reader = field(default_factory=Reader)
    public_url: str | None = None  # of the web gallery, when there is one
    link_secret: bytes = field(default=b"", repr=False)  # what the page signs its links with
    holder: str = ""  # this process's name, where two share one token

    @property
    def posts(self) -> Posts:
        """Where works have been posted."""
        return Posts(self.desk)

    def once(self, key: str) -> bool:
        """True for the first of all that ask with this key."""
        return once(self.desk.database, f"{FRONT}:{key}", self.desk.clock)

    def leads(self, what: str, seconds: float) -> bool:
        """True when this process is the one that does `what` for the next seconds."""
        return hold(self.desk.database, f"{FRONT}:{what}", self.holder, seconds, self.desk.clock)

    def tidy(self) -> None:
        """Drop what `once` remembers for too long."""
        forget(self.desk.database, self.desk.clock)


def person(user_id: int) -> str:
    """A Discord user as the desk and the community know them."""
    return f"{FRONT}:{user_id}"


def server(guild_id: int | None) -> str | None:
    """A Discord server as the community knows it; None in direct messages."""
    return None if guild_id is None else f"{FRONT}:{guild_id}"


def user_id(person: str) -> int | None:
    """The Discord user behind a person; None for those of other fronts."""
    front, _, number = person.partition(":")
    return int(number) if front == FRONT and number.isdecimal() else None
