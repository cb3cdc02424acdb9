"""`twobit map`: what one does with semantic maps, one subcommand a file, each loaded only when it is called."""

import importlib

import click

SUBCOMMANDS = {  # in the order a newcomer needs them; name to module in twobit.commands
    "suggest": "map_suggest",
    "edit": "map_edit",
}


class LazyMapGroup(click.Group):
    """Finds a subcommand by its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of the table."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import just that one."""
        if cmd_name not in SUBCOMMANDS:
            return None
        found: click.Command = importlib.import_module(f"twobit.commands.{SUBCOMMANDS[cmd_name]}").command
        return found


command = LazyMapGroup("map", help="Semantic maps: suggested and edited.", no_args_is_help=True)
