"""What the course's models learn: sets of points in the plane."""

from labkit.data.points import POINT_SETS, points

__all__ = ["POINT_SETS", "points"]
