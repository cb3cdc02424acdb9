"""The desk's figures, and `twobit top`, on both databases."""

import io

import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from rich.console import Console

from bot.desk import Desk, outbox
from bot.desk.dispatch import dispatch
from bot.desk.glance import glance
from bot.desk.loop import DeskLoop
from bot.desk.metrics import DatabaseCollector
from tests.bot.community.people import set_clock
from tests.bot.desk.test_desk import done, failed, started
from tests.bot.desk.test_line import ask
from twobit.commands.top import shown
from worker.contract import EventStream
from worker.contract.figures import side_of


def some_jobs(desk: Desk, redis_url: str) -> None:
    """One done, one broken off and waiting, one running, one suggestion's worth of nothing."""
    set_clock(desk)
    stream = EventStream.at(redis_url)
    loop = DeskLoop(desk, stream)
    finished, broken, running = (ask(desk, f"discord:{name}", width=64, height=48) for name in "abc")
    desk.rules = desk.rules.__class__(spare=9)
    dispatch(desk.database, desk.queue, desk.clock, desk.rules)
    desk.clock.pass_(seconds=5)  # type: ignore[attr-defined]
    for event in (
        started(finished),
        done(finished, result=desk.store.put(b"x")),
        failed(broken, "crashed"),
        started(running),
    ):
        stream.publish(event)
    loop.round()
    desk.beat("desk")


def test_the_figures(desk: Desk, redis_url: str) -> None:
    some_jobs(desk, redis_url)
    registry = CollectorRegistry()
    registry.register(DatabaseCollector(desk.database, desk.clock, desk.rules))
    text = (generate_latest(registry) + generate_latest(desk.heard.registry)).decode()
    for line in (
        'twobit_queue_waiting{lane="paint"} 1.0',
        'twobit_queue_waiting{lane="suggest"} 0.0',
        'twobit_queue_oldest_seconds{lane="paint"} 5.0',
        "twobit_queue_running 1.0",
        'twobit_deliveries_owed{front="discord"} 1.0',
        "twobit_desks 1.0",
        'twobit_jobs_ended_total{lane="paint",outcome="done"} 1.0',
        'twobit_attempts_repeated_total{why="crashed"} 1.0',
        'twobit_wait_seconds_sum{lane="paint"} 5.0',
        'twobit_paint_seconds_count{method="fast",side="256"} 1.0',
    ):
        assert line in text, line
    assert "discord:a" not in text  # nobody's name


def test_top_shows_it(desk: Desk, redis_url: str) -> None:
    some_jobs(desk, redis_url)
    with desk.database.read() as session:
        seen = glance(session, desk.clock(), desk.rules)
    out = io.StringIO()
    Console(file=out, width=120).print(shown(seen))
    text = out.getvalue()
    assert "1 desks" in text
    assert "1 running" in text
    for word in ("fast fast embedded", "done", "owed", "w1"):
        assert word in text
    assert "discord:a" not in text


@pytest.mark.parametrize(
    ("pixels", "side"), [(0, "unknown"), (1, "256"), (512 * 512, "512"), (513 * 512, "1024"), (9**9, "more")]
)
def test_sizes_are_few(pixels: int, side: str) -> None:
    assert side_of(pixels) == side


def test_fronts_and_figures_look_at_no_delivered_row(desk: Desk) -> None:
    """With a million delivered answers a front must still find the one that is owed at once."""
    asked = []
    sa.event.listen(desk.database.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with desk.database.write() as session:
        outbox.claim(session, "discord", desk.clock(), desk.rules)
    with desk.database.read() as session:
        glance(session, desk.clock(), desk.rules)
    deliveries = [(text, values) for text, values in asked if "FROM delivery" in text]
    assert len(deliveries) == 4
    with desk.database.engine.connect() as connection:
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            connection.exec_driver_sql("SET enable_seqscan = off")  # of an empty table it would read the whole
        for text, values in deliveries:
            explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
            plan = str(connection.exec_driver_sql(explain + text, values).all())
            assert "ix_delivery_" in plan, (text, plan)
            assert "SCAN delivery" not in plan or "USING" in plan, plan
