"""A semantic map for a picture that came without one: a job like a painting, whose answer the outbox brings.

So a restart, a slow worker or a dead token loses nothing. What comes then is in bot/discord/mapping.py.
"""

from typing import TYPE_CHECKING

from bot.desk import SuggestRequest
from bot.discord.address import Purpose
from bot.discord.answering import Answer
from bot.discord.asking import address_of, hand_in
from bot.discord.parts import FRONT, person, server

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot


async def suggest(
    bot: "TwobitBot", answer: Answer, picture: bytes, filename: str, title: str, *, purpose: Purpose, note: str = ""
) -> str:
    """Ask for a map, for this person's eyes; returns the job's id. `title`: what the message calls the picture.

    `note`: see Address. Raises RefusedError, OutOfReachError.
    """
    await answer.aside()
    address = await address_of(answer, answer.language, style=title, private=True, purpose=purpose, note=note)
    interaction = answer.interaction
    request = SuggestRequest(
        picture=picture,
        person=person(interaction.user.id),
        front=FRONT,
        address=address.to_text(),
        request_key=f"{FRONT}:{interaction.id}",
        name=filename,
        server=server(interaction.guild_id),
    )
    return await hand_in(bot, answer, bot.parts.desk.suggest, request, address)
