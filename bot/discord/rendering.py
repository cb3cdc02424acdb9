"""What a job's message says at each stage."""

from bot.community.reasons import why_not
from bot.desk import Standing
from bot.discord.address import Address
from bot.discord.notes import note
from bot.discord.reading import escaped
from bot.discord.words import say

CELLS = 16
FULL, EMPTY = "█", "░"


def underway(standing: Standing, address: Address) -> str:
    """While it is queued or painted: place and time, or octave and bar."""
    head = _head(address)
    awaited = f"\n{say(address.language, 'map.awaited')}" if address.purpose else ""
    return f"{head}{awaited}\n{_where(standing, address.language)}"


def _where(standing: Standing, language: str) -> str:
    eta = "" if standing.eta_seconds is None else say(language, "job.eta", time=span(standing.eta_seconds, language))
    if standing.state == "queued":
        ahead = standing.ahead or 0
        key = "job.next" if ahead == 0 else "job.queued"
        return say(language, key, ahead=ahead, place=ahead + 1) + eta
    progress = standing.progress
    if progress is None:
        return say(language, "job.begun") + eta
    text = say(language, "job.octave", octave=progress.octave, octaves=progress.octaves)
    return f"`{bar(progress.done)}` {progress.done:.0%}\n{text}{eta}"


def ended(standing: Standing, address: Address) -> str:
    """The last words: done, failed or cancelled."""
    language, head = address.language, _head(address)
    if standing.state == "done":
        size = say(language, "job.size", width=standing.width, height=standing.height)
        text = say(language, "job.done", size=size, time=span(standing.seconds or 0.0, language))
        notes = "".join(f"\n-# {escaped(note(one, address.naming, language))}" for one in standing.notes)
        return f"{head}\n{text}{notes}"
    if standing.state == "cancelled":
        return f"{head}\n{say(language, 'job.cancelled')}"
    return f"{head}\n{say(language, 'job.failed', reason=why_not(standing, language))}"


def _head(address: Address) -> str:
    return say(address.language, "job.head", style=escaped(address.style) or "?", user=f"<@{address.user}>")


def bar(done: float) -> str:
    """A bar of CELLS cells; `done` is a share in [0, 1]."""
    full = round(min(max(done, 0.0), 1.0) * CELLS)
    return FULL * full + EMPTY * (CELLS - full)


def span(seconds: float, language: str) -> str:
    """A time span for people."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say(language, "span.seconds", seconds=whole)
    if whole < 3600:
        return say(language, "span.minutes", minutes=whole // 60, seconds=whole % 60)
    return say(language, "span.hours", hours=whole // 3600, minutes=whole % 3600 // 60)
