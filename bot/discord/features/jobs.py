"""The buttons under a painting, and `/results`."""

import io
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC
from typing import Any

import discord
from discord import app_commands

from bot.community import variations
from bot.community.labels import naming_of_key
from bot.community.shrinking import shrunk
from bot.community.variations import NoFurtherError
from bot.desk import Recipe, Standing
from bot.desk.reading import recipe_of
from bot.desk.watch import Origin, origin
from bot.discord import asking
from bot.discord.address import Address, address_from
from bot.discord.answering import Answer
from bot.discord.asking import About
from bot.discord.buttons import ActSelect, finished_view, running_view
from bot.discord.features.feature import Feature
from bot.discord.pages import paintings_button
from bot.discord.parts import FRONT, person, server
from bot.discord.posting import Post
from bot.discord.rendering import ended, underway
from bot.discord.showing import age_gated
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.upload import Upload
from bot.discord.words import named, say

LAST = 10  # results in a list
LOOKED_AT = 50  # jobs, suggested maps among them
AGAIN = ("reroll", "larger", "gamma_down", "gamma_up", "beta_down", "beta_up")


class Jobs(Feature):
    """What can be done with one's paintings."""

    acts = ("cancel", "delete", "recipe", "result", "page", *AGAIN)

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Add /results."""
        feature = self

        @tree.command(name=named("command.results.name"), description=named("command.results.description"))
        async def results(interaction: discord.Interaction[Any]) -> None:
            await feature.do(interaction, feature.results)

    async def press(self, answer: Answer, act: str, what: str) -> None:
        """A button under a painting; `what` is the job."""
        if act in AGAIN:
            await self.again(answer, act, what)
        elif act == "cancel":
            await self.cancel(answer, what)
        elif act == "delete":
            await self.delete(answer, what)
        elif act == "recipe":
            await self.recipe(answer, what)
        elif act == "page":
            await self.page(answer)
        else:
            await self.result(answer, what)

    async def cancel(self, answer: Answer, job_id: str) -> None:
        """At any stage, by the owner or a moderator; the outbox shows it."""
        await answer.accept()
        await answer.claim(again=True)
        standing: Standing = await self.run(self.parts.desk.standing, job_id)
        self._check_owner(answer, standing.person)
        if standing.final and answer.before is not None:
            return  # by the process that died
        if standing.final:
            raise TroubleError(Trouble.NOTHING_TO_CANCEL)
        await self.run(self.parts.desk.cancel, job_id, None)
        message = answer.interaction.message
        if message is not None and message.flags.ephemeral and message.id != await self._message_of(job_id):
            await answer.fill(say(answer.language, "job.cancelled"))  # no delivery reaches what `/results` shows

    async def _message_of(self, job_id: str) -> int | None:
        asked: Origin = await self.run(origin, self.parts.desk, job_id)
        return _address(asked.address).message

    async def delete(self, answer: Answer, job_id: str) -> None:
        """The painting and all that belongs to it, wherever it was posted."""
        await answer.accept()
        await answer.claim()
        recipe: Recipe = await self.run(self.parts.desk.recipe, job_id)
        self._check_owner(answer, recipe.person)
        work = await self.run(self.parts.community.gallery.of_job, job_id)
        await self.run(self.parts.community.privacy.delete_job, job_id, None)
        if work is not None:
            await self.bot.take_down(work.id)
        if recipe.front == FRONT:
            await self.bot.showings.answer_away(job_id, recipe.address)
        with suppress(discord.HTTPException):  # it may have been the job's own message, gone just now
            await answer.interaction.delete_original_response()
        await answer.whisper(say(answer.language, "delete.done"))

    async def recipe(self, answer: Answer, job_id: str) -> None:
        """Everything that is needed to paint it again."""
        await answer.think(private=True)
        await answer.claim(again=True)
        painting: bytes = await self.run(self.parts.desk.painting, job_id)
        found = await self.run(recipe_of, painting)
        recipe: Recipe = await self.run(self.parts.desk.recipe, job_id)
        said: dict[str, object] = {"pictures_sha256": recipe.pictures(), "options": recipe.options.model_dump()}
        text = json.dumps(found or said, indent=1, sort_keys=True)
        shown = json.dumps(said["options"], sort_keys=True)
        language = answer.language
        body = f"{say(language, 'recipe.title', job=job_id)}\n```json\n{shown}\n```{say(language, 'recipe.note')}"
        await answer.say(body, files=[Upload(io.BytesIO(text.encode()), f"twobit-{job_id}.json")])

    async def again(self, answer: Answer, act: str, job_id: str) -> None:
        """Another seed, weight or size: a new job with a message of its own."""
        await answer.think(private=False)
        await answer.claim(again=True)
        desk = self.parts.desk
        who = person(answer.interaction.user.id)
        recipe: Recipe = await self.run(desk.recipe, job_id)
        if recipe.person != who:
            raise TroubleError(Trouble.NOT_YOURS)
        options = asking.checked(changed(act, recipe, await self.run(desk.standing, job_id)))
        request = await self.run(desk.again, job_id, who, address="", options=options)
        before = _address(recipe.address, recipe.style_key or "")
        nsfw = before.nsfw or await self.run(self.bot.front.nsfw, recipe.remix_of)
        if nsfw and not age_gated(answer.interaction):
            raise TroubleError(Trouble.AGE_GATED)
        about = About(before.style, before.labels, nsfw, naming_of_key(recipe.style_key))
        request = replace(request, server=server(answer.interaction.guild_id))
        await asking.submit(self.bot, answer, request, about)

    async def results(self, answer: Answer) -> None:
        """The last paintings; those that are finished can be shown again."""
        await answer.think(private=True)
        await answer.claim(again=True)
        language = answer.language
        who = person(answer.interaction.user.id)
        jobs: list[Standing] = await self.run(self.parts.desk.last_jobs, who, limit=LOOKED_AT)
        jobs = [job for job in jobs if job.kind == "paint"][:LAST]
        if not jobs:
            await answer.say(say(language, "results.none"))
            return
        lines = [say(language, "results.title")]
        view = discord.ui.View(timeout=None)
        options = [(f"{job.job_id} · {say(language, f'results.state_{job.state}')}", job.job_id) for job in jobs]
        view.add_item(ActSelect("result", language, options))
        for job in jobs:
            when = discord.utils.format_dt(job.created.astimezone(UTC), "R")
            state = say(language, f"results.state_{job.state}")
            lines.append(say(language, "results.line", job=job.job_id, state=state, when=when))
        await answer.say("\n".join(lines), view=view)

    async def result(self, answer: Answer, job_id: str) -> None:
        """One of them, with its picture and buttons, for its owner."""
        await answer.think(private=True)
        await answer.claim(again=True)
        standing: Standing = await self.run(self.parts.desk.standing, job_id)
        if standing.person != person(answer.interaction.user.id):
            raise TroubleError(Trouble.NOT_YOURS)
        recipe: Recipe = await self.run(self.parts.desk.recipe, job_id)
        address = replace(_address(recipe.address, recipe.style_key or ""), language=answer.language)
        if standing.state != "done":
            await self._unfinished(answer, standing, address)
            return
        painting: bytes = await self.run(self.parts.desk.painting, job_id)
        post = await self.run(fitting, painting, answer.interaction.filesize_limit, job_id, address)
        file = post.file()
        text = ended(standing, address) if file is not None else say(answer.language, "trouble.too_large_to_send")
        view = finished_view(job_id, answer.language, done=True, page=file is None and bool(self.parts.public_url))
        await answer.say(text, view=view, files=[] if file is None else [file])
        await self.run(self.parts.desk.fetched, job_id)

    async def _unfinished(self, answer: Answer, standing: Standing, address: Address) -> None:
        """Its own message may be gone: what can be done with it is done here."""
        job_id, language = standing.job_id, answer.language
        if standing.final:
            await answer.say(ended(standing, address), view=finished_view(job_id, language, done=False))
        else:
            await answer.say(underway(standing, address), view=running_view(job_id, language))

    async def page(self, answer: Answer) -> None:
        """A link to one's paintings on the web page, for one's own eyes."""
        await answer.think(private=True)
        await answer.claim(again=True)
        button = paintings_button(self.parts, answer.interaction, answer.language)
        if button is None:
            raise TroubleError(Trouble.NO_PAGE)
        view = discord.ui.View(timeout=None)
        view.add_item(button)
        await answer.say(say(answer.language, "job.page_link"), view=view)

    def _check_owner(self, answer: Answer, owner: str) -> None:
        """Raise TroubleError for anybody but the owner and those who may manage messages here."""
        interaction = answer.interaction
        moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
        if owner != person(interaction.user.id) and not moderates:
            raise TroubleError(Trouble.NOT_YOURS)


def changed(act: str, recipe: Recipe, standing: Standing) -> dict[str, object]:
    """The options of another painting like this one. Raises TroubleError when there is no further."""
    try:
        return {**recipe.options.model_dump(), **_changes(act, recipe, standing)}
    except NoFurtherError as error:
        raise TroubleError(Trouble.BAD_CHOICE, name=error.name, value=error.value, reason=error.reason) from error


def _changes(act: str, recipe: Recipe, standing: Standing) -> dict[str, Any]:
    if act == "reroll":
        return variations.rerolled()
    if act == "larger":
        if standing.width is None or standing.height is None:
            raise TroubleError(Trouble.NOT_FINISHED, state=standing.state)
        return variations.larger(standing.width, standing.height)
    name, _, direction = act.partition("_")
    return variations.weighted(recipe.options, name, up=direction == "up")


def fitting(painting: bytes, limit: int, job_id: str, address: Address) -> Post:
    """The picture in a form that may be uploaded; without it when there is none."""
    data: tuple[bytes, str] | None = (painting, ".png")
    if len(painting) > limit:
        data = shrunk(painting, limit)
    if data is None:
        return Post("", lambda: None)
    return Post("", lambda: None, data[0], f"twobit-{job_id}{data[1]}", address.alt, spoiler=address.nsfw)


def _address(text: str, style: str = "") -> Address:
    """The job's address; for one of another front only what every job has."""
    try:
        return address_from(text)
    except (ValueError, TypeError):
        return Address(user=0, channel=0, style=style)
