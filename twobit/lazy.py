"""Groups of commands that load only the one that is called."""

import importlib
from typing import Any

import click


class LazyGroup(click.Group):
    """Finds a subcommand by the name of its module in a package: there it is called `command`."""

    def __init__(self, package: str, commands: tuple[str, ...], **settings: Any) -> None:
        """`commands` in the order a newcomer needs them."""
        super().__init__(no_args_is_help=True, **settings)
        self.package = package
        self.names = commands

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order given."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import just that one."""
        if cmd_name not in self.names:
            return None
        command: click.Command = importlib.import_module(f"{self.package}.{cmd_name}").command
        return command
