"""The console script `twobit`: one subcommand a file, each loaded only when it is called."""

import os
import sys
import traceback

import click

from twobit.errors import CommandError
from twobit.hiding import Hiding
from twobit.lazy import LazyGroup

INTERRUPTED = 130
DEBUG = "TWOBIT_DEBUG"
COMMANDS = (
    "paint",
    "style",
    "map",
    "grid",
    "serve",
    "submit",
    "status",
    "cancel",
    "worker",
    "desk",
    "doctor",
    "top",
    "moderate",
    "bot",
    "demo",
)


def main() -> None:
    """Run a command and exit: 0 done, 2 the input is at fault, 3 a service is out of reach, 130 interrupted."""
    group = LazyGroup("twobit.commands", COMMANDS, name="twobit", help="Turns two-bit doodles into paintings.")
    try:
        code = group.main(standalone_mode=False)
    except CommandError as error:
        code = _end(str(error), error.code)
    except click.exceptions.NoArgsIsHelpError as error:
        code = error.exit_code
        error.show()
    except click.ClickException as error:
        code = _end(f"{error.format_message().rstrip('.')}{_way_out(error)}", error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        code = _end("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the last edge: a person gets a line, a developer the trace
        if os.environ.get(DEBUG):
            _show_where(error)
        code = _end(f"a fault of the program: {type(error).__name__}: {error} ({DEBUG}=1 shows where)", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _way_out(error: click.ClickException) -> str:
    """Where a person reads what the command takes."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    return "" if ctx is None else f": `{_called(ctx)} --help` shows what it takes"


def _called(ctx: click.Context) -> str:
    """The command as it is typed, whatever it was started by."""
    above = [] if ctx.parent is None else [_called(ctx.parent)]
    return " ".join([*above, str(ctx.command.name or ctx.info_name)])


def _show_where(error: Exception) -> None:
    where = "".join(traceback.format_exception(error))
    print(Hiding().hide(where), file=sys.stderr)  # noqa: T201


def _end(message: str, code: int) -> int:
    """One line on stderr, whatever the message was made of."""
    print("twobit:", Hiding().hide(" ".join(message.split())), file=sys.stderr)  # noqa: T201
    return code
