"""Bluesky as a platform; see bot.fediverse.platform.Platform."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.fediverse.bluesky.checking import scopes
from bot.fediverse.bluesky.client import Client
from bot.fediverse.bluesky.posting import POSTS, post_reply, view_of
from bot.fediverse.bluesky.reading import account_of, post_of
from bot.fediverse.fetching import Fetcher
from bot.fediverse.platform import Account, Attached, GoneError, Limits, Mention, Page, Post, Reply, TokenError

FRONT = "bluesky"
PAGE = 100  # notifications in one answer
MOST_PAGES = 100
OVERLAP = timedelta(minutes=10)  # looked at again: the network's index is not written in order
REASONS = ("mention", "reply")
BEGINNING = "1970-01-01T00:00:00.000Z"
ACCOUNT_SECONDS = 3600.0  # how long our own profile is believed
LIMITS = Limits(letters=300, alt_letters=2000, picture_bytes=1_000_000, suffixes=(".png", ".jpg"))


class BlueskyPlatform:
    """Our account."""

    name = FRONT
    pushes = False  # the network streams everything to everybody, or nothing: mentions are polled
    how_to_mark = "mark the account as automated in the app's account settings"

    def __init__(self, url: str, handle: str, password: str, session_file: Path) -> None:
        """Nothing is asked yet."""
        self.client = Client(url, handle, password, session_file)
        self._fetcher = Fetcher(url)
        self._me: tuple[float, Account] | None = None

    def me(self) -> Account:
        """Our own account."""
        if self._me is None or time.monotonic() - self._me[0] > ACCOUNT_SECONDS:
            self._me = (time.monotonic(), self._account(self.client.did))
        return self._me[1]

    def place(self) -> str:
        """Our DID, which stays when the account moves to another server."""
        return f"{FRONT}:{self.client.did}"

    def limits(self) -> Limits:
        """The lexicon's own."""
        return LIMITS

    def mentions(self, cursor: str | None) -> Page:
        """From the newest back to `cursor` and a little further; it says "read until/never before"."""
        if cursor is None:
            there = self._notifications(None)[0]
            newest = max((str(one["indexedAt"]) for one in there), default=BEGINNING, key=_time)
            return Page((), f"{newest}/{newest}", more=False)
        read, _, begin = cursor.partition("/")
        found = self._since(max(_time(read) - OVERLAP, _time(begin)))
        mentions = [Mention(str(one["uri"]), str(one["author"]["did"])) for one in found if one["reason"] in REASONS]
        read = max([read, *(str(one["indexedAt"]) for one in found)], key=_time)
        return Page(tuple(dict.fromkeys(mentions)), f"{read}/{begin}", more=False)

    def _since(self, until: datetime) -> list[Any]:
        """Notifications after a time, oldest first."""
        found: list[Any] = []
        after: str | None = None
        for _ in range(MOST_PAGES):
            page, after = self._notifications(after)
            found += [one for one in page if _time(one["indexedAt"]) > until]
            if after is None or not page or _time(page[-1]["indexedAt"]) <= until:
                break
        return sorted(found, key=lambda one: _time(one["indexedAt"]))

    def listen(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """There is nothing to listen to."""

    def post(self, post_id: str) -> Post:
        """A post as it is now."""
        view = view_of(self.client, post_id)
        if (view.get("viewer") or {}).get("replyDisabled"):
            raise GoneError("its author takes no replies from us")
        return post_of(view, self._author(str(view["author"]["did"])))

    def fetch(self, picture: Attached) -> bytes:
        """From the network's own picture server."""
        return self._fetcher.get(picture.url)

    def reply(self, reply: Reply, key: str, *, look: bool, mark: str | None) -> str:  # noqa: ARG002
        """A record under a key that the answer itself gives."""
        return post_reply(self.client, reply, key, look=look)

    def delete(self, post_id: str) -> None:
        """A post of ours; the words for one that is gone may be about our whole account, so we look at that."""
        rkey = post_id.rpartition("/")[2]
        try:
            body = {"repo": self.client.did, "collection": POSTS, "rkey": rkey}
            self.client.post("com.atproto.repo.deleteRecord", body)
        except GoneError:
            self._account(self.client.did)

    def mention_of(self, account: Account) -> str:  # noqa: ARG002
        """A reply reaches its author without being called, and letters are few here."""
        return ""

    def close(self) -> None:
        """The connection; the session stays in its file."""
        self.client.close()

    def scopes(self) -> dict[str, Callable[[], None]]:
        """See bot.fediverse.bluesky.checking."""
        return scopes(self.client)

    def _author(self, did: str) -> Account:
        """Raises GoneError for one whose account is closed: the same words may be about ours, so we look at that."""
        try:
            return self._account(did)
        except TokenError as error:
            self._account(self.client.did)
            raise GoneError(f"its author is not there any more: {error}") from error

    def _account(self, did: str) -> Account:
        return account_of(self.client.get("app.bsky.actor.getProfile", actor=did))

    def _notifications(self, after: str | None) -> tuple[list[Any], str | None]:
        more = {} if after is None else {"cursor": after}
        found = self.client.get("app.bsky.notification.listNotifications", limit=PAGE, reasons=list(REASONS), **more)
        return list(found["notifications"]), found.get("cursor")


def _time(text: str) -> datetime:
    """By the network's clock; ours plays no part."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
