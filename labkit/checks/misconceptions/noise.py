"""Mistakes in how noise is drawn."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception

_NOISE = "`torch.randn_like` draws one standard normal number for each number of a tensor."

_SHARED_TEMPTS = (
    "A draw that is too small broadcasts without a word, and its numbers have the right mean and variance."
)

NOISE = Chapter(
    title="Noise",
    why=(
        "The whole method rests on standard normal noise: mean 0, variance 1, a number of its own for "
        "every coordinate of every sample, fresh in every call. Noise that is shared or repeated has "
        "the same histogram as right noise, so it escapes a look at the numbers, but the network then "
        "learns to predict from one pixel what stands in all the others, and the samples come out flat "
        "or alike."
    ),
    mistakes={
        "no_noise_drawn": Misconception(
            "No noise is drawn.", _NOISE, "With zeros the picture of x_t looks cleaner, and everything runs."
        ),
        "uniform_noise": Misconception(
            "The noise is uniform, not Gaussian.",
            "`torch.rand` is uniform, `torch.randn` is Gaussian.",
            "`rand` comes to mind first, is one letter shorter, and gives random numbers too.",
        ),
        "shared_noise": Misconception(
            "All samples of a batch share one draw of noise.", _NOISE, _SHARED_TEMPTS
        ),
        "noise_shared_by_coordinates": Misconception(
            "All coordinates of a sample share one draw of noise.", _NOISE, _SHARED_TEMPTS
        ),
        "noise_shared_by_pixels": Misconception(
            "All pixels of an image share one draw of noise.", _NOISE, _SHARED_TEMPTS
        ),
        "noise_shared_by_channels": Misconception(
            "All channels of a pixel share one draw of noise.", _NOISE, _SHARED_TEMPTS
        ),
        "noise_scaled": Misconception(
            "The noise has the wrong strength.",
            "Which standard deviation does the formula ask for?",
            "Noise of another strength is still noise, and looks it.",
        ),
        "noise_off_centre": Misconception(
            "The noise does not have mean zero.",
            _NOISE,
            "A small shift is not seen in one draw; it is only seen in the mean of many.",
        ),
        "noise_not_independent": Misconception(
            "The noise is not drawn independently.",
            _NOISE,
            "Each number by itself has the right distribution; only two of them together tell.",
        ),
        "fixed_seed": Misconception(
            "Every call draws the same random numbers.",
            "Set a seed once, outside of the function; never inside it.",
            "A seed makes a run repeatable, and that is asked for everywhere.",
        ),
    },
)
