"""The command-line options that several commands share, and what is made of them."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from twobit.errors import BadInputError
from twobit.settings import ServiceSettings, load_settings, make_data_folder
from worker.contract import PaintOptions
from worker.contract.options import MapOptions

Function = TypeVar("Function", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)
DEFAULTS = PaintOptions()
MAPS = DEFAULTS.maps

SERVICE = (
    click.option("--data", type=PATH, help="Folder of everything that lasts. [TWOBIT_DATA]"),
    click.option("--redis-url", help="Redis or Valkey; else an embedded one. [TWOBIT_REDIS_URL]"),
    click.option("--database-url", help="PostgreSQL; else SQLite in the data folder. [TWOBIT_DATABASE_URL]"),
    click.option("--store-url", help="S3 or another; else in the data folder. [TWOBIT_STORE_URL]"),
)
PAGE = (click.option("--page", help="Address of a service elsewhere; TWOBIT_TOKEN has your token. [TWOBIT_PAGE]"),)
ADDRESS = (
    click.option("--host", help="Address to listen on: 127.0.0.1. [TWOBIT_HOST]"),
    click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0: any free one. [TWOBIT_PORT]"),
)
WEB = (
    click.option("--public-url", help="How people reach the page from outside: https://your.host. [TWOBIT_PUBLIC_URL]"),
    click.option("--open", is_flag=True, default=None, help="Let anybody paint without signing in. [TWOBIT_OPEN]"),
)
PICTURES = (
    click.option("--style", type=PATH, required=True, help="The painting, or a style's name: see `twobit style list`."),
    click.option("--map", "style_map", type=PATH, help="The painting's semantic map: flat colours."),
    click.option("--doodle", type=PATH, required=True, help="The layout wanted, in the map's colours."),
    click.option("-o", "--out", type=PATH, required=True, help="Where to write the painting (PNG)."),
    click.option("--content", type=PATH, help="A photo in the doodle's layout; its structure is kept."),
)
MAP_CHOICES = (
    click.option(
        "--map-mode", default=MAPS.mode, show_default=True, help="labels; or colours, embedding: kept as they are."
    ),
    click.option("--map-smooth", type=float, default=MAPS.smooth, help="Even the maps' borders: px."),
    click.option("--fit", default=MAPS.fit, show_default=True, help="Pictures of another shape: refuse, crop or pad."),
)
MANNER = (
    click.option(
        "--method",
        default=DEFAULTS.method,
        show_default=True,
        help="fast, paper, gram or mrf; colour: a preview at once.",
    ),
    click.option("--preset", default=DEFAULTS.preset, show_default=True, help="draft, fast or best."),
    click.option("--size", help="Longest side in px, or WxH; else the doodle's size."),
    click.option(
        "--network", default=DEFAULTS.network, show_default=True, help="embedded (VGG-16) or vgg19 (fetched once)."
    ),
)
WEIGHTS = (
    click.option("--seed", type=int, default=DEFAULTS.seed, show_default=True, help="Same seed, same picture."),
    click.option("--alpha", type=float, default=DEFAULTS.alpha, show_default=True, help="Content weight."),
    click.option("--beta", type=float, default=DEFAULTS.beta, show_default=True, help="Style weight: 25 to 250."),
    click.option(
        "--gamma",
        type=float,
        default=DEFAULTS.gamma,
        show_default=True,
        help="Semantic weight: 50 equalises, 0 ignores the maps.",
    ),
)
CHOICES = (*MANNER, *WEIGHTS, *MAP_CHOICES)
MAP_FIELDS = {"map_mode": "mode", "map_smooth": "smooth", "fit": "fit"}  # and what MapOptions calls them
OPTIONS = {"width": "size", "height": "size", "mode": "map-mode", "smooth": "map-smooth"}  # where the names differ


@dataclasses.dataclass(frozen=True, slots=True)
class PictureFiles:
    """The files of one painting, as named on the command line."""

    style: Path | None  # or a style's name, until twobit.style_choice has looked
    style_map: Path | None
    doodle: Path
    out: Path
    content: Path | None
    of_style: dict[str, str] = dataclasses.field(default_factory=dict)  # by role: what a named style brought, called so

    def named(self) -> dict[str, str]:
        """What to call each picture in a message, by role."""
        roles = {"style": self.style, "style_map": self.style_map, "doodle": self.doodle, "content": self.content}
        called = {role: f"The {role.replace('_', ' ')} {path}" for role, path in roles.items() if path is not None}
        return {**called, **self.of_style}


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """How to paint, as given on the command line; not checked yet."""

    method: str
    preset: str
    size: str | None
    seed: int
    alpha: float
    beta: float
    gamma: float
    map_mode: str
    map_smooth: float
    fit: str
    network: str

    def checked(self, doodle: tuple[int, int]) -> PaintOptions:
        """`doodle`: its (width, height). Raises BadInputError naming the option."""
        width, height = output_size(self.size, doodle)
        apart = ("size", *MAP_FIELDS)
        choices = {
            field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name not in apart
        }
        maps = {name: getattr(self, choice) for choice, name in MAP_FIELDS.items()}
        try:
            return PaintOptions(width=width, height=height, maps=MapOptions(**maps), **choices)
        except ValidationError as error:
            raise bad_choice(error) from error


def bad_choice(error: ValidationError) -> BadInputError:
    """What a person reads for a choice that is not taken: the option, what was given, what would do."""
    first = error.errors()[0]
    name = str(first["loc"][-1]) if first["loc"] else "size"
    return BadInputError(f"--{OPTIONS.get(name, name)} is {first['input']!r}: {_what_would_do(first)}")


def _what_would_do(error: ErrorDetails) -> str:
    """In the words of an instruction."""
    said = error.get("ctx", {})
    match error["type"]:
        case "less_than_equal":
            return f"give {said['le']} or less"
        case "greater_than_equal":
            return f"give {said['ge']} or more"
        case "literal_error":
            return f"choose {said['expected']}"
        case _:
            return error["msg"]


def with_options(*groups: tuple[Callable[[Function], Function], ...]) -> Callable[[Function], Function]:
    """A decorator that adds these groups of options, in this order."""

    def add(function: Function) -> Function:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return add


def take(kind: type[Any], given: dict[str, Any]) -> Any:
    """Make a `kind` from its own share of the options given, and remove that share."""
    return kind(**{field.name: given.pop(field.name) for field in dataclasses.fields(kind) if field.name in given})


def service(given: dict[str, Any]) -> ServiceSettings:
    """What is left of the options given, as settings; the data folder is made. Raises BadInputError."""
    settings = load_settings(**given)
    make_data_folder(settings.data)
    return settings


def output_size(size: str | None, doodle: tuple[int, int]) -> tuple[int | None, int | None]:
    """(width, height) from `N` or `WxH`; (None, None) for the doodle's own. Raises BadInputError."""
    if size is None:
        return None, None
    try:
        numbers = [int(part) for part in size[:20].lower().split("x")]
    except ValueError:
        numbers = []
    if len(numbers) == 1:
        scale = numbers[0] / max(doodle)
        return round(doodle[0] * scale), round(doodle[1] * scale)
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    raise BadInputError(f"--size is {size!r}: give the longest side (--size 768) or both (--size 1024x768)")
