"""A message's text within what Discord takes: one that is longer is refused whole, with its painting."""

MOST = 2000  # characters
SHORT = 300  # of a cut-off line that is rather left out
MORE = "…"


def cut(text: str, most: int = MOST) -> str:
    """The beginning of it, up to a line's end or, where that would lose much, a word's."""
    if len(text) <= most:
        return text
    room = text[: most - len(MORE) - 1]
    end = max(room.rfind("\n"), len(room) - SHORT)
    if room[end] != "\n":
        end = max(room.rfind(" "), end)
    return f"{room[:end]}\n{MORE}"
