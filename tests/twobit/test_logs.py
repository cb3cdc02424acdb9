"""Logs: one line an event, whoever says it."""

import subprocess
import sys

SAY = """
import logging
from twobit.logs import configure_logs
configure_logs("desk")
configure_logs("desk")
try:
    raise OSError("no room")
except OSError:
    logging.getLogger("library.part").exception("two\\nlines %d", 7)
logging.getLogger("library.part").info("not worth a line")
"""


def test_what_a_library_warns_of_is_one_line_like_ours() -> None:
    done = subprocess.run([sys.executable, "-c", SAY], capture_output=True, text=True, check=True)
    (line,) = done.stderr.splitlines()
    assert "level=error event=library" in line
    assert "process=desk" in line
    assert "logger=library.part" in line
    assert "two\\nlines 7: OSError: no room" in line
