"""Mastodon as a platform; see bot.fediverse.platform.Platform."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from mastodon import StreamListener

from bot.fediverse.fetching import Fetcher
from bot.fediverse.mastodon.checking import scopes
from bot.fediverse.mastodon.client import Client
from bot.fediverse.mastodon.posting import post_reply
from bot.fediverse.mastodon.reading import account_of, post_of
from bot.fediverse.platform import Account, Attached, GoneError, Limits, Mention, Page, Post, Reply

FRONT = "mastodon"
PAGE = 40  # notifications in one answer
LIMITS_SECONDS = 3600.0  # how long the instance's limits are believed
SILENCE_SECONDS = 90  # a stream without a heartbeat for so long is dead
BEGINNING = "0"


class MastodonPlatform:
    """Our account on one instance."""

    name = FRONT
    pushes = True
    how_to_mark = "tick “This is an automated account” in Preferences, Public profile"

    def __init__(self, url: str, token: str) -> None:
        """Nothing is asked yet."""
        self.client = Client(url, token)
        self._fetcher = Fetcher(url)
        self._me: tuple[Account, str] | None = None
        self._limits: tuple[float, Limits] | None = None

    def me(self) -> Account:
        """Our own account."""
        return self._own()[0]

    def place(self) -> str:
        """The instance and our name there: all its numbers are its own."""
        return f"{FRONT}:{self._host}/@{self.me().handle}"

    def limits(self) -> Limits:
        """As the instance tells them; what it does not tell is Mastodon's own."""
        if self._limits is None or time.monotonic() - self._limits[0] > LIMITS_SECONDS:
            found: Any = self.client.call(lambda api: api.instance_v2()).get("configuration") or {}
            self._limits = (time.monotonic(), _limits(found))
        return self._limits[1]

    def mentions(self, cursor: str | None) -> Page:
        """The page right after `cursor`: a backlog of any length is read from its old end."""
        if cursor is None:
            newest: Any = self.client.call(lambda api: api.notifications(types=["mention"], limit=1))
            return Page((), str(newest[0]["id"]) if newest else BEGINNING, more=False)
        found: Any = self.client.call(lambda api: api.notifications(types=["mention"], min_id=cursor, limit=PAGE))
        ordered = sorted(found, key=lambda one: _number(one["id"]))
        mentions = tuple(
            Mention(str(one["status"]["id"]), account_of(one["account"], self._host).id)
            for one in ordered
            if one.get("type") == "mention" and one.get("status")
        )
        last = str(ordered[-1]["id"]) if ordered else cursor
        return Page(mentions, last, more=bool(ordered))

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """The user's stream."""
        with suppress(_StoppedError):
            self.client.call(lambda api: api.stream_user(_Ears(wake, stop), timeout=SILENCE_SECONDS))

    def post(self, post_id: str) -> Post:
        """A status as it is now."""
        return post_of(self.client.about_post(lambda api: api.status(post_id)), self._host)

    def fetch(self, picture: Attached) -> bytes:
        """From the instance, or from where it keeps its media."""
        return self._fetcher.get(picture.url)

    def reply(self, reply: Reply, key: str, *, look: bool, mark: str | None) -> str:
        """A status under an idempotency key."""
        return post_reply(self.client, self._own()[1], reply, key, look=look, mark=mark)

    def delete(self, post_id: str) -> None:
        """A status of ours."""
        with suppress(GoneError):
            self.client.call(lambda api: api.status_delete(post_id))

    def mention_of(self, account: Account) -> str:
        """Without it a direct reply would reach nobody."""
        return f"@{account.handle}"

    def close(self) -> None:
        """All threads' connections."""
        self.client.close()

    def scopes(self) -> dict[str, Callable[[], None]]:
        """A post without words and an upload without a file are refused in any case: by scope, or as empty."""
        return scopes(self.client)

    @property
    def _host(self) -> str:
        return urlsplit(self.client.url).netloc

    def _own(self) -> tuple[Account, str]:
        if self._me is None:
            found: Any = self.client.call(lambda api: api.account_verify_credentials())
            self._me = (account_of(found, self._host), str(found["id"]))
        return self._me


class _StoppedError(Exception):
    """We are to stop listening."""


class _Ears(StreamListener):
    """Whatever comes, the cursor's read looks at."""

    def __init__(self, wake: Callable[[], None], stop: threading.Event) -> None:
        self._wake, self._stop = wake, stop
        self._open = False

    def on_notification(self, notification: Any) -> None:  # noqa: ARG002
        self._wake()

    def handle_heartbeat(self) -> None:
        if self._stop.is_set():
            raise _StoppedError
        if not self._open:  # from now on we are told; what came until now we look for
            self._open = True
            self._wake()


def _number(of: object) -> tuple[int, str]:
    """Ids are numbers in most servers, and words in some; both sort by length first."""
    return len(str(of)), str(of)


def _limits(configuration: Any) -> Limits:
    posts = configuration.get("statuses") or {}
    media = configuration.get("media_attachments") or {}
    return Limits(
        letters=int(posts.get("max_characters") or 500),
        alt_letters=int(media.get("description_limit") or 1500),
        picture_bytes=int(media.get("image_size_limit") or 10 * 2**20),
        picture_pixels=int(media.get("image_matrix_limit") or 16_777_216),
    )
