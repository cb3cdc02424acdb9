"""What is doubtful about a map and a doodle, told before anything is painted."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.community.labels import Naming, label_name
from bot.desk.reading import understand
from bot.discord.lengths import cut
from bot.discord.reading import escaped
from bot.discord.reasons import doubt
from bot.discord.words import say
from worker.contract.maps.report import LegendEntry, MapReport

MOST = 24  # labels that are listed


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was understood. With problems nothing can be painted; warnings are for the person to weigh."""

    report: MapReport
    preview: bytes | None = None  # PNG
    naming: Naming = "own"

    @property
    def problems(self) -> bool:
        """Whether it can't be painted at all."""
        return bool(self.report.problems)

    @property
    def any(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.report.problems or self.report.warnings)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of those that occur in the doodle."""
        return tuple(entry.name for entry in self.report.legend if entry.doodle > 0)

    def told(self, language: str, *, suggested: bool = False) -> str:
        """For a message."""
        lines = [say(language, "map.title")]
        if suggested:
            lines.append(say(language, "map.suggested"))
        lines += [f"⛔ {doubt(one, self.report, language, self.naming)}" for one in self.report.problems]
        lines += [f"⚠️ {doubt(one, self.report, language, self.naming)}" for one in self.report.warnings]
        if self.report.legend:
            lines.append(say(language, "map.legend"))
            lines += [_line(entry, self.naming, language) for entry in self.report.legend[:MOST]]
        return cut("\n".join(lines))


def doubts_of(
    style: bytes,
    style_map: bytes,
    doodle: bytes,
    names: Mapping[str, str],
    naming: Naming = "own",
    *,
    preview: bool = False,
) -> Doubts:
    """Look at both maps. `names`: what a style calls its colours (#rrggbb to name), `naming`: who did.

    `preview`: draw it in any case. Raises PictureError where no reader could tell.
    """
    seen = understand(style, style_map, doodle, names, "sheet" if preview else "doubts")
    return Doubts(seen.report, seen.sheet, naming)


def _line(entry: LegendEntry, naming: Naming, language: str) -> str:
    values = {"style": f"{entry.style:.0%}", "doodle": f"{entry.doodle:.0%}"}
    name = escaped(label_name(entry.name, naming, language))
    return say(language, "map.legend_line", colour=entry.colour, name=name, **values)
