"""Mistakes in the cosine schedule."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_LESSON = lesson_of("cosine_betas")
_COSINE = f"Compare with the definition of the cosine schedule in {_LESSON}, symbol by symbol."
_CLIP = f"{_LESSON.capitalize()} says between which bounds the betas of the cosine schedule lie."

_BOUND_TEMPTS = "There is a bound, and a digit of it is easily lost."
_SMALL_S_TEMPTS = "s is 0.008: the curve with it and the curve without look the same."
_SLICES_TEMPTS = "Two slices that are shifted by one are easily taken for each other."

THE_COSINE_SCHEDULE = Chapter(
    title="The cosine schedule",
    why=(
        "Here ᾱ is given, a squared cosine that begins at 1 and ends near 0, and the betas follow from "
        "the ratio of two neighbours. There are T + 1 points of the curve to T betas. The last ratio is "
        "nearly 0, hence the upper bound; a lower bound there is none. In float32 the differences of "
        "numbers near 1 lose digits: compute in float64 and convert at the end."
    ),
    mistakes={
        "not_float32": Misconception(
            "The betas are not float32.",
            "Compute as exactly as you like, then convert what you return.",
            "Numbers typed in Python become float64, and look the same when printed.",
        ),
        "betas_floored": Misconception(
            "Small betas are replaced by a larger number, a lower bound.",
            _CLIP,
            "A beta near 0 looks like a mistake, and another paper has a lowest beta.",
        ),
        "clipped_too_low": Misconception("The upper bound of the betas is too small.", _CLIP, _BOUND_TEMPTS),
        "clipped_too_high": Misconception("The upper bound of the betas is too large.", _CLIP, _BOUND_TEMPTS),
        "not_clipped": Misconception(
            "The betas are not clipped.",
            "What is the last beta, and what would that leave of the image?",
            "At T = 1000 only the last betas need it, and no curve shows them.",
        ),
        "s_left_out": Misconception("The offset s is missing.", _COSINE, _SMALL_S_TEMPTS),
        "s_ignored": Misconception(
            "Your code uses an s of its own, not the one it is given.", _COSINE, _SMALL_S_TEMPTS
        ),
        "s_not_normalised": Misconception(
            "The offset s is missing in one of its two places.",
            "Where should the cosine's angle be at u = T?",
            "s stands in two places, and one of them makes a curve that looks right.",
        ),
        "cosine_not_squared": Misconception(
            "The cosine has the wrong power.",
            _COSINE,
            "The name says cosine, and a cosine that falls to 0 looks like the right curve.",
        ),
        "half_pi_wrong": Misconception(
            "The cosine's angle does not end at a right angle.",
            "What is f at u = T? Which angle has this cosine? Write the angle in radians.",
            "Half a turn, a quarter of a turn, degrees: each gives a smooth curve.",
        ),
        "pi_rounded": Misconception(
            "π is rounded.",
            "Python's `math` module knows all of its digits.",
            "3.14 is what one knows by heart.",
        ),
        "sine_for_cosine": Misconception(
            "There is a sine in place of the cosine.", _COSINE, "Sine and cosine are the same curve, shifted."
        ),
        "returns_alphas_cumprod": Misconception(
            "ᾱ is returned, or 1 − ᾱ; betas are asked for.",
            "ᾱ belongs to the whole way from x_0, β to one step.",
            "The formula of the lesson is one for ᾱ, and the betas come from it only in the end.",
        ),
        "returns_alphas": Misconception(
            "The alphas are returned; betas are asked for.",
            _COSINE,
            "Two tables differ by `1 −`, and the ratio is made first.",
        ),
        "difference_for_ratio": Misconception(
            "Neighbouring ᾱ are subtracted.",
            "How does one step lead from ᾱ_{t−1} to ᾱ_t?",
            "To compare neighbours, one takes differences: that is how one gets a slope.",
        ),
        "ratio_upside_down": Misconception(
            "The ratio of neighbouring ᾱ is upside down.",
            "ᾱ falls from step to step: can a beta be negative?",
            _SLICES_TEMPTS,
        ),
        "not_divided_by_first": Misconception(
            "f is not divided by its first value.",
            "How much of the image should be there before any step?",
            "f(0) is so near 1 that it seems to change nothing.",
        ),
        "betas_misplaced": Misconception(
            "The betas are not at their timesteps.",
            "Write f's points out for T = 3: how many are needed?",
            _SLICES_TEMPTS,
        ),
        "betas_follow_cosine": Misconception(
            "The betas themselves follow a cosine.",
            f"{_LESSON.capitalize()}: which curve is it that has this shape?",
            "A schedule is often a formula for the betas, as the linear one is.",
        ),
        "not_the_cosine_schedule": Misconception(
            "These are the betas of another schedule.",
            _COSINE,
            "There are many schedules, and most of them draw good pictures.",
        ),
    },
)
