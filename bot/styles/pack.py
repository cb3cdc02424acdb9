"""A pack: a style as somebody hands it on, folder or zip, checked before anything of it is kept."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from bot.styles.description import Description, describe, parse, to_toml
from bot.styles.errors import StyleError
from bot.styles.style import SUFFIXES, TOML, Style, find_file
from bot.styles.unzip import MAX_BYTES, MAX_ENTRIES, check_path, unzipped
from worker.contract import PictureError
from worker.contract.digest import digest_of
from worker.contract.pictures import Rgb, check_aspects, decode, picture_size
from worker.contract.preview.labels import distinct, squared_distance

ROLES = ("picture", "map", "doodle")
MAGIC = {b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg", b"RIFF": ".webp"}
NOT_OURS = re.compile(
    r"(^|/)(__macosx/.*|\.ds_store|thumbs\.db|desktop\.ini|(readme|licen[cs]e|copying)(\.(txt|md))?)$"
)  # what file managers and careful people add
CLOSE = 30.0  # RGB distance within which a pixel of a map has a label's colour, beyond doubt: half of NEAREST
LEAST_NAMED = 0.9  # share of a map's pixels that labels must name; the rest are soft edges
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell: the same style gives the same bytes
WORDS = re.compile(r"[^a-z0-9]+")
DEVICES = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")  # names that Windows keeps for itself


@dataclass(frozen=True, slots=True)
class Pack:
    """A style in memory, all of it checked. Pictures as they were sent: PNG, JPEG or WebP."""

    description: Description
    picture: bytes = field(repr=False)
    map: bytes = field(repr=False)
    doodle: bytes | None = field(default=None, repr=False)
    folder: str = ""  # what the one who packed it called its folder

    @property
    def slug(self) -> str:
        """A name for commands and addresses, never empty."""
        return slug_of(self.folder) or slug_of(self.description.name) or f"style-{digest_of(self.picture)[:8]}"

    def files(self) -> dict[str, bytes]:
        """What lies in the style's folder, by file name."""
        pictures = {role: getattr(self, role) for role in ROLES}
        named = {f"{role}{suffix_of(data, role)}": data for role, data in pictures.items() if data is not None}
        return {**named, TOML: to_toml(self.description).encode()}


def slug_of(text: str) -> str:
    """Like `night-harbour`; empty where nothing of `text` can be written in a-z and 0-9.

    A style called Con or Aux becomes `con-style`: Windows has no folder of the bare name.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = WORDS.sub("-", plain.lower()).strip("-")[:60].strip("-")
    return f"{slug}-style" if DEVICES.fullmatch(slug) else slug


def pack_from_zip(data: bytes) -> Pack:
    """The pack in a zip, its files at the top or in one folder. Raises StyleError."""
    found = {name: content for name, content in unzipped(data).items() if not _not_ours(name)}
    folders = {str(PurePosixPath(name).parent) for name in found}
    if len(folders) > 1 or any("/" in folder for folder in folders):
        raise StyleError("the pack has files in several folders: put picture, map and style.toml into one")
    folder = next(iter(folders), ".")
    return pack_from_files({PurePosixPath(name).name: content for name, content in found.items()}, folder.strip("."))


def pack_from_folder(folder: Path) -> Pack:
    """The pack in a folder; folders within are refused, and links are not followed. Raises StyleError."""
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        paths = [path for path in sorted(folder.iterdir()) if not _not_ours(path.name)]
        for path in paths[: MAX_ENTRIES + 1]:
            if path.is_symlink() or not path.is_file():
                raise StyleError(f"{path.name!a} in the pack is a folder, a link or a device: keep plain files alone")
            with path.open("rb") as file:
                found[path.name] = file.read(left + 1)
            left -= len(found[path.name])
            if left < 0 or len(found) > MAX_ENTRIES:
                most = f"{MAX_ENTRIES} files and {MAX_BYTES // 2**20} MiB"
                raise StyleError(f"{folder} holds more than the {most} that are taken: keep one style alone in it")
    except OSError as error:
        raise StyleError(f"{folder} can't be read ({error.strerror}): name a style's folder or zip") from error
    return pack_from_files(found, folder.resolve().name)


def pack_from_files(files: Mapping[str, bytes], folder: str = "") -> Pack:
    """The pack made of files by name: picture, map, style.toml, perhaps doodle. Raises StyleError."""
    roles: dict[str, bytes] = {}
    for name, data in files.items():
        check_path(name)
        role = _role(name)
        if role in roles:
            raise StyleError(f"the pack has two files for the {role}: keep one of them")
        roles[role] = data
    missing = [name for name in ("picture", "map", TOML) if name not in roles]
    if missing:
        raise StyleError(f"the pack lacks {', '.join(missing)}: a pack is a picture, a map and a {TOML}")
    description = describe(parse(roles[TOML], TOML), TOML)
    return make_pack(description, roles["picture"], roles["map"], roles.get("doodle"), folder)


def make_pack(
    description: Description, picture: bytes, style_map: bytes, doodle: bytes | None = None, folder: str = ""
) -> Pack:
    """A pack, once its pictures are found in order and its map speaks the labels' colours. Raises StyleError."""
    names = {"picture": "the picture", "map": "the map", "doodle": "the doodle"}
    pictures = {"picture": picture, "map": style_map, **({} if doodle is None else {"doodle": doodle})}
    try:
        for role, data in pictures.items():
            suffix_of(data, role)
        sizes = {role: picture_size(data, names[role]) for role, data in pictures.items()}
        check_aspects({names[role]: size for role, size in sizes.items()}, names["picture"], names["map"])
        for role, data in pictures.items():
            decoded = decode(data, names[role])
            if role != "picture":
                _check_labels(decoded, description, names[role], every=role == "map")
    except PictureError as error:
        raise StyleError(str(error)) from error
    return Pack(description, picture, style_map, doodle, folder)


