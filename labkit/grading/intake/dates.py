"""When a submission was handed in: what its timestamp says, else what its files say."""

import re
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from labkit.course.hand_in import TIMESTAMP

_WITH_ZONE = re.compile(r"(.*\d) ?([A-Za-z][\w/+-]*)")


def timestamp_in(folder: Path) -> datetime | None:
    """What timestamp.txt says, of labkit or of nbgrader; None where there is none, or it cannot be read."""
    try:
        with (folder / TIMESTAMP).open(encoding="utf-8-sig") as file:
            return read_time(file.read(100).strip())
    except (OSError, ValueError):
        return None


def read_time(text: str) -> datetime:
    """A date as ISO or nbgrader writes it, with the zone as an offset or a name; without one it is UTC.

    Raises ValueError for anything else.
    """
    zone: tzinfo = UTC
    try:
        if (named := _WITH_ZONE.fullmatch(text)) and named[2] != "Z":
            text, zone = named[1], UTC if named[2] in ("UTC", "GMT") else ZoneInfo(named[2])
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=zone).astimezone(UTC)
    except (KeyError, OSError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date") from error


def write_time(folder: Path, time: datetime) -> None:
    """Write it as timestamp.txt, as `labkit submit` does."""
    (folder / TIMESTAMP).write_text(
        f"{time.replace(tzinfo=None).isoformat(' ', 'seconds')} UTC\n", encoding="utf-8"
    )
