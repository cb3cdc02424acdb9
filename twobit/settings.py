"""Where data, queue, database and store are: command line, else TWOBIT_*_FILE, else TWOBIT_*, else one folder."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from twobit.errors import BadInputError
from twobit.secret import find_secret

SERVE_FILE = "serve.json"  # what a running `twobit serve` tells the other commands on its data folder


class ServiceSettings(BaseSettings):
    """Made in main and passed down; None means: the default inside the data folder."""

    model_config = SettingsConfigDict(env_prefix="TWOBIT_", frozen=True, extra="ignore")

    data: Path = Path(platformdirs.user_data_dir("twobit", appauthor=False))
    host: str = "127.0.0.1"
    port: int = 0
    redis_url: str | None = None
    database_url: str | None = None
    store_url: str | None = None
    public_url: str | None = None
    open: bool = False
    moderators: str = ""
    web_secret: SecretStr | None = None
    result_days: float = Field(
        default=30.0, ge=0, allow_inf_nan=False
    )  # until what was not published is deleted; 0 keeps it
    metrics_token: SecretStr | None = None
    worker_metrics_port: int = Field(default=0, ge=0, le=65535)  # of a worker's own /metrics; 0: none
    worker_metrics_host: str = "127.0.0.1"
    trace_url: str | None = None  # an OpenTelemetry collector's, by OTLP over HTTP
    trace_share: float = Field(default=1.0, ge=0, le=1)  # of the jobs
    page: str | None = None  # of a service elsewhere
    token: SecretStr | None = None  # of a person of that service
    discord_client_id: str | None = None
    discord_client_secret: SecretStr | None = None

    @property
    def store(self) -> str:
        """URL of the picture store."""
        return self.store_url or (self.data / "pictures").as_uri()

    @property
    def redis(self) -> str | None:
        """URL of Redis; that of the running `serve` when none was given; None while it does not run."""
        return self.redis_url or self.serving().get("redis_url")

    @property
    def worker_metrics(self) -> tuple[str, int] | None:
        """Where a worker shows its figures; None: nowhere."""
        return (self.worker_metrics_host, self.worker_metrics_port) if self.worker_metrics_port else None

    @property
    def styles(self) -> Path:
        """Folder of added styles."""
        return self.data / "styles"

    @property
    def networks(self) -> Path:
        """Folder of downloaded network weights."""
        return self.data / "networks"

    @property
    def lasting(self) -> str:
        """A mark of the database and the store: two commands with the same one share their jobs."""
        return hashlib.sha256(f"{self.database_url} {self.store_url}".encode()).hexdigest()

    def serving(self) -> dict[str, Any]:
        """What the last `twobit serve` on this data folder wrote down; empty when it ended properly."""
        try:
            found = json.loads((self.data / SERVE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def load_settings(**given: Any) -> ServiceSettings:
    """Settings from what was given on the command line (None = not given) and the environment. Raises BadInputError."""
    try:
        named = {name: value for name, value in given.items() if value is not None}
        settings = ServiceSettings(**{**_from_files(), **named})
    except ValidationError as error:
        first = error.errors()[0]
        name = "TWOBIT_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadInputError(f"{name}: {first['msg']}") from error
    return settings.model_copy(update={"data": settings.data.expanduser().absolute()})


def _from_files() -> dict[str, str]:
    """What TWOBIT_<NAME>_FILE names: a secret in a file shows in no process list and no container's description."""
    variables = {name: f"TWOBIT_{name.upper()}" for name in ServiceSettings.model_fields}
    found = {name: find_secret(each) for name, each in variables.items() if f"{each}_FILE" in os.environ}
    return {name: value for name, value in found.items() if value is not None}


def make_data_folder(data: Path) -> None:
    """Make the data folder, for this user alone: people's pictures lie in it. Raises BadInputError."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        data.mkdir(mode=0o700, exist_ok=True)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError("not writable")
    except OSError as error:
        raise BadInputError(f"The data folder {data} can't be used ({error}): choose another --data") from error
