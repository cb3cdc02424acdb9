"""`/style`: add, list, show, suggest_map, remove, share; and finding a style by what a person typed."""

import io
from typing import Any

import discord
from discord import app_commands

from bot.community import LibraryStyle, NewStyle
from bot.community.labels import label_name, naming_of
from bot.community.sheets import Sheet, named_labels, sheet_of
from bot.desk import SuggestedMap
from bot.desk.watch import Origin, origin
from bot.discord.address import address_from
from bot.discord.answering import Answer
from bot.discord.features.feature import Feature
from bot.discord.features.gallery import moderator
from bot.discord.features.tray import Tray
from bot.discord.finding import complete_style, find_style
from bot.discord.mapping import FILE
from bot.discord.pages import draw_button
from bot.discord.parts import person, server
from bot.discord.reading import shown, titled
from bot.discord.suggesting import suggest
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.upload import Upload
from bot.discord.words import named, say
from bot.styles import Label

MOST_LISTED = 40
SCOPES = [app_commands.Choice(name=named(f"choice.{one}"), value=one) for one in ("person", "server")]


class Styles(Feature):
    """A person's, a server's and the house's."""

    acts = ("agree", "lay")

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /style."""
        name, about = named("command.style.name"), named("command.style.description")
        group = app_commands.Group(name=name, description=about)
        self._add_add(group)
        self._add_list_and_suggest(group)
        for act, work in (("show", self.show), ("remove", self.remove), ("share", self.share)):
            group.add_command(self._picking(act, work))
        tree.add_command(group)

    def _add_add(self, group: app_commands.Group) -> None:
        feature, key = self, "command.style_add"

        @group.command(name=named(f"{key}.name"), description=named(f"{key}.description"))
        @app_commands.rename(
            name=named(f"{key}.style_name"),
            picture=named(f"{key}.picture"),
            style_map=named(f"{key}.map"),
            scope=named(f"{key}.scope"),
        )
        @app_commands.describe(
            name=named(f"{key}.style_name_about"),
            picture=named(f"{key}.picture_about"),
            style_map=named(f"{key}.map_about"),
            scope=named(f"{key}.scope_about"),
        )
        @app_commands.choices(scope=SCOPES)
        async def add(
            interaction: discord.Interaction[Any],
            name: app_commands.Range[str, 1, 80],
            picture: discord.Attachment,
            style_map: discord.Attachment | None = None,
            scope: str = "person",
        ) -> None:
            await feature.do(interaction, lambda answer: feature.add(answer, name, picture, style_map, scope))

    def _add_list_and_suggest(self, group: app_commands.Group) -> None:
        feature, key = self, "command.style_suggest_map"

        @group.command(name=named("command.style_list.name"), description=named("command.style_list.description"))
        async def list_(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.list)

        @group.command(name=named(f"{key}.name"), description=named(f"{key}.description"))
        @app_commands.rename(picture=named(f"{key}.picture"))
        @app_commands.describe(picture=named(f"{key}.picture_about"))
        async def suggest_map(interaction: discord.Interaction[Any], picture: discord.Attachment) -> None:
            await feature.do(interaction, lambda answer: feature.suggest_map(answer, picture))

    def _picking(self, act: str, work: Any) -> app_commands.Command[Any, ..., None]:
        feature = self

        @app_commands.rename(style=named("command.pick.style"))
        @app_commands.describe(style=named("command.pick.style_about"))
        @app_commands.autocomplete(style=complete_style)
        async def pick(interaction: discord.Interaction[Any], style: str) -> None:
            await feature.do(interaction, lambda answer: work(answer, style))

        key = f"command.style_{act}"
        return app_commands.Command(name=named(f"{key}.name"), description=named(f"{key}.description"), callback=pick)

    async def add(
        self,
        answer: Answer,
        name: str,
        picture: discord.Attachment,
        style_map: discord.Attachment | None,
        scope: str,
    ) -> None:
        """Keep a style; without a map one is suggested first and kept when the person agrees."""
        reader, here = self.parts.reader, server(answer.interaction.guild_id)
        for one in (picture, style_map):
            if one is not None:
                reader.check(one)
        if scope == "server" and here is None:
            raise TroubleError(Trouble.SERVER_ONLY)
        await answer.think(private=True)
        await answer.claim(again=style_map is None)
        data = await reader.read(picture)
        if style_map is None:
            note = f"{scope}/{name}"
            await suggest(self.bot, answer, data, picture.filename, name, purpose="style", note=note)
            return
        await self._keep(answer, name, data, await reader.read(style_map), here if scope == "server" else None)

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Under a suggested map; `what` is its job. It is kept as a style, or laid into the tray with its picture."""
        await answer.think(private=True)
        await answer.claim(again=act == "lay")
        asked: Origin = await self.run(origin, self.parts.desk, what)
        who = person(answer.interaction.user.id)
        if asked.person != who:
            raise TroubleError(Trouble.NOT_YOURS)
        found: SuggestedMap = await self.run(self.parts.desk.suggestion, what)
        picture: bytes = await self.run(self.parts.desk.store.get, asked.style)
        if act == "lay":
            tray, put = self.bot.feature(Tray), self.parts.community.tray.put
            await self.run(put, who, "style", picture, "style")
            await self.run(put, who, "style_map", found.png, FILE)
            await tray.show(answer)
            return
        address = address_from(asked.address)
        scope, _, name = address.note.partition("/")
        here = server(address.guild) if scope == "server" else None
        await self._keep(answer, name, picture, found.png, here)

    async def _keep(self, answer: Answer, name: str, picture: bytes, style_map: bytes, here: str | None) -> None:
        labels = await self.run(named_labels, style_map)
        new = NewStyle(name, picture, style_map, labels)
        who = person(answer.interaction.user.id)
        style: LibraryStyle = await self.run(
            self.parts.community.styles.add, new, who, server=here, moderator=moderator(answer)
        )
        await self._sheet(answer, style, say(answer.language, "style.added", name=shown(style.name)))

    async def list(self, answer: Answer) -> None:
        """All that can be used here."""
        await answer.think(private=True)
        await answer.claim(again=True)
        language = answer.language
        who, here = person(answer.interaction.user.id), server(answer.interaction.guild_id)
        styles: list[LibraryStyle] = await self.run(self.parts.community.styles.visible, who, here)
        lines = [say(language, "style.list_title")]
        for scope in ("person", "server", "house"):
            mine = [style for style in styles if style.scope == scope][:MOST_LISTED]
            lines.append(f"__{say(language, f'style.list_{scope}')}__")
            lines += [
                say(
                    language,
                    "style.list_line",
                    name=shown(style.name),
                    key=style.slug,
                    labels=", ".join(shown(_called(style, label, language)) for label in style.labels[:8]),
                )
                for style in mine
            ] or [say(language, "style.none")]
        await answer.say("\n".join(lines))

    async def show(self, answer: Answer, style: str) -> None:
        """The sheet to draw from."""
        await answer.think(private=True)
        await answer.claim(again=True)
        await self._sheet(answer, await find_style(self.parts, answer, style), "")

    async def _sheet(self, answer: Answer, style: LibraryStyle, first: str) -> None:
        language = answer.language
        made: Sheet = await self.run(self._made, style)
        labels = [
            say(language, "style.label", colour=label.colour, name=shown(_called(style, label, language)))
            for label in style.labels
        ]
        credit = {"artist": shown(style.artist or "?"), "licence": shown(style.licence or "?")}
        text = say(language, "style.show", name=shown(style.name), labels=" · ".join(labels), **credit)
        alt = say(language, "style.sheet_alt", name=style.name)
        files = [
            Upload(io.BytesIO(made.sheet), f"{style.slug}-sheet.png", description=alt),
            Upload(
                io.BytesIO(made.template), f"{style.slug}-template.png", description=say(language, "style.blank_alt")
            ),
            Upload(io.BytesIO(made.palette), f"{style.slug}.gpl"),
        ]
        if made.doodle is not None:
            alt = say(language, "style.doodle_alt", name=style.name)
            files.append(Upload(io.BytesIO(made.doodle), f"{style.slug}-doodle.png", description=alt))
        view: discord.ui.View | None = None
        draw = draw_button(self.parts, answer.interaction, language, style)
        if draw is not None:
            view = discord.ui.View(timeout=None)
            view.add_item(draw)
        await answer.say(f"{first}\n{text}".strip(), view=view, files=files)

    def _made(self, style: LibraryStyle) -> Sheet:
        data = self.parts.community.styles.data(style)
        return sheet_of(style, data, f"/paint  style: {style.name}  doodle: your drawing")

    async def suggest_map(self, answer: Answer, picture: discord.Attachment) -> None:
        """A map to begin with."""
        self.parts.reader.check(picture)
        await answer.think(private=True)
        await answer.claim(again=True)
        data, name = await self.parts.reader.read(picture), picture.filename
        await suggest(self.bot, answer, data, name, titled(name), purpose="map")

    async def remove(self, answer: Answer, style: str) -> None:
        """One's own, or as a moderator the server's."""
        await answer.think(private=True)
        await answer.claim()
        found = await find_style(self.parts, answer, style)
        who, here = person(answer.interaction.user.id), server(answer.interaction.guild_id)
        remove = self.parts.community.styles.remove
        await self.run(remove, found.key, who, server=here, moderator=moderator(answer))
        await answer.say(say(answer.language, "style.removed", name=shown(found.name)))

    async def share(self, answer: Answer, style: str) -> None:
        """Give one's own to this server."""
        here = server(answer.interaction.guild_id)
        if here is None:
            raise TroubleError(Trouble.SERVER_ONLY)
        await answer.think(private=True)
        await answer.claim()
        found = await find_style(self.parts, answer, style)
        who = person(answer.interaction.user.id)
        await self.run(self.parts.community.styles.share, found.key, who, here, moderator=moderator(answer))
        await answer.say(say(answer.language, "style.shared", name=shown(found.name)))


def _called(style: LibraryStyle, label: Label, language: str) -> str:
    return label_name(label.name, naming_of(style), language)
