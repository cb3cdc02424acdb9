"""Who asks where nobody signs in."""

import getpass


def local_person() -> str:
    """Who sits at this machine."""
    return f"cli:{getpass.getuser()}"
