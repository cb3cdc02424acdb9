"""Two ways to a service for who asks and waits: its page's API, or its desk's own database."""

from pathlib import Path
from typing import Protocol

from bot.cli_front import CliFront
from bot.desk import Desk, FrontError, OutOfReachError, RefusedError, Request, Standing
from twobit import files
from twobit.errors import BadInputError
from twobit.page import Page


class Service(Protocol):
    """What `twobit submit` needs. Every call raises OutOfReachError, and RefusedError with the reason."""

    def accept(self, request: Request) -> str:
        """The id of the job."""
        ...

    def standing(self, job_id: str) -> Standing:
        """Where it stands."""
        ...

    def running(self) -> bool:
        """True while somebody works on the jobs."""
        ...

    def fetch(self, job_id: str, out: Path) -> None:
        """Take the answer of an ended job, and write its painting where there is one. Raises FrontError."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class AtPage:
    """By HTTP."""

    def __init__(self, page: Page) -> None:
        """Of this machine or another."""
        self._page = page

    def accept(self, request: Request) -> str:
        """See Service."""
        return self._page.submit(request)

    def standing(self, job_id: str) -> Standing:
        """See Service."""
        return self._page.look(job_id).standing

    def running(self) -> bool:
        """A page that answers is a desk that runs."""
        return True

    def fetch(self, job_id: str, out: Path) -> None:
        """See Service."""
        painting = self._page.look(job_id).painting
        if painting is not None:
            write_painting(out, self._page.painting(painting))

    def close(self) -> None:
        """See Service."""
        self._page.close()


class AtDesk:
    """By the database, where no page runs."""

    def __init__(self, desk: Desk) -> None:
        """On the same data as the service."""
        self._desk = desk
        self._front = CliFront(write_painting, lambda _standing: None)

    def accept(self, request: Request) -> str:
        """See Service."""
        if not self._desk.running():
            where = self._desk.database.shown
            raise OutOfReachError(f"No desk works on {where}: start `twobit serve` with the same --data or URLs")
        return self._desk.accept(request).job_id

    def standing(self, job_id: str) -> Standing:
        """See Service."""
        return self._desk.standing(job_id)

    def running(self) -> bool:
        """See Service."""
        return self._desk.running()

    def fetch(self, job_id: str, out: Path) -> None:  # noqa: ARG002 - the job's own address says where to
        """See Service."""
        if self._desk.deliver(self._front, job_id) is None:
            if self._desk.owes(job_id):
                raise OutOfReachError("the answer is being handed over elsewhere")
            raise RefusedError(f"the answer was handed over elsewhere: `twobit status {job_id} --out PATH` fetches it")

    def close(self) -> None:
        """See Service."""
        self._desk.database.close()


def write_painting(path: Path, data: bytes) -> None:
    """For CliFront. Raises FrontError."""
    try:
        files.write_out(path, data)
    except BadInputError as error:
        raise FrontError(str(error), permanent=True) from error
