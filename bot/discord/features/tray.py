"""The tray: `/tray`, the apps menu on messages, mentions and direct messages with pictures."""

import io
from collections.abc import Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.community import NEEDED, ROLES, Role, StyleName, TrayContents
from bot.community.roles import guess_roles
from bot.desk import DeskError
from bot.discord.answering import MOST_TRIES, NONE, Answer
from bot.discord.asking import settings_of
from bot.discord.buttons import ActSelect, buttons
from bot.discord.features.feature import Feature
from bot.discord.finding import find_style
from bot.discord.lengths import cut
from bot.discord.pages import draw_button
from bot.discord.parts import person, server
from bot.discord.patience import CUT, again, passing
from bot.discord.pictures import row_of
from bot.discord.reading import MAX_PICTURES, pictures_of, shown
from bot.discord.telling import TELLS, told
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.upload import Reply, Upload
from bot.discord.words import language_of, named, say

log = structlog.get_logger(__name__)

MENUS: tuple[Role, ...] = ("doodle", "style", "style_map", "content")
RECENT = 50  # messages after one that are looked at for our reply
SAID = (discord.MessageType.default, discord.MessageType.reply)


class Tray(Feature):
    """Pictures laid down one by one."""

    acts = ("clear", "pick")

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
        await answer.claim(again=True)
        await self.show(answer)

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Empty it, or lay down a style of the library; a tray that everybody sees stays as it is."""
        message = answer.interaction.message
        if message is not None and message.flags.ephemeral:
            await answer.accept()
        else:
            await answer.think(private=True)
        await answer.claim()
        who = person(answer.interaction.user.id)
        if act == "clear":
            await self.run(self.parts.community.tray.clear, who)
            await answer.fill(say(answer.language, "tray.empty"))
            return
        style = await find_style(self.parts, answer, what)
        await self.run(self.parts.community.tray.use_style, who, style)
        await self.show(answer, in_place=True)

    async def lay_down(self, answer: Answer, message: discord.Message, role: Role) -> None:
        """An entry of the apps menu: the message's first picture takes this place."""
        pictures = pictures_of(message)
        attachment = pictures[0]
        self.parts.reader.check(attachment)
        await answer.think(private=True)
        await answer.claim(again=True)
        data = await self.parts.reader.read(attachment)
        who = person(answer.interaction.user.id)
        await self.run(self.parts.community.tray.put, who, role, data, attachment.filename)
        values = {"role": say(answer.language, f"role.{role}"), "count": len(pictures)}
        await self.show(
            answer, say(answer.language, "tray.added_first" if len(pictures) > 1 else "tray.added", **values)
        )

    async def show(self, answer: Answer, first: str = "", *, in_place: bool = False) -> None:
        """The tray in an answer, for this person's eyes; `in_place`: in the message whose button was pressed."""
        interaction, language = answer.interaction, answer.language
        who, here = person(interaction.user.id), server(interaction.guild_id)
        contents: TrayContents = await self.run(self.parts.community.tray.show, who)
        text, view = self.described(contents, language, first)
        await self._add_styles(view, contents, language, who, here)
        if contents.style_key is not None and "doodle" not in contents.pictures:
            style = await self.run(self.parts.community.styles.of_job, contents.style_key)
            draw = draw_button(self.parts, interaction, language, style)
            if draw is not None:
                view.add_item(draw)
        files = await self._thumbnails(contents, language)
        await (answer.fill if in_place else answer.say)(text, view=view, files=files)

    async def _add_styles(
        self, view: discord.ui.View, contents: TrayContents, language: str, who: str, here: str | None
    ) -> None:
        """A choice of styles where none lies there yet."""
        if "style" in contents.pictures:
            return
        found: list[StyleName] = await self.run(self.parts.community.styles.search, "", who, here)
        if found:
            view.add_item(ActSelect("pick", language, [(one.name, one.key) for one in found[:25]], row=2))

    async def hear(self, message: discord.Message) -> None:
        """A mention, or a direct message, with pictures: into the tray, answered once."""
        payload = self.bot.messages.pop(message.id)
        if not self._for_us(message):
            return
        left = self.bot.left.pop(message.id, None)
        if left is not None and await self._answered(message):
            await self._over(message, told_all=True)
            return
        language = language_of(None if message.guild is None else message.guild.preferred_locale)
        try:
            who, asked = person(message.author.id), self.bot.asked
            if left is None and not await self.run(asked.take, message.id, who, payload):
                return
            settings = await settings_of(self.bot, None if message.guild is None else message.guild.id)
            language = settings.language or language
            text, view, files = await self._take(message, language)
        except Exception as error:
            if not isinstance(error, TELLS):
                log.warning("message_not_taken", message=message.id, exc_info=error)
            text, view, files = told(error, language, message.id), None, []
        sent = await self._reply(message, text, view, files)
        await self._over(message, told_all=sent or (left is not None and left.tries > MOST_TRIES))

    async def _over(self, message: discord.Message, *, told_all: bool) -> None:
        """Nothing is owed to a message any more; or it is to be tried again when our time is over."""
        try:
            if told_all:
                await self.run(self.bot.asked.done, message.id)
        except (DeskError, TroubleError) as error:
            log.warning("message_not_noted", message=message.id, reason=str(error))
        self.bot.asked.leave(message.id)

    async def _answered(self, message: discord.Message) -> bool:
        """Whether a process that died had replied; Discord keeps the nonce for minutes only."""
        me = self.bot.user
        try:
            async for one in message.channel.history(limit=RECENT, after=message):
                mine = me is not None and one.author.id == me.id
                if mine and one.reference is not None and one.reference.message_id == message.id:
                    return True
        except (discord.HTTPException, *CUT) as error:
            log.warning("replies_not_seen", message=message.id, reason=str(error)[:200])
        return False

    def _for_us(self, message: discord.Message) -> bool:
        """A person's own words in a direct message, or with our name in them; an answer to a painting is no request."""
        me = self.bot.user
        if me is None or message.author.bot or message.type not in SAID:
            return False
        if message.guild is None:
            return True
        named = f"<@{me.id}>" in message.content or f"<@!{me.id}>" in message.content
        mentioned = any(user.id == me.id for user in message.mentions)
        return mentioned and (named or bool(message.attachments))

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
        here = server(None if message.guild is None else message.guild.id)
        await self._add_styles(view, contents, language, who, here)
        return text, view, await self._thumbnails(contents, language)

    async def _reply(
        self, message: discord.Message, text: str, view: discord.ui.View | None, files: Sequence[discord.File]
    ) -> bool:
        """False when it may be taken later."""
        more: dict[str, Any] = {} if view is None else {"view": view}

        async def send() -> None:
            for file in files:
                file.reset()
            guild = None if message.guild is None else message.guild.id
            reference = Reply(message.id, message.channel.id, guild)
            await message.channel.send(
                cut(text),
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
            return not passing(error)
        return True

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
