"""What is wrong with an answer to step_predict_noise."""

from answers.mistakes import Mistakes

wrong = Mistakes("step_predict_noise", of="eps_form")

wrong("alphas_cumprod_for_alphas", "√ᾱ_t divides the bracket.", {"alpha.sqrt": "alpha_bar.sqrt"})
wrong("alphas_cumprod_for_betas", "1 − ᾱ_t where β_t belongs.", {"x_t - beta": "x_t - (1 - alpha_bar)"})
wrong("alphas_for_alphas_cumprod", "α_t where ᾱ_t belongs.", {"1 - alpha_bar": "1 - alpha"})
wrong(
    "alphas_for_alphas_cumprod__clipped",
    "α_t for ᾱ_t in the guess at x_0, which is clipped.",
    {"(1 - bar).": "(1 - alpha).", "bar.sqrt": "alpha.sqrt"},
    of="x0_form_clipped",
)
wrong("alphas_for_betas", "α_t for 1 − α_t.", {"x_t - beta": "x_t - alpha"})
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
    "changes_its_input",
    "Works on x_t in place.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    x_t -= beta / (1 - extract(schedule.alphas_cumprod, t, x_t)).sqrt() * net_out
    x_t /= (1 - beta).sqrt()
    return x_t + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)
""",
)
wrong(
    "changes_its_input__net_out",
    "Scales the network's answer in place.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    net_out.mul_(beta / (1 - extract(schedule.alphas_cumprod, t, x_t)).sqrt())
    mean = (x_t - net_out) / (1 - beta).sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)
""",
)
wrong(
    "clips_mean",
    "Clips the posterior's mean instead of x̂_0.",
    {"noise =": "mean = mean.clamp(-1, 1)\n    noise ="},
)
wrong("clips_net_out", "Clips the predicted noise.", {"beta =": "net_out = net_out.clamp(-1, 1)\n    beta ="})
wrong("clips_x0_elsewhere", "Clips x̂_0 to [0, 1].", {"clamp(-1, 1)": "clamp(0, 1)"}, of="x0_form_clipped")
wrong(
    "clips_x_prev",
    "Clips the result.",
    {"mean + beta.sqrt() * noise": "(mean + beta.sqrt() * noise).clamp(-1, 1)"},
)
wrong(
    "ddim_step",
    "DDIM's deterministic step.",
    whole="""
from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
    return bar_prev.sqrt() * x0_hat + (1 - bar_prev).sqrt() * net_out
""",
)
wrong("fixed_seed", "Seeds the generator at every call.", {"noise =": "torch.manual_seed(0)\n    noise ="})
wrong(
    "lessons_schedule",
    "Global tensors from an earlier cell.",
    whole="""
import torch

betas = torch.linspace(1e-4, 0.02, 1000)
alphas_cumprod = torch.cumprod(1 - betas, dim=0)


def step_predict_noise(schedule, x_t, t, net_out):
    beta, bar = betas[t[0]], alphas_cumprod[t[0]]
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "missing_denominator__clipped",
    "The posterior's mean is not divided by 1 − ᾱ_t.",
    {"(bar_prev.sqrt(": "bar_prev.sqrt(", ") * x_t) / (1 - bar)": ") * x_t"},
    of="x0_form_clipped",
)
wrong("missing_root_eps", "No root of 1 − ᾱ_t.", {".sqrt() * net_out": " * net_out"})
wrong(
    "missing_root_eps__clipped",
    "No root of 1 − ᾱ_t in the guess at x_0, which is clipped.",
    {"(1 - bar).sqrt()": "(1 - bar)"},
    of="x0_form_clipped",
)
wrong(
    "missing_root_eps__in_x0",
    "No root of 1 − ᾱ_t in the guess at x_0.",
    {"(1 - bar).sqrt()": "(1 - bar)"},
    of="x0_form",
)
wrong(
    "missing_root_eps__unscaled_in_x0",
    "Solves for x0 as if the noise in x_t were not scaled.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    b, a, p = (
        extract(v, t, x_t) for v in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    x0 = (x_t - net_out) / a.sqrt()
    mean = p.sqrt() * b / (1 - a) * x0 + (1 - b).sqrt() * (1 - p) / (1 - a) * x_t
    return mean if t[0] == 0 else mean + b.sqrt() * torch.randn_like(x_t)
""",
)
wrong("missing_root_guess", "x̂_0 is divided by ᾱ_t.", {"bar.sqrt()": "bar"}, of="x0_form")
wrong("missing_root_scale", "No root of α_t.", {"alpha.sqrt()": "alpha"})
wrong(
    "missing_roots",
    "No root in the guess at x_0.",
    {"(x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()": "(x_t - (1 - bar) * net_out) / bar"},
    of="x0_form",
)
wrong(
    "missing_scale",
    "The bracket is not divided.",
    {
        "(x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()": (
            "x_t - beta / (1 - alpha_bar).sqrt() * net_out"
        )
    },
)
wrong(
    "missing_scale_guess",
    "x̂_0 is not scaled back up.",
    {"(x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()": "x_t - (1 - bar).sqrt() * net_out"},
    of="x0_form",
)
wrong(
    "missing_scale_guess__clipped",
    "x̂_0 is not scaled back up, and clipped.",
    {"(x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()": "x_t - (1 - bar).sqrt() * net_out"},
    of="x0_form_clipped",
)
wrong(
    "net_out_as_mean",
    "Copied from the step for the mean.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    return net_out + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "net_out_as_x0",
    "Puts the noise where x_0 belongs.",
    {"    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()\n": "", "x0_hat +": "net_out +"},
    of="x0_form",
)
wrong(
    "no_noise",
    "The mean alone.",
    whole="""
from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    return mean
""",
)
wrong("no_noise_at_t1", "`if t > 1`, copied from Algorithm 2, which counts from 1.", {"0 else": "1 else"})
wrong(
    "no_noise_at_t1__clipped",
    "Clips x̂_0; `if t <= 1` from a paper that counts from 1.",
    {"t[0] == 0": "t[0] <= 1"},
    of="x0_form_clipped",
)
wrong(
    "noise_added_twice",
    "Noise in the mean's last line, and once more on return.",
    {"noise =": "mean = mean + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)\n    noise ="},
)
wrong(
    "noise_at_last_step",
    "Noise at t = 0 too.",
    {
        "    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)": (
            "    noise = torch.randn_like(x_t)"
        )
    },
)
wrong(
    "noise_at_last_step__clipped",
    "Clips x̂_0, and adds noise at t = 0 too.",
    {
        "    if t[0] == 0:\n        return mean\n    variance = beta * (1 - bar_prev) / (1 - bar)\n": "",
        "variance.": "beta.",
    },
    of="x0_form_clipped",
)
wrong(
    "noise_at_last_step__log_variance",
    "The clipped log variance of t = 1 stands in at t = 0, and nothing masks it.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    log_variance = torch.log(torch.cat([variance[1:2], variance[1:]]))
    beta = extract(schedule.betas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + torch.exp(0.5 * extract(log_variance, t, x_t)) * torch.randn_like(x_t)
""",
)
wrong(
    "noise_in_bracket",
    "The noise is divided by √α too.",
    {
        "(x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()": (
            "x_t - beta / (1 - alpha_bar).sqrt() * net_out"
        ),
        "mean + beta.sqrt() * noise": "(mean + beta.sqrt() * noise) / alpha.sqrt()",
    },
)
wrong("noise_scaled", "Noise of full strength.", {"beta.sqrt() * noise": "noise"})
wrong(
    "noise_scaled__one_minus_alpha_bar", "The noise of the whole way.", {"beta.sqrt": "(1 - alpha_bar).sqrt"}
)
wrong("noise_shared_by_channels", "One draw for all channels.", {"(x_t) if": "(x_t[:, :1]) if"})
wrong("noise_shared_by_pixels", "One number for each image.", {"randn_like(x_t)": "randn(len(x_t), 1, 1, 1)"})
wrong(
    "noise_shared_by_pixels__columns", "One number for each row of pixels.", {"(x_t) if": "(x_t[..., :1]) if"}
)
wrong(
    "off_by_one_t",
    "Counts from 1: reads every table at t − 1, index −1 included.",
    {"betas, t": "betas, t - 1", "alphas, t": "alphas, t - 1", "alphas_cumprod, t": "alphas_cumprod, t - 1"},
)
wrong(
    "off_by_one_t__clipped",
    "The same with x̂_0 clipped.",
    {"beta =": "t = (t - 1).clamp(min=0)\n    beta =", "    if t[0] == 0:\n        return mean\n": ""},
    of="x0_form_clipped",
)
wrong("plus_eps", "Adds the noise.", {"x_t - beta": "x_t + beta"})
wrong("plus_eps__clipped", "x̂_0 with the wrong sign, clipped.", {"x_t -": "x_t +"}, of="x0_form_clipped")
wrong(
    "posterior_variance_inverted",
    "The fraction of the posterior's variance upside down.",
    {"(1 - bar_prev) / (1 - bar)": "(1 - bar) / (1 - bar_prev)"},
    of="x0_form",
)
wrong(
    "prev_clamped",
    "ᾱ read at max(t − 1, 0), so that ᾱ_{−1} = ᾱ_0.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, (t - 1).clamp(min=0)"},
    of="x0_form",
)
wrong(
    "prev_clamped__clipped",
    "The same with x̂_0 clipped.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, (t - 1).clamp(min=0)"},
    of="x0_form_clipped",
)
wrong(
    "prev_wraps",
    "ᾱ read at t − 1, which is −1 at t = 0.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, t - 1"},
    of="x0_form",
)
wrong(
    "prev_wraps__clipped",
    "The same with x̂_0 clipped.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, t - 1"},
    of="x0_form_clipped",
)
wrong("if_of_a_batch", "`if t > 0` on a whole batch.", {"t[0] > 0 else": "t > 0 else"})
wrong(
    "missing_broadcast__points_only",
    "Factors shaped for points [B, 2].",
    whole="""
import torch


def step_predict_noise(schedule, x_t, t, net_out):
    beta = schedule.betas[t].view(-1, 1)
    bar = schedule.alphas_cumprod[t].view(-1, 1)
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)
""",
)
wrong(
    "raised__square_only",
    "Draws noise of height × height.",
    {"randn_like(x_t)": "randn(*x_t.shape[:3], x_t.shape[2])"},
)
wrong(
    "raised__three_channels_only",
    "Draws noise for three channels.",
    {
        "randn_like(x_t)": "randn(len(x_t), 3, *x_t.shape[2:])[:, :, :, :]",
        "return mean + beta.sqrt() * noise": (
            "x_prev = torch.empty(len(x_t), 3, *x_t.shape[2:])\n"
            "    x_prev.copy_(mean)\n"
            "    return (x_prev + beta.sqrt() * noise).view(x_t.shape)"
        ),
    },
)
wrong(
    "reads_global",
    "Reads the notebook's schedule.",
    {
        "import extract": "import Schedule, extract\n\nschedule_ = Schedule.linear(1000)",
        "schedule.betas": "schedule_.betas",
        "schedule.alphas, t": "schedule_.alphas, t",
        "schedule.alphas_cumprod": "schedule_.alphas_cumprod",
    },
)
wrong(
    "renoised_x0",
    "Noises the guess at x_0 to the level of t − 1.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
    return bar_prev.sqrt() * x0_hat + (1 - bar_prev).sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "returns_eps",
    "Returns what the network said.",
    whole="""

def step_predict_noise(schedule, x_t, t, net_out):
    return net_out
""",
)
wrong("returns_none", "Forgets to return.", {"return": "x_prev ="})
wrong("returns_tuple", "The mean comes along.", {"* noise": "* noise, mean"})
wrong(
    "returns_x0",
    "The guess at x_0, clipped or not.",
    whole="""
from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
""",
)
wrong(
    "reversed_t",
    "Reads the tables from their end.",
    {
        "beta = extract(schedule.betas, t, x_t)": (
            "index = len(schedule.betas) - 1 - t\n    beta = extract(schedule.betas, index, x_t)"
        ),
        "alphas, t": "alphas, index",
        "alphas_cumprod, t": "alphas_cumprod, index",
    },
)
wrong("scale_upside_down", "√α_t multiplies.", {"/ alpha": "* alpha"})
wrong("shared_noise", "One draw for all images.", {"randn_like(x_t)": "randn(x_t.shape[1:])"})
wrong(
    "swapped_posterior_coefficients",
    "The two factors of the posterior's mean swapped.",
    whole="""
import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
    mean = (bar_prev.sqrt() * beta * x_t + alpha.sqrt() * (1 - bar_prev) * x0_hat) / (1 - bar)
    if t[0] == 0:
        return mean
    variance = beta * (1 - bar_prev) / (1 - bar)
    return mean + variance.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "swapped_posterior_coefficients__clipped",
    "The same with x̂_0 clipped.",
    {
        "mean = (bar_prev.sqrt() * beta * x0_hat + alpha.sqrt() * (1 - bar_prev) * x_t)": (
            "x0_hat = x0_hat.clamp(-1, 1)\n"
            "    mean = (bar_prev.sqrt() * beta * x_t + alpha.sqrt() * (1 - bar_prev) * x0_hat)"
        )
    },
    of="x0_form",
)
wrong("uniform_noise", "rand_like for randn_like.", {"randn_like": "rand_like"})
wrong(
    "uniform_noise__centred",
    "Uniform noise around zero.",
    {"torch.randn_like(x_t)": "2 * torch.rand_like(x_t) - 1"},
)
wrong(
    "unnamed__tanh",
    "Squashes x̂_0 instead of clipping it.",
    {"mean =": "x0_hat = torch.tanh(x0_hat)\n    mean ="},
    of="x0_form",
)
wrong("unnamed__two_percent", "The noise's factor is 2 % too small.", {"x_t - beta": "x_t - 0.98 * beta"})
wrong(
    "unnamed__two_percent_clipped",
    "With x̂_0 clipped, its factor is 2 % too small.",
    {"* beta": "* beta * 0.98"},
    of="x0_form_clipped",
)
wrong("variance_for_std", "β_t for its root.", {"beta.sqrt()": "beta"})
wrong(
    "variance_for_std__posterior",
    "The posterior's variance for its root.",
    {"variance.sqrt()": "variance"},
    of="x0_form",
)
