"""Mistakes in one step back, for points and for images."""

from labkit.checks.misconceptions.chapter import INDEX, JUMP, Chapter, Misconception
from labkit.course.syllabus import lesson_of

_POINTS, _IMAGES = lesson_of("p_sample"), lesson_of("step")
_STEP = f"Compare with the reverse step in {_POINTS} (for images: {_IMAGES}), symbol by symbol."
_PREDICTORS = (
    f"{_IMAGES.capitalize()} shows what each predictor's answer stands for, and how one follows from another."
)
_RANGE = "Only a guess at x_0 is known to lie in [−1, 1]: it may be clipped, before the mean is made of it."
_DISPATCH = f"`step` only passes its arguments on unchanged, and returns what it gets back ({_IMAGES})."

THE_REVERSE_STEP = Chapter(
    title="The reverse step",
    why=(
        "x_{t−1} is drawn from a Gaussian: its mean takes away the share of the noise that *this one "
        "step* had put in, and undoes the shrinking of this one step; its spread is a standard "
        "deviation. Two quantities of the whole way, ᾱ_t and ᾱ_{t−1}, tell how much noise there is at "
        "all; those of the single step, α_t and β_t, how much of it to undo. Most mistakes take one for "
        "the other. The last step, t = 0, ends at the data and adds nothing; before it all of the "
        "signal is there."
    ),
    mistakes={
        "noise_at_last_step": Misconception(
            "Noise is added at the last step too.",
            "After the step at t = 0 nothing comes that could remove it. Which t is the last?",
        ),
        "no_noise": Misconception(
            "No noise is added at any step.",
            "The reverse step draws from a Gaussian; it does not only move to its mean.",
        ),
        "no_noise_at_t1": Misconception("The step at t = 1 adds no noise.", INDEX),
        "variance_for_std": Misconception(
            "The noise is multiplied by a variance.",
            "What multiplies a standard normal number is a standard deviation.",
        ),
        "prev_clamped": Misconception(
            "At t = 0 your code uses ᾱ_0 for ᾱ_{t−1}, which is 1 there.",
            "Before any step, all of the signal is there.",
        ),
        "alphas_cumprod_for_prev": Misconception("You used ᾱ_t where ᾱ_{t−1} belongs.", _STEP),
        "alphas_cumprod_for_alphas": Misconception(
            "You used ᾱ_t (`alphas_cumprod`) where α_t (`alphas`) belongs.",
            "The reverse step undoes one step, not all of them.",
        ),
        "missing_root_eps": Misconception(
            "A square root is missing in the factor of the predicted noise; or that noise has no factor.",
            _STEP,
        ),
        "missing_root_scale": Misconception(
            "The square root is missing in the factor in front of the bracket.", _STEP
        ),
        "missing_scale": Misconception(
            "The factor in front of the bracket is missing.",
            "The forward step shrank x: something must undo that.",
        ),
        "scale_upside_down": Misconception(
            "The factor in front of the bracket is upside down.",
            "The forward step shrank x: what undoes that?",
        ),
        "scale_on_x_t_only": Misconception("The factor in front of the bracket multiplies x_t alone.", _STEP),
        "scale_on_eps_only": Misconception(
            "The factor in front of the bracket multiplies the predicted noise alone.",
            "What does the bracket hold?",
        ),
        "plus_eps": Misconception(
            "The predicted noise is added.",
            "Should a step towards the data add the noise that the network sees?",
        ),
        "alphas_for_betas": Misconception("You used α_t where 1 − α_t belongs.", _STEP),
        "root_of_betas": Misconception("You used √β_t where β_t belongs.", _STEP),
        "alphas_cumprod_for_one_minus": Misconception("You used ᾱ_t where 1 − ᾱ_t belongs.", _STEP),
        "eps_not_scaled": Misconception("The whole predicted noise is taken away in one step.", _STEP),
        "network_gets_other_t": Misconception(
            "The network gets another t than your function got.",
            "Pass `t` on unchanged; the network was trained on t = 0 … T − 1.",
        ),
        "network_asked_in_part": Misconception(
            "The network is asked about a part of the samples only.", "Ask it about all of x_t."
        ),
        "network_gets_other_x": Misconception("The network is asked about something else than x_t.", _STEP),
        "returns_x0": Misconception(
            "The guess at x_0 is returned, not x_{t−1}.", "One call goes one step, not all the way."
        ),
        "returns_eps": Misconception("The network's answer itself is returned.", _STEP),
        "renoised_x0": Misconception(
            "x_{t−1} is made by adding noise to a guess at x_0.",
            "The reverse step also uses what x_t says about x_{t−1}.",
        ),
        "ddim_step": Misconception(
            "This is the deterministic step of DDIM.",
            "It is a good sampler too, but the lesson asks for DDPM's step.",
        ),
        "prev_wraps": Misconception(
            "At t = 0, ᾱ_{t−1} is read at index −1, the end of the table.",
            "Before any step, all of the signal is there.",
        ),
        "prev_zero": Misconception(
            "At t = 0 your code uses 0 for ᾱ_{t−1}.", "Before any step, all of the signal is there."
        ),
        "swapped_posterior_coefficients": Misconception("The factors of x̂_0 and x_t are swapped.", _STEP),
        "alphas_cumprod_for_betas": Misconception("You used 1 − ᾱ_t where β_t belongs.", _STEP),
        "noise_in_bracket": Misconception(
            "The noise, too, is multiplied by the factor in front of the bracket.", _STEP
        ),
        "noise_missing_at_first_step": Misconception(
            "The step at t = T − 1 adds no noise.", "Which step is the last one?"
        ),
        "betas_missing_in_variance": Misconception(
            "The factor β_t is missing in the posterior variance.", _STEP
        ),
        "posterior_variance_inverted": Misconception(
            "The fraction in the posterior variance is upside down.", _STEP
        ),
    },
)

