"""How good are samples? Distances between what a model draws and what it should have drawn."""

from labkit.metrics.chamfer import chamfer_distance

__all__ = ["chamfer_distance"]
