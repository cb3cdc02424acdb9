"""The map report: what is doubtful, before painting; and painting from the tray, which it leads to."""

from contextlib import suppress
from dataclasses import replace

import discord

from bot.community import LibraryStyle, TrayContents
from bot.community.labels import naming_of
from bot.desk import Request
from bot.discord import asking
from bot.discord.answering import Answer
from bot.discord.asking import About, Choices, choices_from
from bot.discord.buttons import buttons
from bot.discord.doubts import Doubts, doubts_of
from bot.discord.features.feature import Feature
from bot.discord.features.tray import Tray
from bot.discord.mapping import question
from bot.discord.pages import draw_button
from bot.discord.parts import FRONT, person
from bot.discord.reading import titled
from bot.discord.suggesting import suggest
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import say


class Report(Feature):
    """Paint, Change, Cancel."""

    acts = ("paint", "change", "leave", "look")

    async def ask(self, answer: Answer, doubts: Doubts, choices: Choices, style: LibraryStyle | None) -> None:
        """Show what was understood, for this person's eyes."""
        post = question(doubts, choices, answer.language)
        view, file = post.view(), post.file()
        draw = draw_button(self.parts, answer.interaction, answer.language, style)
        if draw is not None and view is not None:
            view.add_item(draw)
        lost = buttons(answer.language, (("look", choices.packed()),))
        await answer.whisper(post.text, view=view, files=[] if file is None else [file], lost=lost)

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Paint from the tray; change it; or let it be."""
        if act == "paint":
            await self.paint(answer, what)
        elif act == "change":
            await answer.think(private=True)
            await answer.claim(again=True)
            tray: Tray = self.bot.feature(Tray)
            await tray.show(answer)
        elif act == "look":
            await self.look(answer, what)
        else:
            await self.dismiss(answer)

    async def dismiss(self, answer: Answer) -> None:
        """Cancel before anything was painted: the question goes away; the tray keeps its pictures for a day."""
        await answer.accept()
        await answer.claim(again=True)
        await answer.fill(say(answer.language, "map.left"))

    async def look(self, answer: Answer, packed: str) -> None:
        """The question again, for who may have missed it; the tray where there is none any more."""
        await answer.think(private=True)
        await answer.claim(again=True)
        who = person(answer.interaction.user.id)
        contents: TrayContents = await self.run(self.parts.community.tray.show, who)
        if not contents.missing:
            _, doubts, style = await self._laid(who, choices_from(packed))
            if doubts.any:
                await self.ask(answer, doubts, choices_from(packed), style)
                return
        tray: Tray = self.bot.feature(Tray)
        await tray.show(answer)

    async def paint(self, answer: Answer, what: str) -> None:
        """Paint what lies in the tray; `what`: "sure/" once the doubts have been seen, then the choices."""
        sure, _, packed = what.rpartition("/")
        await answer.think(private=False)
        await answer.claim(again=True)
        await self.from_tray(answer, person(answer.interaction.user.id), choices_from(packed), sure=bool(sure))

    async def from_tray(self, answer: Answer, who: str, choices: Choices | None = None, *, sure: bool = False) -> None:
        """Paint what lies in the tray, or ask first when something is doubtful."""
        choices = choices or Choices()
        contents: TrayContents = await self.run(self.parts.community.tray.show, who)
        if contents.missing:
            await self._complete(answer, contents, choices)
            return
        request, doubts, style = await self._laid(who, choices)
        if doubts.problems or (doubts.any and not sure):
            await self.ask(answer, doubts, choices, style)
            return
        title = titled(request.name("style")) if style is None else style.name
        about = About(title, doubts.labels, naming=naming_of(style))
        await asking.submit(self.bot, answer, request, about, _key(who, contents))
        await self._after(answer, who)

    async def _complete(self, answer: Answer, contents: TrayContents, choices: Choices) -> None:
        """Have a map suggested where only that is missing. Raises TroubleError for the rest."""
        if contents.missing != ("style_map",):
            roles = ", ".join(say(answer.language, f"role.{role}") for role in contents.missing)
            raise TroubleError(Trouble.TRAY_INCOMPLETE, roles=roles)
        style = contents.pictures["style"]
        picture = await self.run(self.parts.desk.store.get, style.digest)
        name, note = titled(style.name), choices.packed()
        await suggest(self.bot, answer, picture, style.name, name, purpose="paint", note=note)

    async def _laid(self, who: str, choices: Choices) -> tuple[Request, Doubts, LibraryStyle | None]:
        """What lies in a tray that lacks nothing, and what there is to ask about it."""
        request: Request = await self.run(self._from_tray, who, choices)
        style: LibraryStyle | None = await self.run(self.parts.community.styles.of_job, request.style_key)
        names = {} if style is None else style.label_names
        pictures = (request.style, request.style_map, request.doodle)
        doubts: Doubts = await self.run(doubts_of, *pictures, names, naming_of(style))
        return request, doubts, style

    def _from_tray(self, who: str, choices: Choices) -> Request:
        request = self.parts.community.tray.request(who, front=FRONT, address="")
        return replace(request, options=choices.options(request.doodle))

    async def _after(self, answer: Answer, who: str) -> None:
        """The tray has done its work; the question it was pressed in loses its buttons."""
        await self.run(self.parts.community.tray.clear, who)
        message = answer.interaction.message
        if message is not None and message.flags.ephemeral:
            with suppress(discord.HTTPException):  # it may be older than a token lives
                await answer.interaction.followup.edit_message(message.id, view=None)


def _key(who: str, contents: TrayContents) -> str:
    """The tray as it lies now is painted once, however often its button is pressed."""
    laid = max(picture.added for picture in contents.pictures.values())
    return f"{FRONT}:tray:{who}:{laid.timestamp():.6f}"
