"""What becomes of a painting: publish, forum posts, remix, report, and what moderators are told."""

from typing import ClassVar

import structlog

from bot.community import Challenge, Publication, Reported, Work
from bot.community.labels import naming_of_key
from bot.community.remixing import remixed
from bot.community.words import line as written
from bot.desk import Recipe, Request
from bot.discord import asking
from bot.discord.address import address_from
from bot.discord.answering import Answer
from bot.discord.asking import About
from bot.discord.buttons import buttons
from bot.discord.features.feature import Feature
from bot.discord.forms import fields_of, line, open_form, upload
from bot.discord.moderators import told
from bot.discord.parts import FRONT, person, server
from bot.discord.reading import escaped
from bot.discord.showing import age_gated, described
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.walls import TITLE, Walls
from bot.discord.words import say

log = structlog.get_logger(__name__)


class Works(Feature):
    """Published paintings."""

    acts: ClassVar[tuple[str, ...]] = ("publish", "unpublish", "flag", "title", "enter", "remix", "report")

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Under a painting, a work, or the answer to Publish."""
        if act == "publish":
            await self._publish(answer, what)
        elif act == "unpublish":
            await self._unpublish(answer, what)
        elif act == "flag":
            await self._flag(answer, what)
        elif act == "enter":
            await self._enter(answer, what)
        elif act == "title":
            field = line(answer.language, "form.publish_name", "title", required=True, most=TITLE)
            await open_form(answer, "form.publish_title", f"title:{what}", [field])
        elif act == "remix":
            field = upload(answer.language, "remix_doodle", required=False)
            await open_form(answer, "form.remix_title", f"remix:{what}", [field])
        else:
            field = line(answer.language, "form.report_reason", "reason", required=True, most=400)
            await open_form(answer, "form.report_title", f"report:{what}", [field])

    async def submit(self, answer: Answer, act: str, what: str) -> None:
        """A form came back."""
        if act == "remix":
            await self._remix(answer, what)
        elif act == "report":
            await self._report(answer, what)
        else:
            await self._title(answer, what)

    async def _publish(self, answer: Answer, job_id: str, challenge: int | None = None) -> None:
        await answer.think(private=True)
        await answer.claim(again=True)
        interaction, community = answer.interaction, self.parts.community
        who = person(interaction.user.id)
        recipe: Recipe = await self.run(self.parts.desk.recipe, job_id)
        if recipe.person != who:
            raise TroubleError(Trouble.NOT_YOURS)
        about = address_from(recipe.address) if recipe.front == FRONT else None
        said = Publication(
            author=interaction.user.display_name[:80],
            alt="" if about is None else about.alt,
            nsfw=age_gated(interaction),
            labels=() if about is None else about.labels,
            challenge=challenge,
        )
        work: Work = await self.run(community.works.publish, job_id, who, said)
        where = await Walls(self.bot, self.parts).hang(work)
        language = answer.language
        place = "" if where is None else say(language, "publish.where", channel=where)
        row: list[tuple[str, str]] = [("title", work.id), ("unpublish", work.id)]
        if not work.nsfw:
            row.insert(0, ("flag", work.id))
        if work.challenge is None and await self.run(community.challenges.open, server(interaction.guild_id)):
            row.append(("enter", job_id))
        await answer.say(say(language, "publish.done", where=place), view=buttons(language, tuple(row)))

    async def _enter(self, answer: Answer, job_id: str) -> None:
        await answer.think(private=True)
        await answer.claim(again=True)
        community = self.parts.community
        who, here = person(answer.interaction.user.id), server(answer.interaction.guild_id)
        found: list[Challenge] = await self.run(community.challenges.open, here)
        if not found:
            raise TroubleError(Trouble.NO_CHALLENGE)
        before: Work | None = await self.run(community.gallery.of_job, job_id)
        if before is None or before.person != who:
            raise TroubleError(Trouble.NOT_YOURS)
        if before.challenge not in {one.id for one in found}:  # its votes there would be lost
            await self.run(community.works.enter, before.id, who, found[0].id)
        await answer.say(say(answer.language, "challenge.entered"))

    async def _unpublish(self, answer: Answer, work_id: str) -> None:
        await answer.accept()
        await answer.claim()
        await self.run(self.parts.community.works.unpublish, work_id, person(answer.interaction.user.id))
        await self.bot.take_down(work_id)
        await answer.fill(say(answer.language, "publish.taken_back"))

    async def _flag(self, answer: Answer, work_id: str) -> None:
        await answer.accept()
        await answer.claim(again=True)
        flag = self.parts.community.works.flag
        work: Work = await self.run(flag, work_id, person(answer.interaction.user.id), nsfw=True)
        await self.bot.take_down(work_id)
        await Walls(self.bot, self.parts).hang(work)
        await answer.fill(say(answer.language, "publish.flagged"))

    async def _title(self, answer: Answer, work_id: str) -> None:
        title = fields_of(answer.interaction).texts.get("title", "")
        await answer.think(private=True)
        await answer.claim(again=True)
        work: Work = await self.run(
            self.parts.community.works.edit, work_id, person(answer.interaction.user.id), title=title
        )
        await answer.say(described(work, answer.language))

    async def _remix(self, answer: Answer, work_id: str) -> None:
        attachment = fields_of(answer.interaction).files.get("remix_doodle")
        if attachment is not None:
            self.parts.reader.check(attachment)
        await answer.think(private=False)
        await answer.claim(again=True)
        work: Work = await self.run(self.parts.community.gallery.work, work_id)
        if work.hidden:
            raise TroubleError(Trouble.WORK_GONE)
        if work.nsfw and not age_gated(answer.interaction):
            raise TroubleError(Trouble.AGE_GATED)
        doodle = None if attachment is None else await self.parts.reader.read(attachment)
        request: Request = await self.run(remixed, self.parts.community, work, doodle)
        naming = naming_of_key(work.style_key)
        style = work.style_name or say(answer.language, "publish.own_style")
        about = About(style, work.labels if doodle is None else (), work.nsfw, naming)
        await asking.submit(self.bot, answer, request, about)

    async def _report(self, answer: Answer, work_id: str) -> None:
        reason = fields_of(answer.interaction).texts.get("reason", "")
        await answer.think(private=True)
        await answer.claim(again=True)
        who = person(answer.interaction.user.id)
        reported: Reported = await self.run(self.parts.community.reports.report, work_id, who, reason)
        # What was reported by the same person before has been told, or decided upon.
        if any(one.person == who and one.reason == written(reason, "The reason", 400) for one in reported.reports):
            number = answer.interaction.user.id
            nonce = f"r{work_id}{str(number)[-11:]}"  # one a person and work, while Discord knows it
            key, guild, said = "gallery.report_posted", answer.interaction.guild_id, escaped(reason)
            await told(self.bot, reported.work, answer.language, key, nonce, guild, reason=said)
        if reported.work.hidden:
            await self.bot.take_down(work_id)
        await answer.say(say(answer.language, "gallery.reported"))
