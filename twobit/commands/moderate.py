"""`twobit moderate`: the way in for whoever runs a service that is open to others."""

from typing import Any

import click

from bot.web.links import Link, make_link
from bot.web.visitor import FRONT
from twobit import options
from twobit.errors import BadInputError
from twobit.logs import quiet_logs
from twobit.web import web_settings


@click.command("moderate")
@options.with_options(options.SERVICE)
def command(**given: Any) -> None:
    """Print a link that makes a browser a moderator's; it holds for an hour and is for you alone."""
    quiet_logs()
    settings = options.service(given)
    base = settings.public_url or settings.serving().get("page")
    if base is None:
        raise BadInputError(
            f"no page is served on {settings.data}: start `twobit serve`, or give the page's --public-url"
        )
    web = web_settings(settings)
    name = web.local_person.partition(":")[2]
    click.echo(make_link(web.secret, base, Link(web.local_person, name, FRONT, "", page="moderation")))
