"""The hints for Task 1: a swiss roll from noise."""

from labkit.course.hints.rungs import Rungs

TASK1 = {
    "SimpleNet": Rungs(
        "The network is a chain: the points go through one layer after the other, and each layer is told "
        "the time. Between two layers stands a SiLU, because layers alone, without a bend between them, "
        "would be no more than one layer.",
        "Write all widths in a row: `dim_in`, then those in `dim_hids`, then `dim_out`. Each pair of "
        "neighbours makes one `TimeLinear`, so there is one layer more than there are hidden widths. Keep"
        " the layers where PyTorch finds their weights, in an `nn.ModuleList`. `x` comes in as [B, "
        "dim_in], is [B, width] after a hidden layer and leaves as [B, dim_out]; `t` stays [B] all the "
        "way.",
        "Look at the last layer: which layers hand on their result through SiLU, and does this one? By "
        "hand: make a network with `dim_hids=[64, 32]` and print it. It must show three layers, 2 → 64 → "
        "32 → 2. Then make one with an empty list of widths: one layer, and no SiLU at all.",
    ),
    "q_sample": Rungs(
        "A noisy point is a mixture: the clean point, made smaller, and noise, made as large as the "
        "formula says. How much of each depends on t alone.",
        "Both factors come from one table, `alphas_cumprod`, read at the t of each point: `extract` gives"
        " [B, 1], which fits the points' [B, D]. The formula names a mean and a variance; what noise is "
        "multiplied by is a standard deviation. The noise is like `x0`, and is drawn only where none was "
        "given.",
        "Look at the two factors, and at whether each has its root. By hand: their squares must add up to"
        " 1 at every t. With a `noise` of zeros, what should come out at t = 0? Almost `x0` itself. And "
        "at t = T − 1? Almost nothing.",
    ),
    "p_sample": Rungs(
        "The network tells which noise is in x_t. Take the right share of it away, undo the shrinking of "
        "this one step, and add a little fresh noise, except in the step that returns the finished "
        "points.",
        "Three numbers belong to each t: β_t, α_t (of one step) and ᾱ_t (of all steps up to it); "
        "`extract` reads each as [B, 1]. The network's answer and the fresh noise are [B, D], like x_t. "
        "The mean needs all three numbers. The noise needs one: a standard deviation, which is the root "
        "of a variance.",
        "Look at the line that decides whether noise is added, and at each root: does the α with the bar "
        "stand under it, or the one without? By hand: call it twice at t = 0 with the same x_t. What "
        "should come out? Twice the same. And at t = 1? Two different results.",
    ),
    "p_sample_loop": Rungs(
        "Begin with pure noise, and take the step that you have already written once for each timestep, "
        "from the noisiest to the cleanest.",
        "The start is a draw from N(0, I) of the given shape, on the device of the schedule. There are T "
        "timesteps, from T − 1 down to 0; a step wants its timestep as a tensor of B equal longs. What "
        "comes out of one step goes into the next.",
        "Look at the line of the loop: which t comes first, which last, and how many are there? By hand: "
        "take a schedule with T = 3 and a network that prints `t[0]` and returns zeros. It must print 2, "
        "1, 0.",
    ),
    "compute_loss": Rungs(
        "It is a guessing game: hide noise in clean points, show the network the result and the time, and"
        " measure how far its guess is from the noise that you hid.",
        "`t` is [B]: a whole number for each point, from 0 to T − 1, all equally likely. The noise is [B,"
        " D], like `x0`, and is needed twice, so draw it yourself. The noisy points come from your "
        "`q_sample`. The network's answer is [B, D]; the loss is one number, the mean over everything.",
        "Look at the two things that you compare: the network's answer, and the very noise that is in the"
        " points which it saw. By hand: a network that always answers 0 must give a loss of about 1, "
        "whatever the data are. And can your draw of t give T − 1? Can it give T, which would be one too "
        "many?",
    ),
}
"""TODO → its rungs"""
