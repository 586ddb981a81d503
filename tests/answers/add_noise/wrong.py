"""What is wrong with an answer to add_noise."""

from answers.mistakes import Mistakes

wrong = Mistakes("add_noise", of="extract")

wrong(
    "alphas_cumprod_prev_for_alphas_cumprod",
    "ᾱ_{t−1} where ᾱ_t belongs.",
    {"alphas_cumprod": "alphas_cumprod_prev"},
)
wrong("alphas_for_alphas_cumprod", "α_t where ᾱ_t belongs.", {"alphas_cumprod": "alphas"})
wrong("betas_for_alphas_cumprod", "β_t where ᾱ_t belongs.", {"alphas_cumprod": "betas"})
wrong(
    "changes_its_input",
    "Scales x0 in place: the caller's images fade at every call.",
    {"x_t = a.sqrt() *": "x0 *= a.sqrt()\n    x_t ="},
)
wrong(
    "changes_its_input__eps",
    "Scales the caller's noise in place.",
    {"(1 - a).sqrt() * eps": "eps.mul_((1 - a).sqrt())"},
)
wrong(
    "clamped",
    "Clamps x_t to the range of pixels.",
    {"a.sqrt() * x0 + (1 - a).sqrt() * eps": "(a.sqrt() * x0 + (1 - a).sqrt() * eps).clamp(-1, 1)"},
)
wrong(
    "cumprod_twice",
    "The cumulative product is taken once more.",
    {"alphas_cumprod": "alphas_cumprod.cumprod(0)"},
)
wrong(
    "eps_scaled",
    "Returns the noise as it stands in x_t.",
    {"x_t = a.sqrt() * x0 +": "eps =", "    return x_t, eps": "    return a.sqrt() * x0 + eps, eps"},
)
wrong(
    "eps_unrelated",
    "Returns another draw than the one in x_t.",
    {"    return x_t, eps": "    return x_t, torch.randn_like(x0)"},
)
wrong("eps_unrelated__difference", "Returns x_t − x0 as the noise.", {"x_t, eps": "x_t, x_t - x0"})
wrong(
    "eps_unrelated__drawn_twice",
    "Calls randn_like a second time where no noise is given.",
    {
        "    if eps is None:\n        eps = torch.randn_like(x0)\n": "",
        "* eps": "* (torch.randn_like(x0) if eps is None else eps)",
        "    return x_t, eps": "    return x_t, torch.randn_like(x0) if eps is None else eps",
    },
)
wrong("eps_unrelated__x0", "Returns x0 beside x_t.", {"x_t, eps": "x_t, x0"})
wrong(
    "fixed_seed",
    "A generator with the same seed at every call.",
    {
        "        eps = torch.randn_like(x0)": (
            "        eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))"
        )
    },
)
wrong(
    "lessons_schedule",
    "Builds a linear schedule of 1000 timesteps itself.",
    {
        "    a = extract(schedule.alphas_cumprod, t, x0)": (
            "    a = extract(torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), dim=0), t, x0)"
        )
    },
)
wrong("minus_noise", "Takes the noise away instead of adding it.", {"x0 + (1 - a).sqrt": "x0 - (1 - a).sqrt"})
wrong(
    "missing_root_noise",
    "(1 − ᾱ_t) ε: the variance where the standard deviation belongs.",
    {"(1 - a).sqrt()": "(1 - a)"},
)
wrong("missing_root_signal", "ᾱ_t x_0 instead of √ᾱ_t x_0.", {"a.sqrt()": "a"})
wrong("missing_roots", "Both roots are missing.", {"a.sqrt() * x0 + (1 - a).sqrt()": "a * x0 + (1 - a)"})
wrong("no_noise_drawn", "Zeros where it should draw noise.", {"randn_like": "zeros_like"})
wrong(
    "noise_ignored",
    "Draws its own noise even where it is given one.",
    {"    if eps is None:\n": "", "        eps": "    eps"},
)
wrong("noise_not_scaled", "The noise is added at full strength at every t.", {"(1 - a).sqrt() * eps": "eps"})
wrong("noise_scaled", "Draws noise of half the standard deviation.", {"= torch": "= 0.5 * torch"})
wrong(
    "noise_shared_by_channels",
    "Grey noise: one draw for all channels.",
    {"randn_like(x0)": "randn_like(x0[:, :1]).expand_as(x0)"},
)
wrong(
    "noise_shared_by_channels__broadcast",
    "Grey noise, spread by the sum.",
    {
        "        eps = torch.randn_like(x0)": (
            "        eps = torch.randn(len(x0), 1, *x0.shape[2:], device=x0.device)"
        )
    },
)
wrong(
    "noise_shared_by_pixels",
    "One number for each channel of an image.",
    {
        "        eps = torch.randn_like(x0)": (
            "        eps = torch.randn(*x0.shape[:2], 1, 1, device=x0.device)"
        )
    },
)
wrong(
    "noise_shared_by_pixels__images",
    "One number for each image.",
    {
        "        eps = torch.randn_like(x0)": (
            "        eps = torch.randn(len(x0), 1, 1, 1, device=x0.device) * torch.ones_like(x0)"
        )
    },
)
wrong("off_by_one_t__clamped", "Reads at t − 1, held at 0.", {"t, x0": "(t - 1).clamp(min=0), x0"})
wrong(
    "off_by_one_t__one_based", "Takes t for 1-based: index −1 is the last timestep.", {"t, x0": "t - 1, x0"}
)
wrong("one_minus_root", "1 − √ᾱ_t instead of √(1 − ᾱ_t).", {"(1 - a).sqrt()": "(1 - a.sqrt())"})
wrong(
    "one_steps_noise",
    "The signal has ᾱ_t, the noise √β_t.",
    {"(1 - a).sqrt": "extract(schedule.betas, t, x0).sqrt"},
)
wrong(
    "one_time_for_batch",
    "The first image's t is used for the whole batch.",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "    a = extract(schedule.alphas_cumprod, t, x0)": "    a = schedule.alphas_cumprod[t[0]]",
    },
)
wrong(
    "missing_broadcast",
    "Coefficients [B] beside images [B, C, H, W].",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "extract(schedule.alphas_cumprod, t, x0)": "schedule.alphas_cumprod[t]",
    },
)
wrong(
    "raised__noise_like_t",
    "Draws noise like t: torch has none for whole numbers, and says so by NotImplementedError.",
    {
        "if eps is None:\n        eps = torch.randn_like(x0)": "eps = torch.randn_like(t)",
        "x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps\n    return x_t": (
            "return a.sqrt() * x0 + (1 - a).sqrt() * eps"
        ),
    },
)
wrong(
    "missing_broadcast__points_only",
    "Coefficients [B, 1], as for points.",
    {
        "\nfrom labkit.schedules import extract\n": "",
        "    a = extract(schedule.alphas_cumprod, t, x0)": "    a = schedule.alphas_cumprod[t].view(-1, 1)",
    },
)
wrong(
    "raised__square_only",
    "Transposes height and width of the noise: only square images survive.",
    {"* eps": "* eps.transpose(2, 3)"},
)
wrong(
    "reads_global",
    "Reads a schedule of the notebook instead of the argument.",
    {
        "import extract": "import Schedule, extract\n\ndiffusion = Schedule.linear(1000)",
        "schedule.": "diffusion.",
    },
)
wrong(
    "returns_eps_none",
    "Draws noise under another name, and returns the argument.",
    whole="""
import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    noise = torch.randn_like(x0) if eps is None else eps
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise, eps
""",
)
wrong("returns_no_pair", "Returns the coefficients too.", {"x_t, eps": "x_t, eps, a"})
wrong(
    "returns_no_pair__dict",
    "Returns a dictionary.",
    {"    return x_t, eps": '    return {"x_t": x_t, "eps": eps}'},
)
wrong("returns_no_pair__stacked", "Stacks the two into one tensor.", {"x_t, eps": "torch.stack([x_t, eps])"})
wrong("returns_none", "Computes both and returns neither.", {"    return x_t, eps": "    print(x_t.shape)"})
wrong("returns_x_t_only", "Returns x_t as q_sample does, without the noise.", {"x_t, eps": "x_t"})
wrong("reversed_t", "Counts the time backwards.", {"alphas_cumprod": "alphas_cumprod.flip(0)"})
wrong(
    "shared_noise",
    "One draw of noise for the whole batch.",
    {
        "        eps = torch.randn_like(x0)": (
            "        eps = torch.randn(x0.shape[1:], device=x0.device).expand_as(x0)"
        )
    },
)
wrong(
    "shared_noise__broadcast",
    "One draw of noise, spread by the sum.",
    {"        eps = torch.randn_like(x0)": "        eps = torch.randn(1, *x0.shape[1:], device=x0.device)"},
)
wrong("signal_not_scaled", "x_0 is not shrunk.", {"= a.sqrt() * x0": "= x0"})
wrong(
    "swapped_coefficients",
    "The signal gets the noise's coefficient and the other way round.",
    {"= a.sqrt() * x0 + (1 - a).sqrt() * eps": "= (1 - a).sqrt() * x0 + a.sqrt() * eps"},
)
wrong("swapped_pair", "The noise first, then x_t.", {"x_t, eps": "eps, x_t"})
wrong("uniform_noise", "Noise from rand_like: uniform in [0, 1).", {"randn_like": "rand_like"})
wrong(
    "uniform_noise__centred",
    "Uniform noise with mean 0 and variance 1.",
    {"        eps = torch.randn_like(x0)": "        eps = (2 * torch.rand_like(x0) - 1) * 3**0.5"},
)
wrong(
    "wrong_shape__batch_of_one",
    "squeeze() takes away the batch of one, too.",
    {"x_t, eps": "x_t.squeeze(0), eps"},
)
wrong("wrong_shape__grey", "squeeze() takes away a single channel.", {"x_t, eps": "x_t.squeeze(1), eps"})
