"""What is wrong with an answer to p_sample."""

from answers.mistakes import Mistakes

wrong = Mistakes("p_sample", of="eps_form_zeros")

wrong(
    "alphas_cumprod_for_alphas",
    "1/√ᾱ_t before the bracket where 1/√α_t belongs.",
    {"    alpha = extract(schedule.alphas, t, x_t)\n": "", "alpha.sqrt": "alpha_bar.sqrt"},
)
wrong(
    "alphas_cumprod_for_betas",
    "1 − ᾱ_t where 1 − α_t belongs: all of the noise goes in each step.",
    {"x_t - beta": "x_t - (1 - alpha_bar)"},
)
wrong(
    "alphas_for_alphas_cumprod",
    "√(1 − α_t) under ε where √(1 − ᾱ_t) belongs.",
    {"    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)\n": "", "1 - alpha_bar": "1 - alpha"},
)
wrong(
    "alphas_for_alphas_cumprod__in_x0",
    "x̂_0 from α_t instead of ᾱ_t.",
    {"(x_t - (1 - bar).sqrt() * eps) / bar": "(x_t - (1 - alpha).sqrt() * eps) / alpha"},
    of="x0_form",
)
wrong("alphas_for_betas", "α_t where β_t = 1 − α_t belongs, before ε.", {"x_t - beta": "x_t - alpha"})
wrong(
    "changes_its_input",
    "Works on x_t in place: the caller's x_t is gone.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    x_t -= beta / (1 - alpha_bar).sqrt() * eps
    x_t /= (1 - beta).sqrt()
    if t[0] > 0:
        x_t += beta.sqrt() * torch.randn_like(x_t)
    return x_t
""",
)
wrong(
    "clamped__x0",
    "Clips x̂_0 to [−1, 1], which is for images: these points reach beyond.",
    {
        "(x_t - (1 - bar).sqrt() * eps) / bar.sqrt()": (
            "((x_t - (1 - bar).sqrt() * eps) / bar.sqrt()).clamp(-1, 1)"
        )
    },
    of="x0_form",
)
wrong(
    "ddim_step",
    "The deterministic step of DDIM, without any noise.",
    {
        "    sigma = ((1 - a_prev) / (1 - a)).sqrt() * (1 - a / a_prev).sqrt()\n": "",
        "x0_hat =": "x0 =",
        "    direction = (1 - a_prev - sigma**2).clamp(min=0).sqrt() * eps\n": "",
        "x0_hat + direction + sigma * torch.randn_like(x_t)": "x0 + (1 - a_prev).sqrt() * eps",
    },
    of="ddim_with_eta_one",
)
wrong(
    "eps_not_scaled",
    "Takes the whole ε away, without its coefficient.",
    {
        "    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)\n": "",
        "- beta / (1 - alpha_bar).sqrt() *": "-",
    },
)
wrong(
    "fixed_seed",
    "Seeds PyTorch's generator at every call: the same noise at every step.",
    {"beta =": "torch.manual_seed(0)\n    beta ="},
)
wrong(
    "fixed_seed__generator",
    "A new generator, seeded with t, at every call.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    generator = torch.Generator().manual_seed(int(t[0]))
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=generator)
""",
)
wrong(
    "lessons_schedule__tensors",
    "Reads global tensors, made in an earlier cell, instead of the schedule.",
    whole="""
import torch

betas = torch.linspace(1e-4, 0.02, 1000)
alphas = 1 - betas
alphas_cumprod = torch.cumprod(alphas, dim=0)


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    step = int(t[0])
    eps = network(x_t, t)
    mean = (x_t - betas[step] / (1 - alphas_cumprod[step]).sqrt() * eps) / alphas[step].sqrt()
    if step > 0:
        mean += betas[step].sqrt() * torch.randn_like(x_t)
    return mean
""",
)
wrong("missing_root_eps", "β_t / (1 − ᾱ_t), without the root, before ε.", {".sqrt() *": " *"})
wrong(
    "missing_root_eps__in_x0",
    "x̂_0 from x_t − (1 − ᾱ_t) ε, without the root.",
    {"(1 - bar).sqrt()": "(1 - bar)"},
    of="x0_form",
)
wrong("missing_root_scale", "1/α_t before the bracket, without the root.", {"alpha.sqrt()": "alpha"})
wrong(
    "missing_root_scale__and_a_root_too_many",
    "1/α_t where 1/√α_t belongs, and √β_t where β_t does.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = (x_t - beta.sqrt() / (1 - alpha_bar).sqrt() * eps) / alpha
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "missing_scale",
    "The bracket is not divided by √α_t.",
    {
        "    alpha = extract(schedule.alphas, t, x_t)\n": "",
        "(x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()": (
            "x_t - beta / (1 - alpha_bar).sqrt() * eps"
        ),
    },
)
wrong(
    "network_asked_in_part",
    "Takes the network's answer about the first sample for all of them.",
    {
        "    eps = (network(x_t, t) + network(x_t.flip(0), t).flip(0)) / 2": (
            "    eps = network(x_t[:1], t[:1])"
        )
    },
    of="asked_twice",
)
wrong(
    "network_gets_other_shape",
    "Gives the network the coordinates as rows.",
    {"(x=x_t, t=t)": "(x_t.T, t).T"},
    of="network_by_keyword",
)
wrong(
    "network_gets_other_t", "The network is asked about t − 1.", {"(x_t, t)": "(x_t, (t - 1).clamp(min=0))"}
)
wrong(
    "network_gets_other_t__plus_one",
    "The network is asked about t + 1.",
    {
        "    eps = network(x_t, t)": (
            "    eps = network(x_t, (t + 1).clamp(max=schedule.num_train_timesteps - 1))"
        )
    },
)
wrong(
    "network_gets_other_t__reversed",
    "The network is asked about T − 1 − t.",
    {"(x_t, t)": "(x_t, schedule.num_train_timesteps - 1 - t)"},
)
wrong(
    "network_gets_other_t__scaled",
    "The network is asked about t / T: raises with TimeLinear layers, which index by t.",
    {"(x_t, t)": "(x_t, t / schedule.num_train_timesteps)"},
)
wrong(
    "network_gets_other_x",
    "Perturbs x_t before the network sees it, and adds nothing after.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    if t[0] > 0:
        x_t = x_t + beta.sqrt() * torch.randn_like(x_t)
    return (x_t - beta / (1 - alpha_bar).sqrt() * network(x_t, t)) / (1 - beta).sqrt()
""",
)
wrong(
    "network_gets_other_x__unscaled",
    "The network is asked about x_t / √ᾱ_t instead of x_t.",
    {"(x_t, t)": "(x_t / alpha_bar.sqrt(), t)"},
)
wrong(
    "network_not_asked",
    "The noise is drawn where the network should be asked for it.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = torch.randn_like(x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "no_noise",
    "Returns the mean at every t.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    return (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
""",
)
wrong(
    "no_noise__only_at_last_step",
    "The test is the wrong way round: noise at t = 0 only.",
    {"> 0 else torch.zeros_like(x_t)": "== 0 else 0"},
)
wrong(
    "no_noise_at_t1",
    'Algorithm 2\'s "if t > 1", which counts from 1, in code that counts from 0.',
    {"0 else": "1 else"},
)
wrong(
    "no_noise_at_t1__mask",
    "A mask t > 1, and the posterior variance.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    sigma = (beta * (1 - alpha_bar_prev) / (1 - alpha_bar)).sqrt()
    return mean + (t > 1).float()[:, None] * sigma * torch.randn_like(x_t)
""",
)
wrong(
    "noise_at_last_step",
    "Adds noise at t = 0 too.",
    {
        "    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)": (
            "    noise = torch.randn_like(x_t)"
        )
    },
)
wrong(
    "noise_at_last_step__clipped_log_variance",
    "The clipped log variance of t = 1 stands in at t = 0, and nothing masks it.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    log_variance = torch.log(torch.cat([variance[1:2], variance[1:]]))
    return mean + (0.5 * extract(log_variance, t, x_t)).exp() * torch.randn_like(x_t)
""",
)
wrong("noise_at_last_step__wrong_test", "Tests t ≥ 0, which is always so.", {"> 0 else": ">= 0 else"})
wrong(
    "noise_in_bracket",
    "The noise stands inside the bracket, so that it is divided by √α_t too.",
    {
        "    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()\n": "",
        "sigma = beta.sqrt()\n    return mean + sigma * noise": (
            "return (x_t - beta / (1 - alpha_bar).sqrt() * eps + beta.sqrt() * noise) / alpha.sqrt()"
        ),
    },
)
wrong(
    "noise_missing_at_first_step",
    "The step without noise is taken to be t = T − 1.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    if t[0] in (0, schedule.num_train_timesteps - 1):
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "noise_scaled",
    "The noise has standard deviation 1 at every t.",
    {"sigma = beta.sqrt()\n    return mean + sigma *": "return mean +"},
)
wrong("noise_scaled__alphas", "√α_t as the noise's standard deviation.", {"beta.sqrt": "alpha.sqrt"})
wrong(
    "noise_scaled__alphas_cumprod",
    "The noise of all steps, √(1 − ᾱ_t), instead of this step's.",
    {"beta.sqrt": "(1 - alpha_bar).sqrt"},
)
wrong("noise_scaled__half", "Half of the standard deviation.", {"sigma =": "sigma = 0.5 *"})
wrong(
    "noise_shared_by_coordinates",
    "One number of noise per point, the same for both coordinates.",
    {
        "randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)": (
            "randn(len(x_t), 1, device=x_t.device) if t[0] > 0 else 0"
        )
    },
)
wrong(
    "off_by_one_t",
    "Takes t for 1-based: the schedule is read at t − 1.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    index = (t - 1).clamp(min=0)
    eps = network(x_t, t)
    beta = extract(schedule.betas, index, x_t)
    alpha = extract(schedule.alphas, index, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, index, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise
""",
)
wrong(
    "off_by_one_t__plus_one",
    "The schedule is read at t + 1.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    index = (t + 1).clamp(max=schedule.num_train_timesteps - 1)
    eps = network(x_t, t)
    beta = extract(schedule.betas, index, x_t)
    alpha = extract(schedule.alphas, index, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, index, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise
""",
)
wrong(
    "off_by_one_t__wraps",
    "The schedule is read at t − 1, which at t = 0 is its last value.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    index = t - 1
    eps = network(x_t, t)
    beta = extract(schedule.betas, index, x_t)
    alpha = extract(schedule.alphas, index, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, index, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise
""",
)
wrong("plus_eps", "Adds ε instead of taking it away.", {"x_t - beta": "x_t + beta"})
wrong(
    "posterior_variance_inverted",
    "The posterior variance's fraction upside down.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    if t[0] == 0:
        return mean
    sigma = (beta * (1 - alpha_bar) / (1 - alpha_bar_prev)).sqrt()
    return mean + sigma * torch.randn_like(x_t)
""",
)
wrong(
    "prev_clamped",
    "ᾱ_{t−1} read at max(t − 1, 0), so that ᾱ_{−1} = ᾱ_0: doubles the points at t = 0.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, (t - 1).clamp(min=0)"},
    of="x0_form",
)
wrong(
    "prev_clamped__cat",
    "ᾱ_{t−1} padded with ᾱ_0 instead of 1.",
    {
        "    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": (
            "    bar_prev = extract(torch.cat([schedule.alphas_cumprod[:1], "
            "schedule.alphas_cumprod[:-1]]), t, x_t)"
        )
    },
    of="x0_form",
)
wrong(
    "prev_clamped__if",
    "if t > 0 … else ᾱ_0.",
    {
        "    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": (
            "    bar_prev = schedule.alphas_cumprod[t[0] - 1] if t[0] > 0 else schedule.alphas_cumprod[0]"
        )
    },
    of="x0_form",
)
wrong(
    "prev_wraps",
    "ᾱ read at t − 1: at t = 0 index −1 is the last timestep's.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, t - 1"},
    of="x0_form",
)
wrong(
    "prev_wraps__rolled",
    "ᾱ rolled by one, so that ᾱ_{−1} is the last timestep's.",
    {"alphas_cumprod_prev": "alphas_cumprod.roll(1)"},
    of="x0_form",
)
wrong(
    "prev_zero",
    "ᾱ_{−1} taken as 0: the prediction of x_0 has no say at t = 0.",
    {
        "import torch": "import torch\nimport torch.nn.functional as F",
        "    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)": (
            "    bar_prev = extract(F.pad(schedule.alphas_cumprod[:-1], (1, 0)), t, x_t)"
        ),
    },
    of="x0_form",
)
wrong(
    "if_of_a_batch",
    "`if t > 0` on a [B] tensor: raises for more than one sample.",
    {"t[0] > 0 else": "t > 0 else"},
)
wrong(
    "reads_global",
    "Reads a schedule of its own module instead of the argument.",
    whole="""
import torch

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(diffusion.betas, t, x_t)
    alpha_bar = extract(diffusion.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise
""",
)
wrong(
    "renoised_x0",
    "Predicts x_0 and noises it anew to t − 1, with noise that has nothing to do with x_t.",
    {
        "    sigma = ((1 - a_prev) / (1 - a)).sqrt() * (1 - a / a_prev).sqrt()\n": "",
        "x0_hat =": "x0 =",
        "    direction = (1 - a_prev - sigma**2).clamp(min=0).sqrt() * eps\n": "",
        "x0_hat + direction + sigma": "x0 + (1 - a_prev).sqrt()",
    },
    of="ddim_with_eta_one",
)
wrong(
    "returns_eps",
    "Returns what the network answered.",
    whole="""
import torch


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    return network(x_t, t)
""",
)
wrong(
    "returns_none",
    "Returns inside the if only: nothing comes back at t = 0.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    if t[0] > 0:
        return mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "returns_tuple",
    "Returns the mean beside x_{t−1}.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise, mean
""",
)
wrong(
    "returns_x0",
    "Returns the prediction of x_0 instead of x_{t−1}.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - (1 - alpha_bar).sqrt() * network(x_t, t)) / alpha_bar.sqrt()
""",
)
wrong(
    "scale_on_eps_only",
    "1/√α_t multiplies the noise alone.",
    whole="""
import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = x_t - beta / (1 - alpha_bar).sqrt() * eps / alpha.sqrt()
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "scale_on_x_t_only",
    "The bracket is missing: only x_t is divided by √α_t.",
    {
        "(x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()": (
            "x_t / alpha.sqrt() - beta / (1 - alpha_bar).sqrt() * eps"
        )
    },
)
wrong(
    "scale_upside_down",
    "Multiplies by √α_t instead of dividing by it.",
    {"mean =": "mean = alpha.sqrt() *", " / alpha.sqrt()": ""},
)
wrong(
    "shared_noise",
    "One draw of noise for the whole batch.",
    {
        "randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)": (
            "randn(x_t.shape[1:], device=x_t.device) if t[0] > 0 else 0"
        )
    },
)
wrong(
    "swapped_posterior_coefficients",
    "The posterior mean's two coefficients are swapped.",
    {"coef_x0 * x0 + coef_xt": "coef_xt * x0 + coef_x0"},
    of="x0_form",
)
wrong(
    "t_not_batched",
    "Gives the network a plain number for t: raises with TimeLinear layers.",
    {"k = t[0]": "k = int(t[0])"},
    of="one_t_for_all",
)
wrong("uniform_noise", "Noise from rand_like: uniform in [0, 1).", {"randn_like": "rand_like"})
wrong(
    "uniform_noise__centred",
    "Uniform noise with mean 0 and variance 1.",
    {"torch.randn_like(x_t)": "(2 * torch.rand_like(x_t) - 1) * 3**0.5"},
)
wrong(
    "variance_for_std",
    "The noise is scaled by β_t: the variance where the standard deviation belongs.",
    {"beta.sqrt()": "beta"},
)
wrong(
    "variance_for_std__log_variance",
    "exp of the log variance without the half.",
    {"    sigma = beta.sqrt()": "    sigma = torch.exp(torch.log(beta))"},
)
wrong(
    "variance_for_std__posterior",
    "The noise is scaled by the posterior variance without its root.",
    {
        "    sigma = beta.sqrt()": (
            "    sigma = beta * (1 - extract(schedule.alphas_cumprod_prev, t, x_t)) / (1 - alpha_bar)"
        )
    },
)
