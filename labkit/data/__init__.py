"""What the course's models learn: sets of points in the plane, and sets of images."""

from labkit.data.cache import data_folder
from labkit.data.images import ImageSet
from labkit.data.points import POINT_SETS, points
from labkit.data.toy_faces import ToyFaces

__all__ = ["POINT_SETS", "ImageSet", "ToyFaces", "data_folder", "points"]
