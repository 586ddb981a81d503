"""The error that a person is meant to read."""


class CourseError(Exception):
    """Something that the reader can mend; its text says what is wrong and what to do next.

    A notebook shows the text alone, without the traceback through the library.
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]
