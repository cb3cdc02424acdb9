"""`twobit submit`: hand a doodle to a running service and wait for the painting."""

import contextlib
import time
import uuid
from pathlib import Path
from typing import Any

import click

from bot.desk import FrontError, OutOfReachError, RefusedError, Request, Standing, reading
from bot.desk.local_person import local_person
from twobit import files, options
from twobit.asking import AtDesk, AtPage, Service
from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.page import serving_page
from twobit.settings import ServiceSettings
from twobit.show import Waiting, duration
from twobit.style_choice import map_names, with_style
from twobit.wiring import open_desk
from worker.contract import PictureError
from worker.contract.maps import map_size

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 30.0  # with a service that does not answer, before we let go


@click.command("submit")
@options.with_options(options.PICTURES, options.CHOICES, options.PAGE, options.SERVICE)
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
        checked = choices.checked(map_size(encoded["doodle"], names["doodle"]))
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
        label_names=map_names(paths, encoded),
    )
    with contextlib.closing(service_for(request, settings)) as service:
        submit(service, request)


def service_for(request: Request, settings: ServiceSettings) -> Service:
    """By the API of the page that serves us; where none does, or this is too large for it, by the desk's database."""
    page = serving_page(settings)
    if page is not None and (settings.page is not None or page.takes(request)):
        return AtPage(page)
    if page is not None:
        page.close()
    return AtDesk(open_desk(settings))


def submit(service: Service, request: Request) -> None:
    """Accept, wait, deliver. Raises CommandError; on Ctrl-C the job goes on and its id is told."""
    try:
        reading.check(request)  # here the files have names
        job_id = service.accept(request)
    except RefusedError as error:
        raise BadInputError(str(error)) from error
    except OutOfReachError as error:
        raise OutOfReachServiceError(str(error)) from error
    with Waiting() as waiting:
        waiting.say(f"job {job_id} accepted")
        try:
            standing = wait(service, job_id, Path(request.address), waiting)
        except KeyboardInterrupt:
            waiting.say(
                f"The job goes on: `twobit status {job_id} --out painting.png` fetches the painting, "
                f"`twobit cancel {job_id}` stops it."
            )
            raise
    report(standing, Path(request.address))


def wait(service: Service, job_id: str, out: Path, waiting: Waiting) -> Standing:
    """Show how far the job is until its answer is delivered. Raises CommandError, also after a while of silence."""
    answered = time.monotonic()
    trouble = ""
    while time.monotonic() - answered < PATIENCE_SECONDS:
        try:
            standing = service.standing(job_id)
            if standing.final:
                service.fetch(job_id, out)
                return standing
            show(standing, waiting)
            trouble = "no desk is running"
            if service.running():
                answered = time.monotonic()
        except FrontError as error:
            raise BadInputError(f"{error}; `twobit status {job_id} --out PATH` fetches the painting") from error
        except RefusedError as error:
            raise CommandError(f"{error} (job {job_id})") from error
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
