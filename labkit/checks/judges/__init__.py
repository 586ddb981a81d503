"""What decides: draws secret inputs, asks the probe, and compares what came back with the theory."""

from labkit.checks.registry import load_modules

load_modules(__name__, __path__)
