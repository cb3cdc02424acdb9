"""A stand-in for Bluesky behind real HTTP: the calls of the protocol that a bot makes, as the real server answers them.

What is like the real one is checked against it by `make test-bluesky` (tests/e2e/test_fediverse_bluesky.py).
"""

import base64
import hashlib
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.networks.serving import Instead, Receive, Scope, Send, answered, free_port, serving

BOT = "twobit"
PEOPLE = ("alice", "bob", "carol")
PASSWORD = "correct-horse"
POSTS = "app.bsky.feed.post"
BLOB_BYTES = 1_000_000


@dataclass
class Network:
    """A running network: one server, one index."""

    port: int
    requests: list[str] = field(default_factory=list)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)  # by DID
    records: dict[str, dict[str, Any]] = field(default_factory=dict)  # by URI, in order: value, cid, indexedAt
    blobs: dict[str, bytes] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)  # DIDs that have blocked the bot
    down: int = 0
    slow: int = 0
    lost: int = 0  # so many records are written and the answers lost
    instead: dict[str, Instead] = field(default_factory=dict)  # what everybody is told of methods that begin so
    closed: set[str] = field(default_factory=set)  # DIDs of accounts that were taken down
    skew: timedelta = timedelta()  # of its clock
    session_seconds: float = 7200.0
    sign_ins: int = 0
    expired: set[str] = field(default_factory=set)  # access tokens that the server takes no longer
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def did(self, name: str) -> str:
        return f"did:plc:{name:a<24}"

    def person(self, name: str) -> "Person":
        return Person(self, name)

    def posts(self) -> list[dict[str, Any]]:
        """The bot's, oldest first."""
        mine = f"at://{self.did(BOT)}/{POSTS}/"
        return [{"uri": uri, **one} for uri, one in self.records.items() if uri.startswith(mine)]

    def replies(self, to: str) -> list[dict[str, Any]]:
        """The bot's replies to one post."""
        return [one for one in self.posts() if one["value"]["reply"]["parent"]["uri"] == to]

    def write(self, did: str, rkey: str | None, record: dict[str, Any]) -> str:
        """A post by anybody."""
        rkey = rkey or f"3k{next(self._numbers):011d}"
        uri = f"at://{did}/{POSTS}/{rkey}"
        if uri in self.records:
            raise KeyError(uri)
        cid = f"bafy{hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:40]}"
        self.records[uri] = {"value": record, "cid": cid, "indexedAt": self.now()}
        return uri

    def now(self) -> str:
        """By its own clock."""
        return _now(self.skew)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Every request."""
        if scope["type"] != "http":
            return
        path = str(scope["path"])
        self.requests.append(path.removeprefix("/xrpc/"))
        told = next((self.instead[one] for one in self.instead if path.startswith(f"/xrpc/{one}")), None)
        if told is not None:
            await answered(send, told.status, told.body, more=told.headers)
        elif self.down > 0:
            self.down -= 1
            await answered(send, 503, b"{}")
        elif self.slow > 0:
            self.slow -= 1
            await answered(send, 429, b'{"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}')
        elif path.endswith("createRecord") and self.lost > 0:
            self.lost -= 1
            await self._app(scope, receive, _nowhere)
            await answered(send, 502, b"{}")
        else:
            await self._app(scope, receive, send)

    def __post_init__(self) -> None:
        methods = {
            "com.atproto.server.createSession": ("POST", self._create_session),
            "com.atproto.server.refreshSession": ("POST", self._refresh_session),
            "com.atproto.repo.uploadBlob": ("POST", self._upload),
            "com.atproto.repo.createRecord": ("POST", self._create),
            "com.atproto.repo.getRecord": ("GET", self._get),
            "com.atproto.repo.deleteRecord": ("POST", self._delete),
            "com.atproto.repo.applyWrites": ("POST", self._nothing),
            "app.bsky.notification.listNotifications": ("GET", self._notifications),
            "app.bsky.feed.getPosts": ("GET", self._get_posts),
            "app.bsky.actor.getProfile": ("GET", self._get_profile),
        }
        routes = [Route(f"/xrpc/{name}", call, methods=[verb]) for name, (verb, call) in methods.items()]
        self._app = Starlette(routes=[*routes, Route("/img/{cid}", self._image)])
        for name in (*PEOPLE, BOT):
            profile = {"did": self.did(name), "handle": f"{name}.test", "displayName": name.title(), "description": ""}
            self.profiles[self.did(name)] = profile
        label = {"src": self.did(BOT), "val": "bot", "uri": self.did(BOT), "cts": _now()}
        self.profiles[self.did(BOT)]["labels"] = [label]

    def _session(self, name: str) -> JSONResponse:
        now = int(time.time() + self.skew.total_seconds())
        number = next(self._numbers)
        tokens = {
            kind: _jwt(
                {"sub": self.did(name), "iat": now, "exp": now + int(seconds), "jti": str(number), "scope": kind}
            )
            for kind, seconds in (("access", self.session_seconds), ("refresh", 90 * 86400))
        }
        return JSONResponse(
            {
                "did": self.did(name),
                "handle": f"{name}.test",
                "accessJwt": tokens["access"],
                "refreshJwt": tokens["refresh"],
                "active": True,
            }
        )

    async def _create_session(self, request: Request) -> Response:
        said = await request.json()
        name = str(said["identifier"]).removesuffix(".test")
        if said["password"] != PASSWORD or self.did(name) not in self.profiles:
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        self.sign_ins += 1
        return self._session(name)

    async def _refresh_session(self, request: Request) -> Response:
        return self._session(BOT)

    def _who(self, request: Request) -> str | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token or token in self.expired:
            return None
        return str(json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["sub"])

    async def _upload(self, request: Request) -> Response:
        if self._who(request) is None:
            return EXPIRED
        data = await request.body()
        if len(data) > BLOB_BYTES:
            return _error(400, "BlobTooLarge", "This file is too large")
        cid = f"bafk{hashlib.sha256(data).hexdigest()[:40]}"
        self.blobs[cid] = data
        kind = request.headers["content-type"]
        return JSONResponse({"blob": blob(cid, kind, len(data))})

    async def _create(self, request: Request) -> Response:
        who = self._who(request)
        if who is None:
            return EXPIRED
        said = await request.json()
        if said["repo"] != who:
            return _error(400, "InvalidRequest", "Could not find repo")
        for parent in (said["record"]["reply"][one] for one in ("root", "parent")):
            assert set(parent) == {"uri", "cid"}
        assert len(said["record"]["text"]) <= 300
        try:
            uri = self.write(who, said.get("rkey"), said["record"])
        except KeyError:
            return _error(500, "InternalServerError", "Internal Server Error")
        return JSONResponse({"uri": uri, "cid": self.records[uri]["cid"]})

    async def _get(self, request: Request) -> Response:
        asked = request.query_params
        uri = f"at://{asked['repo']}/{asked['collection']}/{asked['rkey']}"
        if uri not in self.records:
            return _error(400, "RecordNotFound", f"Could not locate record: {uri}")
        return JSONResponse({"uri": uri, **self.records[uri]})

    async def _delete(self, request: Request) -> Response:
        said = await request.json()
        self.records.pop(f"at://{said['repo']}/{said['collection']}/{said['rkey']}", None)
        return JSONResponse({})

    async def _nothing(self, request: Request) -> Response:
        return EXPIRED if self._who(request) is None else JSONResponse({})

    async def _notifications(self, request: Request) -> Response:
        who = self._who(request)
        if who is None:
            return EXPIRED
        limit, after = int(request.query_params["limit"]), request.query_params.get("cursor")
        found = []
        for uri, one in reversed(self.records.items()):
            reason = self._reason(uri, one["value"], who)
            author = self.profiles[uri.split("/")[2]]
            if reason is not None and (after is None or one["indexedAt"] < after):
                view = {"uri": uri, "cid": one["cid"], "author": author, "reason": reason, "isRead": False}
                found.append({**view, "record": one["value"], "indexedAt": one["indexedAt"]})
        page = found[:limit]
        more = {"cursor": page[-1]["indexedAt"]} if len(found) > limit else {}
        return JSONResponse({"notifications": page, **more})

    def _reason(self, uri: str, record: dict[str, Any], who: str) -> str | None:
        if uri.split("/")[2] == who:
            return None
        parent = (record.get("reply") or {}).get("parent", {}).get("uri", "")
        if parent.split("/")[2:3] == [who]:
            return "reply"
        features = [feature for facet in record.get("facets") or () for feature in facet["features"]]
        return "mention" if any(one.get("did") == who for one in features) else None

    async def _get_posts(self, request: Request) -> Response:
        found = [self._view(uri) for uri in request.query_params.getlist("uris") if uri in self.records]
        return JSONResponse({"posts": [one for one in found if one["author"]["did"] not in self.blocked]})

    def _view(self, uri: str) -> dict[str, Any]:
        one = self.records[uri]
        record = one["value"]
        author = self.profiles[uri.split("/")[2]]
        values = (record.get("labels") or {}).get("values") or []
        labels = [{"src": author["did"], "uri": uri, "val": value["val"], "cts": _now()} for value in values]
        view = {"uri": uri, "cid": one["cid"], "author": author, "record": record, "labels": labels}
        if "embed" in record:
            images = [
                {"fullsize": f"{self.url}/img/{image['image']['ref']['$link']}", "alt": image["alt"], "thumb": ""}
                for image in record["embed"]["images"]
            ]
            view["embed"] = {"$type": "app.bsky.embed.images#view", "images": images}
        return {**view, "indexedAt": one["indexedAt"], "viewer": {}}

    async def _get_profile(self, request: Request) -> Response:
        did = request.query_params["actor"]
        if did in self.closed:
            return _error(400, "AccountTakedown", "Account has been suspended")
        viewer = {"viewer": {"blockedBy": did in self.blocked, "muted": False}}
        return JSONResponse({**self.profiles[did], **viewer})

    async def _image(self, request: Request) -> Response:
        data = self.blobs.get(request.path_params["cid"])
        return Response(status_code=404) if data is None else Response(data, media_type="image/png")


@dataclass(frozen=True)
class Person:
    """Somebody who posts."""

    network: Network
    name: str

    @property
    def did(self) -> str:
        return self.network.did(self.name)

    def post(
        self, text: str, pictures: list[tuple[bytes, str]] | None = None, *, to: str | None = None, **more: Any
    ) -> str:
        """A post with a mention of the bot where the text has one; returns its URI."""
        record: dict[str, Any] = {
            "$type": POSTS,
            "text": text,
            "createdAt": self.network.now(),
            "langs": ["en"],
            **more,
        }
        facets = facets_of(text, self.network.did(BOT))
        if facets:
            record["facets"] = facets
        if to is not None:
            parent = {"uri": to, "cid": self.network.records[to]["cid"]}
            root = (self.network.records[to]["value"].get("reply") or {}).get("root", parent)
            record["reply"] = {"root": root, "parent": parent}
        if pictures:
            images = []
            for data, alt in pictures:
                cid = f"bafk{hashlib.sha256(data).hexdigest()[:40]}"
                self.network.blobs[cid] = data
                images.append({"alt": alt, "image": blob(cid, "image/png", len(data))})
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return self.network.write(self.did, None, record)


def blob(cid: str, kind: str, size: int) -> dict[str, Any]:
    return {"$type": "blob", "ref": {"$link": cid}, "mimeType": kind, "size": size}


def facets_of(text: str, bot: str) -> list[dict[str, Any]]:
    """The mention of the bot, and the hashtags."""
    return [*_mention(text, bot), *_tags(text)]


def _mention(text: str, did: str) -> list[dict[str, Any]]:
    at = text.find("@twobit.test")
    if at < 0:
        return []
    begin = len(text[:at].encode())
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
    return [{"index": {"byteStart": begin, "byteEnd": begin + 12}, "features": [feature]}]


def _tags(text: str) -> list[dict[str, Any]]:
    return [
        {
            "index": {"byteStart": 0, "byteEnd": 1},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": word[1:]}],
        }
        for word in text.split()
        if word.startswith("#")
    ]


def _jwt(payload: dict[str, Any]) -> str:
    parts = ({"typ": "JWT", "alg": "ES256K"}, payload)
    made = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*made, "c2ln"])


def _now(skew: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + skew).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _error(status: int, name: str, message: str) -> JSONResponse:
    return JSONResponse({"error": name, "message": message}, status)


EXPIRED = _error(400, "ExpiredToken", "Token has expired")


async def _nowhere(_message: Any) -> None:
    """The answer is lost."""


@contextmanager
def network() -> Iterator[Network]:
    """A network with a bot and three people."""
    made = Network(free_port())
    with serving(made, made.port):
        httpx.get(f"{made.url}/img/none")
        made.requests.clear()
        yield made
