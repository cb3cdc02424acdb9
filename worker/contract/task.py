"""What a worker may be asked to do: paint, or suggest a map."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from worker.contract.errors import ContractError
from worker.contract.job import Job
from worker.contract.suggest import SuggestJob
from worker.contract.versions import checked

Task = Annotated[Job | SuggestJob, Field(discriminator="kind")]
_TASK: TypeAdapter[Job | SuggestJob] = TypeAdapter(Task)


def task_from_json(text: str | bytes) -> Job | SuggestJob:
    """Read a job of either kind. Raises UnknownVersionError, or ContractError naming the field that is wrong."""
    message = checked(text, "job")
    try:
        return _TASK.validate_python(message)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"This job can't be read: {field}: {first['msg']}") from error
