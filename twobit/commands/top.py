"""`twobit top`: queue, workers and the last jobs, live, for whoever runs the service."""

import time
from typing import Any

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table

from bot.desk import Desk, OutOfReachError
from bot.desk.glance import Glance, glance
from twobit import options
from twobit.errors import OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.show import duration
from twobit.wiring import open_desk

LOOK_SECONDS = 1.0
BAR = 20  # characters


@click.command("top")
@click.option("--once", is_flag=True, help="Print one look and end.")
@options.with_options(options.SERVICE)
def command(once: bool, **given: Any) -> None:
    """Show queue, workers and the last jobs, live; Ctrl-C ends."""
    quiet_logs()
    desk = open_desk(options.service(given))
    console = Console()
    try:
        if once:
            console.print(shown(_look(desk)))
            return
        with Live(shown(_look(desk)), console=console, screen=console.is_terminal, auto_refresh=False) as live:
            while True:
                time.sleep(LOOK_SECONDS)
                live.update(shown(_look(desk)), refresh=True)
    except OutOfReachError as error:
        raise OutOfReachServiceError(str(error)) from error


def _look(desk: Desk) -> Glance:
    with desk.database.read() as session:
        return glance(session, desk.clock(), desk.rules)


def shown(seen: Glance) -> RenderableType:
    """A glance as tables."""
    workers = "Redis is away" if seen.workers is None else f"{seen.workers} workers"
    head = f"{seen.at:%Y-%m-%d %H:%M:%S} UTC   {seen.desks} desks   {workers}   {len(seen.running)} running"
    return Group(head, _lanes(seen), _running(seen), _fronts(seen), _ended(seen))


def _lanes(seen: Glance) -> Table:
    table = _table("Waiting", "jobs", "people", "the first for")
    for lane in seen.lanes:
        table.add_row(lane.kind, str(lane.waiting), str(lane.people), duration(lane.oldest_seconds))
    return table


def _running(seen: Glance) -> Table:
    table = _table("Running", "what", "attempt", "for", "done", "worker")
    for job in seen.running:
        bar = "#" * round(job.done * BAR)
        cells = (str(job.attempt), duration(job.seconds), f"{bar:.<{BAR}} {job.done:4.0%}", job.worker)
        table.add_row(job.job_id, job.workload, *cells)
    return table


def _fronts(seen: Glance) -> Table:
    table = _table("Front", "owed", "delivered in 1 h", "given up in 1 h")
    for each in seen.deliveries:
        table.add_row(each.front, str(each.owed), str(each.delivered), str(each.given_up))
    return table


def _ended(seen: Glance) -> Table:
    table = _table("Ended", "what", "how", "attempt", "painted in", "ago")
    for job in seen.ended:
        painted = "" if job.seconds is None else duration(job.seconds)
        table.add_row(job.job_id, job.workload, job.state, str(job.attempt), painted, duration(job.ago))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(head, min_width=14 if number == 0 else None, no_wrap=True)
    return table
