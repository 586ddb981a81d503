"""A **Predict:** question: what may be said, what is right, and why. The question itself is in the lesson."""

from dataclasses import dataclass

Said = str | int
"""What a learner says: an option, or a number."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    lesson: str
    about: str
    """The question in a few words, as a recap names it"""
    seen_in: str
    """Code of the cell that shows the answer: once that has run, the answer is said"""
    right: str
    because: str
    """The reason in a sentence: true in all runs, or it says what is typical"""


@dataclass(frozen=True, kw_only=True)
class Choice(_Asked):
    """Some options; one is right, and the others are what people believe."""

    options: tuple[str, ...]

    def accepts(self, said: Said) -> bool:
        """Whether this can be said."""
        return said in self.options

    def is_right(self, said: Said) -> bool:
        """Whether it was predicted."""
        return said == self.right

    def in_words(self, said: Said) -> str:
        """What was said, as it is shown."""
        return str(said)


@dataclass(frozen=True, kw_only=True)
class Number(_Asked):
    """A whole number from 0 to `most`; those from `lowest` to `highest` are right."""

    lowest: int
    highest: int
    most: int
    form: str
    """How it is written, such as "t = {}" """

    def accepts(self, said: Said) -> bool:
        """Whether this can be said."""
        return isinstance(said, int) and 0 <= said <= self.most

    def is_right(self, said: Said) -> bool:
        """Whether it was predicted."""
        return self.lowest <= int(said) <= self.highest

    def in_words(self, said: Said) -> str:
        """What was said, as it is shown."""
        return self.form.format(said)


Question = Choice | Number
