"""`twobit demo`: the whole way of one doodle, on real processes, with what comes along."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from bot.desk import Desk, OutOfReachError, Request
from bot.desk.local_person import local_person
from bot.styles import DEMO_STYLE, house_style
from twobit import files, options
from twobit.asking import AtDesk
from twobit.commands.submit import submit
from twobit.errors import OutOfReachServiceError
from twobit.logs import quiet_logs
from twobit.settings import load_settings, make_data_folder
from twobit.wiring import open_desk
from worker.contract import PaintOptions, UnreachableError
from worker.orphan import tied

READY_SECONDS = 180.0  # longer than `serve` itself waits; it is not waited for once it has ended
STOP_SECONDS = 40.0


@click.command("demo")
@click.option("--folder", type=options.PATH, default=Path("demo"), help="Where demo data and painting go: demo.")
def command(folder: Path) -> None:
    """Serve, paint a bundled doodle in a bundled style, show the way, stop everything."""
    quiet_logs()
    for name in [name for name in os.environ if name.startswith("TWOBIT_")]:
        del os.environ[name]  # not the service that this shell may be set up for: the demo has its own
    settings = load_settings(data=folder / "data")
    make_data_folder(settings.data)
    out = folder.absolute() / "painting.png"
    files.check_writable(out)
    style = house_style(DEMO_STYLE)
    click.echo(f"style   {style.picture}\nmap     {style.map}\ndoodle  {style.doodle}", err=True)
    request = Request(
        style=style.picture.read_bytes(),
        style_map=style.map.read_bytes(),
        doodle=style.doodle.read_bytes(),
        options=PaintOptions(),
        person=local_person(),
        address=str(out),
        label_names={label.colour: label.name for label in style.label},
    )
    click.echo("starting queue, desk and worker", err=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends the demo ends all of it
    command = [sys.executable, "-P", "-m", "twobit", "serve", "--data", str(settings.data)]
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, process_group=0, env=tied(os.environ)) as serve,
    ):
        try:
            submit(AtDesk(_ready_desk(settings.data, serve, folder / "serve.log")), request)
        finally:
            _stop(serve)
    click.echo("everything is shut down again", err=True)


def _stop(serve: "subprocess.Popen[bytes]") -> None:
    serve.send_signal(signal.SIGTERM)
    try:
        serve.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        serve.kill()


def _ready_desk(data: Path, serve: "subprocess.Popen[bytes]", log: Path) -> Desk:
    give_up = time.monotonic() + READY_SECONDS
    while time.monotonic() < give_up and serve.poll() is None:
        settings = load_settings(data=data)
        if settings.redis is not None:
            desk = open_desk(settings)
            try:
                if desk.running() and desk.queue.workers():
                    return desk
            except (OutOfReachError, UnreachableError):
                pass
            desk.database.close()
        time.sleep(0.2)
    raise OutOfReachServiceError(f"`twobit serve` did not come up: {log} says why")
