"""Request bodies: bounded while they arrive, read once."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from bot.web.errors import HttpError, bad

MAX_BODY = 48 * 2**20  # bytes of one request: four pictures
MAX_PICTURE = 16 * 2**20
MAX_FORM = 64 * 2**10  # of a form without pictures
FORM = "application/x-www-form-urlencoded"


def too_large(limit: int) -> HttpError:
    """413."""
    if limit < 2**20:
        return HttpError(413, "too_large", f"At most {limit // 2**10} KiB of text are taken at once: write less.")
    return HttpError(413, "too_large", f"At most {limit // 2**20} MiB are taken at once: send smaller pictures.")


def bounded(receive: Receive, limit: int = MAX_BODY) -> Receive:
    """`receive` that raises HttpError 413 once more than `limit` bytes have come."""
    total = 0

    async def receiving() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise too_large(limit)
        return message

    return receiving


async def read_small(receive: Receive) -> bytes:
    """The whole body of a small form. Raises HttpError."""
    body, more = b"", True
    receiving = bounded(receive, MAX_FORM)
    while more:
        message = await receiving()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body again, and then what comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of an urlencoded form; of a name given twice the last counts."""
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise bad("The form can't be read.") from error


async def read_fields(request: Request) -> dict[str, str]:
    """The fields of an urlencoded form. Raises HttpError."""
    return form_fields(await request.body())


async def read_json(request: Request) -> dict[str, Any]:
    """A JSON object. Raises HttpError."""
    try:
        said = json.loads(await request.body())
    except ClientDisconnect as error:
        raise bad("The request broke off.") from error
    except (ValueError, RecursionError) as error:
        raise bad("The body is no JSON.") from error
    if not isinstance(said, dict):
        raise bad("The body has to be a JSON object.")
    return said


async def read_multipart(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Fields and files of a multipart form. File names are not looked at. Raises HttpError."""
    try:
        form: FormData = await request.form(max_files=8, max_fields=60, max_part_size=MAX_FORM)
    except (MultiPartException, ClientDisconnect, ValueError, UnicodeDecodeError) as error:
        raise bad("The form can't be read: send multipart/form-data.") from error
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read(MAX_PICTURE + 1)
                if len(files[name]) > MAX_PICTURE:
                    raise too_large(MAX_PICTURE)
            else:
                fields[name] = value
    finally:
        await form.close()
    return fields, {name: data for name, data in files.items() if data}
