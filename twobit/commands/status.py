"""`twobit status JOB`: where a job stands; with --out, fetch its painting."""

from pathlib import Path
from typing import Any

import click

from bot.desk import OutOfReachError, RefusedError, Standing, UnknownJobError
from twobit import files, options
from twobit.errors import BadInputError, OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.show import duration
from twobit.wiring import open_desk


@click.command("status")
@click.argument("job")
@click.option("-o", "--out", type=options.PATH, help="Write the finished painting here (PNG).")
@options.with_options(options.SERVICE)
def command(job: str, out: Path | None, **given: Any) -> None:
    """Show where a job stands; with --out, fetch its painting."""
    quiet_logs()
    if out is not None:
        files.check_writable(out)
    settings = options.service(given)
    desk = open_desk(settings)
    try:
        standing = desk.standing(job)
        click.echo(describe(standing))
        if out is not None:
            files.write_out(out, desk.painting(job))
            desk.fetched(job)
            click.echo(str(out))
    except (UnknownJobError, RefusedError) as error:
        raise BadInputError(str(error)) from error
    except OutOfReachError as error:
        raise OutOfReachServiceError(str(error)) from error


def describe(standing: Standing) -> str:
    """A job in one line."""
    parts = [f"job {standing.job_id}: {standing.state}"]
    if standing.ahead is not None:
        parts.append(f"{standing.ahead} ahead")
    if standing.progress is not None and not standing.final:
        progress = standing.progress
        parts.append(f"{progress.done:.0%}, octave {progress.octave}/{progress.octaves}")
    if standing.eta_seconds is not None:
        parts.append(f"{duration(standing.eta_seconds)} to go")
    if standing.state == "done":
        parts.append(f"{standing.width}x{standing.height}, painted in {duration(standing.seconds or 0)}")
    if standing.message:
        parts.append(standing.message)
    return ", ".join(parts)
