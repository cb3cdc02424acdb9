"""What a job is called."""

import secrets

ID_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/i/l, u: read out loud and typed on a phone
ID_LENGTH = 12


def new_job_id() -> str:
    """A short id that nobody can guess: 30^12 is 5e17."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))
