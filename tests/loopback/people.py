"""People at their clients: they see the commands that were synced, and only what a client would let them do."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.loopback.server import Server
from tests.loopback.world import APP_ID, DM, EPHEMERAL, Channel, Interaction, Json, User, World

Upload = tuple[str, bytes]
STRING, INTEGER, BOOLEAN, CHANNEL, NUMBER, ATTACHMENT = 3, 4, 5, 7, 10, 11
BUTTON, SELECT, FILE_UPLOAD, TEXT_INPUT = 2, 3, 19, 4
PATIENCE = 20.0


async def until(check: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> Any:
    """Wait until `check` gives something true; returns it."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        found = check()
        if found:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"waited {seconds:.0f} s in vain for {what or check}")


@dataclass
class Exchange:
    """One act of a person and what the bot made of it."""

    server: Server
    interaction: Interaction

    async def answered(self, seconds: float = PATIENCE) -> "Exchange":
        """Wait for the first answer."""
        await until(lambda: self.interaction.kind is not None, seconds, "the first answer")
        return self

    @property
    def modal(self) -> Json:
        assert self.interaction.kind == 9, self.interaction.data
        return self.interaction.data

    @property
    def choices(self) -> list[Json]:
        found: list[Json] = self.interaction.data["choices"]
        return found

    def shown(self) -> list[Json]:
        """The messages of this answer that are still there, and not merely thinking."""
        there = self.interaction.channel.messages
        return [there[one] for one in self.interaction.messages if one in there and not there[one].get("loading")]

    async def message(self, seconds: float = PATIENCE) -> Json:
        """Its last message, once there is one."""
        found: Json = (await until(self.shown, seconds, "a message"))[-1]
        return found

    async def says(self, *words: str, seconds: float = PATIENCE) -> Json:
        """Its message that has all these words."""

        def has() -> Json | None:
            for one in reversed(self.shown()):
                if all(word in text_of(one) for word in words):
                    return one
            return None

        try:
            found: Json = await until(has, seconds, f"the words {words}")
        except AssertionError as error:
            raise AssertionError(f"{error}; said: {[text_of(one) for one in self.shown()]}") from None
        return found

    async def private(self, *words: str) -> Json:
        """As `says`, and for this person's eyes only."""
        found = await self.says(*words)
        assert found["flags"] & EPHEMERAL, found
        return found


