"""What runs beside the student's code: calls the answer and reports what came out. It knows no truth."""

from labkit.checks.registry import load_modules

load_modules(__name__, __path__)
