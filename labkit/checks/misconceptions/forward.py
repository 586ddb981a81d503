"""Mistakes in x_t: at which t the schedule is read, and what x0 and the noise are multiplied with."""

from labkit.checks.misconceptions.chapter import (
    ADDED_TEMPTS,
    BRACKET_TEMPTS,
    COPY_TEMPTS,
    COUNT_TEMPTS,
    INDEX,
    JUMP,
    ROOT_TEMPTS,
    SIGN_TEMPTS,
    SWAP_TEMPTS,
    TWICE_TEMPTS,
    Chapter,
    Misconception,
    look_alike,
)
from labkit.course.syllabus import lesson_of

_ONLY_TEMPTS = "The function is called `add_noise`, and x_t is what it is about."

TIME = Chapter(
    title="Time",
    why=(
        "A schedule's tables have T entries, counted 0 … T − 1; the papers count 1 … T. Entry t of "
        "`alphas_cumprod` is what is left of x_0 *after* the step t. In a batch each sample has a "
        "timestep of its own, and each row has to be scaled by its own entry."
    ),
    mistakes={
        "off_by_one_t": Misconception(
            "The schedule is read at a neighbouring timestep.", INDEX, COUNT_TEMPTS
        ),
        "reversed_t": Misconception(
            "The schedule is read from its end: t runs the wrong way.",
            INDEX,
            "The way back runs from T − 1 to 0, and it seems that the table has to be turned around with it.",
        ),
        "one_time_for_batch": Misconception(
            "One timestep is used for the whole batch.",
            "t has shape [B]: each sample has its own.",
            "When sampling, all samples are at one t; when training they are not.",
        ),
    },
)

THE_JUMP_TO_X_T = Chapter(
    title="The jump to x_t",
    why=(
        "q(x_t | x_0) leaps over t + 1 steps at once. Two factors make x_t, one for x_0 and one for the "
        "noise; their *squares* add up to 1 at every t, so that data of variance 1 keeps it. Near t = 0 "
        "nearly all is signal, near t = T − 1 nearly all is noise. If your curve does not run from one "
        "end to the other, a single step's number stands where the whole way's belongs; if the squares "
        "do not add up to 1, a root is missing."
    ),
    mistakes={
        "alphas_for_alphas_cumprod": Misconception(
            "You used α_t (`alphas`) where ᾱ_t (`alphas_cumprod`) belongs.",
            "α_t belongs to a single step, ᾱ_t to the whole way from x_0.",
            look_alike("α_t", "ᾱ_t"),
        ),
        "betas_for_alphas_cumprod": Misconception(
            "You used β_t (`betas`) where ᾱ_t (`alphas_cumprod`) belongs.", JUMP, look_alike("β_t", "ᾱ_t")
        ),
        "alphas_cumprod_prev_for_alphas_cumprod": Misconception(
            "You used ᾱ_{t−1} (`alphas_cumprod_prev`) where ᾱ_t (`alphas_cumprod`) belongs.",
            INDEX,
            COUNT_TEMPTS,
        ),
        "one_steps_noise": Misconception(
            "The noise is that of one step, √β_t, not of the whole way from x_0.",
            JUMP,
            "√β_t is the noise of the first formula in the papers, that of one step.",
        ),
        "missing_roots": Misconception(
            "Both square roots are missing.",
            "Variances add; what multiplies a sample is a standard deviation.",
            ROOT_TEMPTS,
        ),
        "missing_root_signal": Misconception(
            "The square root is missing in the factor of x0.", JUMP, ROOT_TEMPTS
        ),
        "missing_root_noise": Misconception(
            "The square root is missing in the factor of the noise.",
            "Variances add; what multiplies a sample is a standard deviation.",
            ROOT_TEMPTS,
        ),
        "swapped_coefficients": Misconception(
            "The two factors are swapped.", "At t = 0, should x_t be like x0 or like noise?", SWAP_TEMPTS
        ),
        "minus_noise": Misconception(
            "The noise is subtracted.",
            "A cloud of such x_t looks the same, but the network is then taught the opposite of the "
            "noise that is in x_t.",
            SIGN_TEMPTS,
        ),
        "noise_ignored": Misconception(
            "The noise that is handed in is not used.",
            "Where `noise` is not None, x_t holds this noise once, and no other noise.",
            "The line that draws noise where none is given is also run where some is given.",
        ),
        "noise_left_out": Misconception("The noise is missing from x_t.", JUMP, COPY_TEMPTS),
        "noise_not_scaled": Misconception(
            "The noise is added at full strength at every t.",
            JUMP,
            "At most t the factor is near 1, so it seems to be no loss.",
        ),
        "signal_not_scaled": Misconception("x0 is not scaled down.", JUMP, ADDED_TEMPTS),
        "signal_left_out": Misconception("x0 is missing from x_t.", JUMP, COPY_TEMPTS),
        "cumprod_twice": Misconception(
            "Your code takes a cumulative product of `alphas_cumprod`.",
            "It is a cumulative product already.",
            "The name of the table is long, and `cumprod` in it is read as a thing to do.",
        ),
        "iterated_steps": Misconception(
            "One noise is added again at every step.",
            "Noise that is handed in belongs to one jump from x0 to x_t: that needs no loop.",
            "The process is told as a chain of steps, so one writes a chain of steps.",
        ),
        "one_minus_root": Misconception(
            "The root is taken first, and then subtracted from 1.", JUMP, BRACKET_TEMPTS
        ),
    },
)

THE_PAIR_THAT_ADD_NOISE_RETURNS = Chapter(
    title="The pair that add_noise returns",
    why=(
        "Whoever trains on x_t must know exactly which noise is in it: that noise is what the network "
        "should find. So both come back together, the noise as it was drawn, before any scaling."
    ),
    mistakes={
        "returns_x_t_only": Misconception(
            "Only x_t is returned.", "What else does the training loss need to know?", _ONLY_TEMPTS
        ),
        "returns_no_pair": Misconception(
            "What is returned is not a pair.",
            "Return the two tensors that the docstring names, in its order.",
            _ONLY_TEMPTS,
        ),
        "returns_eps_none": Misconception(
            "The noise that your code drew is not returned.",
            "What is `eps` when nobody handed it in?",
            "With noise handed in it works, and that is how one tries it out first.",
        ),
        "swapped_pair": Misconception(
            "The pair is returned in the wrong order.",
            "The docstring says which of the two comes first.",
            "Both have the same shape, and nothing but the docstring tells which comes first.",
        ),
        "eps_scaled": Misconception(
            "The returned noise is scaled, as it is in x_t.",
            f"{lesson_of('add_noise').capitalize()}: which of the two should the network learn to predict?",
            "The scaled noise is a variable on the way to x_t, and is called noise too.",
        ),
        "eps_unrelated": Misconception(
            "What is returned as noise is not the noise that is in x_t.",
            "Draw the noise once, and use it twice.",
            TWICE_TEMPTS,
        ),
    },
)
