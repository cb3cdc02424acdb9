"""Minutes of random faults under load; `make soak`. A failure prints the seed: TWOBIT_SOAK_SEED=... repeats it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from redis.exceptions import RedisError
from sqlalchemy import func, select

from bot.desk import Standing
from bot.desk.tables import DeliveryRow, JobRow
from tests.faults.platform import counted, posts
from tests.faults.town import Town, town
from tests.stub_painter import DIES, QUICK, REFUSES, SLOW
from worker.contract import UnreachableError

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]
MIX = (QUICK,) * 16 + (SLOW,) * 2 + (DIES, REFUSES)  # of jobs
SEED = int(os.environ.get("TWOBIT_SOAK_SEED") or random.SystemRandom().randrange(10**6))


class Chaos:
    """Breaks one thing after the other."""

    def __init__(self, place: Town, rng: random.Random) -> None:
        """All from one generator: the seed says what breaks in which order."""
        self.place, self.rng = place, rng
        self.done: Counter[str] = Counter()
        self._wakes: list[tuple[float, psutil.Process]] = []
        self._kinds: tuple[Callable[[], None], ...] = (
            self.kill_desk,
            self.kill_worker,
            self.kill_front,
            self.kill_painter,
            self.stop_worker,
            self.wipe_redis,
            self.restart_redis,
            self.second_desk,
            self.second_worker,
        )

    def strike(self) -> None:
        """One fault."""
        kind = self.rng.choice(self._kinds)
        self.done[kind.__name__] += 1
        kind()

    def wake(self, everybody: bool = False) -> None:
        """Those who were stopped go on when their time has come."""
        for until, process in list(self._wakes):
            if everybody or time.monotonic() > until:
                self._wakes.remove((until, process))
                if process.is_running():
                    process.resume()

    def kill_desk(self) -> None:
        """SIGKILL."""
        self._kill("desk")

    def kill_worker(self) -> None:
        """SIGKILL."""
        self._kill("worker")

    def kill_front(self) -> None:
        """SIGKILL."""
        self._kill("front")

    def kill_painter(self) -> None:
        """SIGKILL for the process below a worker."""
        for worker in self.place.parts["worker"]:
            for child in worker.process.children() if worker.alive else []:
                child.kill()

    def stop_worker(self) -> None:
        """SIGSTOP for longer than a lease, then SIGCONT."""
        running = [each for each in self.place.parts["worker"] if each.alive]
        if running:
            victim = self.rng.choice(running)
            victim.process.suspend()
            self._wakes.append((time.monotonic() + 4.5, victim.process))

    def wipe_redis(self) -> None:
        """Everything in it is gone."""
        try:
            self.place.desk.queue.redis.flushall()
        except RedisError:
            self.done["wipe_redis"] -= 1

    def restart_redis(self) -> None:
        """kill -9, and up again."""
        self.place.restart_valkey()

    def second_desk(self) -> None:
        """One more, if there are not three."""
        self._more("desk")

    def second_worker(self) -> None:
        """One more, if there are not three."""
        self._more("worker")

    def _kill(self, part: str) -> None:
        running = [each for each in self.place.parts[part] if each.alive]
        if running:
            os.kill(self.rng.choice(running).process.pid, signal.SIGKILL)

    def _more(self, part: str) -> None:
        if len(self.place.parts[part]) < 3:
            self.place.start(part)


def soak(place: Town, jobs: int, mix: tuple[int, ...], pause: float) -> tuple[Counter[str], list[Standing], float]:
    """Ask for `jobs` paintings while things break; what broke, how each job ended, and in how many seconds."""
    rng = random.Random(SEED)
    chaos = Chaos(place, rng)
    place.heal()
    began = time.monotonic()
    asked: dict[str, int] = {}
    next_fault = began + pause
    while len(counted(place.platform)) < jobs:
        assert time.monotonic() - began < 840, f"seed {SEED}: {missing(place, asked)}"
        if len(asked) < jobs:
            behaviour = rng.choice(mix)
            asked[place.ask(behaviour, person=f"fake:{rng.randrange(12)}")] = behaviour
        if time.monotonic() > next_fault:
            if len(asked) < jobs or rng.random() < 0.5:  # calmer towards the end
                chaos.strike()
            next_fault = time.monotonic() + rng.uniform(0.3, 2.0) * pause
        chaos.wake()
        place.supervise()
        time.sleep(0.15)
    chaos.wake(everybody=True)
    place.heal()
    place.wait_for(lambda: not any(place.desk.owes(job) for job in asked))
    check(place, asked)
    return chaos.done, [place.desk.standing(job) for job in asked], time.monotonic() - began


def missing(place: Town, asked: dict[str, int]) -> list[Standing]:
    return [place.desk.standing(job) for job in asked if not counted(place.platform)[job]]


def check(place: Town, asked: dict[str, int]) -> None:
    """Each job ended once, was told once, and nothing is left."""
    assert counted(place.platform) == Counter(dict.fromkeys(asked, 1)), f"seed {SEED}"
    told = {post["job"]: post["state"] for post in posts(place.platform)}
    with place.desk.database.read() as session:
        states = {row[0]: row[1] for row in session.execute(select(JobRow.id, JobRow.state))}
        owed = select(func.count()).where(DeliveryRow.delivered_at.is_(None), DeliveryRow.given_up.is_(None))
        assert session.execute(owed).scalar_one() == 0, f"seed {SEED}"
    assert told == states, f"seed {SEED}"
    for job, behaviour in asked.items():
        if behaviour in (DIES, REFUSES):
            assert states[job] == "failed", f"seed {SEED}: {job}"
        elif states[job] != "done":  # killed with it three times by chance
            assert "3 times" in (place.desk.standing(job).message or ""), f"seed {SEED}: {job}"
    place.wait_for(lambda: not queued(place))


def queued(place: Town) -> set[str]:
    try:
        return place.desk.queue.waiting()
    except UnreachableError:
        return {"unknown"}


def report(name: str, found: tuple[Counter[str], list[Standing], float]) -> None:
    faults, standings, seconds = found
    states = Counter(standing.state for standing in standings)
    attempts = sum(standing.attempt for standing in standings)
    print(  # noqa: T201 - the report is made of it
        f"\n{name}: seed {SEED}, {len(standings)} jobs in {seconds:.0f} s, {sum(faults.values())} faults "
        f"({', '.join(f'{count} {kind}' for kind, count in sorted(faults.items()))}); ended: {dict(states)}; "
        f"{attempts} attempts; every job answered once, nothing twice"
    )


def test_two_hundred_jobs_under_random_faults(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        report("stub painter", soak(place, 200, MIX, pause=2.0))


def test_the_real_engine_under_random_faults(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        place.engine = True
        report("real engine", soak(place, 40, (QUICK, SLOW), pause=1.0))


def test_four_workers_do_the_work_of_four(tmp_path: Path) -> None:
    """The stub sleeps 3 s a job: what is measured is the queue, and no processor."""
    with town(tmp_path) as place:
        place.heal()
        alone = timed(place, 6)
        for _ in range(3):
            place.start("worker")
        place.wait_for(lambda: place.desk.queue.workers() == 4)
        time.sleep(1.0)  # the desk has heard of them too
        together = timed(place, 24)
        ratio = 4 * alone / together
        print(f"\none worker: 6 jobs in {alone:.1f} s; four: 24 in {together:.1f} s; ratio {ratio:.2f}")  # noqa: T201
        assert ratio >= 3.6


def timed(place: Town, jobs: int) -> float:
    asked = [place.ask(SLOW, person=f"fake:{number}") for number in range(jobs)]
    began = time.monotonic()
    for job in asked:
        place.until(job, lambda standing: standing.state == "done")
    return time.monotonic() - began


def test_grown_two_desks_two_workers_and_a_front_on_postgresql_and_s3(
    postgres_url: str, s3_bucket: str, tmp_path: Path
) -> None:
    with town(tmp_path, postgres_url, f"{s3_bucket}/{tmp_path.name}") as place:
        place.heal()
        place.start("desk")
        place.start("worker")
        place.wait_for(lambda: place.desk.queue.workers() == 2)
        jobs = [place.ask(SLOW if number < 2 else QUICK, person=f"fake:{number % 5}") for number in range(16)]
        for job in jobs:
            assert place.painted(job).attempt == 1
        assert counted(place.platform) == Counter(dict.fromkeys(jobs, 1))
        for part in ("desk", "worker"):
            os.kill(place.parts[part][0].process.pid, signal.SIGKILL)  # and either half is enough
        job = place.ask()
        assert place.painted(job).attempt <= 2
