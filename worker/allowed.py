"""An RQ job that can run nothing but what this worker lists.

RQ imports whatever function, callback or webhook a job in Redis names, also with JSON as serializer: whoever can
write to Redis could run `os.system`. Here a name is looked up in a table and never imported.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rq.job import Job as RqJob


class ForbiddenJobError(Exception):
    """A job in Redis asks for something that this worker doesn't do."""


class AllowListedJob(RqJob):
    """Base of the job classes made by `allow_only`; by itself it allows nothing."""

    functions: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    @property
    def func(self) -> Callable[..., Any]:
        """The listed function of that name. Raises ForbiddenJobError for any other."""
        try:
            return self.functions[str(self.func_name)]
        except KeyError:
            raise ForbiddenJobError(f"the job asks for {self.func_name!r}, which this worker doesn't run") from None

    @property
    def success_callback(self) -> None:
        """No callback is ever imported."""
        return

    @property
    def failure_callback(self) -> None:
        """No callback is ever imported."""
        return

    @property
    def stopped_callback(self) -> None:
        """No callback is ever imported."""
        return

    def send_webhooks(self, *args: Any, **kwargs: Any) -> None:
        """No address that stands in Redis is ever called."""


def allow_only(functions: Mapping[str, Callable[..., Any]]) -> type[AllowListedJob]:
    """A job class for a worker that runs just these functions, by these names."""
    return type("PaintJob", (AllowListedJob,), {"functions": dict(functions)})
