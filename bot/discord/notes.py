"""What a painter has noted, in the reader's language.

Notes cross the queue as English sentences, also those of older releases; here they are read back into their numbers. A
test lets the code that makes them make each, so that none is forgotten; what is not recognised stays as it is.
"""

import re

from bot.community.labels import Naming, label_name, label_names
from bot.discord.words import ENGLISH, say

SHARE = r"(?:under )?[\d.]+%"
COLOUR = r"#[0-9a-f]{6}"
NOTES = {
    "memory": r"memory ran short at (?P<width>\d+)x(?P<height>\d+) px: painted in pieces up to (?P<times>\d+) "
    r"times smaller",
    "same": rf"(?P<colour>{COLOUR}) in the doodle \((?P<share>{SHARE}) of it\) counts as (?P<name>.+) "
    rf"(?P<nearest>{COLOUR}): (?P<away>\d+) away, up to (?P<limit>\d+) is taken",
    "joined": r"(?P<colours>.+) in the doodle (?:both|all) count as (?P<name>.+): they will be painted alike",
    "blank": r"Nothing is drawn in the doodle yet: it is (?P<name>.+) all over, and so will the painting be\. "
    r"Draw over it in the style's other colours: (?P<others>.+)",
    "unlike_photo": r"The labels of the doodle follow nothing in the content: with a photo the doodle is the "
    r"photo's map\. Draw it over the photo, or begin with a map suggested for it",
    "unused": r"Used nowhere in the doodle, and so not painted: (?P<names>.+)",
    "scarce": rf"(?P<name>.+) is (?P<share>{SHARE}) of the doodle, but only (?P<there>{SHARE}) of the style map: "
    r"the same strokes will be seen (?P<times>\d+) times",
    "one_label": r"The style map has a single colour: nothing tells its parts apart, so the layout is free",
    "far": rf"(?P<share>{SHARE}) of the doodle has nothing within (?P<limit>{SHARE}) of the range in the style map: "
    r"what is painted there is a guess",
}
UNUSED = re.compile(rf"(.+?) \(({SHARE}) of the style map\)(?:, )?")


def note(text: str, naming: Naming, language: str) -> str:
    """One note of a painter."""
    if language == ENGLISH:
        return text
    for key, pattern in NOTES.items():
        found = re.fullmatch(pattern, text.rstrip("."))
        if found is not None:
            return say(language, f"note.{key}", **_values(found.groupdict(), naming, language))
    return text


def _values(found: dict[str, str], naming: Naming, language: str) -> dict[str, str]:
    values = dict(found)
    if "name" in values:
        name = values["name"]
        known = label_name(name[:1].lower() + name[1:], naming, language)
        values["name"] = known if known.lower() != name.lower() else name
    if "others" in values:
        values["others"] = ", ".join(label_names(values["others"].split(", "), naming, language))
    if "names" in values:
        listed = UNUSED.findall(values["names"])
        values["names"] = ", ".join(f"{label_name(name, naming, language)} ({share})" for name, share in listed)
    return values
