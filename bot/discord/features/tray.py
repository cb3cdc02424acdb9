"""The tray: `/tray`, the apps menu on messages, mentions and direct messages with pictures."""

import io
from collections.abc import Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.community import NEEDED, ROLES, Role, TrayContents
from bot.community.roles import guess_roles
from bot.discord.answering import NONE, Answer, told
from bot.discord.buttons import buttons
from bot.discord.features.feature import Feature
from bot.discord.parts import person
from bot.discord.patience import CUT, again
from bot.discord.pictures import row_of
from bot.discord.reading import MAX_PICTURES, pictures_of, shown
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.upload import Reply, Upload
from bot.discord.words import language_of, named, say

log = structlog.get_logger(__name__)

MENUS: tuple[Role, ...] = ("doodle", "style", "style_map", "content")


class Tray(Feature):
    """Pictures laid down one by one."""

    acts = ("clear",)

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /tray and the entries of the apps menu."""
        feature = self

        @tree.command(name=named("command.tray.name"), description=named("command.tray.description"))
        async def tray(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.command)

        for role in MENUS:
            tree.add_command(app_commands.ContextMenu(name=named(f"menu.{role}"), callback=self._menu(role)))

    def _menu(self, role: Role) -> Any:
        feature = self

        async def use(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await feature.do(interaction, lambda answer: feature.lay_down(answer, message, role))

        return use

    async def command(self, answer: Answer) -> None:
        """/tray."""
        await answer.think(private=True)
        await answer.claim()
        await self.show(answer)

    async def press(self, answer: Answer, act: str, what: str) -> None:  # noqa: ARG002
        """Empty it."""
        await answer.accept()
        await answer.claim()
        await self.run(self.parts.community.tray.clear, person(answer.interaction.user.id))
        await answer.interaction.edit_original_response(
            content=say(answer.language, "tray.empty"), view=None, attachments=[]
        )

    async def lay_down(self, answer: Answer, message: discord.Message, role: Role) -> None:
        """An entry of the apps menu: the message's first picture takes this place."""
        attachment = pictures_of(message)[0]
        self.parts.reader.check(attachment)
        await answer.think(private=True)
        await answer.claim()
        data = await self.parts.reader.read(attachment)
        who = person(answer.interaction.user.id)
        await self.run(self.parts.community.tray.put, who, role, data, attachment.filename)
        role_name = say(answer.language, f"role.{role}")
        await self.show(answer, say(answer.language, "tray.added", role=role_name))

    async def show(self, answer: Answer, first: str = "") -> None:
        """The tray in an answer."""
        contents = await self.run(self.parts.community.tray.show, person(answer.interaction.user.id))
        text, view = self.described(contents, answer.language, first)
        await answer.say(text, view=view, files=await self._thumbnails(contents, answer.language))

    async def hear(self, message: discord.Message) -> None:
        """A mention, or a direct message, with pictures: into the tray, answered once."""
        me = self.bot.user
        mentioned = me is not None and any(user.id == me.id for user in message.mentions)
        if message.author.bot or not (mentioned or message.guild is None) or not (message.attachments or mentioned):
            return
        language = language_of(None if message.guild is None else message.guild.preferred_locale)
        try:
            if not await self.run(self.parts.once, f"m:{message.id}"):
                return
            text, view, files = await self._take(message, language)
        except Exception as error:
            if not isinstance(error, TroubleError):
                log.warning("message_not_taken", message=message.id, exc_info=error)
            text, view, files = told(error, language, message.id), None, []
        await self._reply(message, text, view, files)

    async def _take(
        self, message: discord.Message, language: str
    ) -> tuple[str, discord.ui.View | None, list[discord.File]]:
        attachments = pictures_of(message)
        if len(attachments) > MAX_PICTURES:
            raise TroubleError(Trouble.TOO_MANY_PICTURES, count=len(attachments), limit=MAX_PICTURES)
        who = person(message.author.id)
        tray = self.parts.community.tray
        pictures = [(one.filename, await self.parts.reader.read(one)) for one in attachments]
        contents = await self.run(tray.show, who)
        roles = await self.run(guess_roles, pictures, message.clean_content, set(contents.pictures))
        for (name, data), role in zip(pictures, roles, strict=True):
            contents = await self.run(tray.put, who, role, data, name)
        text, view = self.described(contents, language)
        return text, view, await self._thumbnails(contents, language)

    async def _reply(
        self, message: discord.Message, text: str, view: discord.ui.View | None, files: Sequence[discord.File]
    ) -> None:
        more: dict[str, Any] = {} if view is None else {"view": view}

        async def send() -> None:
            for file in files:
                file.reset()
            guild = None if message.guild is None else message.guild.id
            reference = Reply(message.id, message.channel.id, guild)
            await message.channel.send(
                text,
                files=list(files),
                nonce=f"m{message.id}",
                reference=reference,
                mention_author=False,
                allowed_mentions=NONE,
                **more,
            )

        try:
            await again(send)
        except (discord.HTTPException, *CUT) as error:
            log.warning("mention_not_answered", message=message.id, reason=str(error)[:200])

    def described(self, contents: TrayContents, language: str, first: str = "") -> tuple[str, discord.ui.View]:
        """Text and buttons."""
        lines = [first] if first else []
        lines.append(say(language, "tray.title"))
        for role in ROLES:
            name = say(language, f"role.{role}")
            picture = contents.pictures.get(role)
            if picture is not None:
                size = {"width": picture.width, "height": picture.height}
                lines.append(say(language, "tray.has", role=name, name=shown(picture.name), **size))
            else:
                lines.append(say(language, "tray.lacks" if role in NEEDED else "tray.optional", role=name))
        lines.append(say(language, "tray.how" if contents.missing else "tray.ready"))
        lines.append(f"-# {say(language, 'tray.kept')}")
        able = not set(contents.missing) - {"style_map"}
        row = ((("paint", "/"),) if able else ()) + (("new_form", ""), ("clear", ""))
        return "\n".join(lines), buttons(language, row)

    async def _thumbnails(self, contents: TrayContents, language: str) -> list[discord.File]:
        if not contents.pictures:
            return []
        data = await self.run(self._row, contents)
        roles = ", ".join(say(language, f"role.{role}") for role in contents.pictures)
        return [Upload(io.BytesIO(data), "tray.png", description=say(language, "tray.alt", roles=roles))]

    def _row(self, contents: TrayContents) -> bytes:
        store = self.parts.desk.store
        return row_of([store.get(picture.digest) for picture in contents.pictures.values()])
