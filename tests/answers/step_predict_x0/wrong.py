"""What is wrong with an answer to step_predict_x0."""

from answers.mistakes import Mistakes

wrong = Mistakes("step_predict_x0", of="posterior")

wrong("alphas_cumprod_for_alphas", "√ᾱ_t for √α_t.", {"alpha.sqrt": "bar.sqrt"})
wrong("alphas_cumprod_for_one_minus", "Divided by ᾱ_t.", {"(1 - bar)": "bar"})
wrong(
    "alphas_cumprod_for_prev",
    "ᾱ_t where ᾱ_{t−1} belongs.",
    {
        "    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": "    bar_prev = bar",
        "1 - bar_prev": "1 - bar",
    },
)
wrong(
    "alphas_cumprod_for_prev__clipped",
    "ᾱ_t for ᾱ_{t−1} in the factor of x_t.",
    {"1 - bar_prev": "1 - bar"},
    of="posterior_clipped",
)
wrong("alphas_cumprod_for_prev__in_x0", "ᾱ_t for ᾱ_{t−1} in the factor of x_0.", {"bar_prev.": "bar."})
wrong("alphas_for_alphas_cumprod", "1 − α_t as the denominator.", {"(1 - bar)": "(1 - alpha)"})
wrong("alphas_for_betas", "α_t in front of x_0.", {"beta *": "alpha *"})
wrong("alphas_for_prev", "√α_t in front of x_0.", {"bar_prev.": "alpha."})
wrong(
    "calls_in_a_circle",
    "Leaves the work to another step, which leaves it to this one.",
    whole="""
from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    a = extract(schedule.alphas_cumprod, t, x_t)
    return step_predict_noise(schedule, x_t, t, (x_t - a.sqrt() * net_out) / (1 - a).sqrt())


def step_predict_noise(schedule, x_t, t, net_out):
    a = extract(schedule.alphas_cumprod, t, x_t)
    return step_predict_x0(schedule, x_t, t, (x_t - (1 - a).sqrt() * net_out) / a.sqrt())
""",
)
wrong(
    "changes_its_input", "Clips the network's answer in place.", {"clamp": "clamp_"}, of="posterior_clipped"
)
wrong(
    "changes_its_input__x_t",
    "Scales x_t in place.",
    {
        "mean = (bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)": (
            "x_t *= alpha.sqrt() * (1 - bar_prev) / (1 - bar)\n"
            "    mean = bar_prev.sqrt() * beta / (1 - bar) * net_out + x_t"
        )
    },
)
wrong("clips_mean", "Clips the posterior's mean.", {"if t": "mean = mean.clip(-1, 1)\n    if t"})
wrong("clips_x0_elsewhere", "Clips x_0 to [0, 1].", {"clamp(-1, 1)": "clamp(0, 1)"}, of="posterior_clipped")
wrong(
    "clips_x0_elsewhere__half",
    "Clips x_0 to [−0.5, 0.5].",
    {"clamp(-1, 1)": "clamp(-0.5, 0.5)"},
    of="posterior_clipped",
)
wrong(
    "clips_x_prev",
    "Clips the result.",
    {
        "mean + beta.sqrt() * torch.randn_like(x_t)": (
            "torch.clamp(mean + beta.sqrt() * torch.randn_like(x_t), -1, 1)"
        )
    },
)
wrong(
    "clips_x_prev__tables_off",
    "Clips the network's x_0 and the result.",
    {
        "mean + beta.sqrt() * torch.randn_like(x_t)": (
            "torch.clamp(mean + beta.sqrt() * torch.randn_like(x_t), -1, 1)"
        )
    },
    of="posterior_clipped",
)
wrong(
    "ddim_step",
    "DDIM's deterministic step.",
    {
        "eps =": "bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)\n    eps =",
        "    return step_predict_noise(schedule, x_t, t, eps)": (
            "    return bar_prev.sqrt() * net_out + (1 - bar_prev).sqrt() * eps"
        ),
    },
    of="through_step_predict_noise",
)
wrong(
    "fixed_seed",
    "A new generator, seeded, at every call.",
    {"randn_like(x_t)": "randn(x_t.shape, generator=torch.Generator().manual_seed(63))"},
)
wrong(
    "forward_mean",
    "Noises x_0 to the level of t.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    return bar.sqrt() * net_out + (1 - bar).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "forward_mean__no_noise",
    "The mean of q(x_t | x_0).",
    whole="""
from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    return extract(schedule.alphas_cumprod, t, x_t).sqrt() * net_out
""",
)
wrong(
    "missing_denominator",
    "Not divided by 1 − ᾱ_t.",
    {"(bar_prev.sqrt(": "bar_prev.sqrt(", ") * x_t) / (1 - bar)": ") * x_t"},
)
wrong("missing_root_alphas", "No root of α_t.", {"alpha.sqrt()": "alpha"})
wrong(
    "missing_root_eps__through_eps",
    "No root where x_0 is turned into ε.",
    {") / (1 - bar).sqrt()": ") / (1 - bar)"},
    of="through_eps",
)
wrong("missing_root_prev", "No root of ᾱ_{t−1}.", {"bar_prev.sqrt()": "bar_prev"})
wrong(
    "missing_root_prev__clipped",
    "No root of ᾱ_{t−1}, with x_0 clipped.",
    {"bar_prev.sqrt()": "bar_prev"},
    of="posterior_clipped",
)
wrong(
    "missing_root_signal__through_eps",
    "ᾱ_t for its root where x_0 is turned into ε.",
    {"bar.sqrt()": "bar"},
    of="through_eps",
)
wrong("missing_roots", "No root of either.", {"bar_prev.sqrt()": "bar_prev", "alpha.sqrt()": "alpha"})
wrong(
    "missing_scale__through_eps",
    "The bracket is not divided.",
    {"(x_t - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()": "x_t - beta / (1 - bar).sqrt() * eps"},
    of="through_eps",
)
wrong(
    "net_out_as_mean",
    "Adds noise to the network's x_0.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    return net_out + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "net_out_as_noise",
    "Copied from the step for the noise.",
    {"    eps = (x_t - bar.sqrt() * net_out) / (1 - bar).sqrt()\n": "", "* eps": "* net_out"},
    of="through_eps",
)
wrong(
    "net_out_as_noise__guess",
    "Turns the network's x_0 into an x_0 once more.",
    {
        "mean = (bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - bar_prev) * x_t)": (
            "x0 = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()\n"
            "    mean = (bar_prev.sqrt() * beta * x0 + alpha.sqrt() * (1 - bar_prev) * x_t)"
        )
    },
)
wrong(
    "no_noise",
    "The mean alone.",
    {
        "\nimport torch\n": "",
        "    if t[0] == 0:\n": "",
        "        return": "    return",
        "    return mean + beta.sqrt() * torch.randn_like(x_t)\n": "",
    },
)
wrong(
    "no_noise_at_t1", "`if t > 1`, copied from Algorithm 2, which counts from 1.", {"t[0] == 0": "t[0] <= 1"}
)
wrong("no_noise_at_t1__through_eps", "The same in another form.", {"0 else": "1 else"}, of="through_eps")
wrong(
    "noise_added_twice",
    "The mean already holds noise.",
    {"return mean +": "mean = mean + beta.sqrt() * torch.randn_like(x_t)\n    return mean +"},
)
wrong("noise_at_last_step", "Noise at t = 0 too.", {"    if t[0] == 0:\n        return mean\n": ""})
wrong(
    "noise_at_last_step__clipped",
    "Clips, and adds noise at t = 0 too.",
    {"    if t[0] == 0:\n        return mean\n": ""},
    of="posterior_clipped",
)
wrong("noise_scaled", "Noise of full strength.", {"beta.sqrt() * torch": "torch"})
wrong(
    "noise_shared_by_channels",
    "A grey draw for coloured images.",
    {"randn_like(x_t)": "randn(len(x_t), 1, *x_t.shape[2:])"},
)
wrong(
    "noise_shared_by_pixels",
    "One number for each image and channel.",
    {"randn_like(x_t)": "randn(*x_t.shape[:2], 1, 1)"},
)
wrong(
    "not_finite__prev_divides",
    "Divides by 1 − ᾱ_{t−1}, which is 0 at t = 0.",
    {"(1 - bar)": "(1 - bar_prev)"},
)
wrong(
    "off_by_one_t",
    "Reads every table at t − 1.",
    {
        "beta = extract(schedule.betas, t, x_t)": (
            "s = (t - 1).clamp(min=0)\n    beta = extract(schedule.betas, s, x_t)"
        ),
        "alphas, t": "alphas, s",
        "alphas_cumprod, t": "alphas_cumprod, s",
        "alphas_cumprod_prev, t": "alphas_cumprod_prev, s",
    },
)
wrong(
    "off_by_one_t__clipped",
    "Reads every table at t + 1 where it can.",
    {
        "beta = extract(schedule.betas, t, x_t)": (
            "s = (t + 1).clamp(max=len(schedule.betas) - 1)\n    beta = extract(schedule.betas, s, x_t)"
        ),
        "alphas, t": "alphas, s",
        "alphas_cumprod, t": "alphas_cumprod, s",
        "alphas_cumprod_prev, t": "alphas_cumprod_prev, s",
    },
    of="posterior_clipped",
)
wrong("plus_eps__through_eps", "The ε is added.", {"x_t - beta": "x_t + beta"}, of="through_eps")
wrong(
    "prev_clamped",
    "ᾱ read at max(t − 1, 0): at t = 0 the image comes out too dark.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, (t - 1).clamp(min=0)"},
)
wrong(
    "prev_clamped__if",
    "At t = 0 ᾱ_t itself stands in.",
    {
        "    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": (
            "    bar_prev = extract(schedule.alphas_cumprod, t - 1, x_t) if t[0] > 0 else bar"
        )
    },
    of="posterior_clipped",
)
wrong(
    "prev_wraps",
    "ᾱ read at t − 1, which is −1 at t = 0.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, t - 1"},
)
wrong(
    "prev_wraps__rolled",
    "ᾱ rolled by one.",
    {"schedule.alphas_cumprod_prev": "torch.roll(schedule.alphas_cumprod, 1)"},
    of="posterior_clipped",
)
wrong(
    "prev_zero",
    "ᾱ padded with a zero.",
    {
        "bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": (
            "padded = torch.cat([torch.zeros(1), schedule.alphas_cumprod[:-1]])\n"
            "    bar_prev = extract(padded, t, x_t)"
        )
    },
)
wrong("if_of_a_batch", "`if t == 0` on a whole batch.", {"if t[0]": "if t"})
wrong(
    "reads_global",
    "Reads the notebook's schedule.",
    whole="""
import torch

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


def step_predict_x0(schedule, x_t, t, net_out):
    beta = extract(diffusion.betas, t, x_t)
    alpha = extract(diffusion.alphas, t, x_t)
    bar = extract(diffusion.alphas_cumprod, t, x_t)
    bar_prev = extract(diffusion.alphas_cumprod_prev, t, x_t)
    mean = (bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "renoised_x0",
    "Noises x_0 to the level of t − 1.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    return bar_prev.sqrt() * net_out + (1 - bar_prev).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "returns_none",
    "Forgets to return.",
    {
        "    if t[0] == 0:\n        return mean\n": "",
        "return mean +": "x_prev = mean +",
        "(x_t)": "(x_t) * (t[0] > 0)",
    },
)
wrong("returns_tuple", "x_0 comes along.", {"(x_t)": "(x_t), net_out"})
wrong(
    "returns_x0",
    "Returns what the network said.",
    whole="""

def step_predict_x0(schedule, x_t, t, net_out):
    return net_out
""",
)
wrong(
    "returns_x0__clipped",
    "Returns what the network said, clipped.",
    whole="""

def step_predict_x0(schedule, x_t, t, net_out):
    return net_out.clamp(-1, 1)
""",
)
wrong(
    "reversed_t",
    "Reads the tables from their end.",
    {
        "beta = extract(schedule.betas, t, x_t)": (
            "s = len(schedule.betas) - 1 - t\n    beta = extract(schedule.betas, s, x_t)"
        ),
        "alphas, t": "alphas, s",
        "alphas_cumprod, t": "alphas_cumprod, s",
        "alphas_cumprod_prev, t": "alphas_cumprod_prev, s",
    },
)
wrong("root_of_betas", "√β_t in front of x_0.", {"beta *": "beta.sqrt() *"})
wrong("root_of_denominator", "Divided by √(1 − ᾱ_t).", {"(1 - bar)": "(1 - bar).sqrt()"})
wrong("shared_noise", "One draw for all images.", {"(x_t)": "(x_t[0])"})
wrong(
    "shared_noise__expanded",
    "One draw, expanded to the batch.",
    {"(x_t)": "(x_t[:1]).expand_as(x_t)"},
    of="posterior_clipped",
)
wrong("signal_not_scaled__through_eps", "ε is taken as x_t − x_0.", {"- bar.sqrt() *": "-"}, of="through_eps")
wrong(
    "swapped_posterior_coefficients",
    "The two factors swapped.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (bar_prev.sqrt() * beta * x_t + alpha.sqrt() * (1 - bar_prev) * net_out) / (1 - bar)
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "swapped_posterior_coefficients__clipped",
    "The two factors swapped, x_0 clipped.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    x0_hat = net_out.clamp(-1, 1)
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (bar_prev.sqrt() * beta * x_t + alpha.sqrt() * (1 - bar_prev) * x0_hat) / (1 - bar)
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong("uniform_noise", "rand_like for randn_like.", {"randn_like": "rand_like"})
wrong(
    "unnamed__normalised",
    "Scales each x_0 to its largest pixel.",
    {
        "    x0_hat = net_out.clamp(-1, 1)": (
            "    x0_hat = net_out / net_out.abs().amax(dim=(1, 2, 3), keepdim=True)"
        )
    },
    of="posterior_clipped",
)
wrong(
    "unnamed__tanh",
    "Squashes x_0 instead of clipping it.",
    {"clamp(-1, 1)": "tanh()"},
    of="posterior_clipped",
)
wrong("variance_for_std", "β_t for its root.", {"beta.sqrt()": "beta"})
wrong(
    "variance_for_std__clipped",
    "β_t for its root, with x_0 clipped.",
    {"beta.sqrt()": "beta"},
    of="posterior_clipped",
)
wrong(
    "wrong_shape__square_only",
    "Takes height for width.",
    {
        "return mean + beta.sqrt() * torch.randn_like(x_t)": (
            "side = x_t.shape[2]\n    return (mean + beta.sqrt() * torch.randn_like(x_t))[..., :side]"
        )
    },
)
wrong(
    "wrong_shape__squeezed",
    "squeeze() drops a batch of one, and a single channel.",
    {
        "mean + beta.sqrt() * torch.randn_like(x_t)": (
            "(mean + beta.sqrt() * torch.randn_like(x_t)).squeeze()"
        )
    },
)
wrong("x0_left_out", "Only the term of x_t.", {"bar_prev.sqrt() * beta * net_out + alpha": "alpha"})
wrong("x_t_left_out", "Only the term of x_0.", {"net_out + alpha.sqrt() * (1 - bar_prev) * x_t": "net_out"})
