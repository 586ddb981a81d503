"""What a ladder of hints is."""

from typing import NamedTuple


class Rungs(NamedTuple):
    """From far to near; each says what the one before left open. No line of code, no whole formula."""

    idea: str
    """What is to be done, in one or two plain sentences"""
    parts: str
    """What it is made of, and which shape each part has"""
    look: str
    """The line to look at, and what to try by hand"""