@dataclass
class Person:
    """Somebody in a channel."""

    server: Server
    user: User
    channel: Channel

    async def slash(self, name: str, /, **options: Any) -> Exchange:
        """`name`: words as typed, "style add"; a tuple (filename, bytes) is an upload."""
        return await self.ask(name, **options).answered()

    def ask(self, name: str, /, **options: Any) -> Exchange:
        """As `slash`, without waiting."""
        command, given, resolved = self._command(name, options)
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": given, "resolved": resolved}
        return self._interact(2, data)

    async def autocomplete(self, name: str, focused: str, typed: str, **options: Any) -> list[Json]:
        command, given, resolved = self._command(name, {**options, focused: typed})
        level = given
        while level and level[0]["type"] in (1, 2):
            level = level[0]["options"]
        for option in level:
            if option["name"] == focused:
                option["focused"] = True
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": given, "resolved": resolved}
        return (await self._interact(4, data).answered()).choices

    async def menu(self, name: str, message: Json) -> Exchange:
        """An entry of the apps menu on a message."""
        command = next(one for one in self.server.world.commands if one["name"] == name and one.get("type") == 3)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        return await self._interact(2, data).answered()

    async def say(self, content: str, *uploads: Upload, mention: bool = False) -> Json:
        """A message; content reaches the bot only in a DM or when it is mentioned."""
        world = self.server.world
        mentions = [world.bot.json()] if mention else []
        text = f"<@{APP_ID}> {content}" if mention else content
        message: Json = {
            "id": str(world.next_id()),
            "channel_id": str(self.channel.id),
            "author": self.user.json(),
            "content": text,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": mentions,
            "mention_roles": [],
            "embeds": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            "components": [],
            "attachments": [world.store(self.channel, *upload) for upload in uploads],
        }
        if self.channel.guild is not None:
            message |= {"guild_id": str(self.channel.guild.id), "member": self.channel.guild.member(self.user)}
        self.channel.messages[int(message["id"])] = message
        reaches = mention or self.channel.kind == DM
        hidden = {} if reaches else {"content": "", "attachments": [], "embeds": [], "components": []}
        self.server.gateway.emit("MESSAGE_CREATE", {**message, **hidden})
        return message

    async def click(self, message: Json, label: str) -> Exchange:
        """Press the button with this label or custom id."""
        return await self.press(message, label).answered()

    def press(self, message: Json, label: str) -> Exchange:
        """As `click`, without waiting."""
        buttons = components_of(message, BUTTON)
        found = next((one for one in buttons if label in (one.get("label"), one.get("custom_id"))), None)
        found = found or next((one for one in buttons if label in str(one.get("label"))), None)
        assert found is not None, f"no button {label!r}: {[one.get('label') for one in buttons]}"
        assert not found.get("disabled"), f"the button {label!r} is disabled"
        data = {"component_type": 2, "custom_id": found["custom_id"], "id": found.get("id", 1)}
        return self._interact(3, data, message=message)

    async def select(self, message: Json, *values: str) -> Exchange:
        """Choose in the first select."""
        found = components_of(message, SELECT)[0]
        assert set(values) <= {one["value"] for one in found["options"]}
        data = {"component_type": 3, "custom_id": found["custom_id"], "values": list(values), "id": 1}
        return await self._interact(3, data, message=message).answered()

    async def submit(self, shown: Exchange, **fields: Any) -> Exchange:
        """Fill in a form; uploads and texts by custom id."""
        modal = shown.modal
        attachments: Json = {}
        rows: list[Json] = []
        for number, row in enumerate(modal["components"], 1):
            field = row["component"]
            value = fields.get(field["custom_id"])
            filled: Json = {"type": field["type"], "custom_id": field["custom_id"], "id": number * 10}
            if field["type"] == FILE_UPLOAD:
                stored = [] if value is None else [self.server.world.store(self.channel, *value)]
                assert stored or not field.get("required", True), f"{field['custom_id']} is required"
                attachments |= {one["id"]: one for one in stored}
                filled["values"] = [one["id"] for one in stored]
            elif field["type"] == SELECT:
                filled["values"] = [] if value is None else [value]
            else:
                filled["value"] = value or field.get("value") or ""
            rows.append({"type": 18, "id": number, "component": filled})
        data = {"custom_id": modal["custom_id"], "components": rows, "resolved": {"attachments": attachments}}
        return await self._interact(5, data).answered()

    def again(self, exchange: Exchange) -> None:
        """The gateway delivers the same interaction once more."""
        self.server.gateway.emit("INTERACTION_CREATE", exchange.interaction.payload)

    def _interact(self, kind: int, data: Json, message: Json | None = None) -> Exchange:
        world = self.server.world
        number = world.next_id()
        token = f"token{number}"
        guild = self.channel.guild
        payload: Json = {
            "id": str(number),
            "application_id": str(APP_ID),
            "type": kind,
            "data": data,
            "token": token,
            "version": 1,
            "channel_id": str(self.channel.id),
            "channel": self.channel.json(),
            "locale": self.user.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id if guild else 0)},
            "app_permissions": str((1 << 50) - 1),
            "attachment_size_limit": world.upload_limit,
            "context": 0 if guild else 1,
        }
        if guild is not None:
            payload |= {"guild_id": str(guild.id), "member": guild.member(self.user), "guild_locale": "en-US"}
            payload["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
        else:
            payload["user"] = self.user.json()
        if message is not None:
            payload["message"] = message
        world.interactions[token] = Interaction(number, token, self.user, self.channel, payload)
        self.server.gateway.emit("INTERACTION_CREATE", payload)
        return Exchange(self.server, world.interactions[token])

    def _command(self, name: str, options: dict[str, Any]) -> tuple[Json, list[Json], Json]:
        words = name.split()
        command = next((one for one in self.server.world.commands if one["name"] == words[0]), None)
        assert command is not None, f"/{words[0]} was not synced"
        path, level = [], command
        for word in words[1:]:
            level = next(one for one in level["options"] if one["name"] == word)
            path.append(level)
        resolved: Json = {}
        given = [self._option(level, key, value, resolved) for key, value in options.items() if value is not None]
        for one in level.get("options", []):
            assert not one.get("required") or one["name"] in options, f"{one['name']} is required"
        for step in reversed(path):
            given = [{"name": step["name"], "type": step["type"], "options": given}]
        return command, given, resolved

    def _option(self, level: Json, name: str, value: Any, resolved: Json) -> Json:
        option = next((one for one in level["options"] if one["name"] == name), None)
        assert option is not None, f"no option {name}: {[one['name'] for one in level['options']]}"
        if option["type"] == ATTACHMENT:
            stored = value if isinstance(value, dict) else self.server.world.store(self.channel, *value)
            resolved.setdefault("attachments", {})[stored["id"]] = stored
            value = stored["id"]
        elif option["type"] == CHANNEL:
            resolved.setdefault("channels", {})[str(value.id)] = {**value.json(), "permissions": "0"}
            value = str(value.id)
        choices = option.get("choices")
        assert not choices or value in [one["value"] for one in choices], f"{value!r} is no choice of {name}"
        return {"name": name, "type": option["type"], "value": value}


class Cast:
    """Everybody on a server, for whatever a test calls its stage."""

    server: Server

    @property
    def world(self) -> World:
        return self.server.world

    def person(self, user: User, channel: Channel | None = None) -> Person:
        return Person(self.server, user, channel or self.world.channel)

    @property
    def alice(self) -> Person:
        return self.person(self.world.alice)

    @property
    def bob(self) -> Person:
        return self.person(self.world.bob)

    @property
    def olga(self) -> Person:
        """The server's owner."""
        return self.person(self.world.olga)


def components_of(message: Json, kind: int) -> list[Json]:
    """All components of a kind, wherever they are."""
    found: list[Json] = []
    stack = list(message.get("components") or [])
    while stack:
        one = stack.pop(0)
        if one["type"] == kind:
            found.append(one)
        stack = [*one.get("components", []), *([one["accessory"]] if "accessory" in one else []), *stack]
    return found


def text_of(message: Json) -> str:
    """All its words: content, embeds, texts in components."""
    parts = [message.get("content") or ""]
    for embed in message.get("embeds") or []:
        parts += [embed.get("title") or "", embed.get("description") or ""]
        parts += [f"{one['name']} {one['value']}" for one in embed.get("fields", [])]
        parts.append((embed.get("footer") or {}).get("text", ""))
    parts += [one["content"] for one in components_of(message, 10)]
    return "\n".join(parts)
