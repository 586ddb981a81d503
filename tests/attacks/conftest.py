from arena import arena

__all__ = ["arena"]
