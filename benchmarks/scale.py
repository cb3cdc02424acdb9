"""Waiting times at 100,000 pictures a day: `python -m benchmarks.scale`. Writes benchmarks/results/scale.md.

A discrete-event run over the dispatcher's own order, bot.desk.line.in_order: people ask through a day with a peak of
2.5 times the mean, 20 GPUs paint, and whoever is next in line goes to the GPU that is free.
"""

import heapq
import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.report import format_table, write_report
from bot.desk.line import Waiting, in_order
from bot.desk.rules import Rules

PICTURES_A_DAY = 100_000
PEAK = 2.5  # of the mean rate
GPUS = 20
DAY = 86_400.0
PEOPLE = 20_000
SECONDS = (2.0, 4.0, 5.0, 6.0)  # a picture, with a spread of a third
CAP = Rules().most_waiting
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
DOLLARS_AN_HOUR = 1.0  # of one GPU; multiply by your own


@dataclass(frozen=True, slots=True)
class Day:
    """What became of a day's jobs, s."""

    waits: np.ndarray  # of all
    firsts: np.ndarray  # of those whose person had nothing else under way
    refused: int  # over the cap
    busy: float  # share of the GPUs' time
    longest_line: int


def rate(second: float) -> float:
    """Jobs a second at this time of the day: a hump whose top is PEAK times the mean."""
    # 1 + a * (sharpened cosine, mean removed): the night is quiet, some evening hours are not.
    hump = max(0.0, math.cos((second - 0.8 * DAY) / DAY * 2 * math.pi)) ** 2
    return PICTURES_A_DAY / DAY * (0.5 + 2.0 * hump)


def arrivals(rng: np.random.Generator) -> list[tuple[float, str]]:
    """(second, person), by thinning; some people ask much more than others, and those come in bursts."""
    top = PICTURES_A_DAY / DAY * PEAK
    weights = 1.0 / np.arange(1, PEOPLE + 1) ** 0.8
    weights /= weights.sum()
    found: list[tuple[float, str]] = []
    second = 0.0
    while True:
        second += float(rng.exponential(1 / top))
        if second >= DAY:
            break
        if rng.random() < rate(second) / top:
            found.append((second, ""))
    people = rng.choice(PEOPLE, len(found), p=weights)
    return [(second, f"p{person}") for (second, _), person in zip(found, people, strict=True)]


def play(asked: list[tuple[float, str]], seconds: float, rng: np.random.Generator) -> Day:
    """One day through the line."""
    waiting: dict[int, Waiting] = {}
    running: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    served: dict[str, datetime] = {}
    ends: list[tuple[float, str]] = []
    waits, firsts, refused, painted, longest = [], [], 0, 0.0, 0
    first: set[int] = set()
    costs = rng.lognormal(math.log(seconds) - 0.33**2 / 2, 0.33, len(asked))

    def start(now: float) -> None:
        nonlocal painted
        while waiting and len(ends) < GPUS:
            job = (
                in_order(waiting.values(), running, served, Rules().newcomer)[0]
                if len(waiting) > 1
                else next(iter(waiting.values()))
            )
            del waiting[job.seq]
            wait = now - (job.accepted - EPOCH).total_seconds()
            waits.append(wait)
            if job.seq in first:
                firsts.append(wait)
            running[job.person] += 1
            served[job.person] = EPOCH + timedelta(seconds=now)
            painted += costs[job.seq]
            heapq.heappush(ends, (now + float(costs[job.seq]), job.person))

    for seq, (second, person) in enumerate([*asked, (math.inf, "")]):
        while ends and ends[0][0] <= second:
            end, who = heapq.heappop(ends)
            running[who] -= 1
            open_[who] -= 1
            if not running[who]:
                del running[who]
            start(end)
        if second == math.inf:
            break
        if open_[person] >= CAP:
            refused += 1
            continue
        if not open_[person]:
            first.add(seq)
        open_[person] += 1
        waiting[seq] = Waiting(seq, person, EPOCH + timedelta(seconds=second))
        longest = max(longest, len(waiting))
        start(second)
    return Day(np.array(waits), np.array(firsts), refused, painted / (GPUS * DAY), longest)


def main() -> None:
    """Play a day for each speed, print, write."""
    asked = arrivals(np.random.default_rng(2016))
    per_hour = np.bincount([int(second // 3600) for second, _ in asked], minlength=24)
    rows = []
    for seconds in SECONDS:
        day = play(asked, seconds, np.random.default_rng(7))
        p50, p95, p99 = np.percentile(day.waits, [50, 95, 99])
        cents = 100 * DOLLARS_AN_HOUR * GPUS * 24 / len(day.waits)
        cells = [f"{seconds:.0f} s", f"{day.busy:.0%}", *(f"{each:.1f} s" for each in (p50, p95, p99, day.waits.max()))]
        rows.append(
            [*cells, f"{np.percentile(day.firsts, 99):.1f} s", str(day.longest_line), str(day.refused), f"{cents:.2f}"]
        )
    heads = [
        "a picture",
        "GPUs busy",
        "wait, median",
        "95 %",
        "99 %",
        "longest",
        "99 % of a person's first",
        "longest line",
    ]
    heads += ["over the cap", "cents a picture at 1.00 an hour"]
    peak = f"{per_hour.max()} ({per_hour.max() / per_hour.mean():.2f} x the mean)"
    body = f"{len(asked)} pictures of {PEOPLE} people, at the peak hour {peak}, {GPUS} GPUs.\n\n"
    page = body + format_table(heads, rows)
    print(page)
    write_report("scale", "A day of 100,000 pictures", page)


if __name__ == "__main__":
    main()
