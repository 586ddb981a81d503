"""Building blocks of the networks: how a layer comes to know the time."""

from labkit.networks.time import TimeEmbedding, TimeLinear

__all__ = ["TimeEmbedding", "TimeLinear"]
