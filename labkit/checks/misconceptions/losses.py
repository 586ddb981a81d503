"""Mistakes in what the network's answer is compared with, and how."""

from labkit.checks.misconceptions.chapter import INDEX, Chapter, Misconception
from labkit.course.syllabus import lesson_of

_POINTS, _IMAGES = lesson_of("compute_loss"), lesson_of("get_loss_mean")
_LOSS = (
    f"Compare with the training loss in {_POINTS} (images: {_IMAGES}): what is drawn, what the network gets, "
    "and what is compared."
)
_TARGET = "The lesson, above this TODO: what should the network answer here, the noise, x0 or the mean?"
_MEAN = f"Compare with the posterior's mean in {_IMAGES}, symbol by symbol."

THE_TRAINING_LOSS = Chapter(
    title="The training loss",
    why=(
        "Draw a timestep for each sample, uniformly; draw noise; make x_t; ask the network; compare its "
        "answer with the *very noise that is in x_t*: squared, and averaged over everything, so that "
        "neither batch nor image size changes the learning rate. The result stays a tensor that the "
        "gradient can flow through."
    ),
    mistakes={
        "t_misses_zero": Misconception("t = 0 is never drawn.", INDEX),
        "t_misses_last": Misconception(
            "t = T − 1 is never drawn.", "`torch.randint` leaves its upper end out."
        ),
        "t_not_uniform": Misconception("Some timesteps are drawn more often than others.", _LOSS),
        "t_out_of_range": Misconception("Timesteps outside 0 … T − 1 are drawn.", INDEX),
        "target_x0": Misconception("The network's answer is compared with x0.", _TARGET),
        "target_x_t": Misconception("The network's answer is compared with x_t.", _TARGET),
        "target_difference": Misconception("The network's answer is compared with x_t − x0.", _TARGET),
        "target_scaled_noise": Misconception(
            "The network's answer is compared with the scaled noise in x_t.", _TARGET
        ),
        "target_minus_noise": Misconception(
            "The network's answer is compared with the noise times −1.", _TARGET
        ),
        "fresh_noise": Misconception(
            "The target is a new draw of noise, not the noise in x_t.",
            "Draw the noise once, and use it twice.",
        ),
        "l1_loss": Misconception("The loss takes absolute errors.", "Squared errors are asked for."),
        "huber_loss": Misconception(
            "The loss is a Huber loss, as `smooth_l1_loss` is: large errors are not squared.",
            "Squared errors are asked for.",
        ),
        "sum_for_mean": Misconception(
            "The squared errors are summed, not averaged.",
            "The learning rate should not depend on the batch size.",
        ),
        "per_sample_sum": Misconception(
            "The squared errors are summed over the coordinates.", "Average over everything."
        ),
        "loss_scaled": Misconception("The loss is a multiple of the mean squared error.", _LOSS),
        "missing_square": Misconception(
            "The errors are not squared.", "Without a square, errors of opposite sign cancel."
        ),
        "squares_the_mean": Misconception(
            "The mean is squared, not the errors.", "First square, then average."
        ),
        "network_sees_sum": Misconception(
            "The network is given x0 + noise.", "What scales the two depends on t."
        ),
        "t_not_random": Misconception("The timesteps are not drawn at random.", _LOSS),
        "root_mse": Misconception("The loss takes a square root.", "Squared errors are asked for."),
        "no_reduction": Misconception("The loss is not a single number.", "Average over everything."),
        "network_sees_x0": Misconception(
            "The network is given x0.", "What does the network see when you sample with it?"
        ),
        "network_sees_noise": Misconception(
            "The network is given the noise.", "What does the network see when you sample with it?"
        ),
        "two_different_t": Misconception(
            "x_t is made at one t, and the network is told another.", "Draw t once, and use it twice."
        ),
        "weighted": Misconception(
            "Errors are weighted by the timestep.", "Every timestep counts alike in this loss."
        ),
    },
)

LOSSES_OF_THE_THREE_PREDICTORS = Chapter(
    title="Losses of the three predictors",
    why=(
        "The three losses differ in one thing, what the network's answer is compared with. Nothing is "
        "converted: a network that should answer x_0 is compared with x_0. The posterior's mean is a "
        "weighted sum of x_0 and x_t; at t = 0 it is x_0 itself, and the weight of x_t grows with t."
    ),
    mistakes={
        "target_noise": Misconception("The network's answer is compared with the noise.", _TARGET),
        "target_mean": Misconception("The network's answer is compared with the posterior's mean.", _TARGET),
        "target_scaled_x0": Misconception(
            "The network's answer is compared with the scaled x0 in x_t.", _LOSS
        ),
        "target_velocity": Misconception("The target is the velocity of other papers.", _LOSS),
        "network_taken_for_noise": Misconception(
            "Your code converts the network's answer as if it were the noise.",
            "What does this network predict?",
        ),
        "network_taken_for_x0": Misconception(
            "Your code converts the network's answer as if it were x0.", "What does this network predict?"
        ),
        "x_t_left_out": Misconception(
            "x_t is missing from the posterior's mean.", "What do x_0 and x_t each say about x_{t−1}?"
        ),
        "x0_left_out": Misconception(
            "x0 is missing from the posterior's mean.", "What do x_0 and x_t each say about x_{t−1}?"
        ),
        "betas_for_alphas": Misconception("You used β_t where α_t belongs.", _MEAN),
        "denominator_left_out": Misconception("A denominator of the posterior's mean is missing.", _MEAN),
        "mean_has_minus": Misconception("There is a minus in the posterior's mean.", _MEAN),
    },
)
