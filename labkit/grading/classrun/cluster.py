"""A dask cluster that grades: its workers, and the key by which it and `labkit grade` know each other.

Whoever speaks to a dask scheduler runs code on its workers. So it is spoken to over TLS alone, where both
sides show the course's own certificate (https://distributed.dask.org/en/stable/tls.html).
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dask.distributed import Client, Security

from labkit.errors import CourseError
from labkit.grading.classrun.workers import Submit
from labkit.grading.course_folder import Course

KEYS = ".cluster_keys"
"""A folder of the course that nobody else may read"""

_CERTIFICATE, _KEY = "certificate.pem", "key.pem"


def make_keys(course: Course) -> Path:
    """Make the course's certificate and its key, for a year; returns their folder.

    Raises CourseError where they are there already, or the folder cannot be written.
    """
    folder = course.root / KEYS
    if folder.exists():
        raise CourseError(
            f"{folder} is there already. Delete it to make new keys: whatever was started with these ends."
        )
    made = Security.temporary()
    try:
        part = Path(tempfile.mkdtemp(prefix=KEYS, dir=course.root))  # for this account alone
        (part / _CERTIFICATE).write_text(made.tls_client_cert, encoding="ascii")
        (part / _KEY).write_text(made.tls_client_key, encoding="ascii")
        part.replace(folder)
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder


def options(folder: Path) -> str:
    """What `dask scheduler` and `dask worker` are started with."""
    certificate = folder / _CERTIFICATE
    return f"--tls-ca-file {certificate} --tls-cert {certificate} --tls-key {folder / _KEY}"


@contextmanager
def cluster(course: Course, address: str) -> Iterator[Submit]:
    """The workers of the scheduler at this address.

    Raises CourseError where there is none, or one without TLS, or workers with more than a thread.
    """
    with _client(course, address) as client:
        threads = client.nthreads()
        if not threads or set(threads.values()) != {1}:
            raise CourseError(
                f"{address} has workers with so many threads: {sorted(threads.values()) or 'none'}. "
                "Grading needs one thread each: dask worker ADDRESS --nworkers 4 --nthreads 1."
            )
        yield client.get_executor(pure=False, retries=0).submit


def _client(course: Course, address: str) -> Client:
    folder = course.root / KEYS
    if not address.startswith("tls://"):
        raise CourseError(
            f"{address} is no address of a scheduler with TLS, as tls://host:8786. Without TLS, whoever "
            "reaches one runs code as the grader. `labkit cluster-keys` makes keys, and says how to use them."
        )
    if not (folder / _KEY).is_file():
        raise CourseError(
            f"There are no keys in {folder}. `labkit cluster-keys` makes them, and says how to use them."
        )
    certificate = str(folder / _CERTIFICATE)
    security = Security(
        require_encryption=True,
        tls_ca_file=certificate,
        tls_client_cert=certificate,
        tls_client_key=str(folder / _KEY),
    )
    try:
        return Client(address, timeout="10s", security=security)
    except (OSError, ValueError) as error:
        raise CourseError(
            f"No dask scheduler with this course's keys answers at {address}: {error}."
        ) from None
