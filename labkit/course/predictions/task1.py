"""The questions of lessons 01 to 04."""

from labkit.course.predictions.question import Choice, Number, Question

TASK1: dict[str, Question] = {
    "waves": Choice(
        lesson="01_time_conditioned_mlp",
        about="the best wave for 500 and 501, and for 230 and 920",
        seen_in="plot_over_time(",
        options=("k = 85, then k = 20", "k = 20, then k = 85", "k = 50 both times"),
        right="k = 20, then k = 85",
        because="From t = 500 to 501 the fast wave moves by 0.15 and the slow one by 0.002; from 230 to "
        "920 the slow one moves by 1.3, while k = 50 is back at the same height, since it repeats itself "
        "every 229 timesteps.",
    ),
    "two_curves": Choice(
        lesson="01_time_conditioned_mlp",
        about="how an untrained network's output changes with t",
        seen_in="plot_over_time(",
        options=("only SimpleNet's moves", "both move at random", "both stay flat, untrained"),
        right="only SimpleNet's moves",
        because="The time enters every layer of SimpleNet, and random weights pass it on as well as "
        "trained ones; nobody tells the MLP what t is, so no weights can make its answer depend on it.",
    ),
    "clocks": Number(
        lesson="01_time_conditioned_mlp",
        about="the clocks' share of the parameters",
        seen_in="time_embedding",
        lowest=72,
        highest=92,
        most=100,
        form="{} %",
        right="82 %",
        because="Each layer has a clock of its own, a small MLP that reads 256 numbers: in a hidden layer "
        "it takes 49,408 parameters, and the layer itself only 16,512.",
    ),
    "signal_left": Choice(
        lesson="02_forward_process",
        about="how much signal is left at t = 500",
        seen_in="explore_schedule(",
        options=("nearly all of it", "about half of it", "less than a tenth"),
        right="less than a tenth",
        because="What remains is multiplied: 501 factors α_t, each of them at least 0.98, leave only 0.08 of "
        "the signal's variance.",
    ),
    "roll_gone": Number(
        lesson="02_forward_process",
        about="when the roll can no longer be recognised",
        seen_in="plot_forward(",
        lowest=100,
        highest=300,
        most=999,
        form="t = {}",
        right="between t = 100 and 300",
        because="Fine things drown first: at t = 300 the windings are gone, although each point still has "
        "0.63 of its x0 in it. Where exactly they go, and why there, you are asked below.",
    ),
    "std_one": Number(
        lesson="02_forward_process",
        about="when the standard deviation comes close to 1",
        seen_in="x_t.std()",
        lowest=450,
        highest=750,
        most=999,
        form="t = {}",
        right="about t = 600",
        because="The data's variance is 4, so that of x_t is 4 ᾱ_t + (1 − ᾱ_t): its root is 1.26 at t = "
        "400, 1.11 at 500, 1.04 at 600, and in the last 400 steps hardly anything is left to lose.",
    ),
    "eight_shares": Choice(
        lesson="03_reverse_process",
        about="what a perfect network makes of eight Gaussians",
        seen_in="plot_samples(",
        options=(
            "fair shares, but too narrow",
            "fair shares, and wide enough",
            "some left out, but wide enough",
            "some left out, and too narrow",
        ),
        right="fair shares, and wide enough",
        because="With the best guess at each of a thousand small steps the loop draws from the data "
        "themselves: about 256 of the 2,048 points for each Gaussian (a draw gives 15 more or less), 0.21 "
        "wide.",
    ),
    "same_start": Choice(
        lesson="03_reverse_process",
        about="where walks from the same point end",
        seen_in="argmin(",
        options=(
            "all in one, from the start",
            "in several, settled by t = 900",
            "in several, settled by t = 150",
            "in several, open until t = 10",
        ),
        right="in several, settled by t = 150",
        because="At large t the eight Gaussians lie under one cloud of noise, and a place in it says "
        "nothing about where a walk ends; typically a sixth of the walks are nearest to their final "
        "Gaussian at t = 633, half at 350, and 19 of 20 at 150.",
    ),
    "untrained_loss": Choice(
        lesson="04_train_and_evaluate",
        about="the loss of an untrained network",
        seen_in="compute_loss(network, schedule, data)",
        options=("0", "1", "2"),
        right="1",
        because="An answer of 0 leaves all of the noise as error, and the mean of its squares is its "
        "variance, 1; 2 would be the sum over both coordinates, and 0 needs a network that already sees "
        "the noise.",
    ),
    "loss_stays": Choice(
        lesson="04_train_and_evaluate",
        about="whether a loss far above 0 means that training failed",
        seen_in="plot_samples(",
        options=("no, it will draw well", "yes, it stopped learning", "yes, it is too small"),
        right="no, it will draw well",
        because="Where your answers are right the points lie on the roll: how far a loss is above 0 does "
        "not say how well a network draws. (Why it cannot reach 0 you are asked below.)",
    ),
    "two_recipes": Choice(
        lesson="04_train_and_evaluate",
        about="what decay, large batches and averaging are worth",
        seen_in="plot_samples(",
        options=(
            "both are equally good",
            "plain is worse; averaging helps a little",
            "plain is worse; averaging makes it equal",
        ),
        right="plain is worse; averaging helps a little",
        because="Typically the plain recipe's samples are more than ten times as far from the data, and "
        "averaging mends only a part of that: what is missing is less the jitter than the smallest t, "
        "which are too few to show in the loss, and come last on the way.",
    ),
    "arrows": Choice(
        lesson="04_train_and_evaluate",
        about="where the score points",
        seen_in="plot_score_field(",
        options=(
            "to a winding at 500 and at 20",
            "to the middle at 500 and at 20",
            "to the middle at 500, a winding at 20",
            "to a winding at 500, the middle at 20",
        ),
        right="to the middle at 500, a winding at 20",
        because="At t = 500 the windings have shrunk to 0.5 apart, under noise of the standard deviation "
        "0.96, so a point may come from any of them; at t = 20 they are 1.85 apart, and the noise is 0.08.",
    ),
}
