"""What Discord knows: servers, channels, people, messages, commands, and the files on its CDN."""

import itertools
import mimetypes
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

EPOCH_MS = 1420070400000
APP_ID = 900000000000000001
TEXT, DM, FORUM, THREAD = 0, 1, 15, 11
EPHEMERAL = 64
TOKEN_SECONDS = 900.0
ALL_PERMISSIONS = (1 << 50) - 1
SEE, WRITE = 1 << 10, 1 << 11
PLAIN_PERMISSIONS = SEE | WRITE | (1 << 15) | (1 << 16) | (1 << 31)


@dataclass
class User:
    """A person, or the bot."""

    id: int
    name: str
    bot: bool = False
    dm_closed: bool = False
    locale: str = "en-US"

    def json(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0",
            "global_name": self.name.title(),
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass
class Channel:
    """A channel, a thread or a direct message."""

    id: int
    kind: int
    name: str = "general"
    guild: "Guild | None" = None
    recipient: User | None = None
    nsfw: bool = False
    closed: bool = False  # the bot may neither see nor write
    archived: bool = False  # of a thread: nothing in it can be changed
    locked: bool = False  # of a thread: only who may manage threads opens it again
    parent: "Channel | None" = None
    messages: dict[int, Json] = field(default_factory=dict)

    def json(self) -> Json:
        found: Json = {"id": str(self.id), "type": self.kind, "flags": 0, "last_message_id": None}
        if self.kind == DM:
            assert self.recipient is not None
            return {**found, "recipients": [self.recipient.json()]}
        assert self.guild is not None
        found |= {"guild_id": str(self.guild.id), "name": self.name, "nsfw": self.nsfw, "position": 0}
        denied = {"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(SEE | WRITE)}
        found |= {
            "permission_overwrites": [denied] if self.closed else [],
            "parent_id": None,
            "topic": None,
            "rate_limit_per_user": 0,
        }
        if self.kind == FORUM:
            found |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        if self.kind == THREAD:
            assert self.parent is not None
            found |= {"parent_id": str(self.parent.id), "owner_id": str(APP_ID), "message_count": 1}
            found |= {"member_count": 1, "thread_metadata": self._thread_metadata()}
        return found

    def _thread_metadata(self) -> Json:
        stamp = "2024-01-01T00:00:00+00:00"
        said = {"archived": self.archived, "locked": self.locked}
        return {**said, "auto_archive_duration": 1440, "archive_timestamp": stamp}


@dataclass
class Guild:
    """A server."""

    id: int
    name: str
    owner: User
    tier: int = 0
    channels: list[Channel] = field(default_factory=list)
    moderators: set[int] = field(default_factory=set)
    members: dict[int, User] = field(default_factory=dict)

    def permissions(self, user: User) -> int:
        return ALL_PERMISSIONS if user.id in self.moderators or user is self.owner else PLAIN_PERMISSIONS

    def member(self, user: User) -> Json:
        joined = "2024-01-01T00:00:00+00:00"
        flat = {"roles": [], "joined_at": joined, "deaf": False, "mute": False, "flags": 0, "nick": None}
        return {"user": user.json(), "permissions": str(self.permissions(user)), "avatar": None, **flat}

    def json(self) -> Json:
        everyone = {"id": str(self.id), "name": "@everyone", "permissions": str(PLAIN_PERMISSIONS), "position": 0}
        everyone |= {"color": 0, "hoist": False, "managed": False, "mentionable": False, "flags": 0}
        shown = [channel.json() for channel in self.channels if channel.kind != THREAD]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "roles": [everyone],
            "emojis": [],
            "features": [],
            "channels": shown,
            "threads": [],
            "presences": [],
            "stickers": [],
            "members": [self.member(user) for user in self.members.values()],
            "member_count": len(self.members),
            "premium_tier": self.tier,
            "verification_level": 0,
            "default_message_notifications": 0,
            "mfa_level": 0,
            "explicit_content_filter": 0,
            "afk_timeout": 300,
            "system_channel_flags": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "large": False,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "voice_states": [],
        }


@dataclass
class Interaction:
    """One press of a button, one command, one form; and how the bot answered."""

    id: int
    token: str
    user: User
    channel: Channel
    payload: Json
    made: float = field(default_factory=time.monotonic)
    first_after: float | None = None  # seconds until the first answer
    kind: int | None = None  # of the first answer
    data: Json = field(default_factory=dict)  # of the first answer: a modal, choices
    original: int | None = None
    messages: list[int] = field(default_factory=list)  # original and followups
    expired: bool = False


class World:
    """Everything at once; a test arranges it, the bot's requests and the people's acts change it."""

    def __init__(self) -> None:
        """A server with one channel, its owner olga, and alice and bob; the bot is a member."""
        self._ids = itertools.count(1)
        self.bot = User(APP_ID, "twobit", bot=True)
        self.users: dict[int, User] = {APP_ID: self.bot}
        self.olga, self.alice, self.bob = (self.add_user(name) for name in ("olga", "alice", "bob"))
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.commands: list[Json] = []
        self.blobs: dict[str, bytes] = {}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[tuple[int, str], Json] = {}
        self.too_old: set[int] = set()  # messages that may not be edited any more
        self.manage_threads = False  # whether the bot may
        self.upload_limit = 10 * 2**20
        self.origin = ""  # of the CDN; the server sets it
        self.guild = self.add_guild("painters", self.olga)
        self.channel = self.add_channel(self.guild, "paint")

    def next_id(self) -> int:
        """A snowflake."""
        return (int(time.time() * 1000) - EPOCH_MS) << 22 | next(self._ids) & 0x3FFFFF

    def add_user(self, name: str) -> User:
        """A new person."""
        user = User(self.next_id(), name)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, owner: User) -> Guild:
        """A server with everybody in it."""
        guild = Guild(self.next_id(), name, owner, members=dict(self.users))
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, kind: int = TEXT, *, nsfw: bool = False) -> Channel:
        """Add it before the bot connects."""
        channel = Channel(self.next_id(), kind, name, guild, nsfw=nsfw)
        guild.channels.append(channel)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """The direct message channel with a person."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.next_id(), DM, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def store(self, channel: Channel, filename: str, data: bytes, description: str | None = None) -> Json:
        """An attachment on the CDN."""
        number = self.next_id()
        path = f"/attachments/{channel.id}/{number}/{filename}"
        self.blobs[path] = data
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        url = f"{self.origin}{path}"
        return {
            "id": str(number),
            "filename": filename,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
            "description": description,
        }

    def bytes_of(self, attachment: Json) -> bytes:
        """What was uploaded."""
        return self.blobs["/attachments/" + attachment["url"].split("/attachments/", 1)[1]]

    def message(self, message_id: int) -> tuple[Channel, Json] | None:
        """A message and its channel."""
        for channel in self.channels.values():
            if message_id in channel.messages:
                return channel, channel.messages[message_id]
        return None

    def said(self) -> Iterator[Json]:
        """All messages of the bot, oldest first."""
        for channel in self.channels.values():
            yield from (one for one in channel.messages.values() if one["author"]["id"] == str(APP_ID))
