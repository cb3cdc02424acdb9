"""What ends a command, with its exit code."""


class CommandError(Exception):
    """One line for stderr; never a stack trace."""

    code = 1


class BadInputError(CommandError):
    """The input is at fault."""

    code = 2


class OutOfReachServiceError(CommandError):
    """A service is out of reach."""

    code = 3
