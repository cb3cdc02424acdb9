"""`/paint_new`: style picture, style map and doodle in one form."""

from typing import Any

import discord
from discord import app_commands

from bot.community import Role
from bot.discord.answering import Answer
from bot.discord.features.feature import Feature
from bot.discord.features.report import Report
from bot.discord.forms import fields_of, open_form, upload
from bot.discord.parts import person
from bot.discord.words import named

ROLES: tuple[Role, ...] = ("style", "style_map", "doodle")


class Form(Feature):
    """Three labelled uploads."""

    acts = ("new_form", "form")

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /paint_new."""
        feature = self

        @tree.command(name=named("command.paint_new.name"), description=named("command.paint_new.description"))
        async def paint_new(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.open)

    async def press(self, answer: Answer, act: str, what: str) -> None:  # noqa: ARG002
        """The tray's button."""
        await self.open(answer)

    async def open(self, answer: Answer) -> None:
        """Show the form; it must be the first answer, so nothing is looked up before."""
        labels = [upload(answer.language, role, required=role != "style_map") for role in ROLES]
        await open_form(answer, "form.title", "form:", labels)

    async def submit(self, answer: Answer, act: str, what: str) -> None:  # noqa: ARG002
        """The form came back: into the tray, then as from there."""
        fields = fields_of(answer.interaction)
        for role in ROLES:
            if role in fields.files:
                self.parts.reader.check(fields.files[role])
        # Without a map one is suggested, and that is for this person's eyes.
        await answer.think(private="style_map" not in fields.files)
        await answer.claim(again=True)
        who = person(answer.interaction.user.id)
        tray = self.parts.community.tray
        read = {role: await self.parts.reader.read(fields.files[role]) for role in ROLES if role in fields.files}
        for role in ROLES:
            if role in read:
                await self.run(tray.put, who, role, read[role], fields.files[role].filename)
            else:
                await self.run(tray.take, who, role)
        await self.run(tray.take, who, "content")
        report: Report = self.bot.feature(Report)
        await report.from_tray(answer, who)
