"""`twobit map`: everything about semantic maps; a subcommand is a file in twobit/commands/maps."""

from twobit.lazy import LazyGroup

SUBCOMMANDS = ("suggest", "edit", "check")

command = LazyGroup("twobit.commands.maps", SUBCOMMANDS, name="map", help="Make, understand and repair semantic maps.")
