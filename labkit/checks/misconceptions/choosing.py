"""Mistakes in `step`, which chooses one of three."""

from labkit.checks.misconceptions.chapter import Chapter, Misconception
from labkit.course.syllabus import lesson_of

_DISPATCH = (
    f"`step` only passes its arguments on unchanged, and returns what it gets back ({lesson_of('step')})."
)
_COPIED_TEMPTS = "The branches look alike, and one is copied from the other."
_LAST_PLACE_TEMPTS = (
    "It is the last place through which every sample goes, so something seems to be left to do."
)
_ROW_TEMPTS = "Four arguments without names stand in a row, and three of them are tensors."

CHOOSING_A_STEP = Chapter(
    title="Choosing a step",
    why=(
        "`step` decides which of the three steps to make and makes it, once, with the arguments as they "
        "came. A name that nobody knows is a typing error of somebody who is about to train for an "
        "hour: it should stop at once and say which names there are."
    ),
    mistakes={
        "swapped_predictors": Misconception(
            "The predictors are swapped: each leads to the step of another one.", _DISPATCH, _COPIED_TEMPTS
        ),
        "predictor_ignored": Misconception(
            "The predictor makes no difference.",
            "Which argument should decide?",
            '`predictor == "noise" or "x0"` reads well in English; in Python it is always true.',
        ),
        "other_step_called": Misconception(
            "A predictor leads to the step of another one.", _DISPATCH, _COPIED_TEMPTS
        ),
        "calls_several": Misconception(
            "More than one step is called, and the wrong result is returned.",
            "Follow one call through your `if`s: which of them hold, and which `else` belongs to which?",
            "An `else` seems to belong to all the `if`s above it; it belongs to the last.",
        ),
        "step_called_again": Misconception(
            "The step is made more than once.",
            _DISPATCH,
            "Two calls in a row are no error, and each returns a picture.",
        ),
        "changes_result": Misconception("What the step returned is changed.", _DISPATCH, _LAST_PLACE_TEMPTS),
        "arguments_in_other_order": Misconception(
            "The step gets its arguments in another order.", _DISPATCH, _ROW_TEMPTS
        ),
        "argument_passed_twice": Misconception(
            "The step gets one argument in the place of another.", _DISPATCH, _ROW_TEMPTS
        ),
        "changes_arguments": Misconception(
            "The step gets other arguments than `step` got.", _DISPATCH, _LAST_PLACE_TEMPTS
        ),
        "rejects_valid_predictor": Misconception(
            "A valid predictor is refused as an unknown one.",
            "Compare the names letter by letter, capital letters included.",
            "Each source calls the predictors by other names.",
        ),
        "unknown_predictor_passes": Misconception(
            "An unknown predictor raises no error.",
            "What does a typing error in the name lead to?",
            "For the three names that there are, a last `else` is enough.",
        ),
        "unknown_predictor_returns_none": Misconception(
            "An unknown predictor gives None instead of an error.",
            "A function that runs past its last `if` returns None, and a printed message stops no training.",
            "For the three names that there are, three `if`s are enough.",
        ),
        "error_without_names": Misconception(
            "The error does not say which predictors there are.",
            "Whoever types a wrong name should read in the error which names are right.",
            "That there is an error seems to be all; who sees it must still find out what to type.",
        ),
    },
)
