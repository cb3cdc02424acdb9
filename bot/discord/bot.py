"""The bot itself: connects, finds the right feature for each command, button and form, and starts the loops."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.ext import commands, tasks

from bot.desk.deliverer import Deliverer
from bot.discord.answering import NONE, Answer
from bot.discord.asked import Asked, Heard, Left
from bot.discord.buttons import ActButton, ActSelect, is_ours
from bot.discord.features import FEATURES, Feature
from bot.discord.front import DiscordFront
from bot.discord.housekeeping import ROUND_SECONDS, Housekeeping
from bot.discord.parts import FRONT, Parts
from bot.discord.posting import Poster
from bot.discord.showings import Showings
from bot.discord.taking_over import RENEW_SECONDS, TakingOver
from bot.discord.telling import handled
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.watching import LOOK_SECONDS, Watch

log = structlog.get_logger(__name__)

# None of them is privileged: a message's pictures reach us where we are mentioned, in direct messages, and by menus.
INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)

LEAVE_SECONDS = 5.0  # for what is under way when we stop


class Tree(app_commands.CommandTree[Any]):
    """Commands; what they raise becomes a sentence."""

    async def on_error(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        """Commands answer for themselves; what comes here is the library's own."""
        cause: BaseException = getattr(error, "original", error)
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            log.warning("command_unknown", reason=str(error))  # synced by another release
            cause = TroubleError(Trouble.OUTDATED)
        if interaction.type is discord.InteractionType.autocomplete:
            return  # it takes choices only
        answer = Answer(interaction, interaction.client.parts)
        await handled(answer, _raise(cause))


class TwobitBot(commands.AutoShardedBot):
    """Twobit on Discord."""

    def __init__(self, parts: Parts, *, loops: bool = True, **options: Any) -> None:
        """`loops`: deliver and show progress; a test of one command may do without. `options` go to discord.py."""
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=INTENTS,
            tree_cls=Tree,
            allowed_mentions=NONE,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            **options,
        )
        self.parts = parts
        self.asked = Asked(parts.desk, FRONT)
        self.heard = Heard()
        self.messages = Heard()
        self.left: dict[int, Left] = {}  # what is being taken over, until its answer asks for it
        self._keep("INTERACTION_CREATE", self.heard)
        self._keep("MESSAGE_CREATE", self.messages)
        self.poster = Poster(self)
        self.showings = Showings(self, parts)
        self._loops = loops
        self._rounds: list[tasks.Loop[Any]] = []
        self._deliverer: Deliverer | None = None
        self._at_work: set[asyncio.Task[Any]] = set()
        self.features: dict[type[Feature], Feature] = {}
        self.acts: dict[str, Feature] = {}
        for kind in FEATURES:
            feature = kind(self)
            self.features[kind] = feature
            self.acts |= dict.fromkeys(feature.acts, feature)
            feature.add_to(self.tree)

    async def setup_hook(self) -> None:
        """Before the gateway: everything that a first event may need."""
        self.front = DiscordFront(self.poster, self.parts, asyncio.get_running_loop())
        self.watch = Watch(self.parts, self.front)
        self.add_dynamic_items(ActButton, ActSelect)
        if not self._loops:
            return
        self._deliverer = Deliverer(self.parts.desk, self.front)
        self._deliverer.start()
        housekeeping = Housekeeping(self, self.parts)
        self._rounds = [
            tasks.loop(seconds=LOOK_SECONDS)(self.watch.run),
            tasks.loop(seconds=ROUND_SECONDS)(housekeeping.run),
            tasks.loop(seconds=RENEW_SECONDS)(TakingOver(self, self.parts).run),
        ]
        for rounds in self._rounds:
            rounds.start()

    def _keep(self, event: str, heard: Heard) -> None:
        """Keep what Discord sends, for the library does not."""
        parsers = self._connection.parsers
        parse = parsers[event]

        def hear(payload: Any) -> None:
            heard.add(payload)
            parse(payload)

        parsers[event] = hear

    def take_over(self, left: Left) -> None:
        """An interaction or a message whose process died, as if it came again."""
        self.left[left.number] = left
        event = "INTERACTION_CREATE" if "token" in left.payload else "MESSAGE_CREATE"
        self._connection.parsers[event](left.payload)

    async def close(self) -> None:
        """Let what was begun be accepted and told, stop the loops, then disconnect."""
        if self._deliverer is not None:
            await asyncio.to_thread(self._deliverer.stop)
        running = [task for rounds in self._rounds if (task := rounds.get_task()) is not None]
        for rounds in self._rounds:
            rounds.cancel()
        running += [task for task in self._at_work if task is not asyncio.current_task()]
        if running:
            await asyncio.wait(running, timeout=LEAVE_SECONDS)
        await super().close()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Around whatever a person waits for: a restart lets it end first."""
        task = asyncio.current_task()
        assert task is not None
        self._at_work.add(task)
        try:
            yield
        finally:
            self._at_work.discard(task)

    def feature(self, kind: type[Any]) -> Any:
        """Another feature of this bot."""
        return self.features[kind]

    async def take_down(self, work_id: str) -> None:
        """A work leaves the walls, wherever they are."""
        await self.showings.take_down(work_id)

    def guild_of(self, server: str | None) -> int | None:
        """The Discord server behind the community's name for it."""
        front, _, number = (server or "").partition(":")
        return int(number) if front == FRONT and number.isdecimal() else None

    async def press(self, interaction: discord.Interaction[Any], act: str, what: str) -> None:
        """A button."""
        answer = Answer(interaction, self.parts)
        feature = self.acts.get(act)
        if feature is None:
            await self._outdated(answer, f"{act}:{what}")
            return
        await handled(answer, feature.press(answer, act, what))
        if act != "more":  # then the message shows another work now
            with self.at_work():
                await self.showings.tidy(interaction)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms are read here and not by discord.py's own memory of them, so that a restart does not lose one."""
        data: dict[str, Any] = dict(interaction.data or {})
        name = str(data.get("custom_id", ""))
        if interaction.type is discord.InteractionType.component and not is_ours(name):
            await self._outdated(Answer(interaction, self.parts), name)
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        _, _, rest = name.partition(":")
        act, _, what = rest.partition(":")
        feature, answer = self.acts.get(act), Answer(interaction, self.parts)
        if feature is None:
            await self._outdated(answer, name)
            return
        await handled(answer, feature.submit(answer, act, what))
        with self.at_work():
            await self.showings.tidy(interaction)

    async def _outdated(self, answer: Answer, name: str) -> None:
        """A button or form of another release: Discord would say that the application did not answer."""
        log.warning("button_unknown", name=name[:100])
        await handled(answer, _raise(TroubleError(Trouble.OUTDATED)))

    async def on_message(self, message: discord.Message, /) -> None:
        """No text commands: a mention or a direct message brings pictures."""
        with self.at_work():
            for feature in self.features.values():
                await feature.hear(message)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """The client's edge."""
        log.exception("event_failed", on=event_method)


async def _raise(error: BaseException) -> None:
    raise error
