"""An instance of mastodon_mock, with what a real one does beside: media that takes its time, and bad days."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mastodon import Mastodon, MastodonNotFoundError
from mastodon_mock.app import create_app, dispose_app_resources
from mastodon_mock.config import (
    AuthConfig,
    DatabaseConfig,
    MastodonMockConfig,
    SeedAccount,
    SeedConfig,
    StreamingConfig,
)

from tests.networks.serving import App, Instead, Receive, Scope, Send, answered, free_port, serving

BOT = "twobit"
PEOPLE = ("alice", "bob", "carol")
LOOKS = 1  # before a picture is ready
PAGE = 40  # statuses in one answer


@dataclass
class Instance:
    """A running instance."""

    port: int
    app: App
    requests: list[str] = field(default_factory=list)  # "POST /api/v1/statuses", in order
    looks: int = LOOKS
    down: int = 0  # answer so many requests with 503
    slow: int = 0  # answer so many with 429
    lost: int = 0  # so many statuses are posted and their answers lost
    streams: bool = True
    instead: dict[str, Instead] = field(default_factory=dict)  # what the bot is told of paths that begin so
    forgets: bool = False  # idempotency keys, as after an hour
    _people: dict[str, Mastodon] = field(default_factory=dict)
    _left: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def person(self, name: str) -> Mastodon:
        """Their client."""
        if name not in self._people:
            self._people[name] = Mastodon(
                access_token=f"{name}_token", api_base_url=self.url, version_check_mode="none", ratelimit_method="throw"
            )
        return self._people[name]

    def close(self) -> None:
        """All of them."""
        for client in self._people.values():
            client.session.close()

    def posts(self) -> list[Any]:
        """The bot's, oldest first, also direct ones."""
        api = self.person(BOT)
        me: Any = api.account_verify_credentials()
        page: Any = api.account_statuses(me["id"], limit=PAGE)
        found = list(page)
        while len(page) == PAGE:
            page = api.account_statuses(me["id"], limit=PAGE, max_id=page[-1]["id"])
            found += page
        return sorted(found, key=lambda one: int(one["id"]))

    def replies(self, to: str) -> list[Any]:
        """The bot's replies to one post."""
        try:
            below: Any = self.person(BOT).status_context(to)["descendants"]
        except MastodonNotFoundError:
            return []
        return [one for one in below if str(one["in_reply_to_id"]) == to and one["account"]["username"] == BOT]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Every request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, path = str(scope["method"]), str(scope["path"])
        self.requests.append(f"{method} {path}")
        if self.forgets:
            scope["headers"] = [one for one in scope["headers"] if one[0] != b"idempotency-key"]
        ours = f"Bearer {BOT}_token".encode() in dict(scope["headers"]).values()
        if ours and path.startswith("/api/v1/streaming") and not self.streams:
            await answered(send, 503, b"{}")
        elif ours and (told := next((self.instead[one] for one in self.instead if path.startswith(one)), None)):
            await answered(send, told.status, told.body, more=told.headers)
        elif ours and self.down > 0:
            self.down -= 1
            await answered(send, 503, b'{"error": "down for maintenance"}')
        elif ours and self.slow > 0:
            self.slow -= 1
            await answered(send, 429, b'{"error": "Too many requests"}')
        elif ours and path == "/api/v1/statuses" and method == "POST" and self.lost > 0:
            self.lost -= 1
            await self.app(scope, receive, _nowhere)
            await answered(send, 502, b"{}")
        elif ours and "/media" in path and path.startswith("/api/") and method in ("POST", "GET"):
            await self.app(scope, receive, self._unready(method, send))
        else:
            await self.app(scope, receive, send)

    def _unready(self, method: str, send: Send) -> Send:
        """Media is processed after the answer: 202, then 206 for a few looks."""
        started: list[Any] = []
        parts: list[bytes] = []

        async def change(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body, start = b"".join(parts), started[0]
            said = json.loads(body)
            if start["status"] == 200 and "id" in said:
                left = self._left.setdefault(said["id"], self.looks)
                if left > 0:
                    self._left[said["id"]] = left - (method == "GET")
                    said["url"] = None
                    body, start["status"] = json.dumps(said).encode(), 202 if method == "POST" else 206
            await answered(send, start["status"], body)

        return change


async def _nowhere(_message: Any) -> None:
    """The answer is lost."""


@contextmanager
def instance(folder: Path) -> Iterator[Instance]:
    """An instance with a bot and three people."""
    port = free_port()
    accounts = [SeedAccount(username=name, access_token=f"{name}_token") for name in PEOPLE]
    accounts.append(SeedAccount(username=BOT, access_token=f"{BOT}_token", bot=True))
    config = MastodonMockConfig(
        domain=f"127.0.0.1:{port}",
        url_scheme="http",
        media_storage_path=str(folder / "media"),
        database=DatabaseConfig(path=str(folder / "instance.sqlite")),
        auth=AuthConfig(enforce_scopes=True),
        streaming=StreamingConfig(heartbeat_seconds=0.2),
        seed=SeedConfig(accounts=accounts),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = create_app(config)
    made = Instance(port, app)
    try:
        with serving(made, port):
            yield made
    finally:
        made.close()
        dispose_app_resources(app)
