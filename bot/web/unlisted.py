"""Addresses of paintings that hang nowhere: who was given one sees painting and recipe until the painting is deleted.

No list has them, nobody can guess them, and nothing of them is kept: they are made of the job's id and the page's
secret.
"""

import base64
import hashlib
import hmac
import re

_PURPOSE = b"twobit unlisted painting"
_PROOF_BYTES = 20  # 160 bits
_PROOF_LETTERS = 32  # of them in base 32: no sign that ends a link in somebody's text
_TOKEN = re.compile(rf"([a-z0-9]{{1,32}})-([ao])-([a-z2-7]{{{_PROOF_LETTERS}}})")
ADULTS, OPEN = "a", "o"


class UnlistedError(ValueError):
    """No address of ours."""


def unlisted_address(secret: bytes, base: str, job_id: str, *, adult: bool) -> str:
    """A painting's address. `secret` is that of WebSettings, `base` the page's address from outside.

    `adult`: not for every eye, as the question said; the address keeps it.
    """
    mark = ADULTS if adult else OPEN
    return f"{base.rstrip('/')}/p/{job_id}-{mark}-{_proof(secret, job_id, mark)}"


def read_unlisted(secret: bytes, token: str) -> tuple[str, bool]:
    """The job's id, and whether it is not for every eye. Raises UnlistedError."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(_proof(secret, found[1], found[2]), found[3]):
        raise UnlistedError
    return found[1], found[2] == ADULTS


def _proof(secret: bytes, job_id: str, mark: str) -> str:
    # A key of its own: cookies and sign-in links are signed with the secret, too.
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    proof = hmac.digest(key, f"{job_id} {mark}".encode(), hashlib.sha256)
    return base64.b32encode(proof[:_PROOF_BYTES]).decode().lower()
