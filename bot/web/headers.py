"""What every answer says to the browser: run nothing but ours, load nothing from elsewhere, guess no types."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A picture that somebody opens by itself may not even load a style sheet.
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def with_headers(send: Send, *, secure: bool) -> Send:
    """`send` that adds the safety headers to each answer that has not set its own."""
    fixed = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
        "x-frame-options": "DENY",
        "cache-control": "private, no-cache",
    }
    if secure:
        fixed["strict-transport-security"] = "max-age=31536000"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in fixed.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
