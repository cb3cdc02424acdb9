"""A suggested map has come: what its person sees, by what it was asked for."""

from bot.community import TrayContents
from bot.community.reasons import why_not
from bot.desk import OutOfReachError, RefusedError, Standing
from bot.desk.reading import BUSY
from bot.desk.watch import origin
from bot.discord.address import Address
from bot.discord.asking import Choices, choices_from
from bot.discord.buttons import buttons
from bot.discord.doubts import Doubts, doubts_of
from bot.discord.parts import Parts
from bot.discord.posting import Post
from bot.discord.reading import shown
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import say
from worker.contract import ContractError, PictureError

FILE = "suggested-map.png"


def mapped(parts: Parts, standing: Standing, address: Address, png: bytes | None) -> Post:
    """The end of a suggested map's job as a message. Blocks: for the delivery's own thread. Raises OutOfReachError."""
    language = address.language
    if standing.state == "cancelled":
        return _plain(say(language, "job.cancelled"), standing)
    if png is None:
        trouble = TroubleError(Trouble.MAP_NEEDED, reason=why_not(standing, language).rstrip("."))
        return _plain(trouble.told(language), standing)
    if address.purpose == "paint":
        try:
            return _to_paint(parts, standing, address, png)
        except (RefusedError, ContractError) as error:
            if isinstance(error, RefusedError | PictureError) and error.code == BUSY:
                raise OutOfReachError(str(error)) from error  # it is told a moment later
            # the tray has changed meanwhile: the map is handed over all the same
    key = "style.suggested" if address.purpose == "style" else "style.map_title"
    act = "agree" if address.purpose == "style" else "lay"
    return Post(
        say(language, key, name=shown(address.style)),
        lambda: buttons(language, ((act, standing.job_id),)),
        png,
        FILE,
        say(language, "style.map_alt", name=address.style),
        mark=standing.job_id,
    )


def question(doubts: Doubts, choices: Choices, language: str, *, suggested: bool = False, mark: str = "") -> Post:
    """The map report: what was understood, with Paint, Change and Cancel."""
    packed = choices.packed()
    row: tuple[tuple[str, str], ...] = (("change", mark), ("leave", mark))
    if not doubts.problems:  # what can't be painted is not offered
        row = (("paint", f"sure/{packed}"), *row)
    return Post(
        doubts.told(language, suggested=suggested),
        lambda: buttons(language, row),
        doubts.preview,
        "maps.png",
        say(language, "map.preview_alt"),
        mark=mark,
    )


def _to_paint(parts: Parts, standing: Standing, address: Address, png: bytes) -> Post:
    """Into the tray, and the report of what would be painted. Raises RefusedError when the tray is another's now."""
    tray = parts.community.tray
    contents: TrayContents = tray.show(standing.person)
    style = contents.pictures.get("style")
    if style is None or style.digest != origin(parts.desk, standing.job_id).style:
        raise RefusedError("The tray has another style now.")
    tray.put(standing.person, "style_map", png, FILE)
    request = tray.request(standing.person, front="", address="")
    doubts = doubts_of(request.style, request.style_map, request.doodle, {}, "colour", preview=True)
    return question(doubts, choices_from(address.note), address.language, suggested=True, mark=standing.job_id)


def _plain(text: str, standing: Standing) -> Post:
    return Post(text, lambda: None, mark=standing.job_id)
