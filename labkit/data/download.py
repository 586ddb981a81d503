"""Files from the web: continued where they broke off, and verified."""

from pathlib import Path

import pooch
import requests

from labkit.data.remote import RemoteFile
from labkit.errors import CourseError
from labkit.progress import progress

_TIMEOUT_S = 30
_BLOCK = 2**20


def fetch(remote: RemoteFile, folder: Path) -> Path:
    """The verified file in `folder`, downloaded where it is missing; goes on where a download broke off.

    Raises CourseError with what to do where the server cannot be reached, breaks off or sends another thing.
    """
    path = folder / remote.name
    part = folder / f"{remote.name}.part"
    otherwise = f"Or fetch {remote.url} with a browser and put it at {path}."

    def resume(url: str, output: str, _pooch: object) -> None:
        try:
            _continue(remote, part, otherwise)
        except requests.RequestException as error:
            have = part.stat().st_size if part.exists() else 0
            raise CourseError(
                f"The download from {remote.host} broke off with {have:,} of {remote.size:,} bytes here "
                f"({_reason(error)}). Check your connection and do the same again: it goes on from there. "
                f"{otherwise}"
            ) from error
        part.replace(output)

    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(remote.url, f"sha256:{remote.sha256}", remote.name, folder, downloader=resume)
    except ValueError as error:  # pooch's word for a hash that differs; it has deleted the file
        raise CourseError(
            f"What {remote.host} sent is not the file that was published: its SHA-256 differs, so it was "
            f"deleted. Do the same again; if it happens twice, the file has changed there. {otherwise}"
        ) from error
    return path


def _continue(remote: RemoteFile, part: Path, otherwise: str) -> None:
    """Brings `part` to its full size, from where it stands."""
    part.parent.mkdir(parents=True, exist_ok=True)
    have = part.stat().st_size if part.exists() else 0
    if have > remote.size:
        have = 0
    if have == remote.size:
        return
    # Compressed on the way, the bytes would not be those that a range counts.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(remote.url, headers=headers, stream=True, timeout=_TIMEOUT_S) as response:
        goes_on = _check(response, remote, have, otherwise)
        have = have if goes_on else 0
        with (
            part.open("ab" if goes_on else "wb") as file,
            progress(total=remote.size, initial=have, unit="B", unit_scale=True, desc=remote.name) as bar,
        ):
            for block in response.iter_content(_BLOCK):
                have += len(block)
                if have > remote.size:
                    raise CourseError(f"{remote.host} sends more than {remote.size:,} bytes. {otherwise}")
                file.write(block)
                bar.update(len(block))
    if have < remote.size:
        raise requests.ConnectionError("the server closed the connection")


def _check(response: requests.Response, remote: RemoteFile, have: int, otherwise: str) -> bool:
    """Whether the answer goes on after `have` bytes, else it starts anew; CourseError where it is no file."""
    if response.status_code not in (200, 206):
        raise CourseError(
            f"{remote.host} answered {response.status_code} ({response.reason}) instead of sending "
            f"{remote.name}. Try again later. {otherwise}"
        )
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise CourseError(
            f"{remote.host} sent a web page instead of {remote.name}; it does so when too many people "
            f"download the file, or behind a network that wants a sign-in. Try again later. {otherwise}"
        )
    goes_on = response.status_code == 206
    if goes_on and not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        raise CourseError(f"{remote.host} sent another part of {remote.name} than asked for. {otherwise}")
    length = response.headers.get("Content-Length")
    expected = remote.size - have if goes_on else remote.size
    if length is not None and int(length) != expected:
        raise CourseError(
            f"{remote.host} offers {int(length):,} bytes where {remote.name} has {expected:,} to go: "
            f"it is not the file that was published. {otherwise}"
        )
    return goes_on


def _reason(error: requests.RequestException) -> str:
    """The innermost cause, in the system's words."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return str(cause) or type(cause).__name__
