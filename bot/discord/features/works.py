"""What becomes of a painting: publish, forum posts, remix, report, and what moderators are told."""

from dataclasses import replace
from typing import Any, ClassVar

import discord
import structlog

from bot.community import Challenge, Publication, Reported, Work
from bot.community.remixing import remixed
from bot.desk import Recipe, Request
from bot.discord import asking
from bot.discord.address import address_from
from bot.discord.answering import NONE, Answer
from bot.discord.asking import About, settings_of
from bot.discord.buttons import buttons
from bot.discord.features.feature import Feature
from bot.discord.features.gallery import work_view
from bot.discord.forms import fields_of, line, open_form, upload
from bot.discord.parts import FRONT, person, server
from bot.discord.patience import CUT, again
from bot.discord.reading import shown
from bot.discord.showing import age_gated, described, picture_of
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import say

log = structlog.get_logger(__name__)

TITLE = 100  # of a forum post


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
        await answer.claim()
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
        where = await self._post(work)
        language = answer.language
        place = "" if where is None else say(language, "publish.where", channel=where)
        row: list[tuple[str, str]] = [("title", work.id), ("unpublish", work.id)]
        if not work.nsfw:
            row.insert(0, ("flag", work.id))
        if work.challenge is None and await self.run(community.challenges.open, server(interaction.guild_id)):
            row.append(("enter", job_id))
        await answer.say(say(language, "publish.done", where=place), view=buttons(language, tuple(row)))

    async def _enter(self, answer: Answer, job_id: str) -> None:
        """A work takes part from its publication on: it is taken back and published again."""
        await answer.think(private=True)
        await answer.claim()
        community = self.parts.community
        who, here = person(answer.interaction.user.id), server(answer.interaction.guild_id)
        found: list[Challenge] = await self.run(community.challenges.open, here)
        if not found:
            raise TroubleError(Trouble.NO_CHALLENGE)
        before: Work | None = await self.run(community.gallery.of_job, job_id)
        if before is None or before.person != who:
            raise TroubleError(Trouble.NOT_YOURS)
        said = Publication(before.author, before.title, before.alt, before.nsfw, before.labels, found[0].id)
        await self.run(community.works.unpublish, before.id, who)
        await self.bot.take_down(before.id)
        work: Work = await self.run(community.works.publish, job_id, who, said)
        await self._post(work)
        await answer.say(say(answer.language, "challenge.entered"))

    async def _unpublish(self, answer: Answer, work_id: str) -> None:
        await answer.accept()
        await answer.claim()
        await self.run(self.parts.community.works.unpublish, work_id, person(answer.interaction.user.id))
        await self.bot.take_down(work_id)
        await answer.fill(say(answer.language, "publish.taken_back"))

    async def _flag(self, answer: Answer, work_id: str) -> None:
        await answer.accept()
        await answer.claim()
        flag = self.parts.community.works.flag
        work: Work = await self.run(flag, work_id, person(answer.interaction.user.id), nsfw=True)
        await self.bot.take_down(work_id)
        await self._post(work)
        await answer.fill(say(answer.language, "publish.flagged"))

    async def _title(self, answer: Answer, work_id: str) -> None:
        title = fields_of(answer.interaction).texts.get("title", "")
        await answer.think(private=True)
        await answer.claim()
        work: Work = await self.run(
            self.parts.community.works.edit, work_id, person(answer.interaction.user.id), title=title
        )
        await answer.say(described(work, answer.language))

    async def _remix(self, answer: Answer, work_id: str) -> None:
        attachment = fields_of(answer.interaction).files.get("remix_doodle")
        if attachment is not None:
            self.parts.reader.check(attachment)
        await answer.think(private=False)
        await answer.claim()
        work: Work = await self.run(self.parts.community.gallery.work, work_id)
        if work.hidden:
            raise TroubleError(Trouble.WORK_GONE)
        if work.nsfw and not age_gated(answer.interaction):
            raise TroubleError(Trouble.AGE_GATED)
        doodle = None if attachment is None else await self.parts.reader.read(attachment)
        request: Request = await self.run(remixed, self.parts.desk, work, doodle)
        about = About(work.style_name or "?", work.labels if doodle is None else (), work.nsfw)
        await asking.submit(self.bot, answer, request, about)

    async def _report(self, answer: Answer, work_id: str) -> None:
        reason = fields_of(answer.interaction).texts.get("reason", "")
        await answer.think(private=True)
        await answer.claim()
        who = person(answer.interaction.user.id)
        reported: Reported = await self.run(self.parts.community.reports.report, work_id, who, reason)
        await self._tell_moderators(answer, reported, reason)
        if reported.work.hidden:
            await self.bot.take_down(work_id)
        await answer.say(say(answer.language, "gallery.reported"))

    async def _tell_moderators(self, answer: Answer, reported: Reported, reason: str) -> None:
        """In the channel of the server that the work comes from."""
        work = reported.work
        guild = self.bot.guild_of(work.server) or answer.interaction.guild_id
        settings = await settings_of(self.bot, guild)
        if settings.moderators_channel is None:
            return
        language = settings.language or answer.language
        values = {"title": shown(work.title or work.id), "author": shown(work.author or "?")}
        text = say(language, "gallery.report_posted", reason=shown(reason), **values)
        view = buttons(language, (("hide", work.id), ("show_work", work.id)))
        channel = self.bot.get_partial_messageable(int(settings.moderators_channel), guild_id=guild)
        file = await picture_of(self.parts, replace(work, nsfw=True), 10 * 2**20)  # seen by those who want to

        async def send() -> None:
            file.reset()
            nonce = f"r{answer.interaction.id}"
            await channel.send(text, view=view, file=file, nonce=nonce, allowed_mentions=NONE)

        try:
            await again(send)
        except (discord.HTTPException, *CUT) as error:
            log.warning("moderators_not_told", work=work.id, reason=str(error)[:200])

    async def _post(self, work: Work) -> str | None:
        """In the server's gallery channel, when there is one; returns its mention."""
        guild_id = self.bot.guild_of(work.server)
        settings = await settings_of(self.bot, guild_id)
        if settings.gallery_channel is None or guild_id is None:
            return None
        try:
            channel = await self._channel(int(settings.gallery_channel))
            if channel is None or (work.nsfw and not channel.is_nsfw()):
                return None
            if not await self.run(self.parts.once, f"p:{work.id}:{channel.id}:{int(work.nsfw)}"):
                return str(channel.mention)
            await self._send_post(channel, work, settings.language or "en")
        except (discord.HTTPException, *CUT) as error:
            log.warning("work_not_posted", work=work.id, reason=str(error)[:200])
            return None
        return str(channel.mention)

    async def _channel(self, number: int) -> discord.ForumChannel | discord.TextChannel | None:
        found: Any = self.bot.get_channel(number) or await again(lambda: self.bot.fetch_channel(number))
        return found if isinstance(found, discord.ForumChannel | discord.TextChannel) else None

    async def _send_post(self, channel: discord.ForumChannel | discord.TextChannel, work: Work, language: str) -> None:
        file = await picture_of(self.parts, work, channel.guild.filesize_limit)
        text, view = described(work, language), work_view(work.id, language)
        if isinstance(channel, discord.ForumChannel):
            title = say(language, "publish.thread", title=work.title or work.style_name or work.id, author=work.author)
            # No nonce here: what is not sure to have failed is not sent again.
            made = await channel.create_thread(
                name=title[:TITLE], content=text, file=file, view=view, allowed_mentions=NONE
            )
            where, message = made.thread.id, made.message.id
        else:
            sent = await channel.send(text, file=file, view=view, nonce=f"w{work.id}", allowed_mentions=NONE)
            where, message = channel.id, sent.id
        await self.run(self.parts.posts.add, work.id, f"{FRONT}:{where}/{message}")
