"""Discord's REST API, as much as the bot uses."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.loopback.limits import overstepped
from tests.loopback.world import APP_ID, DM, EPHEMERAL, FORUM, THREAD, TOKEN_SECONDS, Channel, Interaction, Json, World


class ApiError(Exception):
    """An error answer of Discord's."""

    def __init__(self, status: int, code: int, message: str) -> None:
        """`code`: Discord's own number."""
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class Call:
    """One request as the bot sent it."""

    method: str
    path: str
    body: object = None
    query: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # by form field
    multipart: bool = False
    status: int = 0
    at: float = field(default_factory=time.monotonic)

    @property
    def json(self) -> Json:
        return self.body if isinstance(self.body, dict) else {}


Handler = Callable[["Rest", Call, re.Match[str]], object]
ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a handler for a path with {names}; digits only, but for tokens."""
    pattern = re.sub(r"\{(\w+)\}", lambda m: rf"(?P<{m[1]}>[^/]+)", path)

    def add(handler: Handler) -> Handler:
        ROUTES.append((method, re.compile(pattern + "$"), handler))
        return handler

    return add


class Rest:
    """Answers calls from a world; `emit` sends a gateway event."""

    def __init__(self, world: World, emit: Callable[[str, Json], None]) -> None:
        """`emit(name, data)`."""
        self.world = world
        self.emit = emit

    def answer(self, call: Call) -> object:
        """JSON to send back, None for 204. Raises ApiError."""
        for method, pattern, handler in ROUTES:
            found = pattern.match(call.path)
            if found and method == call.method:
                return handler(self, call, found)
        raise AssertionError(f"the stand-in does not know {call.method} {call.path}")

    def channel(self, number: str) -> Channel:
        channel = self.world.channels.get(int(number))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel.closed:
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def open_thread(self, channel: Channel) -> Channel:
        if channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        return channel

    def managed(self, allowed: bool) -> None:
        """What needs a right: `allowed` where the bot has another one to do it."""
        if not allowed and not self.world.manage_threads:
            raise ApiError(403, 50013, "Missing Permissions")

    def message(self, channel: Channel, number: str) -> Json:
        if int(number) not in channel.messages:
            raise ApiError(404, 10008, "Unknown Message")
        return channel.messages[int(number)]

    def interaction(self, token: str) -> Interaction:
        found = self.world.interactions.get(token)
        if found is None or found.expired or time.monotonic() - found.made > TOKEN_SECONDS:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return found

    def add_message(self, channel: Channel, call: Call, data: Json, **extra: object) -> Json:
        self._check_size(call)
        self._check_limits(call, data)
        message: Json = {
            "id": str(self.world.next_id()),
            "channel_id": str(channel.id),
            "author": self.world.bot.json(),
            "content": "",
            "timestamp": _now(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": int(data.get("flags") or 0),
            "components": [],
            **extra,
        }
        if channel.guild is not None:
            message["guild_id"] = str(channel.guild.id)
        channel.messages[int(message["id"])] = message
        self.change(channel, message, call, data)
        message["edited_timestamp"] = None
        if not message["flags"] & EPHEMERAL:
            self.emit("MESSAGE_CREATE", message)
        return message

    def change(self, channel: Channel, message: Json, call: Call, data: Json) -> Json:
        self._check_size(call)
        self._check_limits(call, data)
        if int(message["id"]) in self.world.too_old:
            raise ApiError(400, 30046, "Maximum number of edits to messages older than 1 hour reached")
        for name in ("content", "embeds", "components"):
            if name in data:
                message[name] = data[name] or ("" if name == "content" else [])
        if "attachments" in data or call.files:
            message["attachments"] = self._attachments(channel, message, call, data)
        message["edited_timestamp"] = _now()
        message.setdefault("history", []).append((time.monotonic(), message["content"]))
        return message

    def _attachments(self, channel: Channel, message: Json, call: Call, data: Json) -> list[Json]:
        before = {one["id"]: one for one in message["attachments"]}
        wanted = data.get("attachments") or []
        kept = [before[str(one["id"])] for one in wanted if str(one["id"]) in before]
        for name, (filename, content) in call.files.items():
            index = name.removeprefix("files[").removesuffix("]")
            given: Json = next((one for one in wanted if str(one["id"]) == index), {})
            kept.append(self.world.store(channel, filename, content, given.get("description")))
        return kept

    def _check_limits(self, call: Call, data: Json) -> None:
        found = overstepped(data, len(call.files))
        if found is not None:
            raise ApiError(400, 50035, f"Invalid Form Body: {found}")

    def _check_size(self, call: Call) -> None:
        if sum(len(content) for _, content in call.files.values()) > self.world.upload_limit:
            raise ApiError(413, 40005, "Request entity too large")


def _now() -> str:
    return datetime.now(UTC).isoformat()


@route("GET", "/users/@me")
def me(rest: Rest, _call: Call, _at: re.Match[str]) -> object:
    return {**rest.world.bot.json(), "verified": True, "mfa_enabled": False, "flags": 0}


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(rest: Rest, _call: Call, _at: re.Match[str]) -> object:
    return {
        "id": str(APP_ID),
        "name": "twobit",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "summary": "",
        "verify_key": "ab" * 32,
        "flags": 0,
        "hook": True,
        "owner": rest.world.olga.json(),
        "rpc_origins": [],
        "team": None,
        "tags": [],
        "integration_types_config": {"0": {}, "1": {}},
        "approximate_guild_count": 1,
    }


@route("GET", "/users/@me/guilds")
def my_guilds(rest: Rest, _call: Call, _at: re.Match[str]) -> object:
    return [
        {"id": str(one.id), "name": one.name, "permissions": str(one.permissions(rest.world.bot)), "features": []}
        for one in rest.world.guilds.values()
    ]


@route("POST", "/users/@me/channels")
def open_dm(rest: Rest, call: Call, _at: re.Match[str]) -> object:
    return rest.world.dm(rest.world.users[int(call.json["recipient_id"])]).json()


@route("GET", "/users/{user}")
def user(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    return rest.world.users[int(at["user"])].json()


@route("GET", "/applications/{app}/commands")
def commands(rest: Rest, _call: Call, _at: re.Match[str]) -> object:
    return rest.world.commands


@route("PUT", "/applications/{app}/commands")
def sync(rest: Rest, call: Call, _at: re.Match[str]) -> object:
    assert isinstance(call.body, list)
    extra = {"application_id": str(APP_ID), "version": "1", "default_member_permissions": None, "description": ""}
    rest.world.commands = [{**extra, "id": str(rest.world.next_id()), **one} for one in call.body]
    return rest.world.commands


@route("GET", "/channels/{channel}")
def channel(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    return rest.channel(at["channel"]).json()


@route("PATCH", "/channels/{channel}")
def edit_thread(rest: Rest, call: Call, at: re.Match[str]) -> object:
    """Whoever made a thread, as the bot has all of ours, may give it a title, archive it, and open it unless locked."""
    found = rest.channel(at["channel"])
    assert found.kind == THREAD
    said = call.json
    rest.managed(set(said) <= {"name", "archived", "auto_archive_duration"} and not found.locked)
    if said.get("archived") is not False:
        rest.open_thread(found)
    found.name = said.get("name") or found.name
    found.archived = said.get("archived", found.archived)
    found.locked = said.get("locked", found.locked)
    return found.json()


@route("DELETE", "/channels/{channel}")
def delete_thread(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    found = rest.channel(at["channel"])
    assert found.kind == THREAD
    rest.managed(False)
    return rest.world.channels.pop(found.id).json()


@route("GET", "/channels/{channel}/messages")
def history(rest: Rest, call: Call, at: re.Match[str]) -> object:
    messages = [one for one in rest.channel(at["channel"]).messages.values() if not one["flags"] & EPHEMERAL]
    after = int(call.query.get("after", 0))
    return [one for one in reversed(messages) if int(one["id"]) > after][: int(call.query.get("limit", 50))]


@route("GET", "/channels/{channel}/messages/{message}")
def message(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    return rest.message(rest.channel(at["channel"]), at["message"])


@route("POST", "/channels/{channel}/messages")
def send(rest: Rest, call: Call, at: re.Match[str]) -> object:
    found = rest.channel(at["channel"])
    if found.kind == DM and found.recipient is not None and found.recipient.dm_closed:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    nonce = call.json.get("nonce")
    if nonce is not None and call.json.get("enforce_nonce"):
        known = rest.world.nonces.get((found.id, str(nonce)))
        if known is not None:
            return known  # also when it was deleted since
    reference = call.json.get("message_reference")
    extra = {} if reference is None else {"message_reference": {"type": 0, **reference}}
    made = rest.add_message(found, call, call.json, nonce=nonce, **extra)
    if nonce is not None:
        rest.world.nonces[found.id, str(nonce)] = made
    return made


@route("PATCH", "/channels/{channel}/messages/{message}")
def edit(rest: Rest, call: Call, at: re.Match[str]) -> object:
    found = rest.open_thread(rest.channel(at["channel"]))
    return rest.change(found, rest.message(found, at["message"]), call, call.json)


@route("DELETE", "/channels/{channel}/messages/{message}")
def delete(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    found = rest.open_thread(rest.channel(at["channel"]))
    del found.messages[int(rest.message(found, at["message"])["id"])]
    return None


@route("POST", "/channels/{channel}/threads")
def post_in_forum(rest: Rest, call: Call, at: re.Match[str]) -> object:
    forum = rest.channel(at["channel"])
    assert forum.kind == FORUM
    thread = Channel(rest.world.next_id(), THREAD, call.json["name"], forum.guild, parent=forum, nsfw=forum.nsfw)
    rest.world.channels[thread.id] = thread
    made = rest.add_message(thread, call, call.json["message"])
    return {**thread.json(), "message": made}


@route("GET", "/guilds/{guild}/threads/active")
def active_threads(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    threads = [one for one in rest.world.channels.values() if one.kind == THREAD and not one.archived]
    ours = [one for one in threads if one.guild is not None and str(one.guild.id) == at["guild"]]
    return {"threads": [one.json() for one in ours], "members": []}


@route("POST", "/interactions/{id}/{token}/callback")
def callback(rest: Rest, call: Call, at: re.Match[str]) -> object:
    found = rest.world.interactions.get(at["token"])
    if found is None or time.monotonic() - found.made > 3.0:
        raise ApiError(404, 10062, "Unknown interaction")
    if found.kind is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    found.first_after = time.monotonic() - found.made
    kind, data = int(call.json["type"]), call.json.get("data") or {}
    found.kind, found.data = kind, data
    answer: Json = {"id": str(found.id), "type": found.payload["type"]}
    if kind in (4, 5):
        made = rest.add_message(found.channel, call, data, loading=kind == 5)
        found.original = int(made["id"])
        found.messages.append(found.original)
        answer |= {"response_message_id": made["id"], "response_message_loading": kind == 5}
        answer |= {"response_message_ephemeral": bool(made["flags"] & EPHEMERAL)}
    if kind in (6, 7):
        found.original = int(found.payload["message"]["id"])
        if kind == 7:
            rest.change(found.channel, found.channel.messages[found.original], call, data)
    if call.query.get("with_response") in ("1", "true", "True"):
        resource: Json = {"type": kind}
        if kind in (4, 7) and found.original is not None:
            resource["message"] = found.channel.messages[found.original]
        return {"interaction": answer, "resource": resource}
    return None


@route("POST", "/webhooks/{app}/{token}")
def follow_up(rest: Rest, call: Call, at: re.Match[str]) -> object:
    found = rest.interaction(at["token"])
    assert found.kind is not None, "a followup before the first answer"
    original = found.channel.messages.get(found.original or 0)
    if found.kind == 5 and original is not None and original.get("loading"):
        # Discord fills the "thinking" message first, with its visibility.
        original["loading"] = False
        return rest.change(found.channel, original, call, call.json)
    made = rest.add_message(found.channel, call, call.json)
    found.messages.append(int(made["id"]))
    return made


def _of_interaction(rest: Rest, at: re.Match[str]) -> tuple[Interaction, Json]:
    found = rest.interaction(at["token"])
    number = at["message"]
    message_id = found.original if number == "@original" else int(number)
    if message_id is None or message_id not in found.channel.messages:
        raise ApiError(404, 10008, "Unknown Message")
    return found, found.channel.messages[message_id]


@route("GET", "/webhooks/{app}/{token}/messages/{message}")
def get_answer(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    return _of_interaction(rest, at)[1]


@route("PATCH", "/webhooks/{app}/{token}/messages/{message}")
def edit_answer(rest: Rest, call: Call, at: re.Match[str]) -> object:
    found, answer = _of_interaction(rest, at)
    rest.change(found.channel, answer, call, call.json)
    answer["loading"] = False
    return answer


@route("DELETE", "/webhooks/{app}/{token}/messages/{message}")
def delete_answer(rest: Rest, _call: Call, at: re.Match[str]) -> object:
    found, answer = _of_interaction(rest, at)
    del found.channel.messages[int(answer["id"])]
    return None
