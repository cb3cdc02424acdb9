"""`/paint`: a style of the library, a doodle, perhaps a photo, and choices."""

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.community import LibraryStyle
from bot.community.labels import naming_of
from bot.community.variations import LARGEST_SIDE
from bot.desk import Request
from bot.discord import asking
from bot.discord.answering import Answer
from bot.discord.asking import About, Choices
from bot.discord.doubts import Doubts, doubts_of
from bot.discord.features.feature import Feature
from bot.discord.features.report import Report
from bot.discord.finding import complete_style, find_style
from bot.discord.parts import person
from bot.discord.words import named

PRESETS = [app_commands.Choice(name=named(f"choice.{one}"), value=one) for one in ("draft", "fast", "best")]


class Paint(Feature):
    """Paint in a style of the library."""

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /paint."""
        feature = self

        @tree.command(name=named("command.paint.name"), description=named("command.paint.description"))
        @app_commands.rename(
            style=named("command.paint.style"),
            doodle=named("command.paint.doodle"),
            content=named("command.paint.content"),
            size=named("command.paint.size"),
            seed=named("command.paint.seed"),
            preset=named("command.paint.preset"),
            style_weight=named("command.paint.style_weight"),
            semantic_weight=named("command.paint.semantic_weight"),
        )
        @app_commands.describe(
            style=named("command.paint.style_about"),
            doodle=named("command.paint.doodle_about"),
            content=named("command.paint.content_about"),
            size=named("command.paint.size_about"),
            seed=named("command.paint.seed_about"),
            preset=named("command.paint.preset_about"),
            style_weight=named("command.paint.style_weight_about"),
            semantic_weight=named("command.paint.semantic_weight_about"),
        )
        @app_commands.choices(preset=PRESETS)
        @app_commands.autocomplete(style=complete_style)
        async def paint(
            interaction: discord.Interaction[Any],
            style: str,
            doodle: discord.Attachment,
            content: discord.Attachment | None = None,
            size: app_commands.Range[int, 32, LARGEST_SIDE] | None = None,
            seed: app_commands.Range[int, 0, 2**32 - 1] | None = None,
            preset: str | None = None,
            style_weight: app_commands.Range[float, 0.0, 10_000.0] | None = None,
            semantic_weight: app_commands.Range[float, 0.0, 10_000.0] | None = None,
        ) -> None:
            choices = Choices(size, seed, preset, style_weight, semantic_weight)
            await feature.do(interaction, lambda answer: feature.paint(answer, style, doodle, content, choices))

    async def paint(
        self,
        answer: Answer,
        style: str,
        doodle: discord.Attachment,
        content: discord.Attachment | None,
        choices: Choices,
    ) -> None:
        """Read, look, ask when something is doubtful, else hand it to the desk."""
        reader = self.parts.reader
        for one in (doodle, content):
            if one is not None:
                reader.check(one)
        await answer.think(private=False)
        await answer.claim(again=True)
        found = await find_style(self.parts, answer, style)
        drawn = await reader.read(doodle)
        photo = None if content is None else await reader.read(content)
        request = await self.run(self._request, found, drawn, photo, choices)
        naming = naming_of(found)
        doubts: Doubts = await self.run(doubts_of, request.style, request.style_map, drawn, request.label_names, naming)
        about = About(found.name, doubts.labels, naming=naming)
        if doubts.any:
            await self.run(self._lay_down, person(answer.interaction.user.id), found, doodle, drawn, content, photo)
            report: Report = self.bot.feature(Report)
            await report.ask(answer, doubts, choices, found)
            return
        await asking.submit(self.bot, answer, request, about)

    def _request(self, style: LibraryStyle, doodle: bytes, content: bytes | None, choices: Choices) -> Request:
        data = self.parts.community.styles.data(style)
        options = choices.options(doodle)
        request = Request(data.picture, data.map, doodle, content, options)
        return replace(request, style_key=style.key, label_names=style.label_names)

    def _lay_down(
        self,
        who: str,
        style: LibraryStyle,
        doodle: discord.Attachment,
        drawn: bytes,
        content: discord.Attachment | None,
        photo: bytes | None,
    ) -> None:
        """Into the tray, from where the report's Paint takes it, also after a restart."""
        tray = self.parts.community.tray
        tray.use_style(who, style)
        tray.put(who, "doodle", drawn, doodle.filename)
        if content is not None and photo is not None:
            tray.put(who, "content", photo, content.filename)
        else:
            tray.take(who, "content")
