"""Links to the web page that open it as one person. They are made for that person's eyes: never put one in public."""

from typing import Any

import discord

from bot.community import LibraryStyle
from bot.discord.address import Address
from bot.discord.parts import FRONT, Parts, person, server
from bot.discord.words import say
from bot.web.links import Link, Page, make_link

LONGEST = 512  # characters of a button's link
NAME = 32


def page_link(parts: Parts, interaction: discord.Interaction[Any], style: str = "", title: str = "") -> str | None:
    """To the studio with this style (its key), or to all of the person's paintings; None when there is no page."""
    if parts.public_url is None or not parts.link_secret:
        return None
    user = interaction.user
    address = Address(
        user=user.id,
        channel=interaction.channel_id or 0,
        guild=interaction.guild_id,
        limit=interaction.filesize_limit,
        language=str(interaction.locale).split("-", maxsplit=1)[0],
        style=title[:60],
    )
    page: Page = "" if style else "me"
    here = server(interaction.guild_id) or ""
    for name in (user.display_name[:NAME], ""):
        link = Link(person(user.id), name, FRONT, address.to_text(), style, page, here)
        url = make_link(parts.link_secret, parts.public_url, link)
        if len(url) <= LONGEST:
            return url
    return None


def draw_button(
    parts: Parts, interaction: discord.Interaction[Any], language: str, style: LibraryStyle | None
) -> discord.ui.Button[Any] | None:
    """Draw it: the studio with this style, as this person; what is painted there is posted here.

    None where there is no page.
    """
    if style is None:
        return None
    return _button(page_link(parts, interaction, style.key, style.name), say(language, "button.draw"))


def paintings_button(
    parts: Parts, interaction: discord.Interaction[Any], language: str
) -> discord.ui.Button[Any] | None:
    """All of the person's paintings on the page."""
    return _button(page_link(parts, interaction), say(language, "button.page"))


def _button(url: str | None, label: str) -> discord.ui.Button[Any] | None:
    return None if url is None else discord.ui.Button(label=label, url=url, style=discord.ButtonStyle.link, row=1)
