"""The networks: how a layer comes to know the time, the image UNet, and the best network there can be."""

from labkit.networks.perfect import PerfectNetwork
from labkit.networks.time import TimeEmbedding, TimeLinear
from labkit.networks.unet import UNet

__all__ = ["PerfectNetwork", "TimeEmbedding", "TimeLinear", "UNet"]
