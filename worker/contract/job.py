"""One attempt at one painting, as it travels to a worker."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from worker.contract.digest import Digest
from worker.contract.errors import ContractError
from worker.contract.options import PaintOptions
from worker.contract.versions import VERSION, checked

MOST_NAMES = 128  # of labels: those of a style and those in its map's file

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
JobId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{8,32}$")]


class Job(BaseModel):
    """Ids, digests and choices only: pictures stay in the store. `attempt` is the fencing token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    kind: Literal["paint"] = "paint"
    id: JobId
    attempt: int = Field(ge=1, le=2**31 - 1)
    style: Digest
    style_map: Digest
    doodle: Digest
    content: Digest | None = None
    options: PaintOptions = PaintOptions()
    label_names: dict[Colour, Name] = Field(default_factory=dict, max_length=MOST_NAMES)  # of the style map, for notes

    @property
    def key(self) -> str:
        """Name of this attempt, unique for ever."""
        return f"{self.id}-{self.attempt}"


def job_from_json(text: str | bytes) -> Job:
    """Read a job. Raises UnknownVersionError, or ContractError naming the field that is wrong."""
    message = checked(text, "job")
    try:
        return Job.model_validate(message)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"This job can't be read: {field}: {first['msg']}") from error
