"""Forms (modals): opened as a first answer, read back from the interaction itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.discord.answering import ACKNOWLEDGED, Answer, TakenError
from bot.discord.words import say

TITLE = 45  # characters that Discord shows


@dataclass(frozen=True, slots=True)
class Fields:
    """What a person filled in, by the fields' custom ids."""

    files: dict[str, discord.Attachment] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


async def open_form(answer: Answer, title: str, act: str, labels: Sequence[discord.ui.Label[Any]]) -> None:
    """Show a form; `act`: "<act>:<what>" as for buttons. Raises TakenError when another bot was first."""
    modal = discord.ui.Modal(title=say(answer.language, title)[:TITLE], custom_id=f"tb:{act}", timeout=None)
    for label in labels:
        modal.add_item(label)
    try:
        await answer.interaction.response.send_modal(modal)
    except discord.HTTPException as error:
        if error.code == ACKNOWLEDGED:
            raise TakenError from error
        raise
    finally:
        # It comes back to TwobitBot.on_interaction; the library need not remember it.
        answer.interaction._state._view_store.remove_view(modal)


def upload(language: str, name: str, *, required: bool, about: str = "form") -> discord.ui.Label[Any]:
    """A labelled upload of one file."""
    return discord.ui.Label(
        text=say(language, f"{about}.{name}")[:TITLE],
        description=say(language, f"{about}.{name}_about")[:100],
        component=discord.ui.FileUpload(
            custom_id=name, required=required, min_values=1 if required else 0, max_values=1
        ),
    )


def line(language: str, key: str, name: str, *, required: bool, most: int) -> discord.ui.Label[Any]:
    """A labelled line of text."""
    field = discord.ui.TextInput[Any](custom_id=name, required=required, max_length=most)
    return discord.ui.Label(text=say(language, key)[:TITLE], component=field)


def fields_of(interaction: discord.Interaction[Any]) -> Fields:
    """Read a submitted form."""
    data: dict[str, Any] = dict(interaction.data or {})
    attachments = (data.get("resolved") or {}).get("attachments") or {}
    fields = Fields()
    for one in _fields(data.get("components") or []):
        name = str(one.get("custom_id", ""))
        values = one.get("values") or []
        if values and str(values[0]) in attachments:
            found = attachments[str(values[0])]
            fields.files[name] = discord.Attachment(data=found, state=interaction._state)
        elif values or one.get("value"):
            fields.texts[name] = str(values[0] if values else one["value"])
    return fields


def _fields(components: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in components:
        if "component" in one:
            found.append(one["component"])
        elif "components" in one:
            found += _fields(one["components"])
    return found
