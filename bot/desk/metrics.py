"""The desk's figures for Prometheus.

What this process hears is counted here (sum it over the desks); what stands in the database is the same whichever desk
is asked (take the greatest).
"""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.errors import OutOfReachError
from bot.desk.glance import Glance, glance
from bot.desk.rules import Rules
from bot.desk.tables import JobRow
from worker.contract import Done, Event, Failed
from worker.contract.figures import PAINT_SECONDS, side_of

WAITS = (1.0, 3.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1800.0, 3600.0)  # s


class Heard:
    """Counts what this process's loop settles. One for a process."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """`registry`: where the figures are listed; a new one by default."""
        self.registry = registry or CollectorRegistry()
        self.ended = Counter("twobit_jobs_ended", "Jobs that ended.", ("lane", "outcome"), registry=self.registry)
        self.broken = Counter(
            "twobit_attempts_repeated", "Attempts that had to be repeated.", ("why",), registry=self.registry
        )
        self.wait = Histogram(
            "twobit_wait_seconds", "From acceptance to the start.", ("lane",), buckets=WAITS, registry=self.registry
        )
        self.paint = Histogram(
            "twobit_paint_seconds", "Painting only.", ("method", "side"), buckets=PAINT_SECONDS, registry=self.registry
        )

    def settled(self, session: Session, events: Iterable[Event]) -> None:
        """These were settled in this transaction, which is about to be committed."""
        ends = [event for event in events if isinstance(event, Done | Failed)]
        if not ends:
            return
        rows = session.execute(select(JobRow).where(JobRow.id.in_({event.job_id for event in ends}))).scalars()
        found = {row.id: row for row in rows}
        for event in ends:
            row = found.get(event.job_id)
            if row is None:
                continue
            if row.state == "queued":
                self.broken.labels(event.failure if isinstance(event, Failed) else "").inc()
            else:
                self._ended(row)

    def repeated(self, why: str, count: int) -> None:
        """So many attempts go back into the line: their lease ran out, or Redis lost them."""
        if count:
            self.broken.labels(why).inc(count)

    def _ended(self, row: JobRow) -> None:
        self.ended.labels(row.kind, row.state).inc()
        if row.started_at is not None:
            self.wait.labels(row.kind).observe((row.started_at - row.created_at).total_seconds())
        if row.seconds is not None:
            self.paint.labels(row.workload.split(" ")[0] or row.kind, side_of(row.pixels)).observe(row.seconds)


class DatabaseCollector(Collector):
    """What stands in the database, asked whenever Prometheus asks; nothing while it is away."""

    def __init__(self, database: Database, clock: Clock, rules: Rules) -> None:
        """Register it with the registry that is shown."""
        self._database = database
        self._clock = clock
        self._rules = rules

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        try:
            with self._database.read() as session:
                seen = glance(session, self._clock(), self._rules)
        except OutOfReachError:
            return  # a figure that is missing says it: see the alerts
        yield from families(seen)


def families(seen: Glance) -> Iterator[Metric]:
    """A glance as gauges."""
    waiting = GaugeMetricFamily("twobit_queue_waiting", "Jobs that have not begun.", labels=("lane",))
    people = GaugeMetricFamily("twobit_queue_people", "People who wait.", labels=("lane",))
    oldest = GaugeMetricFamily("twobit_queue_oldest_seconds", "How long the first one has waited.", labels=("lane",))
    lanes = {lane.kind: lane for lane in seen.lanes}
    for kind in ("paint", "suggest"):
        lane = lanes.get(kind)
        waiting.add_metric([kind], 0 if lane is None else lane.waiting)
        people.add_metric([kind], 0 if lane is None else lane.people)
        oldest.add_metric([kind], 0.0 if lane is None else lane.oldest_seconds)
    owed = GaugeMetricFamily("twobit_deliveries_owed", "Answers that are not delivered yet.", labels=("front",))
    done = GaugeMetricFamily("twobit_deliveries_hour", "Answers of the last hour.", labels=("front", "outcome"))
    for each in seen.deliveries:
        owed.add_metric([each.front], each.owed)
        done.add_metric([each.front, "delivered"], each.delivered)
        done.add_metric([each.front, "given_up"], each.given_up)
    running = GaugeMetricFamily("twobit_queue_running", "Jobs under way.", value=len(seen.running))
    desks = GaugeMetricFamily("twobit_desks", "Desks that gave a sign of life.", value=seen.desks)
    yield from (waiting, people, oldest, running, owed, done, desks)
