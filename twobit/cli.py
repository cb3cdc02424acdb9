"""The console script `twobit`: one subcommand a file, each loaded only when it is called."""

import os
import sys

import click

from twobit.errors import CommandError
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
        code = _end(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        code = _end("interrupted", INTERRUPTED)
    except Exception as error:  # the last edge: a person gets a line, a developer the trace
        if os.environ.get(DEBUG):
            raise
        code = _end(f"a fault of the program: {type(error).__name__}: {error} ({DEBUG}=1 shows where)", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _end(message: str, code: int) -> int:
    """One line on stderr, whatever the message was made of."""
    print("twobit:", " ".join(message.split()), file=sys.stderr)  # noqa: T201
    return code
