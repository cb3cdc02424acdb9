"""A wish for a painting, from a form with files or from JSON with digests."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bot.desk import Request as DeskRequest
from bot.desk import reading
from bot.web.api.choices import Choices, choices_of
from bot.web.api.styles import labels_of
from bot.web.body import read_json, read_multipart
from bot.web.cleaning import clean
from bot.web.errors import HttpError, bad, missing
from bot.web.parts import Parts, parts_of, person_of
from bot.web.visitor import Visitor, visitor_of
from worker.contract import MissingPictureError
from worker.contract.digest import Digest
from worker.contract.maps.palette import MOST_LABELS

ROLES = ("style", "style_map", "doodle", "content")
NAMES = {"style": "The style", "style_map": "The style map", "doodle": "The doodle", "content": "The content photo"}
LABELS_AS_TEXT = (
    'labels has to be a text with JSON in it, as "[{\\"name\\": \\"sky\\", \\"colour\\": \\"#5a8fd6\\"}]": '
    "put the list between quotes."
)
_DIGEST: TypeAdapter[str] = TypeAdapter(Digest)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, not checked yet."""

    fields: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict, repr=False)


async def read_wish(request: Request) -> Wish:
    """Read either kind. Raises HttpError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Wish(await read_json(request))
    if kind != "multipart/form-data":
        raise bad("Send multipart/form-data with files, or application/json with digests.")
    fields, files = await read_multipart(request)
    return Wish(dict(fields), files)


async def desk_request(request: Request) -> DeskRequest:
    """The wish as a request to the desk. Raises HttpError, NotThereError."""
    wish = await read_wish(request)
    return await run_in_threadpool(_made, parts_of(request), visitor_of(request), person_of(request), wish)


def _made(parts: Parts, visitor: Visitor, person: str, wish: Wish) -> DeskRequest:
    choices: Choices = choices_of(wish.fields)
    pictures = {role: _taken(wish, visitor, role) for role in ROLES if role in wish.files}
    style_key, label_names = None, _said_names(wish)
    named = _text(wish, "style")
    if "style" not in pictures and named is not None and not _is_digest(named):
        view = parts.styles.get(named, visitor)
        data = parts.styles.data(view.style)
        pictures |= {"style": data.picture, "style_map": data.map}
        style_key, label_names = view.style.key, view.style.label_names
    for role in ROLES:
        digest = _text(wish, role)
        if role not in pictures and digest is not None:
            pictures[role] = picture_of(parts, visitor, digest)
    for role in ("style", "style_map", "doodle"):
        if role not in pictures:
            raise bad(f"{NAMES[role]} is missing: send it as a file, or its digest.")
    doodle = reading.map_size(pictures["doodle"], NAMES["doodle"])
    key = _text(wish, "key")
    parent = _text(wish, "parent")
    if parent is not None and parts.community.gallery.work(parent).hidden:
        raise missing("work")
    return DeskRequest(
        style=pictures["style"],
        style_map=pictures["style_map"],
        doodle=pictures["doodle"],
        content=pictures.get("content"),
        options=choices.options(doodle),
        person=person,
        front=visitor.front,
        address=visitor.address,
        request_key=None if key is None else f"web:{person}:{key}"[:200],
        names=NAMES,
        style_key=style_key,
        label_names=label_names,
        remix_of=parent,
    )


def picture_of(parts: Parts, visitor: Visitor, digest: str) -> bytes:
    """The bytes of a picture that this visitor may see. Raises HttpError."""
    if not _is_digest(digest):
        raise bad(f"{digest[:20]!r} is no digest: give 64 hexadecimal digits.")
    if parts.access.sight(digest, visitor) is None:
        raise missing("picture")
    try:
        return parts.pictures.get(digest)
    except MissingPictureError as error:
        raise missing("picture") from error


def _taken(wish: Wish, visitor: Visitor, role: str) -> bytes:
    """A file's bytes, written anew; at one's own machine as they are when asked for: masks are no pictures."""
    data = wish.files[role]
    if _text(wish, "as_is") is None:
        return clean(data, NAMES[role])[0]
    if visitor.proof != "machine":
        raise bad("as_is is for programs at the service's own machine: leave it out.")
    return data


def _said_names(wish: Wish) -> dict[str, str]:
    """What the labels of one's own style map are called: in the field, else in the map's file. Raises HttpError."""
    said = wish.fields.get("labels")
    if said is not None and not isinstance(said, str):
        raise HttpError(422, "bad_labels", LABELS_AS_TEXT)
    if said:
        return {label.colour: label.name for label in labels_of(said)[:MOST_LABELS]}
    return reading.names(wish.files["style_map"]) if "style_map" in wish.files else {}


def _is_digest(text: str) -> bool:
    try:
        _DIGEST.validate_python(text)
    except ValidationError:
        return False
    return True


def _text(wish: Wish, name: str) -> str | None:
    value = wish.fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 200 or "\x00" in value:
        raise bad(f"{name} has to be a text of at most 200 characters.")
    return value
