"""What is on the web, and where: apart from what downloads it, which is slow to import."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RemoteFile:
    """A file on the web whose content is known."""

    url: str
    name: str
    """What it is called here."""
    size: int
    """Bytes."""
    sha256: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url
