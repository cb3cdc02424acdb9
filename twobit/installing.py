"""How what is missing gets installed: into the Python that runs, from this checkout where it is one."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def how_to_install(extra: str) -> str:
    """A command, in backquotes."""
    pip = f"{sys.executable} -m pip install"
    if (ROOT / "pyproject.toml").is_file():
        return f"`cd {ROOT} && {pip} -c constraints.txt -e '.[{extra}]'`"
    return f"`{pip} 'twobit[{extra}]'`"
