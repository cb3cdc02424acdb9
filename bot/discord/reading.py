"""Attachments to bytes: only Discord's own hosts are asked, and size and type are checked before and after."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import discord

from bot.desk import RefusedError
from bot.desk.reading import measure
from bot.discord.troubles import Trouble, TroubleError
from worker.contract import PictureError

CDN_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
MAX_BYTES = 25 * 2**20  # what a person may upload to Discord without paying is less
MAX_PICTURES = 4
READ_SECONDS = 30.0
MIB = 2**20
LONGEST_NAME = 60  # characters that are shown of it


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what people attach."""

    hosts: frozenset[str] = CDN_HOSTS

    def check(self, attachment: discord.Attachment) -> None:
        """What can be said before a byte is read. Raises TroubleError."""
        name = shown(attachment.filename)
        kind = attachment.content_type
        if kind is not None and not kind.startswith("image/"):
            raise TroubleError(Trouble.NOT_A_PICTURE, name=name)
        if attachment.size > MAX_BYTES:
            raise TroubleError(
                Trouble.FILE_TOO_LARGE, name=name, size=f"{attachment.size / MIB:.0f}", limit=MAX_BYTES // MIB
            )
        if urlsplit(attachment.url).hostname not in self.hosts:
            raise TroubleError(Trouble.FOREIGN_LINK, name=name)

    async def read(self, attachment: discord.Attachment) -> bytes:
        """The picture's bytes, of the size announced and with a picture's header. Raises TroubleError."""
        self.check(attachment)
        name = shown(attachment.filename)
        try:
            data = await attachment.read()
        except discord.NotFound as error:
            raise TroubleError(Trouble.LINK_EXPIRED, name=name) from error
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TroubleError(Trouble.CDN_SILENT, name=name) from error
        if len(data) > MAX_BYTES:
            raise TroubleError(Trouble.FILE_TOO_LARGE, name=name, size=f"{len(data) / MIB:.0f}", limit=MAX_BYTES // MIB)
        try:
            await asyncio.to_thread(measure, data, attachment.filename[:LONGEST_NAME])
        except PictureError as error:
            raise RefusedError(str(error), error.code, **error.values) from error
        return data


def pictures_of(message: discord.Message) -> list[discord.Attachment]:
    """The pictures attached to a message. Raises TroubleError when there is none."""
    sources = [message, *getattr(message, "message_snapshots", ())]  # a forwarded message keeps its pictures there
    attachments = [one for source in sources for one in source.attachments]
    found = [one for one in attachments if (one.content_type or "image/").startswith("image/")]
    if not found:
        raise TroubleError(Trouble.NO_PICTURE)
    return found


def shown(name: str) -> str:
    """A stranger's words inside ours: short, on one line, without markup."""
    return escaped(name[:LONGEST_NAME])


def titled(filename: str) -> str:
    """What to call a picture that has only a file's name; as it is, to be escaped where it is shown."""
    stem = filename.rsplit(".", 1)[0] if "." in filename[1:] else filename
    return " ".join(stem.replace("_", " ").replace("-", " ").split())[:LONGEST_NAME] or filename[:LONGEST_NAME]


def escaped(text: str) -> str:
    """A stranger's words on one line, without markup."""
    return discord.utils.escape_markdown(" ".join(text.split()))
