"""What all features have in common."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

import discord
from discord import app_commands

from bot.discord.answering import Answer
from bot.discord.parts import Parts
from bot.discord.telling import handled

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

Work = Callable[[Answer], Coroutine[Any, Any, None]]


class Feature:
    """Some commands, buttons and forms that belong together."""

    acts: ClassVar[tuple[str, ...]] = ()  # of its buttons and forms

    def __init__(self, bot: "TwobitBot") -> None:
        """One for each bot."""
        self.bot = bot

    @property
    def parts(self) -> Parts:
        """The services."""
        return self.bot.parts

    @property
    def run(self) -> Any:
        """Call something that blocks."""
        return self.bot.parts.threads.run

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add its commands."""

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """One of its buttons was pressed."""

    async def submit(self, answer: Answer, act: str, what: str) -> None:
        """One of its forms came back."""

    async def hear(self, message: discord.Message) -> None:
        """A message that we may read."""

    async def do(self, interaction: discord.Interaction[Any], work: Work) -> None:
        """Run a command at the client's edge."""
        answer = Answer(interaction, self.parts)
        await handled(answer, work(answer))
