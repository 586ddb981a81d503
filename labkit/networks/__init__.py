"""The networks: how a layer comes to know the time, and the best one there can be."""

from labkit.networks.perfect import PerfectNetwork
from labkit.networks.time import TimeEmbedding, TimeLinear

__all__ = ["PerfectNetwork", "TimeEmbedding", "TimeLinear"]
