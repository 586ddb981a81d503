"""How good are samples? Distances between what a model draws and what it should have drawn."""

from labkit.metrics.chamfer import chamfer_distance
from labkit.metrics.copies import find_copies, nearest_training_images
from labkit.metrics.image_distance import ImageDistance, fid
from labkit.metrics.images import open_images
from labkit.metrics.loss_by_time import losses_by_time

__all__ = [
    "ImageDistance",
    "chamfer_distance",
    "fid",
    "find_copies",
    "losses_by_time",
    "nearest_training_images",
    "open_images",
]
