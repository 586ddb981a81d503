"""Mistakes in how noise is drawn."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception

_NOISE = "`torch.randn_like` draws one standard normal number for each number of a tensor."

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
        "no_noise_drawn": Misconception("No noise is drawn.", _NOISE),
        "uniform_noise": Misconception(
            "The noise is uniform, not Gaussian.",
            "`torch.rand` is uniform, `torch.randn` is Gaussian.",
        ),
        "shared_noise": Misconception("All samples of a batch share one draw of noise.", _NOISE),
        "noise_shared_by_coordinates": Misconception(
            "All coordinates of a sample share one draw of noise.", _NOISE
        ),
        "noise_shared_by_pixels": Misconception("All pixels of an image share one draw of noise.", _NOISE),
        "noise_shared_by_channels": Misconception("All channels of a pixel share one draw of noise.", _NOISE),
        "noise_scaled": Misconception(
            "The noise has the wrong strength.", "Which standard deviation does the formula ask for?"
        ),
        "noise_off_centre": Misconception("The noise does not have mean zero.", _NOISE),
        "noise_not_independent": Misconception("The noise is not drawn independently.", _NOISE),
        "fixed_seed": Misconception(
            "Every call draws the same random numbers.",
            "Set a seed once, outside of the function; never inside it.",
        ),
    },
)
