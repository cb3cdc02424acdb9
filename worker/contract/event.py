"""What a worker tells of an attempt: started, step, done, failed. Each carries the attempt as fencing token."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from worker.contract.digest import Digest
from worker.contract.errors import ContractError
from worker.contract.job import JobId
from worker.contract.versions import VERSION, checked

Failure = Literal[
    "input",  # the pictures or choices are at fault: the same again would fail the same way
    "resource",  # a network, device or memory is missing on that worker
    "crashed",  # the painter died, hung or broke
    "returned",  # the worker was told to stop and handed the job back; nobody's fault
]


# What the database can hold, whoever sends it.
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Sentence = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    job_id: JobId
    attempt: int = Field(ge=1, le=2**31 - 1)
    worker: str = Field(max_length=80)  # the process that paints; the first to start an attempt owns it


class Started(_Event):
    """A worker has taken the attempt. Also sent as a sign of life until the first step."""

    kind: Literal["started"] = "started"


class Stepped(_Event):
    """How far the painting is. Repeated as a sign of life between steps."""

    kind: Literal["step"] = "step"
    octave: Count
    octaves: Count
    iteration: Count
    iterations: Count
    done: float = Field(ge=0, le=1)  # share of the whole work
    seconds: Seconds  # since the painting began
    preview: Digest | None = None  # among the store's previews: a small JPEG of the painting so far


class Done(_Event):
    """The painting lies in the store."""

    kind: Literal["done"] = "done"
    result: Digest
    width: int = Field(ge=1, le=65536)
    height: int = Field(ge=1, le=65536)
    seconds: Seconds  # painting only
    notes: tuple[Sentence, ...] = ()


class Failed(_Event):
    """The attempt has ended without a painting; `message` is one sentence for the person."""

    kind: Literal["failed"] = "failed"
    failure: Failure
    message: Sentence


Event = Annotated[Started | Stepped | Done | Failed, Field(discriminator="kind")]
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def event_from_json(text: str | bytes) -> Event:
    """Read an event. Raises UnknownVersionError, or ContractError naming the field that is wrong."""
    message = checked(text, "event")
    try:
        return _EVENT.validate_python(message)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"This event can't be read: {field}: {first['msg']}") from error
