"""What the course's models learn: sets of points in the plane, and sets of images."""

from labkit.data.afhq import AFHQ
from labkit.data.cache import data_folder
from labkit.data.folder import ImageFolder
from labkit.data.images import ImageSet
from labkit.data.points import POINT_SETS, points
from labkit.data.toy_faces import ToyFaces

__all__ = ["AFHQ", "POINT_SETS", "ImageFolder", "ImageSet", "ToyFaces", "data_folder", "points"]
