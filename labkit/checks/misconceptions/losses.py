"""Mistakes in what the network's answer is compared with, and how."""

from labkit.checks.misconceptions.chapter import (
    ADDED_TEMPTS,
    COPY_TEMPTS,
    COUNT_TEMPTS,
    INDEX,
    OTHER_ONE_TEMPTS,
    RANGE_TEMPTS,
    TWICE_TEMPTS,
    Chapter,
    Misconception,
    look_alike,
)
from labkit.course.syllabus import lesson_of

_POINTS, _IMAGES = lesson_of("compute_loss"), lesson_of("get_loss_mean")
_LOSS = (
    f"Compare with the training loss in {_POINTS} (images: {_IMAGES}): what is drawn, what the network gets, "
    "and what is compared."
)
_TARGET = "The lesson, above this TODO: what should the network answer here, the noise, x0 or the mean?"
_MEAN = f"Compare with the posterior's mean in {_IMAGES}, symbol by symbol."

_ANY_T_TEMPTS = "Some timesteps teach more than others, and any draw of t trains."
_ADDED_TEMPTS = "What was added to x_0 seems to be what has to be found."
_NORM_TEMPTS = "Equation 14 has a squared norm in it, and a norm sums."
_MEAN_TEMPTS = "A mean of errors sounds like a mean error."
_COPIED_TEMPTS = "The loss was copied from another predictor's, with a conversion put in."

THE_TRAINING_LOSS = Chapter(
    title="The training loss",
    why=(
        "Draw a timestep for each sample, uniformly; draw noise; make x_t; ask the network; compare its "
        "answer with the *very noise that is in x_t*: squared, and averaged over everything, so that "
        "neither batch nor image size changes its scale and that of the gradient. The result stays a "
        "tensor that the "
        "gradient can flow through."
    ),
    mistakes={
        "t_misses_zero": Misconception("t = 0 is never drawn.", INDEX, COUNT_TEMPTS),
        "t_misses_last": Misconception(
            "t = T − 1 is never drawn.", "`torch.randint` leaves its upper end out.", RANGE_TEMPTS
        ),
        "t_not_uniform": Misconception(
            "Some timesteps are drawn more often than others.", _LOSS, _ANY_T_TEMPTS
        ),
        "t_out_of_range": Misconception(
            "Timesteps outside 0 … T − 1 are drawn.",
            INDEX,
            "Where the ends of a draw lie is not seen from a few of its numbers.",
        ),
        "target_x0": Misconception("The network's answer is compared with x0.", _TARGET, OTHER_ONE_TEMPTS),
        "target_x_t": Misconception(
            "The network's answer is compared with x_t.",
            _TARGET,
            "x_t is what goes in, and it stands in the line above.",
        ),
        "target_difference": Misconception(
            "The network's answer is compared with x_t − x0.", _TARGET, _ADDED_TEMPTS
        ),
        "target_scaled_noise": Misconception(
            "The network's answer is compared with the scaled noise in x_t.", _TARGET, _ADDED_TEMPTS
        ),
        "target_minus_noise": Misconception(
            "The network's answer is compared with the noise times −1.",
            _TARGET,
            "What is to be taken away has a minus; the minus belongs to the step.",
        ),
        "fresh_noise": Misconception(
            "The target is a new draw of noise, not the noise in x_t.",
            "Draw the noise once, and use it twice.",
            TWICE_TEMPTS,
        ),
        "l1_loss": Misconception(
            "The loss takes absolute errors.",
            "Squared errors are asked for.",
            "Absolute errors are a common loss as well, and it falls too.",
        ),
        "huber_loss": Misconception(
            "The loss is a Huber loss, as `smooth_l1_loss` is: large errors are not squared.",
            "Squared errors are asked for.",
            "Some libraries train with it, and outliers harm it less.",
        ),
        "sum_for_mean": Misconception(
            "The squared errors are summed, not averaged.",
            "With SGD, or with a limit for the gradient, its scale matters: it should not depend on "
            "the batch.",
            _NORM_TEMPTS,
        ),
        "per_sample_sum": Misconception(
            "The squared errors are summed over the coordinates.", "Average over everything.", _NORM_TEMPTS
        ),
        "loss_scaled": Misconception(
            "The loss is a multiple of the mean squared error.",
            _LOSS,
            "A half before a square is usual, since it makes the derivative shorter. Adam does not notice.",
        ),
        "missing_square": Misconception(
            "The errors are not squared.", "Without a square, errors of opposite sign cancel.", _MEAN_TEMPTS
        ),
        "squares_the_mean": Misconception(
            "The mean is squared, not the errors.", "First square, then average.", _MEAN_TEMPTS
        ),
        "network_sees_sum": Misconception(
            "The network is given x0 + noise.", "What scales the two depends on t.", ADDED_TEMPTS
        ),
        "t_not_random": Misconception(
            "The timesteps are not drawn at random.",
            _LOSS,
            "A timestep for each place in the batch covers all of them, so it seems to be enough.",
        ),
        "root_mse": Misconception(
            "The loss takes a square root.",
            "Squared errors are asked for.",
            "A root brings the error back to the scale of the data, which is good for reading it.",
        ),
        "no_reduction": Misconception(
            "The loss is not a single number.",
            "Average over everything.",
            '`reduction="none"` is what one looks at when something is wrong.',
        ),
        "network_sees_x0": Misconception(
            "The network is given x0.",
            "What does the network see when you sample with it?",
            "The data are what the network should learn, so it seems that it should see them.",
        ),
        "network_sees_noise": Misconception(
            "The network is given the noise.",
            "What does the network see when you sample with it?",
            "The noise is what the network should find, and it stands in the line above.",
        ),
        "two_different_t": Misconception(
            "x_t is made at one t, and the network is told another.",
            "Draw t once, and use it twice.",
            "`randint` in two lines reads like the same t twice.",
        ),
        "weighted": Misconception(
            "Errors are weighted by the timestep.", "Every timestep counts alike in this loss.", _ANY_T_TEMPTS
        ),
    },
)

