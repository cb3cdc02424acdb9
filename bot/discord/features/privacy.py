"""`/privacy export | delete`."""

import io
import tempfile
from typing import Any

import discord
from discord import app_commands

from bot.community import Page, Query
from bot.desk.watch import addresses
from bot.discord.answering import Answer
from bot.discord.buttons import buttons
from bot.discord.features.feature import Feature
from bot.discord.parts import FRONT, person
from bot.discord.upload import Upload
from bot.discord.words import named, say

MIB = 2**20
MOST = 300  # messages that are taken down at once; the others are left to housekeeping


class Privacy(Feature):
    """A person's data."""

    acts = ("really", "keep")

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /privacy."""
        feature = self
        name, about = named("command.privacy.name"), named("command.privacy.description")
        group = app_commands.Group(name=name, description=about)

        @group.command(
            name=named("command.privacy_export.name"), description=named("command.privacy_export.description")
        )
        async def export(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.export)

        @group.command(
            name=named("command.privacy_delete.name"), description=named("command.privacy_delete.description")
        )
        async def delete(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.ask)

        tree.add_command(group)

    async def export(self, answer: Answer) -> None:
        """One zip; without the oldest pictures where it would be too large to upload."""
        await answer.think(private=True)
        await answer.claim(again=True)
        limit = answer.interaction.filesize_limit
        data = await self.run(self._exported, person(answer.interaction.user.id), limit)
        if len(data) > limit:
            await answer.say(say(answer.language, "privacy.too_large", size=f"{len(data) / MIB:.0f}"))
            return
        await answer.say(say(answer.language, "privacy.export"), files=[Upload(io.BytesIO(data), "twobit.zip")])

    def _exported(self, who: str, limit: int) -> bytes:
        with tempfile.TemporaryFile() as file:
            self.parts.community.privacy.export(who, file, most_bytes=limit * 8 // 10)
            file.seek(0)
            return file.read()

    async def ask(self, answer: Answer) -> None:
        """This can't be taken back: ask once."""
        await answer.think(private=True)
        await answer.claim(again=True)
        await answer.say(
            say(answer.language, "privacy.sure"), view=buttons(answer.language, (("really", ""), ("keep", "")))
        )

    async def press(self, answer: Answer, act: str, what: str) -> None:  # noqa: ARG002
        """The answer to that."""
        await answer.accept()
        await answer.claim(again=True)
        if act == "really":
            await self._delete(answer, person(answer.interaction.user.id))
        else:
            await answer.fill(say(answer.language, "privacy.kept"))

    async def _delete(self, answer: Answer, who: str) -> None:
        """Rows and pictures first, then the messages that showed them, the latest first where there are very many."""
        messages: list[tuple[str, str]] = await self.run(addresses, self.parts.desk, who, FRONT)
        works: list[str] = await self.run(self._works, who)
        await self.run(self.parts.community.privacy.delete, who)
        for work in works:
            await self.bot.take_down(work)
        await answer.fill(say(answer.language, "privacy.deleted"))
        for job_id, text in messages[: -MOST - 1 : -1]:
            await self.bot.showings.answer_away(job_id, text)

    def _works(self, who: str) -> list[str]:
        """Ids of all that the person has published."""
        found: list[str] = []
        after: str | None = None
        while True:
            mine = Query(person=who, hidden=True, nsfw=True)
            page: Page = self.parts.community.gallery.page(mine, after=after, limit=100)
            found += [work.id for work in page.works]
            after = page.after
            if after is None:
                return found
