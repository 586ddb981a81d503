"""What a mistake is, a chapter of mistakes, and the hints that several chapters give."""

from dataclasses import dataclass

from labkit.course.syllabus import lesson_of


@dataclass(frozen=True)
class Misconception:
    """A mistake in a sentence, and a hint at what to read."""

    text: str
    hint: str


@dataclass(frozen=True)
class Chapter:
    """Mistakes that share an idea: the page of misconceptions explains it once for all of them."""

    title: str
    why: str
    """Markdown: the idea, without the answer to any TODO."""
    mistakes: dict[str, Misconception]
    """id → what it means"""


JUMP = (
    f"Compare with the formula of q(x_t | x_0) in {lesson_of('q_sample')} "
    f"(for images: {lesson_of('add_noise')}), symbol by symbol."
)
INDEX = "Timesteps are counted from 0 to T − 1 here; many papers count from 1 to T."
