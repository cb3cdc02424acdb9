"""A worker with the stub painter, as a process: `python -m tests.networks.painting REDIS STORE`."""

import sys

from tests import stub_painter
from worker.orphan import die_with_parent
from worker.service import run_worker

if __name__ == "__main__":
    die_with_parent()
    run_worker(sys.argv[1], sys.argv[2], painter_command=stub_painter.COMMAND)
