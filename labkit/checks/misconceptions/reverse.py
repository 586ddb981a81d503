"""Mistakes in one step back, for points and for images."""

from labkit.checks.misconceptions.chapter import (
    BRACKET_TEMPTS,
    COPY_TEMPTS,
    COUNT_TEMPTS,
    INDEX,
    JUMP,
    NEAR_ONE_TEMPTS,
    OTHER_ONE_TEMPTS,
    ROOT_TEMPTS,
    SIGN_TEMPTS,
    SWAP_TEMPTS,
    Chapter,
    Misconception,
    look_alike,
)
from labkit.course.syllabus import lesson_of

_POINTS, _IMAGES = lesson_of("p_sample"), lesson_of("step")
_STEP = f"Compare with the reverse step in {_POINTS} (for images: {_IMAGES}), symbol by symbol."
_PREDICTORS = (
    f"{_IMAGES.capitalize()} shows what each predictor's answer stands for, and how one follows from another."
)
_RANGE = "Only a guess at x_0 is known to lie in [−1, 1]: it may be clipped, before the mean is made of it."

_PIXELS_TEMPTS = "Pixels end at −1 and 1, so it seems that everything that will be a picture should."
_TO_AND_FRO_TEMPTS = "To go from x_t to x_{t−1} seems to be to add, or to take away, what the network says."

