"""`/settings`: what those who may manage a server can set for it."""

from datetime import timedelta
from typing import Any

import discord
from discord import app_commands

from bot.community import ServerSettings
from bot.discord.answering import Answer
from bot.discord.features.feature import Feature
from bot.discord.housekeeping import challenge_mark
from bot.discord.parts import FRONT, person, server
from bot.discord.reading import shown
from bot.discord.showing import doodle_of, told_challenge
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import LANGUAGES, named, say

Where = discord.ForumChannel | discord.TextChannel
DEFAULT_DAYS = 7
PROMPT_TITLE = 60
WHO = [app_commands.Choice(name=named(f"choice.{one}"), value=one) for one in ("everyone", "moderators")]
OWN = "own"  # each person's
SPOKEN = [app_commands.Choice(name=named(f"language.{one}"), value=one) for one in (*LANGUAGES, OWN)]
CHANNELS = [
    app_commands.Choice(name=named(f"command.settings_channels.{one}"), value=one)
    for one in ("paint", "gallery", "moderators", "challenge")
]


class GalleryChannel(app_commands.Transformer):
    """A forum or a text channel; not the library's own pair, which names a kind that Discord does not describe."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """What may be chosen."""
        return [discord.ChannelType.forum, discord.ChannelType.text]

    async def transform(self, _interaction: discord.Interaction[Any], value: Any, /) -> Any:
        """As it is."""
        return value


class Settings(Feature):
    """One server's settings."""

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /settings, for those who may manage the server."""
        group = app_commands.Group(
            name=named("command.settings.name"),
            description=named("command.settings.description"),
            default_permissions=discord.Permissions(manage_guild=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._add_show(group)
        self._add_channels(group)
        self._add_styles_and_caps(group)
        self._add_language(group)
        self._add_challenge(group)
        tree.add_command(group)

    def _add_show(self, group: app_commands.Group) -> None:
        feature = self

        @group.command(name=named("command.settings_show.name"), description=named("command.settings_show.description"))
        async def show(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, lambda answer: feature.change(answer, {}))

    def _add_channels(self, group: app_commands.Group) -> None:
        feature, key = self, "command.settings_channels"

        @group.command(name=named(f"{key}.name"), description=named(f"{key}.description"))
        @app_commands.rename(
            paint=named(f"{key}.paint"),
            gallery=named(f"{key}.gallery"),
            moderators=named(f"{key}.moderators"),
            challenge=named(f"{key}.challenge"),
            unset=named(f"{key}.unset"),
        )
        @app_commands.describe(
            paint=named(f"{key}.paint_about"),
            gallery=named(f"{key}.gallery_about"),
            moderators=named(f"{key}.moderators_about"),
            challenge=named(f"{key}.challenge_about"),
            unset=named(f"{key}.unset_about"),
        )
        @app_commands.choices(unset=CHANNELS)
        async def channels(
            interaction: discord.Interaction[Any],
            paint: discord.TextChannel | None = None,
            gallery: app_commands.Transform[Where | None, GalleryChannel] = None,
            moderators: discord.TextChannel | None = None,
            challenge: discord.TextChannel | None = None,
            unset: str | None = None,
        ) -> None:
            given = {"paint": paint, "gallery": gallery, "moderators": moderators, "challenge": challenge}
            chosen = {name: channel for name, channel in given.items() if channel is not None}
            await feature.do(interaction, lambda answer: feature.change_channels(answer, chosen, unset))

    def _add_styles_and_caps(self, group: app_commands.Group) -> None:
        feature, styles_key, caps_key = self, "command.settings_styles", "command.settings_caps"

        @group.command(name=named(f"{styles_key}.name"), description=named(f"{styles_key}.description"))
        @app_commands.rename(who=named(f"{styles_key}.who"))
        @app_commands.describe(who=named(f"{styles_key}.who_about"))
        @app_commands.choices(who=WHO)
        async def styles(interaction: discord.Interaction[Any], who: str) -> None:
            await feature.do(interaction, lambda answer: feature.change(answer, {"style_adders": who}))

        @group.command(name=named(f"{caps_key}.name"), description=named(f"{caps_key}.description"))
        @app_commands.rename(jobs=named(f"{caps_key}.jobs"), day=named(f"{caps_key}.day"))
        @app_commands.describe(jobs=named(f"{caps_key}.jobs_about"), day=named(f"{caps_key}.day_about"))
        async def caps(
            interaction: discord.Interaction[Any],
            jobs: app_commands.Range[int, 0, 100] | None = None,
            day: app_commands.Range[int, 0, 10_000] | None = None,
        ) -> None:
            given = {"most_waiting": jobs, "most_a_day": day}
            changes = {name: value or None for name, value in given.items() if value is not None}
            await feature.do(interaction, lambda answer: feature.change(answer, changes))

    def _add_language(self, group: app_commands.Group) -> None:
        feature, key = self, "command.settings_language"

        @group.command(name=named(f"{key}.name"), description=named(f"{key}.description"))
        @app_commands.rename(language=named(f"{key}.language"))
        @app_commands.describe(language=named(f"{key}.language_about"))
        @app_commands.choices(language=SPOKEN)
        async def language(interaction: discord.Interaction[Any], language: str) -> None:
            chosen = None if language == OWN else language
            await feature.do(interaction, lambda answer: feature.change(answer, {"language": chosen}))

    def _add_challenge(self, group: app_commands.Group) -> None:
        feature, key = self, "command.settings_challenge"

        @group.command(name=named(f"{key}.name"), description=named(f"{key}.description"))
        @app_commands.rename(
            prompt=named(f"{key}.prompt"),
            doodle=named(f"{key}.doodle"),
            days=named(f"{key}.days"),
            weekly=named(f"{key}.weekly"),
        )
        @app_commands.describe(
            prompt=named(f"{key}.prompt_about"),
            doodle=named(f"{key}.doodle_about"),
            days=named(f"{key}.days_about"),
            weekly=named(f"{key}.weekly_about"),
        )
        async def challenge(
            interaction: discord.Interaction[Any],
            prompt: app_commands.Range[str, 1, 500] | None = None,
            doodle: discord.Attachment | None = None,
            days: app_commands.Range[int, 1, 30] = DEFAULT_DAYS,
            weekly: bool | None = None,
        ) -> None:
            if weekly is not None and prompt is None:
                await feature.do(interaction, lambda answer: feature.set_weekly(answer, weekly=weekly))
            else:
                await feature.do(interaction, lambda answer: feature.begin(answer, prompt, doodle, days))

    async def change(self, answer: Answer, changes: dict[str, Any]) -> None:
        """Change what is given and show all of it."""
        here = check_manager(answer)
        await answer.think(private=True)
        await answer.claim(again=True)
        servers, who = self.parts.community.servers, person(answer.interaction.user.id)
        settings: ServerSettings = await (
            self.run(servers.change, here, who, **changes) if changes else self.run(servers.get, here)
        )
        first = [say(answer.language, "settings.saved")] if changes else []
        await answer.say("\n".join([*first, *told(settings, answer.language)]))

    async def change_channels(self, answer: Answer, chosen: dict[str, Any], unset: str | None) -> None:
        """Refuse channels that the bot can't write in; `unset`: the setting that is taken back."""
        check_manager(answer)
        guild = answer.interaction.guild
        for channel in chosen.values():
            known = None if guild is None else guild.get_channel(channel.id)
            if known is None or guild is None or guild.me is None:
                continue
            allowed = known.permissions_for(guild.me)
            if not (allowed.view_channel and allowed.send_messages and allowed.attach_files):
                raise TroubleError(Trouble.CHANNEL_CLOSED, channel=known.mention)
        changes: dict[str, str | None] = {name: str(channel.id) for name, channel in chosen.items()}
        if unset is not None:
            changes[unset] = None
        await self.change(answer, dict(_set(name, number) for name, number in changes.items()))

    async def set_weekly(self, answer: Answer, *, weekly: bool) -> None:
        """One challenge after the other by itself, in the channel that is set for it, else in this one."""
        here = check_manager(answer)
        await answer.think(private=True)
        await answer.claim(again=True)
        who, servers = person(answer.interaction.user.id), self.parts.community.servers
        settings: ServerSettings = await self.run(servers.get, here)
        changes: dict[str, Any] = {"weekly_challenge": weekly}
        if weekly and settings.challenge_channel is None:
            changes["challenge_channel"] = str(answer.interaction.channel_id)
        settings = await self.run(servers.change, here, who, **changes)
        await answer.say("\n".join([say(answer.language, "settings.saved"), *told(settings, answer.language)]))

    async def begin(self, answer: Answer, prompt: str | None, doodle: discord.Attachment | None, days: int) -> None:
        """A challenge; housekeeping posts it where the server has a channel for it, unless that is here."""
        here = check_manager(answer)
        if prompt is None:
            raise TroubleError(Trouble.NO_PROMPT)
        if doodle is not None:
            self.parts.reader.check(doodle)
        await answer.think(private=False)
        await answer.claim()
        drawn = None if doodle is None else await self.parts.reader.read(doodle)
        ends = self.parts.desk.clock() + timedelta(days=days)
        title = prompt if len(prompt) <= PROMPT_TITLE else f"{prompt[: PROMPT_TITLE - 1]}…"
        challenge = await self.run(
            self.parts.community.challenges.begin,
            person(answer.interaction.user.id),
            title,
            prompt,
            ends=ends,
            server=here,
            doodle=drawn,
        )
        until = discord.utils.format_dt(ends, "f")
        first = say(answer.language, "challenge.begun", title=shown(challenge.title), until=until)
        files: list[discord.File] = []
        if drawn is not None:
            files.append(await self.run(doodle_of, drawn, answer.interaction.filesize_limit, answer.language))
        await answer.say(f"{first}\n{told_challenge(challenge, answer.language)}", files=files)
        place = f"{FRONT}:{answer.interaction.channel_id}/{answer.message}"
        await self.run(self.parts.posts.add, challenge_mark(challenge.id), place)


