"""/api/v1/pictures and /picture/<digest>: pictures in and out; and the colour preview."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.desk.questions.copies import Format
from bot.web.body import read_multipart, too_large
from bot.web.cleaning import clean, pixels_of, shareable
from bot.web.errors import bad, missing
from bot.web.headers import PICTURE_POLICY
from bot.web.parts import Parts, parts_of, person_of, spend
from bot.web.preview import instant
from bot.web.thumbs import TYPES, WIDTHS, has_avif
from bot.web.visitor import Visitor, visitor_of
from worker.contract import MissingPictureError
from worker.contract.pictures import is_lossy, suffix_of

KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "tiff": "image/tiff"}
KINDS["avif"] = TYPES["avif"]  # of small copies alone
PUBLIC = "public, max-age=86400, immutable"  # the bytes never change, but a work may be hidden
PRIVATE = "private, max-age=86400, immutable"
PREVIEW_PIXELS = 1 << 22


async def upload(request: Request) -> Response:
    """POST: keep a picture for a day under its digest, as a file named `picture`."""
    parts, person = parts_of(request), person_of(request)
    spend(request, parts.sends)
    _, files = await read_multipart(request)
    if "picture" not in files:
        raise bad("Send the picture as a file named picture.")
    return JSONResponse(await run_in_threadpool(_kept, parts, person, files["picture"]), status_code=201)


def _kept(parts: Parts, person: str, data: bytes) -> dict[str, object]:
    cleaned, pixels = clean(data, "The picture")
    digest = parts.uploads.put(person, cleaned)
    return {"digest": digest, "width": pixels.shape[1], "height": pixels.shape[0]}


def picture(request: Request) -> Response:
    """GET: a picture that one may see; ?width=160|320|640|1024 and ?format=webp|avif|jpeg for a small copy."""
    digest: str = request.path_params["digest"]
    sight = parts_of(request).access.sight(digest, visitor_of(request))
    if sight is None:
        raise missing("picture")
    return sent_picture(request, digest, public=sight.public)


def sent_picture(request: Request, digest: str, *, public: bool) -> Response:
    """A picture that this visitor may see, as the address asks for it; `public`: so may anybody. Raises HttpError."""
    wanted = request.query_params
    tag = f'"{digest[:32]}-{wanted.get("width", "")}{wanted.get("format", "")}"'
    headers = {
        "cache-control": PUBLIC if public else PRIVATE,
        "etag": tag,
        "content-security-policy": PICTURE_POLICY,
        "cross-origin-resource-policy": "cross-origin" if public else "same-origin",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    try:
        data, kind = _scaled(parts_of(request), digest, wanted.get("width"), wanted.get("format"))
    except MissingPictureError as error:
        raise missing("picture") from error
    suffix = next((ending for ending, known in KINDS.items() if known == kind), "bin")
    where = "attachment" if "download" in wanted or suffix == "bin" else "inline"
    headers["content-disposition"] = f'{where}; filename="twobit-{digest[:12]}.{suffix}"'
    return Response(data, media_type=kind, headers=headers)


def _scaled(parts: Parts, digest: str, width: str | None, kind: str | None) -> tuple[bytes, str]:
    if width is None and kind is None:
        data = shareable(parts.pictures.get(digest))
        return data, KINDS.get(suffix_of(data), "application/octet-stream")
    made: Format = "avif" if kind == "avif" else "jpeg" if kind == "jpeg" else "webp"
    if kind not in (None, "webp", "avif", "jpeg") or (width or "1024") not in {str(known) for known in WIDTHS}:
        raise bad(f"width is one of {', '.join(map(str, WIDTHS))}; format is webp, avif or jpeg.")
    if made == "avif" and not has_avif():
        raise bad("No AVIF is made here: ask for format=webp.")
    return parts.thumbs.thumb(digest, int(width or 1024), made), TYPES[made]


async def preview(request: Request) -> Response:
    """POST: a doodle's colours in a style, at once: fields `style`, file `doodle`. Whoever draws may ask for it."""
    parts = parts_of(request)
    spend(request, parts.sends, strangers=parts.glances)
    fields, files = await read_multipart(request)
    if "doodle" not in files or not fields.get("style"):
        raise bad("Send the style's name as style and the doodle as a file named doodle.")
    if len(files["doodle"]) > PREVIEW_PIXELS:
        raise too_large(PREVIEW_PIXELS)
    data = await run_in_threadpool(_instant, parts, visitor_of(request), fields["style"], files["doodle"])
    return Response(data, media_type="image/webp", headers={"cache-control": "no-store"})


def _instant(parts: Parts, visitor: Visitor, style: str, doodle: bytes) -> bytes:
    view = parts.styles.get(style, visitor)
    return instant(parts.styles, view, pixels_of(doodle, "The doodle"), lossy=is_lossy(doodle))
