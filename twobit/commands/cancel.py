"""`twobit cancel JOB`."""

from typing import Any

import click

from bot.desk import OutOfReachError, UnknownJobError
from twobit import options
from twobit.commands.status import describe
from twobit.errors import BadInputError, OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.wiring import open_desk


@click.command("cancel")
@click.argument("job")
@options.with_options(options.SERVICE)
def command(job: str, **given: Any) -> None:
    """Cancel a job that has not ended; as the operator, whoever asked for it."""
    quiet_logs()
    settings = options.service(given)
    try:
        standing = open_desk(settings).cancel(job, by=None)
    except UnknownJobError as error:
        raise BadInputError(str(error)) from error
    except OutOfReachError as error:
        raise OutOfReachServiceError(str(error)) from error
    if standing.state != "cancelled":
        raise BadInputError(f"{describe(standing)}: it has ended already, there is nothing to cancel")
    click.echo(describe(standing))
