"""The community's numbers, in one place. The desk's own, the caps of a person among them, are in bot/desk/rules.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommunityRules:
    """Counts, and hours where it says so."""

    tray_hours: float = 24  # after which a picture leaves the tray
    person_styles: int = 25
    server_styles: int = 100
    reports_hide: int = 3  # so many different people hide a work until a moderator looks
    winners: int = 3
    claim_seconds: float = 60  # how long a front may take to announce winners before another may try
    orphan_hours: float = 24  # a picture that no row names is deleted after so long
    preview_minutes: float = 15  # a preview whose worker died
    result_days: float = 30  # what was not published is deleted; 0 keeps it
    export_bytes: int = 500 * 2**20
