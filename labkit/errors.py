"""The error that a person is meant to read."""

import textwrap
from functools import partial

COLUMNS = 88
"""of an error's text: a notebook breaks longer lines in the middle of a word"""


class CourseError(Exception):
    """Something that the reader can mend; its text says what is wrong and what to do next.

    A notebook shows the text alone, without the traceback through the library.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        fill = partial(textwrap.fill, width=COLUMNS, break_long_words=False, break_on_hyphens=False)
        return ["\n".join(map(fill, f"{type(self).__name__}: {self}".splitlines()))]
