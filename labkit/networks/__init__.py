"""The networks, and how a layer comes to know the time."""

from labkit.networks.time import TimeEmbedding, TimeLinear
from labkit.networks.unet import UNet

__all__ = ["TimeEmbedding", "TimeLinear", "UNet"]
