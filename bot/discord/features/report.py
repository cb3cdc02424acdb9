"""The map report: what is doubtful, before painting; and painting from the tray, which it leads to."""

import io
from dataclasses import replace

from bot.desk import Request
from bot.discord import asking
from bot.discord.answering import Answer
from bot.discord.asking import About, Choices, choices_from
from bot.discord.buttons import buttons
from bot.discord.doubts import Doubts, doubts_of
from bot.discord.features.feature import Feature
from bot.discord.features.tray import Tray
from bot.discord.parts import FRONT, person
from bot.discord.suggesting import suggest
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.upload import Upload
from bot.discord.words import say


class Report(Feature):
    """Paint, Change, Cancel."""

    acts = ("paint", "change", "leave")

    async def ask(self, answer: Answer, doubts: Doubts, choices: Choices, *, suggested: bool = False) -> None:
        """Show what was understood, for this person's eyes."""
        language = answer.language
        packed = choices.packed()
        row: tuple[tuple[str, str], ...] = (("change", packed), ("leave", ""))
        if not doubts.problems:  # what can't be painted is not offered
            row = (("paint", f"sure/{packed}"), *row)
        files = []
        if doubts.preview is not None:
            alt = say(language, "map.preview_alt")
            files.append(Upload(io.BytesIO(doubts.preview), "maps.png", description=alt))
        await answer.whisper(doubts.told(language, suggested=suggested), view=buttons(language, row), files=files)

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Paint from the tray; change it; or let it be."""
        if act == "paint":
            await self.paint(answer, what)
        elif act == "change":
            await answer.think(private=True)
            await answer.claim()
            tray: Tray = self.bot.feature(Tray)
            await tray.show(answer)
        else:
            await self.dismiss(answer)

    async def dismiss(self, answer: Answer) -> None:
        """Cancel before anything was painted: the question goes away and the tray is emptied."""
        await answer.accept()
        await answer.claim()
        await self.run(self.parts.community.tray.clear, person(answer.interaction.user.id))
        await answer.interaction.edit_original_response(
            content=say(answer.language, "job.cancelled"), view=None, attachments=[]
        )

    async def paint(self, answer: Answer, what: str) -> None:
        """Paint what lies in the tray; `what`: "sure/" once the doubts have been seen, then the choices."""
        sure, _, packed = what.rpartition("/")
        await answer.think(private=False)
        await answer.claim()
        await self.from_tray(answer, person(answer.interaction.user.id), choices_from(packed), sure=bool(sure))

    async def from_tray(self, answer: Answer, who: str, choices: Choices | None = None, *, sure: bool = False) -> None:
        """Paint what lies in the tray, or ask first when something is doubtful."""
        choices = choices or Choices()
        suggested = await self._complete(answer, who)
        request: Request = await self.run(self._from_tray, who, choices)
        style = await self.run(self.parts.community.styles.of_job, request.style_key)
        names = {} if style is None else {label.colour: label.name for label in style.labels}
        pictures = (request.style, request.style_map, request.doodle)
        doubts = await self.run(doubts_of, *pictures, names, preview=suggested)
        if doubts.problems or (not sure and (doubts.warnings or suggested)):
            await self.ask(answer, doubts, choices, suggested=suggested)
            return
        title = request.name("style") if style is None else style.name
        await asking.submit(self.bot, answer, request, About(title, doubts.labels))
        await self._after(answer, who)

    async def _complete(self, answer: Answer, who: str) -> bool:
        """Suggest a map where only that is missing; True when one was. Raises TroubleError for the rest."""
        tray = self.parts.community.tray
        contents = await self.run(tray.show, who)
        missing = set(contents.missing)
        if missing == {"style_map"}:
            picture = await self.run(self.parts.desk.store.get, contents.pictures["style"].digest)
            found = await suggest(answer, picture, contents.pictures["style"].name)
            await self.run(tray.put, who, "style_map", found, "suggested-map.png")
            return True
        if missing:
            roles = ", ".join(say(answer.language, f"role.{role}") for role in contents.missing)
            raise TroubleError(Trouble.TRAY_INCOMPLETE, roles=roles)
        return False

    def _from_tray(self, who: str, choices: Choices) -> Request:
        request = self.parts.community.tray.request(who, front=FRONT, address="")
        return replace(request, options=choices.options(request.doodle))

    async def _after(self, answer: Answer, who: str) -> None:
        """The tray has done its work; the question it was pressed in loses its buttons."""
        await self.run(self.parts.community.tray.clear, who)
        message = answer.interaction.message
        if message is not None and message.flags.ephemeral:
            await answer.interaction.followup.edit_message(message.id, view=None)
