"""The mistakes that a check knows by name: what was done, and what to look at again.

No text gives the answer away: each says which idea went wrong and where the lesson explains it. The chapters
stand in the order in which the page `notebooks/misconceptions.md` explains them.
"""

from labkit.checks.misconceptions.answer import FIGURES_AND_TRAINING_RUNS, THE_ANSWER_ITSELF
from labkit.checks.misconceptions.betas import THE_COSINE_SCHEDULE
from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.checks.misconceptions.choosing import CHOOSING_A_STEP
from labkit.checks.misconceptions.distance import MOMENTS_OF_FEATURES, THE_FRECHET_DISTANCE
from labkit.checks.misconceptions.formula import SLIPS_IN_A_FORMULA
from labkit.checks.misconceptions.forward import THE_JUMP_TO_X_T, THE_PAIR_THAT_ADD_NOISE_RETURNS, TIME
from labkit.checks.misconceptions.loop import THE_SAMPLING_LOOP
from labkit.checks.misconceptions.losses import LOSSES_OF_THE_THREE_PREDICTORS, THE_TRAINING_LOSS
from labkit.checks.misconceptions.network import THE_NETWORK
from labkit.checks.misconceptions.noise import NOISE
from labkit.checks.misconceptions.reverse import (
    STEPS_OF_THE_THREE_PREDICTORS,
    THE_REVERSE_STEP,
)
from labkit.checks.misconceptions.training import A_STEP_OF_TRAINING, THE_MOVING_AVERAGE

__all__ = ["CHAPTERS", "MISCONCEPTIONS", "Chapter", "Misconception"]

CHAPTERS: list[Chapter] = [
    THE_ANSWER_ITSELF,
    THE_NETWORK,
    NOISE,
    TIME,
    SLIPS_IN_A_FORMULA,
    THE_JUMP_TO_X_T,
    THE_PAIR_THAT_ADD_NOISE_RETURNS,
    THE_REVERSE_STEP,
    STEPS_OF_THE_THREE_PREDICTORS,
    CHOOSING_A_STEP,
    THE_SAMPLING_LOOP,
    THE_TRAINING_LOSS,
    LOSSES_OF_THE_THREE_PREDICTORS,
    THE_COSINE_SCHEDULE,
    THE_MOVING_AVERAGE,
    A_STEP_OF_TRAINING,
    MOMENTS_OF_FEATURES,
    THE_FRECHET_DISTANCE,
    FIGURES_AND_TRAINING_RUNS,
]

MISCONCEPTIONS: dict[str, Misconception] = {
    name: mistake for chapter in CHAPTERS for name, mistake in chapter.mistakes.items()
}
"""id → what it means"""
