"""Child processes that are kept running until they are told to stop, and never outlive us."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field

import structlog

from worker.orphan import tied

log = structlog.get_logger(__name__)

FIRST_PAUSE = 0.2  # seconds before a restart; doubles with each quick death
LONGEST_PAUSE = 10.0
LONG_LIFE = 30.0  # a child that lived so long starts from the first pause again
SECOND_TERM = 1.5  # RQ takes a second signal only after a second: then the job in hand goes back to the line
GRACE = 10.0


@dataclass
class Child:
    """One process and how to start it again."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    next_start: float = 0.0

    def start(self) -> None:
        """Start it in a group of its own: Ctrl-C is for the supervisor, which stops them in order."""
        environment = tied({**os.environ, **self.environment})
        self.process = subprocess.Popen(self.command, env=environment, process_group=0)
        self.started = time.monotonic()
        log.info("child_started", child=self.name, pid=self.process.pid)

    def look(self, now: float) -> None:
        """Start it again when it has died, after a pause that grows."""
        if self.process is None:
            if now >= self.next_start:
                self.start()
        elif self.process.poll() is not None:
            if now - self.started > LONG_LIFE:
                self.pause = FIRST_PAUSE
            log.warning("child_died", child=self.name, code=self.process.returncode, restart_in=self.pause)
            self.process = None
            self.next_start = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """Ask, ask again, then kill."""
        if self.process is None:
            return
        for patience in (SECOND_TERM, GRACE):
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            break
        else:
            self.process.kill()
            self.process.wait()
        self.process = None


class Supervisor:
    """Children in the order of their start; stopped in the reverse order."""

    def __init__(self) -> None:
        """No child yet."""
        self.children: list[Child] = []

    def add(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> Child:
        """Start a child and keep it running."""
        child = Child(name, command, environment or {})
        self.children.append(child)
        child.start()
        return child

    def look(self) -> None:
        """Restart who died; call it several times a second."""
        now = time.monotonic()
        for child in self.children:
            child.look(now)

    def stop(self) -> None:
        """Stop all, last started first."""
        for child in reversed(self.children):
            child.stop()
