"""Judges and probes, registered where they stand: to add one, nobody has to edit a list."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class Registry(dict[str, Callable[..., Any]]):
    """Functions by name."""

    def add(self, name: str) -> Callable[[Function], Function]:
        """A decorator that registers a function; raises ValueError where the name is taken."""

        def register(function: Function) -> Function:
            if name in self:
                both = f"{self[name].__module__} and {function.__module__}"
                raise ValueError(f"{name!r} is registered twice, in {both}")
            self[name] = function
            return function

        return register


JUDGES = Registry()
"""check → judge(subject, rng) → what was right, or (score, what was right); raises Wrong or AnswerError"""

PROBES = Registry()
"""name → probe(namespace, values) → reply"""


def load_modules(package: str, path: list[str]) -> None:
    """Import the modules of a package, so that what they register is there."""
    for module in pkgutil.iter_modules(path):
        importlib.import_module(f"{package}.{module.name}")
