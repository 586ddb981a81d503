"""What a mistake is, a chapter of mistakes, and the hints that several chapters give."""

from dataclasses import dataclass

from labkit.course.syllabus import lesson_of


@dataclass(frozen=True)
class Misconception:
    """A mistake in a sentence, a hint at what to read, and why it tempts (the page alone tells that)."""

    text: str
    hint: str
    tempts: str


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

ROOT_TEMPTS = (
    "A paper gives variances, N(…, 1 − ᾱ_t), and code multiplies samples: the root stands between the two "
    "lines."
)
COUNT_TEMPTS = (
    "The papers count from 1 to T; their lines run here as they are, and neighbours in a table are nearly "
    "the same."
)
COPY_TEMPTS = "One symbol among many is easily lost on the way from paper to code, and the code still runs."
OTHER_ONE_TEMPTS = "The code for the three predictors looks alike, and one is copied from another."
SIGN_TEMPTS = (
    "Noise goes in on the one way and comes out on the other: the signs of the two ways are easily mixed up."
)
SWAP_TEMPTS = (
    "Both factors lie between 0 and 1 and stand side by side; nothing but the numbers tells which belongs "
    "where."
)
NEAR_ONE_TEMPTS = (
    "A factor near 1 hides it: one step's √α_t, multiplied with or divided by, gives nearly the same."
)
BRACKET_TEMPTS = (
    "In a line of code the brackets of a fraction have to be written; on paper the bar is enough."
)
ADDED_TEMPTS = "A picture under noise is often made by adding noise to it, and no more."
TWICE_TEMPTS = "`randn_like` in two lines reads like the same noise twice."
RANGE_TEMPTS = "`range` leaves its end out, upwards as well as downwards; so does `randint`."


def look_alike(one: str, other: str) -> str:
    """Why one symbol is taken for another."""
    return f"On paper a bar, an index or a “1 −” tells {one} from {other}; in code, a part of a long name."
