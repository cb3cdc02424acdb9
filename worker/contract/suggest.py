"""One attempt at suggesting a map for a picture, as it travels to a worker.

Its result is told as any other's, by Done: the map's digest and size. The names of its labels travel inside the
map, see worker.contract.maps.named.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from worker.contract.digest import Digest
from worker.contract.job import JobId
from worker.contract.versions import VERSION

LabelCount = Annotated[int, Field(ge=2, le=32)]


class SuggestOptions(BaseModel):
    """What a person may choose for a suggested map. Raises pydantic.ValidationError for a value out of range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    labels: LabelCount | None = None  # None: as many as the picture seems to have


class SuggestJob(BaseModel):
    """Ids, a digest and choices only. `attempt` is the fencing token."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    kind: Literal["suggest"] = "suggest"
    id: JobId
    attempt: int = Field(ge=1, le=2**31 - 1)
    picture: Digest
    options: SuggestOptions = SuggestOptions()

    @property
    def key(self) -> str:
        """Name of this attempt, unique for ever."""
        return f"{self.id}-{self.attempt}"