THE_REVERSE_STEP = Chapter(
    title="The reverse step",
    why=(
        "x_{t−1} is drawn from a Gaussian: its mean takes away the share of the noise that *this one "
        "step* had put in, and undoes the shrinking of this one step; its spread is a standard "
        "deviation. Two quantities of the whole way, ᾱ_t and ᾱ_{t−1}, tell how much noise there is at "
        "all; those of the single step, α_t and β_t, how much of it to undo. Most mistakes take one for "
        "the other. The last step, t = 0, ends at the data and adds nothing; ᾱ_{−1} is 1, since "
        "before the first step of the forward process nothing is lost."
    ),
    mistakes={
        "noise_at_last_step": Misconception(
            "Noise is added at the last step too.",
            "After the step at t = 0 nothing comes that could remove it. Which t is the last?",
            "Each step looks like every other, and the last one needs a line of its own. What it adds, at "
            "β_0 = 0.0001, is hardly seen.",
        ),
        "no_noise": Misconception(
            "No noise is added at any step.",
            "The reverse step draws from a Gaussian; it does not only move to its mean.",
            "The mean is the best guess, and noise in it looks like harm.",
        ),
        "no_noise_at_t1": Misconception("The step at t = 1 adds no noise.", INDEX, COUNT_TEMPTS),
        "variance_for_std": Misconception(
            "The noise is multiplied by a variance.",
            "What multiplies a standard normal number is a standard deviation.",
            ROOT_TEMPTS,
        ),
        "prev_clamped": Misconception(
            "At t = 0 your code uses ᾱ_0 for ᾱ_{t−1}, and ᾱ_{−1} is 1.",
            "Before any step, all of the signal is there.",
            "At t = 0 there is no entry before, and the nearest one is at hand.",
        ),
        "alphas_cumprod_for_prev": Misconception(
            "You used ᾱ_t where ᾱ_{t−1} belongs.", _STEP, look_alike("ᾱ_t", "ᾱ_{t−1}")
        ),
        "alphas_cumprod_for_alphas": Misconception(
            "You used ᾱ_t (`alphas_cumprod`) where α_t (`alphas`) belongs.",
            "The reverse step undoes one step, not all of them.",
            look_alike("α_t", "ᾱ_t"),
        ),
        "missing_root_eps": Misconception(
            "A square root is missing in the factor of the predicted noise; or that noise has no factor.",
            _STEP,
            ROOT_TEMPTS,
        ),
        "missing_root_scale": Misconception(
            "The square root is missing in the factor in front of the bracket.", _STEP, ROOT_TEMPTS
        ),
        "missing_scale": Misconception(
            "The factor in front of the bracket is missing.",
            "The forward step shrank x: something must undo that.",
            "For a small β_t the denominator is near 1, so that one step hardly changes without it.",
        ),
        "scale_upside_down": Misconception(
            "The factor in front of the bracket is upside down.",
            "The forward step shrank x: what undoes that?",
            NEAR_ONE_TEMPTS,
        ),
        "scale_on_x_t_only": Misconception(
            "The factor in front of the bracket multiplies x_t alone.", _STEP, BRACKET_TEMPTS
        ),
        "scale_on_eps_only": Misconception(
            "The factor in front of the bracket multiplies the predicted noise alone.",
            "Which two terms stand inside the bracket?",
            BRACKET_TEMPTS,
        ),
        "plus_eps": Misconception(
            "The predicted noise is added.",
            "Should a step towards the data add the noise that the network sees?",
            SIGN_TEMPTS,
        ),
        "alphas_for_betas": Misconception(
            "You used α_t where 1 − α_t belongs.", _STEP, look_alike("α_t", "β_t")
        ),
        "root_of_betas": Misconception("You used √β_t where β_t belongs.", _STEP, ROOT_TEMPTS),
        "alphas_cumprod_for_one_minus": Misconception(
            "You used ᾱ_t where 1 − ᾱ_t belongs.", _STEP, look_alike("ᾱ_t", "1 − ᾱ_t")
        ),
        "eps_not_scaled": Misconception(
            "The whole predicted noise is taken away in one step.",
            _STEP,
            "The network says which noise is in x_t, so one takes it off.",
        ),
        "network_gets_other_t": Misconception(
            "The network gets another t than your function got.",
            "Pass `t` on unchanged; the network was trained on t = 0 … T − 1.",
            "Papers count from 1, and it seems that the network must be told their t.",
        ),
        "network_asked_in_part": Misconception(
            "The network is asked about a part of the samples only.",
            "Ask it about all of x_t.",
            "Code that works for one sample needs an index, and the index stays.",
        ),
        "network_gets_other_x": Misconception(
            "The network is asked about something else than x_t.",
            _STEP,
            "Who has just changed x_t hands on the changed one.",
        ),
        "returns_x0": Misconception(
            "The guess at x_0 is returned, not x_{t−1}.",
            "One call goes one step, not all the way.",
            "The guess at x_0 is a line on the way to x_{t−1}, and is what one wants in the end.",
        ),
        "returns_eps": Misconception(
            "The network's answer itself is returned.",
            _STEP,
            "Once the network has been asked, its answer looks like the result.",
        ),
        "renoised_x0": Misconception(
            "x_{t−1} is made by adding noise to a guess at x_0.",
            "The reverse step also uses what x_t says about x_{t−1}.",
            "To guess x_0 and to noise it again needs one formula, that of the forward process.",
        ),
        "ddim_step": Misconception(
            "This is the deterministic step of DDIM.",
            "It is a good sampler too, but the lesson asks for DDPM's step.",
            "It is in many libraries, and it draws good samples.",
        ),
        "prev_wraps": Misconception(
            "At t = 0, ᾱ_{t−1} is read at index −1, the end of the table.",
            "Before any step, all of the signal is there.",
            "Index −1 raises no error in Python: it reads the end.",
        ),
        "prev_zero": Misconception(
            "At t = 0 your code uses 0 for ᾱ_{t−1}.",
            "Before any step, all of the signal is there.",
            "Padding is done with zeros, unless one says otherwise.",
        ),
        "swapped_posterior_coefficients": Misconception(
            "The factors of x̂_0 and x_t are swapped.", _STEP, SWAP_TEMPTS
        ),
        "alphas_cumprod_for_betas": Misconception(
            "You used 1 − ᾱ_t where β_t belongs.", _STEP, look_alike("1 − ᾱ_t", "β_t")
        ),
        "noise_in_bracket": Misconception(
            "The noise, too, is multiplied by the factor in front of the bracket.", _STEP, BRACKET_TEMPTS
        ),
        "noise_missing_at_first_step": Misconception(
            "The step at t = T − 1 adds no noise.",
            "Which step is the last one?",
            "Of the two ends of the way, T − 1 is the one that comes first in the loop.",
        ),
        "betas_missing_in_variance": Misconception(
            "The factor β_t is missing in the posterior variance.", _STEP, COPY_TEMPTS
        ),
        "posterior_variance_inverted": Misconception(
            "The fraction in the posterior variance is upside down.", _STEP, NEAR_ONE_TEMPTS
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
        "noise_added_twice": Misconception(
            "The noise is added twice.",
            "Each step draws from one Gaussian.",
            "One line makes the mean with its noise, another one returns it with noise: each looks right "
            "by itself.",
        ),
        "net_out_as_noise": Misconception(
            "Your code uses the network's answer as if it were the noise.", _PREDICTORS, OTHER_ONE_TEMPTS
        ),
        "net_out_as_x0": Misconception(
            "Your code uses the network's answer as if it were x_0.", _PREDICTORS, OTHER_ONE_TEMPTS
        ),
        "net_out_as_mean": Misconception(
            "Your code uses the network's answer as if it were the mean of x_{t−1}.",
            _PREDICTORS,
            OTHER_ONE_TEMPTS,
        ),
        "clips_x_prev": Misconception("x_{t−1} itself is clipped.", _RANGE, _PIXELS_TEMPTS),
        "clips_mean": Misconception("The mean of x_{t−1} is clipped.", _RANGE, _PIXELS_TEMPTS),
        "clips_net_out": Misconception("The predicted noise is clipped.", _RANGE, _PIXELS_TEMPTS),
        "clips_x0_elsewhere": Misconception(
            "x̂_0 is clipped to an interval that is not the one of the images.",
            "Between which values do pixels lie?",
            "Pictures in files and in plots go from 0 to 1.",
        ),
        "alphas_for_prev": Misconception(
            "You used α_t where ᾱ_{t−1} belongs.", _STEP, look_alike("α_t", "ᾱ_{t−1}")
        ),
        "missing_root_prev": Misconception(
            "A square root is missing in the factor of x̂_0.", _STEP, ROOT_TEMPTS
        ),
        "missing_root_alphas": Misconception(
            "A square root is missing in the factor of x_t.", _STEP, ROOT_TEMPTS
        ),
        "missing_denominator": Misconception(
            "The factors of x_0 and x_t are not divided by anything.",
            "At t = 0, should x̂_0 come out as it is?",
            COPY_TEMPTS,
        ),
        "root_of_denominator": Misconception(
            "There is one root too many in the denominator of the posterior mean.",
            _STEP,
            ROOT_TEMPTS,
        ),
        "forward_mean": Misconception(
            "This is the mean of q(x_t | x_0), not of x_{t−1}.",
            "One describes noising; which one undoes a step?",
            "The formula of the forward process has x_0 in it as well, and is the better known one.",
        ),
        "missing_root_guess": Misconception(
            "The square root is missing in the number that x̂_0 is divided by.", JUMP, ROOT_TEMPTS
        ),
        "missing_scale_guess": Misconception(
            "The noise is removed for x̂_0, but the rest is not scaled back up.",
            "What did x_0 become on its way to x_t?",
            "x_0 seems to be x_t without its noise, and the scaling is forgotten on the way.",
        ),
        "returns_x_t": Misconception(
            "x_t itself is returned, whatever the network answers.",
            _STEP,
            "x_t and the mean are nearly the same: one step moves little.",
        ),
        "forward_step": Misconception(
            "This adds noise to x_t: a step forward.",
            "Which way does the reverse process go?",
            "The step forward is the shorter formula, and adds noise as the step back does.",
        ),
        "adds_net_out": Misconception(
            "The network's answer is added to x_t without a factor.", _PREDICTORS, _TO_AND_FRO_TEMPTS
        ),
        "subtracts_net_out": Misconception(
            "The network's answer is subtracted from x_t without a factor.", _PREDICTORS, _TO_AND_FRO_TEMPTS
        ),
        "mean_scaled": Misconception(
            "The predicted mean is scaled by the schedule.",
            "The network's answer is the mean of x_{t−1} already: what else would it need?",
            "The other two steps scale something, so that this one seems to have to.",
        ),
        "minus_mean": Misconception(
            "The predicted mean is subtracted.",
            _PREDICTORS,
            "In the step for the noise there is a minus before the network's answer.",
        ),
    },
)
