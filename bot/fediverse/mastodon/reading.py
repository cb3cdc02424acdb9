"""What the instance sends, as ours."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from bot.fediverse.platform import Account, Attached, Post, Visibility

VISIBILITIES: dict[str, Visibility] = {
    "public": "public",
    "unlisted": "unlisted",
    "private": "followers",
    "direct": "direct",
}
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
NO_BOT = re.compile(r"#no\s?bots?\b", re.IGNORECASE)


def account_of(found: Any, host: str) -> Account:
    """`host`: that of local accounts, whose names come without one."""
    acct = str(found["acct"])
    about = " ".join([plain(found.get("note") or ""), *(plain(one["value"]) for one in found.get("fields") or ())])
    return Account(
        id=(acct if "@" in acct else f"{acct}@{host}").lower(),
        handle=acct,
        name=str(found.get("display_name") or ""),
        bot=bool(found.get("bot")),
        refuses=NO_BOT.search(about) is not None,
        moved_to=str((found.get("moved") or {}).get("acct") or ""),
    )


def post_of(found: Any, host: str) -> Post:
    """A status."""
    attached = [(one, _address(one)) for one in found.get("media_attachments") or ()]
    pictures = tuple(Attached(url, str(one.get("description") or "")) for one, url in attached if url is not None)
    parent = found.get("in_reply_to_id")
    return Post(
        id=str(found["id"]),
        author=account_of(found["account"], host),
        text=plain(found.get("content") or ""),
        language=found.get("language"),
        pictures=pictures,
        visibility=VISIBILITIES.get(str(found.get("visibility")), "direct"),
        warning=str(found.get("spoiler_text") or ""),
        sensitive=bool(found.get("sensitive")),
        tags=tuple(str(tag["name"]).lower() for tag in found.get("tags") or ()),
        parent=None if parent is None else str(parent),
    )


def _address(attachment: Any) -> str | None:
    """Where a picture lies: at its own server, as long as ours has no copy of it; None for sounds and films."""
    ours, theirs = attachment.get("url"), attachment.get("remote_url")
    if attachment.get("type") == "image":
        return str(ours or theirs) if ours or theirs else None
    named = urlsplit(str(theirs or "")).path.lower().endswith(PICTURES)
    return str(theirs) if attachment.get("type") == "unknown" and named else None


def plain(html: str) -> str:
    """A status's words."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.found).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "br":
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.found.append("\n")