def suffix_of(data: bytes, role: str) -> str:
    """`.png`, `.jpg` or `.webp`, by the content and not by any name. Raises StyleError for other kinds."""
    for magic, suffix in MAGIC.items():
        if data.startswith(magic):
            return suffix
    raise StyleError(f"the {role} is no PNG, JPEG or WebP picture: save it again as PNG")


def zip_of(style: Style) -> bytes:
    """The style as a pack, one folder in a zip; the same style gives the same bytes. Raises StyleError."""
    paths = [path for role in ROLES if (path := find_file(style.folder, role)) is not None]
    try:
        files = {path.name: path.read_bytes() for path in paths}
    except OSError as error:
        raise StyleError(f"the style {style.slug} can't be read ({error.strerror}): check its files") from error
    pack = pack_from_files({**files, TOML: to_toml(style).encode()}, style.slug)  # what we hand on, others can add
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(pack.files().items()):
            entry = zipfile.ZipInfo(f"{style.slug}/{name}", EPOCH)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def _not_ours(name: str) -> bool:
    return NOT_OURS.search(name.lower()) is not None


def _role(name: str) -> str:
    plain = name.casefold()
    path = PurePosixPath(plain)
    if plain == TOML:
        return TOML
    if path.stem in ROLES and path.suffix in SUFFIXES:
        return path.stem
    raise StyleError(f"the pack holds {name!a}: it takes picture, map, doodle (png, jpg, webp) and {TOML}")


def _check_labels(decoded: Rgb, description: Description, name: str, *, every: bool) -> None:
    """Refuse a map or doodle with colours that no label names; with `every`, labels that it doesn't have."""
    colours, counts = distinct(decoded)
    close = np.zeros(len(colours), bool)
    absent = []
    for label in description.label:
        own = squared_distance(colours, np.array(label.rgb, np.uint8)) <= CLOSE**2
        absent += [] if own.any() else [label.name]
        close |= own
    unnamed = counts[~close].sum() / counts.sum()
    if unnamed > 1 - LEAST_NAMED:
        most = colours[~close][counts[~close].argmax()]
        code = "#" + bytes(most.tolist()).hex()
        raise StyleError(
            f"{unnamed:.0%} of {name} has colours that no label names, most of all {code}: add a [[label]] for it, "
            "or paint it over"
        )
    if every and absent:
        raise StyleError(f"{name} has nothing in the colour of {', '.join(absent)}: take the label out, or paint it")
