"""`twobit submit`: hand a doodle to a running service and wait for the painting."""

import time
import uuid
from pathlib import Path
from typing import Any

import click

from bot.cli_front import CliFront
from bot.desk import Desk, FrontError, OutOfReachError, RefusedError, Request, Standing
from bot.desk.desk import local_person
from twobit import files, options
from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.show import Waiting, duration
from twobit.style_choice import with_style
from twobit.wiring import open_desk
from worker.contract import PictureError
from worker.contract.pictures import picture_size

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 30.0  # with a service that does not answer, before we let go


@click.command("submit")
@options.with_options(options.PICTURES, options.CHOICES, options.SERVICE)
def command(**given: Any) -> None:
    """Send a doodle to a running `twobit serve` and wait for the painting."""
    quiet_logs()
    paths: options.PictureFiles = options.take(options.PictureFiles, given)
    choices: options.Choices = options.take(options.Choices, given)
    settings = options.service(given)
    paths = with_style(paths, settings)
    files.check_writable(paths.out)
    encoded = files.read_pictures(paths)
    names = paths.named()
    try:
        checked = choices.checked(picture_size(encoded["doodle"], names["doodle"]))
    except PictureError as error:
        raise BadInputError(str(error)) from error
    request = Request(
        style=encoded["style"],
        style_map=encoded["style_map"],
        doodle=encoded["doodle"],
        content=encoded.get("content"),
        options=checked,
        person=local_person(),
        address=str(paths.out.absolute()),
        request_key=f"cli:{uuid.uuid4().hex}",
        names=names,
    )
    submit(open_desk(settings), request)


def submit(desk: Desk, request: Request) -> None:
    """Accept, wait, deliver. Raises CommandError; on Ctrl-C the job goes on and its id is told."""
    try:
        if not desk.running():
            where = desk.database.engine.url.render_as_string(hide_password=True)
            raise OutOfReachServiceError(f"No desk works on {where}: start `twobit serve` with the same --data or URLs")
        ticket = desk.accept(request)
    except RefusedError as error:
        raise BadInputError(str(error)) from error
    except OutOfReachError as error:
        raise OutOfReachServiceError(str(error)) from error
    with Waiting() as waiting:
        waiting.say(f"job {ticket.job_id} accepted")
        front = CliFront(write_painting, lambda standing: show(standing, waiting))
        try:
            standing = wait(desk, front, ticket.job_id, request.address)
        except KeyboardInterrupt:
            waiting.say(
                f"The job goes on: `twobit status {ticket.job_id} --out painting.png` fetches the painting, "
                f"`twobit cancel {ticket.job_id}` stops it."
            )
            raise
    report(standing, Path(request.address))


def write_painting(path: Path, data: bytes) -> None:
    """For CliFront. Raises FrontError."""
    try:
        files.write_out(path, data)
    except BadInputError as error:
        raise FrontError(str(error), permanent=True) from error


def wait(desk: Desk, front: CliFront, job_id: str, address: str) -> Standing:
    """Show how far the job is until its answer is delivered. Raises CommandError, also after a while of silence."""
    answered = time.monotonic()
    trouble = ""
    while time.monotonic() - answered < PATIENCE_SECONDS:
        try:
            standing = desk.standing(job_id)
            if not standing.final:
                front.progress(address, standing)
            elif desk.deliver(front, job_id) is not None:
                return standing
            elif not desk.owes(job_id):
                fetch = f"`twobit status {job_id} --out PATH` fetches it"
                raise CommandError(f"the answer to job {job_id} was handed over elsewhere: {fetch}")
            trouble = "no desk is running"
            if desk.running():
                answered = time.monotonic()
        except FrontError as error:
            raise BadInputError(f"{error}; `twobit status {job_id} --out PATH` fetches the painting") from error
        except OutOfReachError as error:
            trouble = str(error)
        time.sleep(POLL_SECONDS)
    raise OutOfReachServiceError(
        f"{trouble}. The job is safe: start `twobit serve` again, then `twobit status {job_id}`"
    )


def show(standing: Standing, waiting: Waiting) -> None:
    """One look at a job, for people."""
    eta = "" if standing.eta_seconds is None else f", {duration(standing.eta_seconds)} to go"
    if standing.state == "queued":
        waiting.share(0.0, f"queued, {standing.ahead} ahead{eta}")
    elif standing.progress is None:
        waiting.share(0.0, f"a painter has begun{eta}")
    else:
        progress = standing.progress
        waiting.share(progress.done, f"octave {progress.octave}/{progress.octaves}{eta}")


def report(standing: Standing, out: Path) -> None:
    """The last words. Raises CommandError when there is no painting."""
    if standing.state != "done":
        fault = BadInputError if standing.failure == "input" else CommandError
        raise fault(f"job {standing.job_id} {standing.state}: {standing.message}")
    for note in standing.notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{out}  {standing.width}x{standing.height}, painted in {duration(standing.seconds or 0)}")
