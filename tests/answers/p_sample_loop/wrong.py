"""What is wrong with an answer to p_sample_loop."""

from answers.mistakes import Mistakes

wrong = Mistakes("p_sample_loop", of="reversed_range")

wrong(
    "ascending",
    "Counts the time upwards.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps)"},
    of="full",
)
wrong(
    "ascending__reversed_twice",
    "Reversed twice, so that the time runs upwards after all.",
    {"num_train_timesteps": "num_train_timesteps - 1, -1, -1"},
    of="full",
)
wrong(
    "clamped",
    "Clamps to [−1, 1] after each step, as if the points were images.",
    {"return": "    x = x.clamp(-1, 1)\n    return"},
)
wrong(
    "clamped__at_the_end",
    "Clamps the finished samples to [−1, 1].",
    {"    return x": "    return torch.clamp(x, -1, 1)"},
)
wrong(
    "extra_noise",
    "Adds noise after each step, which p_sample has added already.",
    {
        "return": (
            "    if i > 0:\n            x = x + schedule.betas[i].sqrt() * torch.randn_like(x)\n    return"
        )
    },
)
wrong(
    "extra_noise__at_the_end",
    "Adds noise to the finished samples.",
    {"    return x": "    return x + schedule.betas[0].sqrt() * torch.randn_like(x)"},
)
wrong(
    "extra_step",
    "A second step at t = 0 after the loop.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        x_t = p_sample(network, schedule, x_t, t_batch)
    return p_sample(network, schedule, x_t, t_batch)
""",
)
wrong(
    "extra_step__each_twice",
    "Calls p_sample twice at every t.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        x_t = p_sample(network, schedule, x_t, t_batch)
        x_t = p_sample(network, schedule, x_t, t_batch)
    return x_t
""",
)
wrong(
    "extra_step__from_T",
    "Begins at t = T.",
    {
        "i in reversed(range(schedule.num_train_timesteps))": (
            "t in range(schedule.num_train_timesteps, -1, -1)"
        ),
        "i, dtype": "t, dtype",
    },
)
wrong(
    "fixed_seed",
    "Seeds PyTorch's generator at every call: always the same samples.",
    {"x = torch": "torch.manual_seed(0)\n    x = torch"},
    of="full",
)
wrong(
    "fixed_seed__generator",
    "The start comes from a generator with a fixed seed.",
    {
        "    x = torch.randn(shape)": (
            "    x = torch.randn(shape, generator=torch.Generator().manual_seed(42))"
        )
    },
    of="full",
)
wrong(
    "fresh_x_each_step",
    "Draws a new x_t at every step.",
    {
        "x = torch": "for t in reversed(range(schedule.num_train_timesteps)):\n        x = torch",
        "    for i in reversed(range(schedule.num_train_timesteps)):\n": "",
        "i, dtype": "t, dtype",
    },
)
wrong(
    "hardcoded_timesteps",
    "1000 steps, whatever the schedule has.",
    {"schedule.num_train_timesteps": "1000"},
    of="full",
)
wrong(
    "hardcoded_timesteps__at_most",
    "Never more than 100 steps, to save time.",
    {"schedule.num_train_timesteps": "min(schedule.num_train_timesteps, 100)"},
    of="full",
)
wrong(
    "helper_called_otherwise",
    "Calls p_sample with an option that its docstring does not have.",
    {"i, dtype=torch.long))": "i), clip=False)"},
)
wrong(
    "ignores_shape",
    "Makes one point, whatever shape asks for.",
    {"(shape)": "(1, 2)", "full((shape[0],), i, dtype=torch.long)": "tensor([i])"},
)
wrong(
    "ignores_shape__hard_coded",
    "Makes 2048 points, whatever shape asks for.",
    {"(shape)": "(2048, 2)", "(shape[0],), i, dtype=torch.long": "(2048,), i"},
)
wrong(
    "ignores_shape__two_columns",
    "Makes as many points as asked for, but always in two dimensions.",
    {"(shape)": "(shape[0], 2)", "i, dtype=torch.long": "i"},
)
wrong(
    "no_noise",
    "Writes the step out and never adds noise.",
    {
        "x = p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "eps = network(x, torch.full((shape[0],), i, dtype=torch.long))\n"
            "        coef = schedule.betas[i] / (1 - schedule.alphas_cumprod[i]).sqrt()\n"
            "        x = (x - coef * eps) / schedule.alphas[i].sqrt()"
        )
    },
)
wrong(
    "noise_at_last_step",
    "Writes the step out and adds noise at t = 0 too.",
    {
        "x = p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "eps = network(x, torch.full((shape[0],), i, dtype=torch.long))\n"
            "        coef = schedule.betas[i] / (1 - schedule.alphas_cumprod[i]).sqrt()\n"
            "        x = (x - coef * eps) / schedule.alphas[i].sqrt() + schedule.betas[i].sqrt() * "
            "torch.randn_like(x)"
        )
    },
)
wrong(
    "noise_shared_by_coordinates",
    "One number per point, the same for both coordinates.",
    {"(shape)": "(shape[0], 1).expand(*shape)"},
    of="full",
)
wrong(
    "not_updated",
    "Every step gets x_T: the result of the one before is thrown away.",
    {
        "x = torch": "x_T = torch",
        "for i": "for t",
        "x = p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "t_batch = torch.full((shape[0],), t, dtype=torch.long)"
        ),
        "return x": "    x_prev = p_sample(network, schedule, x_T, t_batch)\n    return x_prev",
    },
)
wrong(
    "one_based",
    "Counts t = T … 1: the first step asks for a timestep that is not there.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps, 0, -1)"},
    of="full",
)
wrong(
    "one_based__clamped",
    "Counts t = T … 1 and holds T at T − 1: one step twice, and none at t = 0.",
    {
        "reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps, 0, -1)",
        "i, dtype": "min(i, schedule.num_train_timesteps - 1), dtype",
    },
    of="full",
)
wrong(
    "one_step",
    "Returns inside the loop, after its first step.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
        return x_t
""",
)
wrong(
    "other_arguments",
    "A schedule of its own is handed on, not the one that came.",
    {
        "import torch": "import torch\n\nfrom labkit.schedules import Schedule",
        "x = torch": "own = Schedule.linear(schedule.num_train_timesteps, 1e-4, 0.02)\n    x = torch",
        "schedule, x": "own, x",
    },
    of="full",
)
wrong(
    "reads_global",
    "Reads a schedule of its own module instead of the argument.",
    {
        "import torch": (
            "import torch\n\nfrom labkit.schedules import Schedule\n\ndiffusion = Schedule.linear(1000)"
        ),
        "schedule.": "diffusion.",
        "schedule, x": "diffusion, x",
    },
)
wrong(
    "result_rescaled",
    "Brings the finished samples from [−1, 1] to [0, 1].",
    {"i, dtype=torch.long": "i", "    return x": "    return (x + 1) / 2"},
)
wrong(
    "result_rescaled__by_coordinate",
    "Gives each coordinate a scale of its own.",
    {"i, dtype=torch.long": "i", "    return x": "    return x * torch.arange(1, shape[1] + 1)"},
)
wrong(
    "result_rescaled__each_step",
    "Scales after every step.",
    {
        "p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "p_sample(network, schedule, x, torch.full((shape[0],), i))\n        x = 1.01 * x"
        )
    },
)
wrong(
    "result_rescaled__pixels",
    "Turns the finished samples into pixels.",
    {"i, dtype=torch.long": "i", "    return x": "    return (x * 127.5 + 128).clamp(0, 255)"},
)
wrong(
    "returns_list",
    "Returns every x_t instead of the last.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    trajectory = [x_t]
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
        trajectory.append(x_t)
    return trajectory
""",
)
wrong(
    "returns_none",
    "Never returns.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
""",
)
wrong(
    "returns_previous",
    "Returns x_1, the state before the last step.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        previous = x_t
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
    return previous
""",
)
wrong(
    "returns_start",
    "The steps' results go into another variable, and the start is returned.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_T = torch.randn(shape)
    x_t = x_T
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
    return x_T
""",
)
wrong(
    "returns_tuple",
    "Returns x_0 together with the x_T that it came from.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_T = x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
    return x_t, x_T
""",
)
wrong(
    "shared_noise",
    "One start for the whole batch.",
    {"    x = torch.randn(shape)": "    x = torch.randn(1, *shape[1:]).repeat(shape[0], 1)"},
    of="full",
)
wrong(
    "skips_last_timestep",
    "Starts at T − 2.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps - 2, -1, -1)"},
    of="full",
)
wrong("starts_from_uniform", "Starts at uniform noise in [0, 1).", {"randn": "rand"}, of="full")
wrong(
    "starts_from_uniform__centred",
    "Starts at uniform noise with mean 0 and variance 1.",
    {"    x = torch.randn(shape)": "    x = (2 * torch.rand(shape) - 1) * 3**0.5"},
    of="full",
)
wrong("starts_from_zeros", "Starts at zeros instead of noise.", {"randn": "zeros"}, of="full")
wrong(
    "starts_from_zeros__while",
    "Starts at zeros; the steps bring in all of the noise.",
    {
        "randn(shape)": "full(shape, 0.0)",
        "for i in reversed(range(schedule.num_train_timesteps)):": (
            "t = schedule.num_train_timesteps\n    while t > 0:\n        t -= 1"
        ),
        "i, dtype": "t, dtype",
    },
)
wrong(
    "starts_scaled",
    "Starts at noise of twice the standard deviation, as wide as the data.",
    {"x = torch": "x = 2 * torch"},
    of="full",
)
wrong(
    "starts_scaled__last_beta",
    "Starts at noise scaled by √β of the last timestep.",
    {"    x = torch.randn(shape)": "    x = schedule.betas[-1].sqrt() * torch.randn(shape)"},
    of="full",
)
wrong(
    "starts_shifted",
    "Starts at noise with mean 1.",
    {"    x = torch.randn(shape)": "    x = torch.normal(1.0, 1.0, size=tuple(shape))"},
    of="full",
)
wrong(
    "stops_before_t0",
    "range(T − 1, 0, −1) leaves t = 0 out.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps - 1, 0, -1)"},
    of="full",
)
wrong(
    "stops_before_t0__in_portions",
    "Draws in portions, and leaves out the step at t = 0.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps - 1, 0, -1)"},
    of="portions",
)
wrong(
    "stops_before_t0__while",
    "while t > 0 leaves t = 0 out.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    t = schedule.num_train_timesteps - 1
    while t > 0:
        x = p_sample(network, schedule, x, torch.full((shape[0],), t, dtype=torch.long))
        t -= 1
    return x
""",
)
wrong(
    "strided",
    "Every second t.",
    {"reversed(range(schedule.num_train_timesteps))": "range(schedule.num_train_timesteps - 1, -1, -2)"},
    of="full",
)
wrong(
    "strided__linspace",
    "Half as many steps, spread evenly over the timesteps.",
    {
        "x = torch": "T = schedule.num_train_timesteps\n    x = torch",
        "    for i in reversed(range(schedule.num_train_timesteps)):": (
            "    for i in torch.linspace(T - 1, 0, T // 2).long().tolist():"
        ),
    },
    of="full",
)
wrong(
    "t_differs_in_batch",
    "Draws t anew for every sample at every step, as training does.",
    {
        "for i": "for _",
        "        t = torch.full((shape[0],), i, dtype=torch.long)": (
            "        t = torch.randint(0, schedule.num_train_timesteps, (shape[0],))"
        ),
    },
    of="full",
)
wrong(
    "t_not_batched",
    "t has shape [1] instead of [B].",
    {"        t = torch.full((shape[0],), i, dtype=torch.long)": "        t = torch.tensor([i])"},
    of="full",
)
wrong(
    "t_not_batched__int",
    "t is a plain number: raises in a p_sample that asks for its length.",
    {"        t = torch.full((shape[0],), i, dtype=torch.long)": "        t = i"},
    of="full",
)
wrong(
    "t_not_batched__scalar",
    "t is a tensor without axes: raises in a p_sample that asks for its length.",
    {"        t = torch.full((shape[0],), i, dtype=torch.long)": "        t = torch.tensor(i)"},
    of="full",
)
wrong(
    "t_not_long",
    "t is a float: raises in a p_sample that indexes by it.",
    {"full((shape[0],), i, dtype=torch.long)": "ones(shape[0]) * i"},
    of="full",
)
wrong("t_scaled", "Passes t / T on.", {"i, dtype=torch.long": "i / schedule.num_train_timesteps"}, of="full")
wrong(
    "t_stuck",
    "Passes T − 1 at every step.",
    {"for i": "for _", "i, dtype=torch.long": "schedule.num_train_timesteps - 1"},
    of="full",
)
wrong(
    "t_stuck__zero",
    "Passes 0 at every step.",
    {"for i": "for _", "full((shape[0],), i": "zeros(shape[0]"},
    of="full",
)
wrong(
    "unnamed__dropout",
    "Drops numbers at random.",
    {"i, dtype=torch.long": "i", "    return x": "    return torch.nn.functional.dropout(x, 0.1)"},
)
wrong(
    "unnamed__half_precision",
    "Keeps x in half precision.",
    {
        "p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "p_sample(network, schedule, x, torch.full((shape[0],), i))\n        x = x.half().float()"
        )
    },
)
wrong(
    "unnamed__network_called_instead",
    "Takes what the network answers for the next x.",
    {"p_sample(network, schedule, x": "x - network(x"},
)
wrong(
    "unnamed__one_portion_left",
    "Draws in portions, and makes the steps of the first one alone.",
    {
        "    x = torch.randn(shape)": "    first, *rest = torch.randn(shape).split((shape[0] + 1) // 2)",
        "x = p_sample": "first = p_sample",
        "x, torch.full((shape[0],), i, dtype=torch.long)": "first, torch.full((len(first),), i)",
        "    return x": "    return torch.cat([first, *rest])",
    },
)
wrong(
    "unnamed__scaled_by_t",
    "Scales by another number at every step.",
    {
        "p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))": (
            "p_sample(network, schedule, x, torch.full((shape[0],), i))\n"
            "        x = schedule.alphas[i].sqrt() * x"
        )
    },
)
wrong(
    "unnamed__shuffled",
    "Shuffles the finished samples.",
    {"i, dtype=torch.long": "i", "    return x": "    return x[torch.randperm(len(x))]"},
)
wrong(
    "unnamed__whole_groups",
    "Draws whole groups of 500, and cuts what comes out to the batch.",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    groups = []
    for _ in range(-(-shape[0] // 500)):
        x = torch.randn(500, *shape[1:])
        for i in reversed(range(schedule.num_train_timesteps)):
            x = p_sample(network, schedule, x, torch.full((len(x),), i))
        groups.append(x)
    return torch.cat(groups)[: shape[0]]
""",
)
wrong(
    "wrong_shape__stacked",
    "Returns every x_t as one tensor [T + 1, B, 2].",
    whole="""
import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    trajectory = [torch.randn(shape)]
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        trajectory.append(p_sample(network, schedule, trajectory[-1], t_batch))
    return torch.stack(trajectory)
""",
)