STEPS_OF_THE_THREE_PREDICTORS = Chapter(
    title="Steps of the three predictors",
    why=(
        "A network may answer with the noise, with x_0, or with the mean of x_{t−1}. Each can be "
        "computed from each of the others and x_t, so all three make the *same* step, and differ in "
        "what comes first: the conversion. An x̂_0 that is known to be an image may be clipped to where "
        "pixels live; nothing else is known to lie there."
    ),
    mistakes={
        "noise_added_twice": Misconception("The noise is added twice.", "Each step draws from one Gaussian."),
        "net_out_as_noise": Misconception(
            "Your code uses the network's answer as if it were the noise.", _PREDICTORS
        ),
        "net_out_as_x0": Misconception("Your code uses the network's answer as if it were x_0.", _PREDICTORS),
        "net_out_as_mean": Misconception(
            "Your code uses the network's answer as if it were the mean of x_{t−1}.", _PREDICTORS
        ),
        "clips_x_prev": Misconception("x_{t−1} itself is clipped.", _RANGE),
        "clips_mean": Misconception("The mean of x_{t−1} is clipped.", _RANGE),
        "clips_net_out": Misconception("The predicted noise is clipped.", _RANGE),
        "clips_x0_elsewhere": Misconception(
            "x̂_0 is clipped to an interval that is not the one of the images.",
            "Between which values do pixels lie?",
        ),
        "alphas_for_prev": Misconception("You used α_t where ᾱ_{t−1} belongs.", _STEP),
        "missing_root_prev": Misconception("A square root is missing in the factor of x̂_0.", _STEP),
        "missing_root_alphas": Misconception("A square root is missing in the factor of x_t.", _STEP),
        "missing_denominator": Misconception(
            "The factors of x_0 and x_t are not divided by anything.",
            "At t = 0, should x̂_0 come out as it is?",
        ),
        "root_of_denominator": Misconception(
            "There is one root too many in the denominator of the posterior mean.", _STEP
        ),
        "forward_mean": Misconception(
            "This is the mean of q(x_t | x_0), not of x_{t−1}.",
            "One describes noising; which one undoes a step?",
        ),
        "missing_root_guess": Misconception(
            "The square root is missing in the number that x̂_0 is divided by.", JUMP
        ),
        "missing_scale_guess": Misconception(
            "The noise is removed for x̂_0, but the rest is not scaled back up.",
            "What did x_0 become on its way to x_t?",
        ),
        "returns_x_t": Misconception("x_t itself is returned, whatever the network answers.", _STEP),
        "forward_step": Misconception(
            "This adds noise to x_t: a step forward.", "Which way does the reverse process go?"
        ),
        "adds_net_out": Misconception("The network's answer is added to x_t without a factor.", _PREDICTORS),
        "subtracts_net_out": Misconception(
            "The network's answer is subtracted from x_t without a factor.", _PREDICTORS
        ),
        "mean_scaled": Misconception(
            "The predicted mean is scaled by the schedule.", "What else would the mean of x_{t−1} need?"
        ),
        "minus_mean": Misconception("The predicted mean is subtracted.", _PREDICTORS),
    },
)

CHOOSING_A_STEP = Chapter(
    title="Choosing a step",
    why=(
        "`step` decides which of the three steps to make and makes it, once, with the arguments as they "
        "came. A name that nobody knows is a typing error of somebody who is about to train for an "
        "hour: it should stop at once and say which names there are."
    ),
    mistakes={
        "swapped_predictors": Misconception(
            "The predictors are swapped: each leads to the step of another one.", _DISPATCH
        ),
        "predictor_ignored": Misconception(
            "The predictor makes no difference.", "Which argument should decide?"
        ),
        "other_step_called": Misconception("A predictor leads to the step of another one.", _DISPATCH),
        "calls_several": Misconception(
            "More than one step is called, and the wrong result is returned.",
            "Follow one call through your `if`s: which of them hold, and which `else` belongs to which?",
        ),
        "step_called_again": Misconception("The step is made more than once.", _DISPATCH),
        "changes_result": Misconception("What the step returned is changed.", _DISPATCH),
        "arguments_in_other_order": Misconception("The step gets its arguments in another order.", _DISPATCH),
        "argument_passed_twice": Misconception(
            "The step gets one argument in the place of another.", _DISPATCH
        ),
        "changes_arguments": Misconception("The step gets other arguments than `step` got.", _DISPATCH),
        "rejects_valid_predictor": Misconception(
            "A valid predictor is refused as an unknown one.",
            "Compare the names letter by letter, capital letters included.",
        ),
        "unknown_predictor_passes": Misconception(
            "An unknown predictor raises no error.", "What does a typing error in the name lead to?"
        ),
        "unknown_predictor_returns_none": Misconception(
            "An unknown predictor gives None instead of an error.",
            "A function that runs past its last `if` returns None, and a printed message stops no training.",
        ),
        "error_without_names": Misconception(
            "The error does not say which predictors there are.",
            "Whoever types a wrong name should read in the error which names are right.",
        ),
    },
)
