"""What passes between judge and probe: values on the way there, and a typed reply on the way back."""

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import numpy as np

Values = dict[str, Any]
"""Arrays, plain numbers, True or False, and texts by their names: what a judge hands to a probe"""

MOST_LETTERS = 2000
"""in a text of a reply"""


@dataclass(frozen=True)
class Reply:
    """What a probe saw. Each probe has its own, whose fields are arrays, booleans and texts."""

    own_helper: bool = field(default=False, kw_only=True)
    """Whether the student's own earlier answer had to help, which is called otherwise than documented."""
    changed: str = field(default="", kw_only=True)
    """The argument that the answer wrote into; empty where it wrote into none."""


KINDS: dict[Any, str] = {
    np.ndarray: "an array",
    bool: "True or False",
    str: f"a text of at most {MOST_LETTERS:,} letters",
}
"""What a field of a reply may be, in words"""

R = TypeVar("R", bound=Reply)


class ReplyError(Exception):
    """What came back is no such reply: says what is wrong with it."""


def as_reply(kind: type[R], values: Values) -> R:
    """The reply that these values, which may be anything, are the fields of.

    Raises ReplyError where one is missing, too many or of another kind than the reply's, or a text too long.
    """
    wanted = {one.name: one.type for one in fields(kind)}
    if values.keys() - wanted.keys():
        raise ReplyError("there is more in it than was asked for")
    for name, its_kind in wanted.items():
        if name not in values:
            raise ReplyError(f"`{name}` is missing")
        value = values[name]
        if type(value) is not its_kind or (isinstance(value, str) and len(value) > MOST_LETTERS):
            raise ReplyError(f"`{name}` should be {KINDS[its_kind]}")
    return kind(**values)
