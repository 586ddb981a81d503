"""What is wrong with an answer to step_predict_mean."""

from answers.mistakes import Mistakes

wrong = Mistakes("step_predict_mean", of="if_betas")

wrong(
    "adds_net_out",
    "Adds x_t to the mean.",
    {
        "    if t[0] == 0:\n        return net_out\n": "",
        " net_out +": " x_t + net_out +",
        "(x_t)": "(x_t) * (t[0] > 0)",
    },
)
wrong(
    "betas_missing_in_variance",
    "The posterior's variance without its β_t.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    return net_out + ((1 - bar_prev) / (1 - bar)).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "changes_its_input",
    "Adds the noise in place.",
    {
        "return net_out + beta.sqrt() * torch.randn_like(x_t)": (
            "net_out += beta.sqrt() * torch.randn_like(x_t)\n    return net_out"
        )
    },
)
wrong("clips_mean", "Clips the mean.", {"if t": "net_out = net_out.clamp(-1, 1)\n    if t"})
wrong("clips_mean__unit", "Clips the mean to [0, 1].", {"if t": "net_out = net_out.clamp(0, 1)\n    if t"})
wrong(
    "clips_x_prev",
    "Clips the result.",
    {
        "        return net_out": "        return net_out.clamp(-1, 1)",
        "net_out + beta.sqrt() * torch.randn_like(x_t)": (
            "(net_out + beta.sqrt() * torch.randn_like(x_t)).clamp(-1, 1)"
        ),
    },
)
wrong(
    "fixed_seed",
    "Seeds the generator at every call.",
    {"return net_out +": "torch.manual_seed(63)\n    return net_out +"},
)
wrong(
    "forward_step",
    "Makes a step forward.",
    {"    if t[0] == 0:\n        return net_out\n": "", "net_out +": "(1 - beta).sqrt() * x_t +"},
)
wrong(
    "mean_scaled",
    "Divides by √α_t once more.",
    {
        "    if t[0] == 0:\n        return net_out\n": "",
        "    return net_out + beta.sqrt() * torch.randn_like(x_t)": (
            "    return net_out / (1 - beta).sqrt() + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)"
        ),
    },
)
wrong(
    "mean_scaled__alphas_cumprod",
    "Multiplies by √ᾱ_t.",
    {
        "if t": "mean = extract(schedule.alphas_cumprod, t, x_t).sqrt() * net_out\n    if t",
        "        return net_out": "        return mean",
        "    beta = extract(schedule.betas, t, x_t)\n": "",
        "net_out + beta": "mean + extract(schedule.betas, t, x_t)",
    },
)
wrong(
    "minus_mean",
    "The sign of the mean is wrong.",
    {
        "    if t[0] == 0:\n        return net_out\n": "",
        " net_out +": "",
        "(x_t)": "(x_t) * (t[0] > 0) - net_out",
    },
)
wrong(
    "net_out_as_noise",
    "Copied from the step for the noise.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise
""",
)
wrong(
    "net_out_as_x0",
    "Applies the posterior's formula to the mean again.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "net_out_as_x0__through_step",
    "Hands the mean to the step for x_0.",
    whole="""

def step_predict_mean(schedule, x_t, t, net_out):
    return step_predict_x0(schedule, x_t, t, net_out)
""",
)
wrong(
    "no_noise",
    "Returns the mean.",
    whole="""

def step_predict_mean(schedule, x_t, t, net_out):
    return net_out
""",
)
wrong("no_noise__only_at_last_step", "The test is the wrong way round.", {"t[0] == 0": "t[0] > 0"})
wrong("no_noise_at_t1", "`if t <= 1`, from a paper that counts from 1.", {"t[0] == 0": "t[0] <= 1"})
wrong(
    "noise_added_twice",
    "Two draws are added.",
    {"return net_out +": "x_prev = net_out + beta.sqrt() * torch.randn_like(x_t)\n    return x_prev +"},
)
wrong("noise_at_last_step", "Noise at t = 0 too.", {"    if t[0] == 0:\n        return net_out\n": ""})
wrong(
    "noise_at_last_step__wrong_test",
    "The mask is 1 everywhere.",
    {"    if t[0] == 0:\n        return net_out\n": "", "+ beta": "+ (t >= 0).view(-1, 1, 1, 1) * beta"},
)
wrong(
    "noise_off_centre",
    "The noise has mean 0.05.",
    {"torch.randn_like(x_t)": "(torch.randn_like(x_t) + 0.05)"},
)
wrong("noise_scaled", "Noise of full strength.", {"beta.sqrt() * torch": "torch"})
wrong("noise_scaled__alphas", "√α_t for √β_t.", {"betas": "alphas"})
wrong(
    "noise_scaled__one_minus_alpha_bar",
    "The noise of the whole way.",
    {"schedule.betas": "1 - schedule.alphas_cumprod"},
)
wrong("noise_shared_by_channels", "One draw for all channels.", {"(x_t)": "(x_t[:, :1])"})
wrong("noise_shared_by_pixels", "One number for each image.", {"(x_t)": "(x_t[:, :1, :1, :1])"})
wrong("off_by_one_t", "β read at t − 1.", {"t, x_t": "t - 1, x_t"})
wrong(
    "posterior_variance_inverted",
    "The fraction of the posterior's variance upside down.",
    {
        "beta = extract(schedule.betas, t, x_t)": (
            "bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), "
            "extract(schedule.alphas_cumprod_prev, t, x_t)\n"
            "    variance = extract(schedule.betas, t, x_t) * (1 - bar) / (1 - bar_prev)"
        ),
        "beta.sqrt": "variance.sqrt",
    },
)
wrong("if_of_a_batch", "`if t == 0` on a whole batch.", {"if t[0]": "if t"})
wrong(
    "raised__square_only",
    "Draws noise of height × height.",
    {"randn_like(x_t)": "randn(*x_t.shape[:3], x_t.shape[2])"},
)
wrong(
    "reads_global",
    "Reads the notebook's schedule.",
    {
        "import extract": "import Schedule, extract\n\nnoise_schedule = Schedule.linear(1000)",
        "schedule.": "noise_schedule.",
    },
)
wrong(
    "returns_none",
    "Forgets to return.",
    {"    if t[0] == 0:\n        return net_out\n": "", "return net_out +": "x_prev = net_out +"},
)
wrong("returns_tuple", "The mean comes along.", {"(x_t)": "(x_t), net_out"})
wrong(
    "returns_x_t",
    "Adds noise to x_t instead of the mean.",
    {"    if t[0] == 0:\n        return net_out\n": "", "net_out +": "x_t +", "(x_t)": "(x_t) * (t[0] > 0)"},
)
wrong("shared_noise", "One draw for all images.", {"randn_like(x_t)": "randn(1, *x_t.shape[1:])"})
wrong("shared_noise__one_number", "One number for everything.", {"randn_like(x_t)": "randn(1)"})
wrong(
    "subtracts_net_out",
    "Takes the mean from x_t.",
    {
        "    if t[0] == 0:\n        return net_out\n": "",
        " net_out +": " x_t - net_out +",
        "(x_t)": "(x_t) * (t[0] > 0)",
    },
)
wrong("uniform_noise", "rand_like for randn_like.", {"randn_like": "rand_like"})
wrong(
    "unnamed__half",
    "Half of the mean and half of x_t.",
    {
        "    if t[0] == 0:\n        return net_out\n": "",
        "net_out +": "(net_out + x_t) / 2 +",
        "(x_t)": "(x_t) * (t[0] > 0)",
    },
)
wrong("variance_for_std", "β_t for its root.", {".sqrt()": ""})
wrong(
    "variance_for_std__posterior",
    "The posterior's variance for its root.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    variance = extract(schedule.betas, t, x_t) * (1 - bar_prev) / (1 - bar)
    return net_out + variance * torch.randn_like(x_t)
""",
)
