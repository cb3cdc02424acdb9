"""Traces of a process, when a collector is set."""

from twobit.errors import BadInputError
from twobit.installing import how_to_install
from twobit.settings import ServiceSettings
from worker.contract import tracing


def start_tracing(settings: ServiceSettings, process: str) -> None:
    """Send this process's spans to `settings.trace_url`; nothing is loaded when there is none. Raises BadInputError."""
    if settings.trace_url is None:
        return
    if not settings.trace_url.startswith(("http://", "https://")):
        raise BadInputError("TWOBIT_TRACE_URL has to be http://... or https://..., ending in /v1/traces as a rule")
    try:
        from worker.contract.telemetry import Telemetry
    except ImportError as error:
        raise BadInputError(
            f"TWOBIT_TRACE_URL is set and OpenTelemetry can't be imported ({error}): {how_to_install('trace')}"
        ) from error
    tracing.start(Telemetry(process, settings.trace_url, settings.trace_share))
