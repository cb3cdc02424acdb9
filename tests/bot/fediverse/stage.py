"""Alice, Bob and Carol, the bot between them, and the desk: the same play on both networks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.desk import Desk, FrontError
from bot.fediverse.bluesky.network import BlueskyPlatform
from bot.fediverse.fetching import Fetcher
from bot.fediverse.front import FediverseFront
from bot.fediverse.mastodon.network import MastodonPlatform
from bot.fediverse.mastodon.reading import plain
from bot.fediverse.parts import Parts, make_parts
from bot.fediverse.platform import Platform
from bot.fediverse.receiving import Receiver
from bot.styles import house_style
from tests.bot.community.people import finish
from tests.networks.bluesky import PASSWORD, Network
from tests.networks.bluesky import network as bluesky_network
from tests.networks.mastodon import Instance, instance
from tests.pictures import SAND, SEA, SKY, flat, painted, png

GALLERY = "https://twobit.example"
ON_BOTH = pytest.mark.parametrize("kept_on", ["sqlite", "postgresql"], indirect=True)  # databases
Pictures = Sequence[tuple[bytes, str]]

STYLE_MAP = flat(96, 72, [SKY, SEA, SAND])
MAP, STYLE = png(STYLE_MAP), png(painted(STYLE_MAP))
DOODLE = png(flat(128, 72, [SKY, SEA, SAND], slope=0.4))  # of another shape than the style
SAME_SHAPE = png(flat(96, 72, [SKY, SEA, SAND], slope=0.4))
OWN = ((STYLE, "style"), (MAP, "map"), (SAME_SHAPE, "doodle"))
PHOTO = png(painted(flat(128, 72, [SEA, SKY, SAND]), seed=5))
HOUSE = house_style("night-harbour")
HOUSE_DOODLE = HOUSE.doodle.read_bytes()


@dataclass(frozen=True)
class Said:
    """A post of the bot's, on either network."""

    id: str
    parent: str
    text: str
    fetch: Callable[[], tuple[bytes, ...]] = field(repr=False)
    alts: tuple[str, ...]
    raw: Any = field(repr=False)

    @property
    def pictures(self) -> tuple[bytes, ...]:
        return self.fetch()


class Net(Protocol):
    """A network, as the people on it see it."""

    name: str
    server: Any

    def platform(self) -> Platform: ...

    def person(self, name: str) -> str: ...

    def post(
        self, who: str, text: str, pictures: Pictures = (), *, to: str | None = None, mention: bool = True, **more: Any
    ) -> str: ...

    def said(self, to: str | None = None) -> list[Said]: ...


class OnMastodon:
    """People on an instance."""

    name = "mastodon"

    def __init__(self, server: Instance) -> None:
        self.server = server

    def platform(self) -> Platform:
        return MastodonPlatform(self.server.url, "twobit_token")

    def person(self, name: str) -> str:
        return f"mastodon:{name}@127.0.0.1:{self.server.port}"

    def post(
        self, who: str, text: str, pictures: Pictures = (), *, to: str | None = None, mention: bool = True, **more: Any
    ) -> str:
        api = self.server.person(who)
        media = [api.media_post(data, mime_type="image/png", description=alt or None)["id"] for data, alt in pictures]
        words = f"@twobit {text}" if mention else text
        return str(api.status_post(words, media_ids=media or None, in_reply_to_id=to, **more)["id"])

    def said(self, to: str | None = None) -> list[Said]:
        return [
            Said(
                str(one["id"]),
                str(one["in_reply_to_id"]),
                plain(one["content"]),
                partial(self._bytes, one["media_attachments"]),
                tuple(media["description"] or "" for media in one["media_attachments"]),
                one,
            )
            for one in (self.server.posts() if to is None else self.server.replies(to))
        ]

    def _bytes(self, media: Any) -> tuple[bytes, ...]:
        return tuple(Fetcher(self.server.url).get(one["url"]) for one in media)


