"""Shares and names as they stand in a sentence."""


def share_text(share: float) -> str:
    """Like `12 %`, `0.3 %`."""
    return f"{share:.0%}" if share >= 0.0995 else f"{share:.1%}" if share >= 0.0005 else "under 0.1%"


def lower(called: str) -> str:
    """What a picture is called, within a sentence."""
    return called[:1].lower() + called[1:]
