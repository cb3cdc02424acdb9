"""What is doubtful about a map and a doodle, told before anything is painted."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.discord.words import say
from worker.contract.maps import draw_preview, understand
from worker.contract.maps.report import LegendEntry

MOST = 24  # labels that are listed
LONGEST = 1900  # characters of a message


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was understood. With problems nothing can be painted; warnings are for the person to weigh."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    preview: bytes | None = None  # PNG

    @property
    def any(self) -> bool:
        """Whether there is anything to ask about."""
        return bool(self.problems or self.warnings)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of those that occur in the doodle."""
        return tuple(entry.name for entry in self.legend if entry.doodle > 0)

    def told(self, language: str, *, suggested: bool = False) -> str:
        """For a message."""
        lines = [say(language, "map.title")]
        if suggested:
            lines.append(say(language, "map.suggested"))
        lines += [f"⛔ {sentence}" for sentence in self.problems]
        lines += [f"⚠️ {sentence}" for sentence in self.warnings]
        if self.legend:
            lines.append(say(language, "map.legend"))
            lines += [_line(entry, language) for entry in self.legend[:MOST]]
        return "\n".join(lines)[:LONGEST]


def doubts_of(
    style: bytes, style_map: bytes, doodle: bytes, names: Mapping[str, str], *, preview: bool = False
) -> Doubts:
    """Look at both maps. `names`: what a style calls its colours (#rrggbb to name); `preview`: draw it in any case."""
    understood = understand(style, style_map, doodle, label_names=names)
    report = understood.report
    problems = tuple(finding.text for finding in report.problems)
    warnings = tuple(finding.text for finding in report.warnings)
    drawn = draw_preview(understood) if preview or problems or warnings else None
    return Doubts(problems, warnings, report.legend, drawn)


def _line(entry: LegendEntry, language: str) -> str:
    values = {"style": f"{entry.style:.0%}", "doodle": f"{entry.doodle:.0%}"}
    return say(language, "map.legend_line", colour=entry.colour, name=entry.name, **values)
