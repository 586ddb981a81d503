"""Mistakes in the way from x_T to x_0."""

from labkit.checks.misconceptions.chapter import INDEX, Chapter, Misconception

_LOOP = "Follow one sample through your loop with T = 3, on paper."

THE_SAMPLING_LOOP = Chapter(
    title="The sampling loop",
    why=(
        "Sampling starts from pure standard normal noise and walks every timestep once, from T − 1 down "
        "to 0, each step from the result of the one before. The loop itself adds nothing and draws "
        "nothing after its start: what noise a step needs, the step draws."
    ),
    mistakes={
        "starts_shifted": Misconception(
            "The start does not have mean zero.", "What is x_T distributed like?"
        ),
        "one_step": Misconception("Only one step is made.", _LOOP),
        "extra_step": Misconception("There are more steps than timesteps.", _LOOP),
        "ignores_shape": Misconception(
            "The samples do not have the shape asked for.", "Start from the argument `shape`."
        ),
        "fresh_x_each_step": Misconception("Each step starts from new noise.", _LOOP),
        "returns_start": Misconception("The noise from the start is returned.", _LOOP),
        "t_differs_in_batch": Misconception("In one step, samples are at different t.", _LOOP),
        "starts_from_zeros": Misconception(
            "The loop starts from a constant.", "What is x_T distributed like?"
        ),
        "starts_from_uniform": Misconception(
            "The loop starts from uniform noise.", "What is x_T distributed like?"
        ),
        "starts_scaled": Misconception(
            "The noise at the start has the wrong strength.", "What is x_T distributed like?"
        ),
        "one_based": Misconception("Timesteps are counted from 1 to T.", INDEX),
        "stops_before_t0": Misconception("The loop stops before t = 0.", "Where does `range` end?"),
        "skips_last_timestep": Misconception("The loop does not start at t = T − 1.", INDEX),
        "ascending": Misconception("The loop runs from t = 0 upwards.", "Which t belongs to pure noise?"),
        "strided": Misconception("The loop leaves timesteps out.", _LOOP),
        "t_stuck": Misconception("Every step is made at the same t.", _LOOP),
        "t_scaled": Misconception("The timesteps are scaled.", "Pass t on as integers 0 … T − 1."),
        "t_not_long": Misconception("t is not a tensor of integers.", "Give `torch.full` a dtype."),
        "t_not_batched": Misconception(
            "t does not have one entry for each sample.", "The docstring says what shape t has."
        ),
        "other_arguments": Misconception(
            "The steps do not get the arguments of the loop.",
            "Pass `network` and `schedule` on unchanged.",
        ),
        "not_updated": Misconception("Every step starts from the same x_T.", _LOOP),
        "returns_previous": Misconception("The result of the last step is lost.", _LOOP),
        "result_rescaled": Misconception(
            "The loop scales or shifts what p_sample returned.",
            "What the step at t = 0 returns is x_0 already, on the scale of the data.",
        ),
        "extra_noise": Misconception(
            "The loop adds noise of its own.", "p_sample already adds what belongs there."
        ),
    },
)
