"""The networks: how a layer comes to know the time, the image UNet, and the best network there can be."""

from labkit.networks.time import TimeEmbedding, TimeLinear
from labkit.networks.unet import UNet

__all__ = ["TimeEmbedding", "TimeLinear", "UNet"]
