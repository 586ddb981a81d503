"""The hints for Task 2: animal faces from noise."""

from labkit.course.hints.rungs import Rungs

_DRAWN = (
    "`t` is [B]: a whole number for each picture, from 0 to T − 1, all equally likely. `add_noise` returns "
    "the noisy pictures and the noise in them, both [B, C, H, W]"
)

TASK2 = {
    "add_noise": Rungs(
        "This is the jump of lesson 2, for pictures: the picture made weaker, and noise made as strong as"
        " the formula says. New is that the noise is handed back too.",
        "There is one ᾱ_t for a whole picture: `extract` gives [B, 1, 1, 1], which fits [B, C, H, W]. The"
        " noise is like `x0`, so each pixel and each colour has a draw of its own. Two things come back, "
        "the noisy pictures and the noise, both like `x0`.",
        "Look at the line that returns: are there two things, in the right order, and is the second the "
        "plain noise, as it was before it was scaled? By hand: with an `eps` of zeros the first must be a"
        " weaker `x0` and the second zeros.",
    ),
    "cosine_betas": Rungs(
        "The schedule says how much of the signal shall be left after each number of steps. A beta is the"
        " share that one step takes away of what is there before it.",
        "For T betas you need f at T + 1 places, u = 0 … T. Neighbours make T ratios, in which f(0) "
        "cancels. Everything in between is float64; what comes back is float32, of shape [T], and none of"
        " it is larger than 0.999.",
        "Look at the ratio: which of two neighbours is divided by which? And `s` stands at two places. By"
        " hand: with T = 1 there is one beta, and it is 0.999. With T = 1000 the first is about 0.000041,"
        " and each is larger than the one before.",
    ),
    "get_loss_noise": Rungs(
        "This is the guessing game of lesson 4, with pictures: hide noise, show the network the result "
        "and the time, and compare its guess with the noise.",
        f"{_DRAWN}. The network's answer has that shape as well. The loss is one number: the mean over "
        "pictures, colours and pixels.",
        "Look at what you compare the answer with: the noise that `add_noise` handed back, not another "
        "draw. By hand: a network that always answers 0 must give a loss of about 1.",
    ),
    "get_loss_x0": Rungs(
        "It is the same game with another question: now the network has to name the clean picture, of "
        "which it sees the noisy version only.",
        f"{_DRAWN}. The target is the batch as it came in. The noise is not needed any more once it is in "
        "the pictures.",
        "Look at what you compare the answer with. By hand: a network that always answers 0 must give the"
        " mean of the squared pixels of `x0`, at whatever t it was asked.",
    ),
    "get_loss_mean": Rungs(
        "It is the same game once more: now the network has to name the place to which the step back "
        "would lead if the clean picture were known. That place is a mixture of the clean picture and the"
        " noisy one.",
        f"{_DRAWN}. Equation (2) has two factors, one number each for a picture: [B, 1, 1, 1]. They are "
        "made of β_t, α_t, ᾱ_t and ᾱ_{t−1}, and the last has a table of its own, `alphas_cumprod_prev`.",
        "Look at the roots: in each of the two factors one symbol has a root. Which? Both factors are "
        "divided by the same. By hand, at t = 0: with ᾱ_{−1} = 1 one factor is 1 and the other is 0. "
        "Which? So what is the target there?",
    ),
    "step_predict_noise": Rungs(
        "This is `p_sample` of lesson 3 once more. Only the network has been asked already: its guess of "
        "the noise comes in as `net_out`.",
        "`extract` reads β_t, α_t and ᾱ_t as [B, 1, 1, 1]. The mean and the fresh noise are [B, C, H, W],"
        " like x_t. The noise is multiplied by a standard deviation, the root of one of the two "
        "variances.",
        "Look at the noise: is it absent at t = 0, and only there? By hand: call it twice at t = 0 with "
        "the same pictures, then twice at t = 1. The first pair must be equal, the second must not. With "
        "a `net_out` of zeros at t = 0, what should come out? x_t, made a very little larger.",
    ),
    "step_predict_x0": Rungs(
        "Where the clean picture is known, the step back leads to a mixture of that picture and the noisy"
        " one. Let the network's guess stand for the clean picture.",
        "Equation (2) gives two factors, [B, 1, 1, 1] each, one for `net_out` and one for x_t; ᾱ_{t−1} is"
        " read from `alphas_cumprod_prev`. The fresh noise is like x_t, and is multiplied by a standard "
        "deviation.",
        "Look at which factor stands at which picture. By hand: what should come out at t = 0? `net_out` "
        "itself, where it lies between −1 and 1, and twice the same. And near T − 1? Almost x_t, with "
        "noise.",
    ),
    "step_predict_mean": Rungs(
        "The network has named the mean already. What is left to do is the noise around it.",
        "The mean is `net_out`, as it is. The variance is that of the other two steps, [B, 1, 1, 1], and "
        "the fresh noise is [B, C, H, W], like x_t. The noise is multiplied by a standard deviation.",
        "Look at the last step. By hand: what should come out at t = 0? `net_out` itself, twice the same."
        " And at t = 1, is the noise multiplied by the root of the variance, or by the variance?",
    ),
    "step": Rungs(
        "This function passes the work on: the name says which of your three steps is taken.",
        'There are three names, `"noise"`, `"x0"` and `"mean"`, each with one of your functions. All '
        "three take the same four arguments, and what they return is returned. For any other name there "
        "is a `ValueError`, whose text has the three names.",
        "Look at what happens to a wrong name: is the error raised, or only printed or returned? By hand:"
        ' call it with `"velocity"` and read the message as if somebody else had written it. Then call it'
        ' with `"mean"` at t = 0: `net_out` must come out.',
    ),
    "ema_update": Rungs(
        "The average follows the network slowly: it keeps the share `decay` of what it was, and takes the"
        " rest from what the network is now.",
        "The average and the network are built alike: go through their parameters in pairs, which have "
        "the same shape. The average is changed in place, and no gradient is needed for that. Buffers are"
        " not averaged: they are copied.",
        "Look at which of the two is multiplied by `decay`, and which of the two is changed. By hand: "
        "with a decay of 1 the average must stay as it was; with a decay of 0 it must become the network.",
    ),
    "train_step": Rungs(
        "One step of training: forget the old gradients, ask for the loss, let it flow back through the "
        "network, let the optimizer move the weights, and let the average follow.",
        "The loss is one number, and is asked for once. The optimizer clears the gradients and changes "
        "the network's parameters in place. The average is moved by your `ema_update`. What comes back is"
        " the loss alone, without its gradients.",
        "Look at the order of the lines. By hand: call it twice: do the gradients of the first call still"
        " count in the second? Is the returned loss the one from before the weights changed? And which "
        "weights does the average see, those from before the step, or those after it?",
    ),
    "feature_moments": Rungs(
        "Mean and covariance can be had without keeping all features in memory: sums are enough, and a "
        "sum can grow from batch to batch.",
        "Three things grow, in float64: how many rows there were, their sum, which is [D], and the sum of"
        " the products of their entries, which is [D, D]. In the end they make a mean [D] and a "
        "covariance [D, D].",
        "Look at what the covariance is divided by: one less than the number of rows. Which part of the "
        "summed products comes from the mean alone, and has to go? By hand: one batch of six rows, and "
        "three batches of one, two and three rows, must give the same. Try it with a generator too, "
        "which can be read only once.",
    ),
    "frechet_distance": Rungs(
        "How far apart are two Gaussians? Two things count: how far their centres lie apart, and how much"
        " their shapes differ.",
        "The first part comes from the means, [D] each: a squared length. The second is a trace, made of "
        "both covariances, [D, D] each. It is the root of the whole matrix, not of each number in it; "
        "its trace "
        "is the sum of the roots of the eigenvalues of the product, which are never negative, except "
        "by rounding.",
        "Look at the root of the product: is it real, and does rounding below 0 make it NaN? By hand, in "
        "one dimension: from N(0, 1) to N(3, 4), where 4 is a variance, it is 9 for the means and 1 for "
        "the widths, so 10. And from a Gaussian to itself it is 0.",
    ),
}
"""TODO → its rungs"""