LOSSES_OF_THE_THREE_PREDICTORS = Chapter(
    title="Losses of the three predictors",
    why=(
        "The three losses differ in one thing, what the network's answer is compared with. Nothing is "
        "converted: a network that should answer x_0 is compared with x_0. The posterior's mean is a "
        "weighted sum of x_0 and x_t; at t = 0 it is x_0 itself, and the weight of x_t is 0.86 at t = "
        "10, and soon nearly 1."
    ),
    mistakes={
        "target_noise": Misconception(
            "The network's answer is compared with the noise.", _TARGET, OTHER_ONE_TEMPTS
        ),
        "target_mean": Misconception(
            "The network's answer is compared with the posterior's mean.", _TARGET, OTHER_ONE_TEMPTS
        ),
        "target_scaled_x0": Misconception(
            "The network's answer is compared with the scaled x0 in x_t.",
            _LOSS,
            "x_0 stands scaled in x_t, and that product has a name in the code already.",
        ),
        "target_velocity": Misconception(
            "The target is the velocity of other papers.",
            _LOSS,
            "It is a fourth way to predict, common in newer papers.",
        ),
        "network_taken_for_noise": Misconception(
            "Your code converts the network's answer as if it were the noise.",
            "What does this network predict?",
            _COPIED_TEMPTS,
        ),
        "network_taken_for_x0": Misconception(
            "Your code converts the network's answer as if it were x0.",
            "What does this network predict?",
            _COPIED_TEMPTS,
        ),
        "x_t_left_out": Misconception(
            "x_t is missing from the posterior's mean.",
            "What do x_0 and x_t each say about x_{t−1}?",
            COPY_TEMPTS,
        ),
        "x0_left_out": Misconception(
            "x0 is missing from the posterior's mean.",
            "What do x_0 and x_t each say about x_{t−1}?",
            COPY_TEMPTS,
        ),
        "betas_for_alphas": Misconception("You used β_t where α_t belongs.", _MEAN, look_alike("α_t", "β_t")),
        "denominator_left_out": Misconception(
            "A denominator of the posterior's mean is missing.", _MEAN, COPY_TEMPTS
        ),
        "mean_has_minus": Misconception(
            "There is a minus in the posterior's mean.",
            _MEAN,
            "In the step for the noise a minus stands at this place.",
        ),
    },
)
