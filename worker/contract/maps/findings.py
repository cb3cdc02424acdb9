"""What is wrong or doubtful about two maps brought to one palette, each as one sentence."""

from collections.abc import Mapping

import numpy as np

from worker.contract.maps.align import Aligned
from worker.contract.maps.labels import LabelMap
from worker.contract.maps.match import NOTHING, Match
from worker.contract.maps.names import hex_of
from worker.contract.maps.report import Finding, Role
from worker.contract.maps.words import lower, share_text

SCARCE = 12.0  # times more of a label wanted than the style has of it
SEEN = 0.005  # share of the doodle above which scarcity is worth a word
OVERLAP = 0.01  # share of pixels claimed by several masks that is worth a word
NO_MASK = "no mask"


def doubts(
    style: LabelMap, doodle: LabelMap, match: Match, aligned: Aligned, called: Mapping[str, str]
) -> tuple[Finding, ...]:
    """The warnings, those that change the painting most first."""
    found = [*_same(style, doodle, match, aligned, called), *_uses(aligned, called)]
    roles: tuple[tuple[Role, LabelMap], ...] = (("style_map", style), ("doodle", doodle))
    for role, map_ in roles:
        if map_.overlap > OVERLAP:
            text = f"In {lower(called[role])} several masks claim {share_text(map_.overlap)}: the brightest counts."
            found.append(Finding(code="overlap", text=text, role=role))
    return tuple(found)


def lacking(
    style: LabelMap, doodle: LabelMap, match: Match, aligned: Aligned, called: Mapping[str, str]
) -> tuple[Finding, ...]:
    """A problem for each label of the doodle without a counterpart."""
    out = []
    shares = doodle.shares
    missing = np.flatnonzero(match.missing & (shares > 0))
    for place, label in enumerate(missing):
        away, limit = f"{match.distance[label]:.0f}", f"{match.limit[label]:.0f}"
        name, share = aligned.names[len(style.colours) + place], share_text(shares[label])
        code = hex_of(doodle.colours[label])
        near = match.nearest[label]
        if aligned.masks:
            known = ", ".join(name for name in style.names if name != NO_MASK)
            text = (
                f"{called['doodle']} has the mask {name} ({share} of it), which {lower(called['style_map'])} lacks: "
                f"call it as one of {known}"
            )
        else:
            text = (
                f"{called['doodle']} has {name} {code} ({share} of it), a colour that {lower(called['style_map'])} "
                f"lacks; the nearest there is {aligned.names[near]} {hex_of(style.colours[near])}, {away} "
                f"away where {limit} would do: paint it over with a colour of the style map, or add "
                "it to the style map"
            )
            if doodle.clear and place == 0:
                text += "; what is transparent counts as white"
        out.append(Finding(code="no counterpart", text=text, role="doodle", colour=code))
    return tuple(out)


def _same(
    style: LabelMap, doodle: LabelMap, match: Match, aligned: Aligned, called: Mapping[str, str]
) -> list[Finding]:
    """What was taken as the same though it is not quite, and what fell together."""
    if aligned.masks:
        return []
    out = []
    shares = doodle.shares
    for label in np.flatnonzero(~match.missing & (match.distance > NOTHING) & (shares > 0)):
        near, code = match.nearest[label], hex_of(doodle.colours[label])
        text = (
            f"{code} in {lower(called['doodle'])} ({share_text(shares[label])} of it) counts as {aligned.names[near]} "
            f"{hex_of(style.colours[near])}: {match.distance[label]:.0f} away, up to {match.limit[label]:.0f} is taken"
        )
        out.append(Finding(code="same", text=f"{text}.", role="doodle", colour=code))
    for near in np.unique(match.nearest[~match.missing]):
        both = np.flatnonzero((match.nearest == near) & ~match.missing & (shares > 0))
        if len(both) > 1:
            *first, last = (hex_of(doodle.colours[label]) for label in both)
            word = "both" if len(both) == 2 else "all"
            text = (
                f"{', '.join(first)} and {last} in {lower(called['doodle'])} {word} count as {aligned.names[near]}: "
                "they will be painted alike."
            )
            out.append(Finding(code="joined", text=text, role="doodle", colour=hex_of(style.colours[near])))
    return out


def _uses(aligned: Aligned, called: Mapping[str, str]) -> list[Finding]:
    """A doodle with nothing in it, labels that are not used, or wanted far more than the style has of them."""
    out = []
    legend = aligned.legend()
    idle = [entry for entry in legend if entry.style and not entry.doodle and entry.name != NO_MASK]
    drawn = [entry for entry in legend if entry.doodle]
    if idle and len(drawn) == 1:
        others = ", ".join(entry.name for entry in idle)
        text = (
            f"Nothing is drawn in {lower(called['doodle'])} yet: it is {drawn[0].name} all over, and so will the "
            f"painting be. Draw over it in the style's other colours: {others}."
        )
        out.append(Finding(code="blank", text=text, role="doodle", colour=drawn[0].colour))
    elif idle:
        listed = ", ".join(f"{entry.name} ({share_text(entry.style)} of the style map)" for entry in idle)
        text = f"Used nowhere in {lower(called['doodle'])}, and so not painted: {listed}."
        out.append(Finding(code="unused", text=text, role="doodle", colour=idle[0].colour if len(idle) == 1 else None))
    for entry in legend:
        wanted, there = entry.doodle * aligned.doodle.size, entry.style * aligned.style.size
        if there and entry.doodle > SEEN and wanted > SCARCE * there:
            text = (
                f"{entry.name.capitalize()} is {share_text(entry.doodle)} of the doodle, but only "
                f"{share_text(entry.style)} of the style map: the same strokes will be seen {wanted / there:.0f} times."
            )
            out.append(Finding(code="scarce", text=text, role="doodle", colour=entry.colour))
    if sum(entry.style > 0 for entry in legend) == 1:
        text = f"{called['style_map']} has a single colour: nothing tells its parts apart, so the layout is free."
        out.append(Finding(code="one label", text=text, role="style_map"))
    return out
