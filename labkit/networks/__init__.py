"""The networks: how a layer comes to know the time, and the image UNet."""

from labkit.networks.time import TimeEmbedding, TimeLinear
from labkit.networks.unet import UNet

__all__ = ["TimeEmbedding", "TimeLinear", "UNet"]
