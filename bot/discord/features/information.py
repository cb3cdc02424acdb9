"""`/help`, `/queue`, `/about`."""

import importlib.metadata
import io
from typing import Any

import discord
from discord import app_commands

from bot.desk import Overview, Standing
from bot.discord.answering import Answer
from bot.discord.features.feature import Feature
from bot.discord.parts import person
from bot.discord.permissions import invite_link
from bot.discord.pictures import example
from bot.discord.rendering import span
from bot.discord.upload import Upload
from bot.discord.words import named, say

LAST = 10


class Information(Feature):
    """Reads only."""

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add the commands."""
        for name, work in (("help", self.help), ("queue", self.queue), ("about", self.about)):
            tree.add_command(self._command(name, work))

    def _command(self, name: str, work: Any) -> app_commands.Command[Any, ..., None]:
        feature = self

        async def show(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, work)

        about = named(f"command.{name}.description")
        return app_commands.Command(name=named(f"command.{name}.name"), description=about, callback=show)

    async def help(self, answer: Answer) -> None:
        """From a doodle to a painting, with pictures."""
        await answer.think(private=True)
        await answer.claim(again=True)
        data = await self.run(example)
        alt = say(answer.language, "help.alt")
        await answer.say(
            say(answer.language, "help.text"), files=[Upload(io.BytesIO(data), "example.png", description=alt)]
        )

    async def queue(self, answer: Answer) -> None:
        """How long it is, and where one's own are."""
        await answer.think(private=True)
        await answer.claim(again=True)
        language, desk = answer.language, self.parts.desk
        seen: Overview = await self.run(desk.overview)
        jobs: list[Standing] = await self.run(desk.last_jobs, person(answer.interaction.user.id), limit=LAST)
        workers = "?" if seen.workers is None else seen.workers
        counts = {"queued": seen.waiting, "running": seen.running, "workers": workers}
        lines = [say(language, "queue.title"), say(language, "queue.line", **counts)]
        if seen.workers == 0:
            lines.append(say(language, "queue.no_worker"))
        if seen.eta_seconds is not None:
            lines.append(say(language, "queue.eta", time=span(seen.eta_seconds, language)))
        mine = [job for job in jobs if not job.final]
        lines.append(say(language, "queue.mine" if mine else "queue.none"))
        for job in mine:
            eta = "" if job.eta_seconds is None else say(language, "job.eta", time=span(job.eta_seconds, language))
            state = say(language, f"results.state_{job.state}")
            place = "" if job.ahead is None else say(language, "queue.place", place=job.ahead + 1)
            lines.append(say(language, "queue.mine_line", job=job.job_id, state=state + place + eta))
        await answer.say("\n".join(lines))

    async def about(self, answer: Answer) -> None:
        """What this is."""
        await answer.think(private=True)
        await answer.claim(again=True)
        language = answer.language
        text = say(language, "about.text", version=importlib.metadata.version("twobit"))
        number = self.bot.application_id
        if number is not None:
            text += f"\n{say(language, 'about.invite', link=invite_link(number))}"
        await answer.say(text)
