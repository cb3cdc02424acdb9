"""The desk's numbers, in one place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds unless said otherwise."""

    lease: float = 12.0  # without a sign of life an attempt is an orphan; a worker beats every 2 s
    lost: float = 10.0  # an attempt neither waiting in Redis nor started after so long is queued again
    crashes: int = 3  # attempts that may break before the job is set aside
    losses: int = 20  # attempts that vanish, or whose silence is forgiven; stops a job that goes round for ever
    claim: float = 60.0  # how long a front may take for one delivery before another may try
    tries: int = 40  # of one delivery, before giving up: with the pauses below about two hours
    longest_pause: float = 240.0  # between two tries of one delivery; they begin at 1 s and double
    desk_seen: float = 10.0  # a desk not seen for so long is not running
    spare: int = 1  # attempts in Redis beyond one per idle worker: the next is at hand, the rest stays fair
    newcomer: float = 3600.0  # who was not served for so long goes first, see bot.desk.line
    most_waiting: int = 5  # jobs of one person queued or running
    most_a_day: int = 100  # jobs of one person in 24 h; one that failed is not counted
    most_bytes_a_day: int = 500 * 2**20  # of one person's pictures in 24 h
    uncapped: frozenset[str] = frozenset({"cli"})  # fronts without caps: who is at the machine pays for it
