"""From pictures and choices to a job of the desk, for every way that a person may ask."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from bot.community import ServerSettings
from bot.community.labels import Naming, label_names
from bot.community.variations import SEEDS, range_of, sized
from bot.desk import RefusedError, Request, Ticket
from bot.desk.reading import measure
from bot.desk.request import Wish
from bot.desk.watch import origin
from bot.discord.address import TOKEN_SECONDS, Address
from bot.discord.answering import Answer
from bot.discord.parts import FRONT, person, server
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import say
from worker.contract import PaintOptions, PictureError, tracing

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

W = TypeVar("W", bound=Wish)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose; None: the default. It fits into a button, see `packed`."""

    size: int | None = None
    seed: int | None = None
    preset: str | None = None
    style_weight: float | None = None
    semantic_weight: float | None = None

    def options(self, doodle: bytes) -> PaintOptions:
        """For a doodle of these bytes. Raises TroubleError."""
        try:
            width, height = measure(doodle, "The doodle")
        except PictureError as error:
            raise RefusedError(str(error), error.code, **error.values) from error
        given: dict[str, object] = {"seed": secrets.randbelow(SEEDS) if self.seed is None else self.seed}
        if self.size is not None:
            given |= sized(width, height, self.size)
        named = {"preset": self.preset, "beta": self.style_weight, "gamma": self.semantic_weight}
        return checked({**given, **{name: value for name, value in named.items() if value is not None}})

    def packed(self) -> str:
        """For a custom id."""
        values = (self.size, self.seed, self.preset, self.style_weight, self.semantic_weight)
        return ",".join("" if value is None else str(value) for value in values)


def choices_from(packed: str) -> Choices:
    """Read `Choices.packed` back; what can't be read is not chosen."""
    parts = [*packed.split(","), "", "", "", "", ""][:5]
    try:
        size, seed = (int(part) if part else None for part in parts[:2])
        beta, gamma = (float(part) if part else None for part in parts[3:])
    except ValueError:
        return Choices()
    return Choices(size, seed, parts[2] or None, beta, gamma)


def checked(values: dict[str, object]) -> PaintOptions:
    """Raises TroubleError for a choice out of its range."""
    try:
        return PaintOptions.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "size"
        raise TroubleError(Trouble.BAD_CHOICE, name=name, value=first["input"], reason=range_of(first)) from error


@dataclass(frozen=True, slots=True)
class About:
    """What the message says of a job beside its standing."""

    style: str
    labels: tuple[str, ...] = ()
    nsfw: bool = False
    naming: Naming = "own"


async def settings_of(bot: "TwobitBot", guild_id: int | None) -> ServerSettings:
    """A server's settings; the defaults in direct messages."""
    name = server(guild_id)
    if name is None:
        return ServerSettings()
    found: ServerSettings = await bot.parts.threads.run(bot.parts.community.servers.get, name)
    return found


async def submit(bot: "TwobitBot", answer: Answer, request: Request, about: About, key: str | None = None) -> str:
    """Hand a request to the desk, with the answer's message as the job's; returns the job's id.

    `key`: what makes two requests one (a button that was pressed twice); else the interaction.
    """
    interaction = answer.interaction
    if key is not None:
        await answer.note(request_key=key)
    settings = await settings_of(bot, interaction.guild_id)
    language = settings.language or answer.language
    here = {
        str(interaction.channel_id),
        str(getattr(interaction.channel, "parent_id", None)),
    }  # a thread is its channel's
    if settings.paint_channels and not here & set(settings.paint_channels):
        where = " ".join(f"<#{one}>" for one in settings.paint_channels)
        raise TroubleError(Trouble.PAINT_ELSEWHERE, where=where)
    address = await address_of(
        answer,
        language,
        style=about.style,
        alt=alt_text(language, about, request.options.seed),
        labels=about.labels,
        naming=about.naming,
        nsfw=about.nsfw,
        private=answer.private,
    )
    filled = replace(
        request,
        person=person(interaction.user.id),
        front=FRONT,
        address=address.to_text(),
        request_key=key or f"{FRONT}:{interaction.id}",
        server=server(interaction.guild_id),
    )
    return await hand_in(bot, answer, bot.parts.desk.accept, filled, address)


async def address_of(answer: Answer, language: str, **more: Any) -> Address:
    """Where this interaction's answer is; `more`: the Address's other fields."""
    interaction = answer.interaction
    return Address(
        user=interaction.user.id,
        channel=interaction.channel_id or 0,
        message=await answer.message_id(),
        guild=interaction.guild_id,
        token=interaction.token,
        token_until=interaction.created_at.timestamp() + TOKEN_SECONDS,
        limit=interaction.filesize_limit,
        language=language,
        **more,
    )


async def hand_in(bot: "TwobitBot", answer: Answer, take: Callable[[W], Ticket], wish: W, address: Address) -> str:
    """`take` is the desk's call for this kind of wish. From here on the message is the job's."""
    ticket = await bot.parts.threads.run(take, wish)
    first = await bot.parts.threads.run(origin, bot.parts.desk, ticket.job_id)
    await answer.handed_over()
    tracing.passed("ask", ticket.job_id, answer.interaction.created_at, front=FRONT)
    if first.address == address.to_text():
        await bot.watch.announce(address, ticket.job_id)
    else:  # the same was asked for a moment ago, and is shown there
        await answer.withdraw()
    return ticket.job_id


def alt_text(language: str, about: About, seed: int) -> str:
    """What a painting shows, for those who can't see it."""
    if not about.labels:
        return say(language, "job.alt_seed", style=about.style, seed=seed)
    labels = label_names(about.labels[:12], about.naming, language)
    return say(language, "job.alt_full", style=about.style, labels=", ".join(labels), seed=seed)
