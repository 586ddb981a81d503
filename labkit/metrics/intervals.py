"""What the Fréchet and the kernel distance share: intervals from groups of samples, and an error."""

from labkit.errors import CourseError

Interval = tuple[float, float]

GROUPS = 10
"""Into how many groups the samples are dealt for an interval."""


class StatisticsError(CourseError):
    """Features or statistics that describe no Gaussian, or two that cannot be compared."""


def around(value: float, standard_error: float) -> Interval:
    """The 95 % interval of Student's t, where the standard error was estimated from the 10 groups."""
    from scipy.special import stdtrit  # here: it is slow to import, and most lessons measure nothing

    half = float(stdtrit(GROUPS - 1, 0.975) * standard_error)
    return value - half, value + half
