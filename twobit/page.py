"""The HTTP API of a running service, as a command of this machine talks to it."""

import json
from dataclasses import dataclass
from datetime import datetime
from math import prod
from typing import Any

import httpx

from bot.desk import OutOfReachError, RefusedError, Request, Standing
from bot.desk.standing import Progress
from bot.web.api.choices import MAX_PIXELS, MAX_SIDE
from bot.web.body import MAX_BODY, MAX_PICTURE
from twobit.settings import ServiceSettings

TIMEOUT = httpx.Timeout(30.0, connect=3.0)
JOBS = "/api/v1/jobs"
OF_MAPS = {"mode": "map_mode", "smooth": "map_smooth", "fit": "fit"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A job, as the page tells it, and where its painting lies."""

    standing: Standing
    painting: str | None  # address below the page


class Page:
    """Every call raises OutOfReachError when the page does not answer, RefusedError for what it does not take."""

    def __init__(self, address: str, token: str | None = None) -> None:
        """`token`: of a person; at the service's own machine none is needed."""
        headers = {"accept": "application/json"} | ({} if token is None else {"authorization": f"Bearer {token}"})
        self.address = address
        self._own_machine = token is None
        # The address is the person's own choice: a proxy of the environment has no business on a loopback.
        self._client = httpx.Client(base_url=address, headers=headers, timeout=TIMEOUT, trust_env=token is not None)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def knows_us(self) -> bool:
        """True when it answers and takes us for somebody."""
        try:
            self._json("GET", JOBS, params={"limit": 1})
        except (OutOfReachError, RefusedError):
            return False
        return True

    def takes(self, request: Request) -> bool:
        """False for what is too large for a page, and not for the desk behind it."""
        sizes = [len(data) for data in request.pictures().values()]
        sides = (request.options.width or 0, request.options.height or 0)
        return (
            max(sizes) <= MAX_PICTURE and sum(sizes) < MAX_BODY and max(sides) <= MAX_SIDE and prod(sides) <= MAX_PIXELS
        )

    def submit(self, request: Request) -> str:
        """Ask for a painting; returns the job's id. The same request_key twice is one job."""
        options = request.options.model_dump(exclude={"maps"}, exclude_none=True)
        maps = {OF_MAPS[name]: value for name, value in request.options.maps.model_dump().items()}
        fields = {name: str(value) for name, value in {**options, **maps}.items()}
        fields["key"] = request.request_key or ""
        if request.label_names:  # a page that cleans the map leaves none in its file
            named = [{"name": name, "colour": colour} for colour, name in request.label_names.items()]
            fields["labels"] = json.dumps(named, ensure_ascii=False)
        if self._own_machine:
            fields["as_is"] = "yes"
        job: dict[str, Any] = self._json("POST", JOBS, data=fields, files=request.pictures())
        return str(job["id"])

    def look(self, job_id: str) -> Asked:
        """Where a job stands; an answer that the page owed is given with it."""
        said = self._json("GET", f"{JOBS}/{job_id}")
        return Asked(_standing(said), said["painting"])

    def painting(self, address: str) -> bytes:
        """The finished picture's bytes."""
        digest = address.rpartition("/")[2]
        return self._ask("GET", f"/api/v1/pictures/{digest}").content

    def _json(self, method: str, path: str, **said: Any) -> dict[str, Any]:
        answer = self._ask(method, path, **said)
        try:
            found = answer.json()
        except ValueError as error:
            raise OutOfReachError(f"{self.address} is no Twobit: check its address") from error
        assert isinstance(found, dict)
        return found

    def _ask(self, method: str, path: str, **said: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, path, **said)
        except httpx.HTTPError as error:
            raise OutOfReachError(f"{self.address} does not answer ({error or type(error).__name__})") from error
        if answer.is_success:
            return answer
        try:
            message = str(answer.json()["error"]["message"])
        except (ValueError, KeyError, TypeError):
            message = f"{self.address} answered {answer.status_code}"
        later = answer.status_code == 429 or answer.status_code >= 500
        raise (OutOfReachError if later else RefusedError)(message)


def answers(address: str) -> bool:
    """True when a page is served at this address."""
    try:
        return httpx.get(f"{address}/healthz", timeout=TIMEOUT, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _standing(said: dict[str, Any]) -> Standing:
    """The job of an answer."""
    progress = said["progress"]
    return Standing(
        job_id=said["id"],
        state=said["state"],
        attempt=0,
        created=datetime.fromisoformat(said["created"]),
        ahead=said["ahead"],
        eta_seconds=said["eta_seconds"],
        progress=None if progress is None else Progress(**progress),
        width=said["width"],
        height=said["height"],
        seconds=said["seconds"],
        notes=tuple(said["notes"]),
        failure=said["failure"],
        message=said["message"],
    )


def serving_page(settings: ServiceSettings) -> Page | None:
    """The page asked for, else that of the `serve` on the same data; None where none answers us."""
    token = None if settings.token is None else settings.token.get_secret_value()
    if settings.page is not None:
        return Page(settings.page.rstrip("/"), token)
    known = settings.serving()
    if known.get("lasting") != settings.lasting or settings.redis != known.get("redis_url"):
        return None
    page = Page(str(known["page"]), token)
    if page.knows_us():
        return page
    page.close()
    return None
