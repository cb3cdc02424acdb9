"""`twobit worker`: takes jobs from the queue and paints them."""

from typing import Any

import click

from twobit import options
from twobit.errors import OutOfReachServiceError
from twobit.logs import configure_logs
from twobit.tracing import start_tracing
from twobit.wiring import redis_url as find_redis
from worker.contract import UnreachableError
from worker.orphan import die_with_parent


@click.command("worker")
@options.with_options(options.SERVICE)
def command(**given: Any) -> None:
    """Take jobs from the queue and paint them, until SIGTERM (ends after the job in hand)."""
    configure_logs("worker")
    die_with_parent()
    settings = options.service(given)
    start_tracing(settings, "worker")
    from worker.service import run_worker

    try:
        run_worker(find_redis(settings), settings.store, networks=settings.networks, metrics_at=settings.worker_metrics)
    except UnreachableError as error:
        raise OutOfReachServiceError(str(error)) from error
