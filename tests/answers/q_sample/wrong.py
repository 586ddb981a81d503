"""What is wrong with an answer to q_sample."""

from answers.mistakes import Mistakes

wrong = Mistakes("q_sample", of="extract")

wrong(
    "alphas_cumprod_prev_for_alphas_cumprod",
    "ᾱ_{t−1} where ᾱ_t belongs.",
    {"alphas_cumprod": "alphas_cumprod_prev"},
)
wrong(
    "alphas_for_alphas_cumprod",
    "α_t where ᾱ_t belongs: a single step's noise instead of all steps' up to t.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": "alphas_t = extract(schedule.alphas, t, x0)",
        "a.sqrt() * x0 + (1 - a)": "alphas_t.sqrt() * x0 + (1 - alphas_t)",
    },
)
wrong(
    "alphas_for_alphas_cumprod__one_step",
    "q(x_t | x_{t−1}) with x_0 in place of x_{t−1}: √(1 − β_t) and √β_t.",
    whole="""
import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    beta = schedule.betas[t].view(-1, 1)
    return torch.sqrt(1 - beta) * x0 + torch.sqrt(beta) * noise
""",
)
wrong(
    "assumes_linear_schedule",
    "Rebuilds the betas as 1000 values between the schedule's ends.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "betas = torch.linspace(schedule.betas[0].item(), schedule.betas[-1].item(), 1000)\n"
            "    a = extract((1 - betas).cumprod(0), t, x0)"
        )
    },
)
wrong(
    "betas_for_alphas_cumprod",
    "β_t where ᾱ_t belongs.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": "betas_t = extract(schedule.betas, t, x0)",
        "a.sqrt() * x0 + (1 - a)": "betas_t.sqrt() * x0 + (1 - betas_t)",
    },
)
wrong(
    "changes_its_input",
    "Multiplies x0 in place: the caller's data shrink at every call.",
    {
        "return a.sqrt() * x0 + (1 - a).sqrt() * noise": (
            "x0 *= a.sqrt()\n    x0 += (1 - a).sqrt() * noise\n    return x0"
        )
    },
)
wrong(
    "changes_its_input__noise",
    "Scales the caller's noise in place: the loss then sees the scaled one.",
    {"return a.sqrt() * x0 + (1 - a).sqrt() *": "noise.mul_((1 - a).sqrt())\n    return a.sqrt() * x0 +"},
)
wrong(
    "clamped",
    "Clamps x_t to [−1, 1], as if it were an image.",
    {"a.sqrt() * x0 + (1 - a).sqrt() * noise": "(a.sqrt() * x0 + (1 - a).sqrt() * noise).clamp(-1, 1)"},
)
wrong(
    "cumprod_twice",
    "The cumulative product is taken once more, of ᾱ instead of α.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "alpha_bar = extract(torch.cumprod(schedule.alphas_cumprod, dim=0), t, x0)"
        ),
        "a.sqrt() * x0 + (1 - a)": "alpha_bar.sqrt() * x0 + (1 - alpha_bar)",
    },
)
wrong(
    "fixed_seed",
    "Seeds PyTorch's generator at every call: always the same noise.",
    {"noise =": "torch.manual_seed(42)\n        noise ="},
)
wrong(
    "fixed_seed__generator",
    "A new generator with the same seed at every call.",
    {
        "        noise = torch.randn_like(x0)": (
            "        noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))"
        )
    },
)
wrong(
    "iterated_steps",
    "Adds the same noise again at each of the steps 0 … t.",
    whole="""
import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    x_t = x0.clone()
    for s in range(int(t.max()) + 1):
        step = schedule.alphas[s].sqrt() * x_t + schedule.betas[s].sqrt() * noise
        x_t = torch.where((t >= s)[:, None], step, x_t)
    return x_t
""",
)
wrong(
    "lessons_schedule",
    "Builds a linear schedule of 1000 timesteps itself.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "betas = torch.linspace(1e-4, 0.02, 1000)\n"
            "    a = extract(torch.cumprod(1 - betas, dim=0), t, x0)"
        )
    },
)
wrong(
    "lessons_schedule__tensor",
    "Reads a global tensor, made in an earlier cell, instead of the schedule.",
    {
        "from labkit.schedules import extract": (
            "alphas_cumprod = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), dim=0)"
        ),
        "    a = extract(schedule.alphas_cumprod, t, x0)": "    a = alphas_cumprod[t].reshape(-1, 1)",
    },
)
wrong("minus_noise", "Takes the noise away instead of adding it.", {"x0 + (1 - a).sqrt": "x0 - (1 - a).sqrt"})
wrong(
    "missing_root_noise",
    "(1 − ᾱ_t) ε: the variance where the standard deviation belongs.",
    {"(1 - a).sqrt()": "(1 - a)"},
)
wrong("missing_root_signal", "ᾱ_t x_0 instead of √ᾱ_t x_0.", {"a.sqrt()": "a"})
wrong(
    "missing_roots",
    "ᾱ_t and 1 − ᾱ_t, both without their roots.",
    {"a.sqrt() * x0 + (1 - a).sqrt()": "a * x0 + (1 - a)"},
)
wrong(
    "missing_roots__lerp",
    "Blends image and noise linearly, as torch.lerp does.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "return torch.lerp(noise, x0, extract(schedule.alphas_cumprod, t, x0))"
        ),
        "    return a.sqrt() * x0 + (1 - a).sqrt() * noise\n": "",
    },
)
wrong("no_noise_drawn", "Zeros where it should draw noise: x_t is the mean.", {"randn_like": "zeros_like"})
wrong(
    "no_noise_drawn__mean_only",
    "Returns the mean alone where no noise is given.",
    whole="""
from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0
    if noise is not None:
        x_t = x_t + (1 - a).sqrt() * noise
    return x_t
""",
)
wrong(
    "noise_ignored",
    "Draws its own noise even where it is given one.",
    {"    if noise is None:\n": "", "        noise": "    noise"},
)
wrong(
    "noise_ignored__inverted_test",
    "Draws noise where it is given some: the test for None is the wrong way round.",
    {
        "if noise is None:\n        noise = torch.randn_like": (
            "noise = torch.randn_like(x0) if noise is not None else torch.zeros_like"
        )
    },
)
wrong(
    "noise_ignored__iterated",
    "Walks the chain with fresh noise and stops a step before t; ignores the noise given.",
    whole="""
import torch


def q_sample(schedule, x0, t, noise=None):
    x_t = x0.clone()
    for s in range(int(t.max())):
        step = schedule.alphas[s].sqrt() * x_t + schedule.betas[s].sqrt() * torch.randn_like(x0)
        x_t = torch.where((t > s)[:, None], step, x_t)
    return x_t
""",
)
wrong(
    "noise_left_out",
    "The noise is drawn, and not added.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "return extract(schedule.alphas_cumprod, t, x0).sqrt() * x0"
        ),
        "    return a.sqrt() * x0 + (1 - a).sqrt() * noise\n": "",
    },
)
wrong(
    "noise_not_independent",
    "Half of each sample's noise is that of the sample before it.",
    {
        "noise = torch.randn_like(x0)": (
            "drawn = torch.randn(len(x0) + 1, *x0.shape[1:], device=x0.device)\n"
            "        noise = (drawn[1:] + drawn[:-1]) / 2**0.5"
        ),
        "a = extract": "alpha_bar = extract",
        "a.sqrt() * x0 + (1 - a)": "alpha_bar.sqrt() * x0 + (1 - alpha_bar)",
    },
)
wrong(
    "noise_not_scaled", "The noise is added at full strength at every t.", {"(1 - a).sqrt() * noise": "noise"}
)
wrong("noise_scaled", "Draws noise of half the standard deviation.", {"= torch": "= 0.5 * torch"})
wrong(
    "noise_shared_by_coordinates",
    "One number of noise per point, the same for both coordinates.",
    {
        "        noise = torch.randn_like(x0)": (
            "        noise = torch.randn(len(x0), 1, device=x0.device).expand_as(x0)"
        )
    },
)
wrong("off_by_one_t__clamped", "Reads at t − 1, held at 0.", {"t, x0": "(t - 1).clamp(min=0), x0"})
wrong(
    "off_by_one_t__one_based",
    "Takes t for 1-based and reads at t − 1: index −1 is the last timestep.",
    {"t, x0": "t - 1, x0"},
)
wrong(
    "off_by_one_t__plus_one",
    "Reads at t + 1, held at the last timestep.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "index = (t + 1).clamp(max=schedule.num_train_timesteps - 1)\n"
            "    a = extract(schedule.alphas_cumprod, index, x0)"
        )
    },
)
wrong(
    "one_minus_root",
    "1 − √ᾱ_t instead of √(1 − ᾱ_t) before the noise.",
    {
        "a = extract": "root = extract",
        "alphas_cumprod": "alphas_cumprod.sqrt()",
        "a.sqrt() * x0 + (1 - a).sqrt()": "root * x0 + (1 - root)",
    },
)
wrong(
    "one_steps_noise",
    "The signal has ᾱ_t, the noise √(1 − α_t).",
    {"a = extract": "a_bar = extract", "return a": "a = extract(schedule.alphas, t, x0)\n    return a_bar"},
)
wrong(
    "one_time_for_batch",
    "The first sample's t is used for the whole batch.",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "    a = extract(schedule.alphas_cumprod, t, x0)": "    a = schedule.alphas_cumprod[t[0]]",
    },
)
wrong(
    "one_time_for_batch__mean",
    "The coefficients are averaged over the batch.",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "    a = extract(schedule.alphas_cumprod, t, x0)": "    a = schedule.alphas_cumprod[t].mean()",
    },
)
wrong(
    "missing_broadcast",
    "Coefficients [B] beside points [B, 2]: raises, and is silently wrong for two points.",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "extract(schedule.alphas_cumprod, t, x0)": "schedule.alphas_cumprod[t]",
    },
)
wrong(
    "raised__noise_none",
    "Never draws: without noise it multiplies by None and raises.",
    {"\nimport torch\n": "", "    if noise is None:\n        noise = torch.randn_like(x0)\n": ""},
)
wrong(
    "reads_global",
    "Reads a schedule of its own module instead of the argument.",
    {
        "import extract": "import Schedule, extract\n\ndiffusion = Schedule.linear(1000)",
        "schedule.": "diffusion.",
    },
)
wrong(
    "returns_none",
    "Computes x_t and does not return it.",
    {
        "return a.sqrt() * x0 + (1 - a).sqrt() * noise": (
            "x_t = a.sqrt() * x0 + (1 - a).sqrt() * noise\n    print(x_t.shape)"
        )
    },
)
wrong("returns_tuple", "Returns x_t together with the noise.", {"* noise": "* noise, noise"})
wrong(
    "reversed_t",
    "Counts the time backwards: T − 1 − t.",
    {"t, x0": "schedule.num_train_timesteps - 1 - t, x0"},
)
wrong(
    "reversed_t__flipped_schedule",
    "Flips the schedule before reading it.",
    {"alphas_cumprod": "alphas_cumprod.flip(0)"},
)
wrong(
    "shared_noise",
    "One draw of noise for the whole batch.",
    {
        "        noise = torch.randn_like(x0)": (
            "        noise = torch.randn(x0.shape[1:], device=x0.device).expand_as(x0)"
        )
    },
)
wrong("signal_not_scaled", "x_0 is not shrunk, so that the variance grows with t.", {" a.sqrt() * x0": " x0"})
wrong(
    "swapped_coefficients",
    "The signal gets the noise's coefficient and the other way round.",
    {
        "    return a.sqrt() * x0 + (1 - a).sqrt() * noise": (
            "    return (1 - a).sqrt() * x0 + a.sqrt() * noise"
        )
    },
)
wrong("uniform_noise", "Noise from rand_like: uniform in [0, 1).", {"randn_like": "rand_like"})
wrong(
    "uniform_noise__centred",
    "Uniform noise with mean 0 and variance 1.",
    {"        noise = torch.randn_like(x0)": "        noise = (2 * torch.rand_like(x0) - 1) * 3**0.5"},
)
wrong(
    "unnamed__noise_normalised",
    "Draws noise and divides each point's by its length.",
    {
        "import torch": "import torch\nimport torch.nn.functional as F",
        "torch.randn_like(x0)": "F.normalize(torch.randn_like(x0), dim=-1)",
    },
)
