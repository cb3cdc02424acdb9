"""What each network implements for the bot. Everything beside this is the same on all of them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Visibility = Literal["public", "unlisted", "followers", "direct"]


class PlatformError(Exception):
    """A call to the network did not go through."""

    def __init__(self, message: str, *, permanent: bool, wait: float | None = None) -> None:
        """`permanent`: trying again will not help; `wait`: seconds that the network asks us to be quiet."""
        super().__init__(message)
        self.permanent = permanent
        self.wait = wait


class GoneError(PlatformError):
    """The post is not there, or not for us: deleted, its author suspended, or we are blocked."""

    def __init__(self, message: str) -> None:
        """Trying again will not help."""
        super().__init__(message, permanent=True)


class TokenError(PlatformError):
    """The network does not let us in: the token was revoked, or our account is suspended."""

    def __init__(self, message: str) -> None:
        """The operator can mend it, so what waits is kept."""
        super().__init__(message, permanent=False, wait=60.0)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the network."""

    id: str  # names the person for ever: user@host, a DID
    handle: str  # as one mentions it, without the @
    name: str = ""  # to show
    bot: bool = False
    refuses: bool = False  # wants no bots (#nobot), or has blocked us
    moved_to: str = ""  # the handle of the account that took its place


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture on a post."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that mentions us, or one of the thread."""

    id: str
    author: Account
    text: str = ""  # plain
    language: str | None = None
    pictures: tuple[Attached, ...] = ()
    visibility: Visibility = "public"
    warning: str = ""  # content warning
    sensitive: bool = False
    labels: tuple[str, ...] = ()  # of adult content, where the network has such
    tags: tuple[str, ...] = ()  # hashtags, lower case, without the #
    parent: str | None = None  # the post that it replies to


@dataclass(frozen=True, slots=True)
class Mention:
    """That somebody mentioned us: the post itself is fetched when its turn comes."""

    post: str
    person: str  # Account.id


@dataclass(frozen=True, slots=True)
class Page:
    """Mentions, oldest first, and from where to go on."""

    mentions: tuple[Mention, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What the network takes."""

    letters: int
    alt_letters: int
    picture_bytes: int
    picture_pixels: int | None = None
    suffixes: tuple[str, ...] = (".png", ".webp", ".jpg")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to post."""

    data: bytes = field(repr=False)
    mime: str
    alt: str
    width: int  # px
    height: int
    focus: tuple[float, float] = (0.0, 0.0)  # what a timeline that crops it shows: -1 to 1, rightwards and upwards


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of ours."""

    to: str  # the post's id
    text: str
    visibility: Visibility = "unlisted"
    warning: str = ""
    sensitive: bool = False
    labels: tuple[str, ...] = ()
    language: str = "en"
    pictures: tuple[Picture, ...] = ()


class Platform(Protocol):
    """One network, and our account there. Every call raises PlatformError; all may be called from any thread."""

    name: str  # of the front
    pushes: bool  # whether `listen` hears of new mentions
    how_to_mark: str  # the profile as a bot's, for the operator

    def me(self) -> Account:
        """Our own account."""
        ...

    def place(self) -> str:
        """Names the account for ever: ids of posts and cursors are its own."""
        ...

    def limits(self) -> Limits:
        """As the network tells them now."""
        ...

    def mentions(self, cursor: str | None) -> Page:
        """Those after `cursor`; with None the empty page from which to begin."""
        ...

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Call `wake` whenever something may have come, until `stop` or PlatformError; a hint only."""
        ...

    def post(self, post_id: str) -> Post:
        """A post as it is now. Raises GoneError."""
        ...

    def fetch(self, picture: Attached) -> bytes:
        """The picture's bytes, MAX_BYTES at most. Raises GoneError."""
        ...

    def reply(self, reply: Reply, key: str, *, look: bool, mark: str | None) -> str:
        """Post a reply and return its id; once for each `key`, whatever happens in between.

        `look`: an earlier try may have got through: look for it first, by `mark` (words in its text) or else as our
        only reply without such. Raises GoneError.
        """
        ...

    def delete(self, post_id: str) -> None:
        """Delete a post of ours; one that is gone already is no error."""
        ...

    def mention_of(self, account: Account) -> str:
        """What a reply to this person begins with."""
        ...

    def close(self) -> None:
        """Give the connections back; the next call opens new ones."""
        ...

    def scopes(self) -> Mapping[str, Callable[[], None]]:
        """What the token must allow, and how to try it without leaving a trace; raises TokenError where it may not."""
        ...
