"""Replies on Bluesky: under a record key that is made of what is answered, so that a second one can't be written."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from atproto_client.utils import facet_detection

from bot.fediverse.bluesky.client import Client
from bot.fediverse.platform import GoneError, PlatformError, Reply

POSTS = "app.bsky.feed.post"
LETTERS = "234567abcdefghijklmnopqrstuvwxyz"  # of record keys
KEY_LENGTH = 13
EPOCH, SPAN = 1_600_000_000_000_000, 100_000_000_000_000  # microseconds: keys tell of a time, ours of one in the past


def post_reply(client: Client, reply: Reply, key: str, *, look: bool) -> str:
    """See Platform.reply; it needs no mark, since the key names the post itself."""
    rkey = record_key(f"{client.did} {key}")
    uri = f"at://{client.did}/{POSTS}/{rkey}"
    if look and exists(client, rkey):
        return uri
    record = _record(client, reply)
    body = {"repo": client.did, "collection": POSTS, "rkey": rkey, "validate": True, "record": record}
    try:
        client.post("com.atproto.repo.createRecord", body)
    except PlatformError:
        if not exists(client, rkey):
            raise
    return uri


def exists(client: Client, rkey: str) -> bool:
    """Whether we have a post under that key."""
    try:
        client.get("com.atproto.repo.getRecord", repo=client.did, collection=POSTS, rkey=rkey)
    except GoneError:
        return False
    except PlatformError as error:
        if error.permanent:  # a server that calls a missing record a bad request
            return False
        raise
    return True


def record_key(of: str) -> str:
    """A key of the form that posts have: 53 bits of time and 10 of a clock's name, here of a hash of `of`."""
    digest = int.from_bytes(hashlib.sha256(of.encode()).digest()[:16], "big")
    number = (EPOCH + (digest >> 10) % SPAN) << 10 | digest & 0x3FF
    return "".join(LETTERS[number >> shift & 31] for shift in range(5 * (KEY_LENGTH - 1), -1, -5))


def view_of(client: Client, uri: str) -> dict[str, Any]:
    """A post as it is now. Raises GoneError."""
    found = client.get("app.bsky.feed.getPosts", uris=[uri])["posts"]
    if not found:
        raise GoneError("the post is not there any more")
    return dict(found[0])


def _record(client: Client, reply: Reply) -> dict[str, Any]:
    view = view_of(client, reply.to)
    parent = {"uri": view["uri"], "cid": view["cid"]}
    root = (view["record"].get("reply") or {}).get("root") or parent
    record: dict[str, Any] = {
        "$type": POSTS,
        "text": reply.text,
        "createdAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "langs": [reply.language],
        "reply": {"root": {"uri": root["uri"], "cid": root["cid"]}, "parent": parent},
    }
    links = [one.model_dump(by_alias=True, exclude_none=True) for one in facet_detection.detect_facets(reply.text)]
    if links:
        record["facets"] = links
    if reply.pictures:
        record["embed"] = {"$type": "app.bsky.embed.images", "images": [_image(client, one) for one in reply.pictures]}
    if reply.labels:
        values = [{"val": label} for label in reply.labels]
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
    return record


def _image(client: Client, picture: Any) -> dict[str, Any]:
    return {
        "alt": picture.alt,
        "image": client.upload(picture.data, picture.mime),
        "aspectRatio": {"width": picture.width, "height": picture.height},
    }