class OnBluesky:
    """People on Bluesky."""

    name = "bluesky"

    def __init__(self, server: Network, folder: Path) -> None:
        self.server = server
        self.session = folder / "bluesky.session"

    def platform(self) -> Platform:
        return BlueskyPlatform(self.server.url, "twobit.test", PASSWORD, self.session)

    def person(self, name: str) -> str:
        return f"bluesky:{self.server.did(name)}"

    def post(
        self, who: str, text: str, pictures: Pictures = (), *, to: str | None = None, mention: bool = True, **more: Any
    ) -> str:
        words = f"@twobit.test {text}" if mention else text
        language = {"langs": [more.pop("language")]} if "language" in more else {}
        return self.server.person(who).post(words, list(pictures), to=to, **language, **more)

    def said(self, to: str | None = None) -> list[Said]:
        return [
            Said(
                one["uri"],
                one["value"]["reply"]["parent"]["uri"],
                one["value"]["text"],
                partial(self._bytes, one),
                tuple(image["alt"] for image in _images(one)),
                one["value"],
            )
            for one in (self.server.posts() if to is None else self.server.replies(to))
        ]

    def _bytes(self, post: Any) -> tuple[bytes, ...]:
        return tuple(self.server.blobs[image["image"]["ref"]["$link"]] for image in _images(post))


def _images(post: Any) -> list[Any]:
    return list((post["value"].get("embed") or {}).get("images") or ())


@contextmanager
def net_of(kind: str, folder: Path) -> Iterator[Net]:
    """A network of its own."""
    if kind == "mastodon":
        with instance(folder / "instance") as server:
            yield OnMastodon(server)
    else:
        with bluesky_network() as there:
            yield OnBluesky(there, folder)


class Stage:
    """The bot in this process, one step at a time; a worker is played."""

    def __init__(self, net: Net, desk: Desk) -> None:
        self.net = net
        self.desk = desk
        self.platforms: list[Platform] = []
        self.begin()
        self.receiver.read()  # from now on

    def begin(self) -> None:
        """As after a start of the process."""
        self.platforms.append(self.net.platform())
        self.parts: Parts = make_parts(self.desk, self.platforms[-1], GALLERY)
        self.receiver = Receiver(self.parts)
        self.front = FediverseFront(self.parts)

    def begin_unasked(self) -> None:
        """Another connection that knows nothing yet."""
        self.platforms.append(self.net.platform())

    def close(self) -> None:
        """At the end."""
        for platform in self.platforms:
            platform.close()

    def hear(self) -> None:
        """Read and work, once."""
        self.receiver.read()
        self.receiver.work()

    def ask(self, who: str, text: str, pictures: Pictures = (), **more: Any) -> list[Said]:
        """Post and let the bot hear it; returns its replies."""
        post = self.net.post(who, text, pictures, **more)
        self.hear()
        return self.replies(post)

    def replies(self, to: str) -> list[Said]:
        return self.net.said(to)

    def answer(self, who: str, text: str, pictures: Pictures = (), **more: Any) -> Said:
        """The one reply."""
        found = self.ask(who, text, pictures, **more)
        assert len(found) == 1, found
        return found[0]

    def painted(self, who: str, text: str = "", pictures: Pictures = (), **more: Any) -> Said:
        """Ask for a painting and get it."""
        post = self.net.post(who, text, pictures or OWN, **more)
        self.hear()
        assert self.replies(post) == [], "an answer instead of a job"
        self.finish(who)
        found = self.replies(post)
        assert len(found) == 1, found
        return found[0]

    def jobs(self, who: str) -> list[str]:
        return [one.job_id for one in self.desk.last_jobs(self.net.person(who)) if not one.final]

    def finish(self, who: str, result: bytes | None = None) -> None:
        """Play the worker of all that wait, and deliver."""
        for job_id in reversed(self.jobs(who)):
            finish(self.desk, job_id, SAME_SHAPE if result is None else result)
        self.deliver()

    def deliver(self) -> list[FrontError]:
        """All that is owed; what did not go through."""
        failed: list[FrontError] = []
        while True:
            try:
                if self.desk.deliver(self.front) is None:
                    return failed
            except FrontError as error:
                failed.append(error)
