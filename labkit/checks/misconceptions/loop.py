"""Mistakes in the way from x_T to x_0."""

from labkit.checks.misconceptions.chapter import COUNT_TEMPTS, INDEX, RANGE_TEMPTS, Chapter, Misconception

_LOOP = "Follow one sample through your loop with T = 3, on paper."

_START_TEMPTS = "Any random start runs, and the first steps forget much of it."
_TWO_NAMES_TEMPTS = (
    "Two names for x, one for the start and one for what it became: the wrong one is returned."
)

THE_SAMPLING_LOOP = Chapter(
    title="The sampling loop",
    why=(
        "Sampling starts from pure standard normal noise and walks every timestep once, from T − 1 down "
        "to 0, each step from the result of the one before. The loop itself adds nothing and draws "
        "nothing after its start: what noise a step needs, the step draws."
    ),
    mistakes={
        "starts_shifted": Misconception(
            "The start does not have mean zero.", "What is x_T distributed like?", _START_TEMPTS
        ),
        "one_step": Misconception(
            "Only one step is made.",
            _LOOP,
            "Without a loop around it, one step is what the function of the exercise before does.",
        ),
        "extra_step": Misconception(
            "There are more steps than timesteps.", _LOOP, "It seems that a last cleaning can do no harm."
        ),
        "ignores_shape": Misconception(
            "The samples do not have the shape asked for.",
            "Start from the argument `shape`.",
            "The lesson's shape is always the same.",
        ),
        "fresh_x_each_step": Misconception(
            "Each step starts from new noise.",
            _LOOP,
            "A line that belongs before the loop stands in it, one indent too far.",
        ),
        "returns_start": Misconception("The noise from the start is returned.", _LOOP, _TWO_NAMES_TEMPTS),
        "t_differs_in_batch": Misconception(
            "In one step, samples are at different t.", _LOOP, "In training, each sample has a t of its own."
        ),
        "starts_from_zeros": Misconception(
            "The loop starts from a constant.", "What is x_T distributed like?", _START_TEMPTS
        ),
        "starts_from_uniform": Misconception(
            "The loop starts from uniform noise.", "What is x_T distributed like?", _START_TEMPTS
        ),
        "starts_scaled": Misconception(
            "The noise at the start has the wrong strength.", "What is x_T distributed like?", _START_TEMPTS
        ),
        "one_based": Misconception("Timesteps are counted from 1 to T.", INDEX, COUNT_TEMPTS),
        "stops_before_t0": Misconception(
            "The loop stops before t = 0.", "Where does `range` end?", RANGE_TEMPTS
        ),
        "skips_last_timestep": Misconception("The loop does not start at t = T − 1.", INDEX, COUNT_TEMPTS),
        "ascending": Misconception(
            "The loop runs from t = 0 upwards.",
            "Which t belongs to pure noise?",
            "A `for` loop counts upwards by itself.",
        ),
        "strided": Misconception(
            "The loop leaves timesteps out.",
            _LOOP,
            "A thousand calls are slow, and other samplers do with fewer.",
        ),
        "t_stuck": Misconception(
            "Every step is made at the same t.",
            _LOOP,
            "t is made before the loop and looks the same in each round.",
        ),
        "t_scaled": Misconception(
            "The timesteps are scaled.",
            "Pass t on as integers 0 … T − 1.",
            "Other models take a time between 0 and 1.",
        ),
        "t_not_long": Misconception(
            "t is not a tensor of integers.",
            "Give `torch.full` a dtype.",
            "`torch.full` and `torch.ones` choose their type by themselves.",
        ),
        "t_not_batched": Misconception(
            "t does not have one entry for each sample.",
            "The docstring says what shape t has.",
            "One number for all seems to be enough, since all samples are at the same t.",
        ),
        "other_arguments": Misconception(
            "The steps do not get the arguments of the loop.",
            "Pass `network` and `schedule` on unchanged.",
            "The schedule and the network of the notebook are at hand, under the same names.",
        ),
        "not_updated": Misconception("Every step starts from the same x_T.", _LOOP, _TWO_NAMES_TEMPTS),
        "returns_previous": Misconception(
            "The result of the last step is lost.",
            _LOOP,
            "The loop keeps what went into the step, and the last result never goes in.",
        ),
        "result_rescaled": Misconception(
            "The loop scales or shifts what p_sample returned.",
            "What the step at t = 0 returns is x_0 already, on the scale of the data.",
            "Data are often standardised, so the samples seem to need the way back.",
        ),
        "extra_noise": Misconception(
            "The loop adds noise of its own.",
            "p_sample already adds what belongs there.",
            "Sampling is told as mean plus noise, and the noise seems to be the loop's to add.",
        ),
    },
)
