"""Buttons that outlive a restart: all they need is in their custom id, `tb:<act>:<what>`."""

import re
from collections.abc import Sequence
from typing import Any

import discord

from bot.discord.words import ENGLISH, catalogue, say

STYLES = {
    "cancel": discord.ButtonStyle.danger,
    "delete": discord.ButtonStyle.danger,
    "really": discord.ButtonStyle.danger,
    "reroll": discord.ButtonStyle.primary,
    "paint": discord.ButtonStyle.success,
    "agree": discord.ButtonStyle.success,
    "publish": discord.ButtonStyle.success,
    "vote": discord.ButtonStyle.success,
}
FINISHED = (
    ("reroll", "larger", "recipe", "publish", "delete"),
    ("gamma_down", "gamma_up", "beta_down", "beta_up"),
)


BUTTON = r"tb:(?P<act>[a-z_]+):(?P<what>[^\s]{0,80})"
SELECT = r"ts:(?P<act>[a-z_]+):(?P<language>[a-z]{2})"


def is_ours(custom_id: str) -> bool:
    """True for what ActButton and ActSelect hear."""
    return any(re.fullmatch(template, custom_id) for template in (BUTTON, SELECT))


def _label(language: str, act: str) -> str:
    """In the person's language; an act of another release, which is only answered, has no word."""
    key = f"button.{act}"
    return say(language, key) if key in catalogue(ENGLISH) else act


class ActButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON):
    """One button of ours."""

    def __init__(self, act: str, what: str, language: str, *, row: int | None = None) -> None:
        """`what`: the job or work it acts on, and what else it must remember; 80 characters at most."""
        super().__init__(
            discord.ui.Button(
                label=_label(language, act),
                style=STYLES.get(act, discord.ButtonStyle.secondary),
                custom_id=f"tb:{act}:{what}",
                row=row,
            )
        )
        self.act = act
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "ActButton":
        """As discord.py finds it again, after any number of restarts."""
        return cls(match["act"], match["what"], str(interaction.locale))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over to the bot, which knows what each act does."""
        await interaction.client.press(interaction, self.act, self.what)


def buttons(language: str, *rows: tuple[tuple[str, str], ...]) -> discord.ui.View:
    """A view of rows of (act, what)."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for act, what in row:
            view.add_item(ActButton(act, what, language, row=number))
    return view


def running_view(job_id: str, language: str) -> discord.ui.View:
    """While a job is under way."""
    return buttons(language, (("cancel", job_id),))


def finished_view(job_id: str, language: str, *, done: bool, page: bool = False) -> discord.ui.View | None:
    """After the end: everything for a painting; for what failed, another try and forgetting it.

    `page`: the painting has to be looked at on the web page.
    """
    if not done:
        return buttons(language, (("reroll", job_id), ("delete", job_id)))
    rows = [tuple((act, job_id) for act in row) for row in FINISHED]
    return buttons(language, *rows, *([(("page", ""),)] if page else []))


def work_view(work_id: str, language: str, moderates: bool = False) -> discord.ui.View:
    """Buttons under a work."""
    row: tuple[tuple[str, str], ...] = (("vote", work_id), ("remix", work_id), ("report", work_id))
    return buttons(language, (*row, ("hide", work_id)) if moderates else row)


class ActSelect(discord.ui.DynamicItem[discord.ui.Select[Any]], template=SELECT):
    """A choice of ours: what is chosen is what the act is about."""

    def __init__(self, act: str, language: str, options: Sequence[tuple[str, str]], *, row: int | None = None) -> None:
        """`options`: (label, value), 25 at most; none when discord.py finds it again."""
        shown = [discord.SelectOption(label=label[:100], value=value) for label, value in options]
        super().__init__(
            discord.ui.Select[Any](
                custom_id=f"ts:{act}:{language}",
                placeholder=_label(language, act),
                options=shown or [discord.SelectOption(label="-", value="-")],
                row=row,
            )
        )
        self.act = act

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> "ActSelect":
        """After any number of restarts."""
        return cls(match["act"], match["language"], [])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand over to the bot."""
        data: dict[str, Any] = dict(interaction.data or {})
        values = data.get("values") or [""]
        await interaction.client.press(interaction, self.act, str(values[0]))
