"""`/gallery`: works page by page, with votes, remixes, reports and hiding by buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from bot.community import Challenge, Page, Query, Winner, Work
from bot.desk import DeskError
from bot.discord.answering import Answer
from bot.discord.buttons import ActButton, work_view
from bot.discord.features.feature import Feature
from bot.discord.moderators import told
from bot.discord.parts import person, server
from bot.discord.places import PAGE
from bot.discord.reading import shown
from bot.discord.showing import age_gated, described, picture_of, told_challenge, told_winners
from bot.discord.showings import work_in
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.walls import Walls
from bot.discord.words import named, say

KINDS = ("top", "new", "mine", "random", "challenge")
MOST_ENTRIES = 500  # of a challenge that are looked through


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the gallery is made of."""

    text: str
    view: discord.ui.View | None = None
    files: Sequence[discord.File] = ()
    work: Work | None = None


class GalleryPages(Feature):
    """What people have published."""

    acts = ("more", "vote", "hide", "show_work")

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /gallery."""
        name, about = named("command.gallery.name"), named("command.gallery.description")
        group = app_commands.Group(name=name, description=about)
        for kind in KINDS:
            group.add_command(self._command(kind))
        tree.add_command(group)

    def _command(self, kind: str) -> app_commands.Command[Any, ..., None]:
        feature = self

        async def show(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, lambda answer: feature.open(answer, kind))

        return app_commands.Command(
            name=named(f"command.gallery_{kind}.name"),
            description=named(f"command.gallery_{kind}.description"),
            callback=show,
        )

    async def open(self, answer: Answer, kind: str) -> None:
        """The first page."""
        await answer.think(private=kind == "mine")
        await answer.claim(again=True)
        await self._fill(answer, await self._page(answer, kind, None))

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """Under a work."""
        if act == "more":
            await self._more(answer, what)
        elif act == "vote":
            await self._vote(answer, what)
        else:
            await self._hide(answer, what, hidden=act == "hide")

    async def _more(self, answer: Answer, what: str) -> None:
        await answer.accept()
        await answer.claim(again=True)
        kind, _, after = what.partition("/")
        try:
            page = await self._page(answer, kind, after or None)
        except (DeskError, TroubleError):
            await self.bot.showings.tidy(answer.interaction)  # the page stays as it is, if its work may
            raise
        await self._fill(answer, page)
        await self.bot.showings.turned(answer.interaction, page.work)

    async def _fill(self, answer: Answer, page: Shown) -> None:
        """Show a page; one that everybody sees is noted, so that it goes away when its work does."""
        await answer.fill(page.text, view=page.view, files=page.files)
        interaction = answer.interaction
        private = answer.private if interaction.message is None else interaction.message.flags.ephemeral
        if page.work is None or private or answer.message is None or interaction.channel_id is None:
            return
        gated = age_gated(interaction)
        await self.bot.showings.note(PAGE, page.work.id, interaction.channel_id, answer.message, gated=gated)

    async def _vote(self, answer: Answer, work_id: str) -> None:
        await answer.think(private=True)
        await answer.claim()
        work: Work = await self.run(self.parts.community.gallery.work, work_id)
        who = person(answer.interaction.user.id)
        challenge = await self._open_challenge(work)
        if challenge is not None:
            await self._vote_in(answer, challenge, work_id, who)
            return
        voted = await self.run(self.parts.community.votes.vote, work_id, who)
        key = "gallery.voted" if voted.voted else "gallery.unvoted"
        await answer.say(say(answer.language, key, votes=voted.votes))

    async def _vote_in(self, answer: Answer, challenge: Challenge, work_id: str, who: str) -> None:
        """One vote a person: it moves to this work, or is taken back from it."""
        challenges = self.parts.community.challenges
        back = await self.run(challenges.voted, challenge.id, who) == work_id
        if back:
            await self.run(challenges.unvote, challenge.id, who)
        else:
            await self.run(challenges.vote, challenge.id, who, work_id)
        standings = await self.run(challenges.standings, challenge.id, limit=MOST_ENTRIES)
        votes = next((one.votes for one in standings if one.work == work_id), 0)
        await answer.say(say(answer.language, "challenge.unvoted" if back else "challenge.voted", votes=votes))

    async def _open_challenge(self, work: Work) -> Challenge | None:
        if work.challenge is None:
            return None
        found: Challenge = await self.run(self.parts.community.challenges.get, work.challenge)
        return found if found.open(self.parts.desk.clock()) else None

    async def _hide(self, answer: Answer, work_id: str, *, hidden: bool) -> None:
        check_moderator(answer)
        await answer.think(private=True)
        await answer.claim()
        interaction = answer.interaction
        who, here = person(interaction.user.id), server(interaction.guild_id)
        community, verdict = self.parts.community, "hide" if hidden else "dismiss"
        work: Work = await self.run(community.reports.resolve, work_id, who, verdict, server=here)
        if hidden:
            await self.bot.take_down(work_id)
            await self._tell_moderators(answer, work)
        elif not work.hidden:  # what the operator hid stays hidden
            await Walls(self.bot, self.parts).hang(work)
        await answer.say(say(answer.language, "gallery.hidden" if work.hidden else "gallery.dismissed"))

    async def _tell_moderators(self, answer: Answer, work: Work) -> None:
        """What was hidden without a report, so that whoever thinks otherwise finds the way back."""
        if work_in(answer.interaction.message) is None:  # a report, which has that button
            return
        by = shown(answer.interaction.user.display_name)
        nonce = f"h{answer.interaction.id}"
        await told(self.bot, work, answer.language, "gallery.hide_posted", nonce, by=by)

    async def _page(self, answer: Answer, kind: str, after: str | None) -> Shown:
        """One work, what can be done with it, and the way to the next."""
        language = answer.language
        gated = age_gated(answer.interaction)
        if kind == "challenge":
            return await self._entry(answer, int(after or 0))
        query, head = self._query(answer, kind)
        page: Page = await self.run(self.parts.community.gallery.page, replace(query, nsfw=gated), after=after, limit=1)
        if not page.works:
            note = "" if gated else f"\n-# {say(language, 'gallery.nsfw_left_out')}"
            return Shown(f"{head}\n{say(language, 'gallery.empty')}{note}")
        more = f"{kind}/{page.after or ''}" if page.after is not None or kind == "random" else None
        return await self._shown(answer, page.works[0], head, more)

    async def _entry(self, answer: Answer, place: int) -> Shown:
        """What takes part in the challenge, by votes in it; without an open one, who won the last."""
        language, challenges = answer.language, self.parts.community.challenges
        here, gated = server(answer.interaction.guild_id), age_gated(answer.interaction)
        found: list[Challenge] = await self.run(challenges.open, here)
        if not found:
            past: list[Challenge] = await self.run(challenges.past, here, limit=1)
            if not past or past[0].winners is None:
                raise TroubleError(Trouble.NO_CHALLENGE)
            return Shown(await self.run(told_winners, self.parts, past[0], language))
        head = told_challenge(found[0], language)
        standings: list[Winner] = await self.run(challenges.standings, found[0].id, limit=MOST_ENTRIES)
        for index, entry in enumerate(standings[place:], place + 1):
            work: Work = await self.run(self.parts.community.gallery.work, entry.work)
            if work.nsfw and not gated:
                continue
            more = f"challenge/{index}" if index < len(standings) else None
            return await self._shown(answer, replace(work, votes=entry.votes), head, more)
        return Shown(f"{head}\n{say(language, 'gallery.empty')}")

    async def _shown(self, answer: Answer, work: Work, head: str, more: str | None) -> Shown:
        """One work under a heading; `more`: what its More goes on with."""
        language = answer.language
        file = await picture_of(self.parts, work, answer.interaction.filesize_limit)
        view = work_view(work.id, language, self._moderates(answer, work))
        if more is not None:
            view.add_item(ActButton("more", more, language, row=1))
        return Shown(f"{head}\n{described(work, language)}", view, [file], work)

    def _query(self, answer: Answer, kind: str) -> tuple[Query, str]:
        language = answer.language
        title = f"**{say(language, f'gallery.{kind}')}**"
        if kind == "mine":
            return Query(person=person(answer.interaction.user.id), hidden=True), title
        order: Any = {"top": "top", "new": "newest", "random": "random"}[kind]
        return Query(order=order), title

    def _moderates(self, answer: Answer, work: Work) -> bool:
        return moderator(answer) and work.server == server(answer.interaction.guild_id)


def moderator(answer: Answer) -> bool:
    """True for those who may manage messages here."""
    interaction = answer.interaction
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def check_moderator(answer: Answer) -> None:
    """Raise TroubleError for anybody else."""
    if answer.interaction.guild_id is None:
        raise TroubleError(Trouble.SERVER_ONLY)
    if not moderator(answer):
        raise TroubleError(Trouble.MODERATORS_ONLY)
