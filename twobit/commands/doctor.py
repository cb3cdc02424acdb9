"""`twobit doctor`: what is installed, reachable, writable, fast; each finding with the way out."""

from typing import Any

import click

from twobit import options
from twobit.errors import CommandError
from twobit.health import Finding, findings
from twobit.hiding import Hiding
from twobit.logs import quiet_logs

MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


@click.command("doctor")
@options.with_options(options.SERVICE)
def command(**given: Any) -> None:
    """Check what is installed, reachable, writable and fast; exit 1 when something needed is missing."""
    quiet_logs()
    hiding = Hiding()
    settings = options.service(given)
    bad: list[Finding] = []
    for finding in findings(settings):
        click.echo(f"{MARKS[finding.state]}  {finding.part:<20} {hiding.hide(finding.text)}")
        if finding.state == "bad":
            bad.append(finding)
    if bad:
        raise CommandError(f"{len(bad)} of these must be mended: {', '.join(finding.part for finding in bad)}")