def _set(name: str, number: str | None) -> tuple[str, Any]:
    """A channel as ServerSettings calls it."""
    return ("paint_channels", () if number is None else (number,)) if name == "paint" else (f"{name}_channel", number)


def told(settings: ServerSettings, language: str) -> list[str]:
    """All settings, one a line."""
    none = say(language, "settings.none")

    def channel(value: str | None) -> str:
        return none if value is None else f"<#{value}>"

    spoken = (
        say(language, f"language.{OWN}")
        if settings.language not in LANGUAGES
        else say(language, f"language.{settings.language}")
    )
    values = {
        "paint": " ".join(map(channel, settings.paint_channels)) or none,
        "gallery": channel(settings.gallery_channel),
        "moderators": channel(settings.moderators_channel),
        "challenge": channel(settings.challenge_channel),
        "styles": say(language, f"choice.{settings.style_adders}"),
        "jobs": settings.most_waiting or none,
        "day": settings.most_a_day or none,
        "language": spoken,
        "weekly": say(language, "settings.yes" if settings.weekly_challenge else "settings.no"),
    }
    lines = [
        say(language, "settings.line", name=say(language, f"settings.{name}"), value=value)
        for name, value in values.items()
    ]
    return [say(language, "settings.title"), *lines]


def check_manager(answer: Answer) -> str:
    """The server's name. Raises TroubleError for those who may not manage it."""
    interaction = answer.interaction
    here = server(interaction.guild_id)
    if here is None:
        raise TroubleError(Trouble.SERVER_ONLY)
    if not interaction.permissions.manage_guild:
        raise TroubleError(Trouble.MODERATORS_ONLY)
    return here
