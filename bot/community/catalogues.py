"""What is said, in each language: catalogues in a package's folder `text`, one file a language, the same keys in all.

A front has its own. What desk, contract and maps refuse or doubt, and what labels are called, is said in the
community's, the same on all fronts.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de", "fr", "es", "ja")
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Those of one front, or what all of them share."""

    package: str  # in which `text` lies
    beside: str | None = None  # another package, whose texts are said as well

    def texts(self, language: str) -> dict[str, str]:
        """All texts of a language by dotted key."""
        return _read(self.package, self.beside, language)

    def say(self, language: str, key: str, /, **values: object) -> str:
        """The text of `key` with its values. Raises KeyError for a key that no catalogue has."""
        return self.texts(language if language in LANGUAGES else ENGLISH)[key].format(**values)


def short_language(locale: str | None) -> str:
    """The catalogue for a locale (en-GB, es-419, pt_BR, ...); English for those that have none."""
    short = (locale or ENGLISH).replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else ENGLISH


SHARED = Catalogues("bot.community")


@cache
def _read(package: str, beside: str | None, language: str) -> dict[str, str]:
    text = files(package).joinpath("text", f"{language}.toml").read_text(encoding="utf-8")
    other = {} if beside is None else _read(beside, None, language)
    return {**dict(_flat(tomllib.loads(text))), **other}


def _flat(table: dict[str, object], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{above}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return found
