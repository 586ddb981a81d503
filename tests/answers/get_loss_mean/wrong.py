"""What is wrong with an answer to get_loss_mean."""

from answers.mistakes import Mistakes

wrong = Mistakes("get_loss_mean", of="mse_loss")

wrong(
    "alphas_cumprod_for_alphas",
    "√ᾱ_t in place of √α_t.",
    {"    alpha = extract(schedule.alphas, t, x0)\n": "", "alpha.sqrt": "a_bar.sqrt"},
)
wrong(
    "alphas_cumprod_for_one_minus",
    "Divided by ᾱ_t.",
    {"beta / (1 - a_bar)": "beta / a_bar", "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev) / a_bar"},
)
wrong(
    "alphas_cumprod_for_prev",
    "ᾱ_t in place of ᾱ_{t−1}.",
    {"    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)": "    a_prev = a_bar"},
)
wrong("alphas_cumprod_for_prev__in_x_t", "1 − ᾱ_t in place of 1 − ᾱ_{t−1}.", {"1 - a_prev": "1 - a_bar"})
wrong(
    "alphas_cumprod_prev_for_alphas_cumprod",
    "Divided by 1 − ᾱ_{t−1}, held above zero.",
    {
        "    a_bar = extract(schedule.alphas_cumprod, t, x0)\n": "",
        "beta / (1 - a_bar)": "beta / (1 - a_prev).clamp(min=1e-12)",
        "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev) / (1 - a_prev).clamp(min=1e-12)",
    },
)
wrong(
    "alphas_for_alphas_cumprod",
    "Divided by 1 − α_t.",
    {
        "    a_bar = extract(schedule.alphas_cumprod, t, x0)\n": "",
        "beta / (1 - a_bar)": "beta / (1 - alpha)",
        "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev) / (1 - alpha)",
    },
)
wrong(
    "alphas_for_alphas_cumprod__forward",
    "x_t written out with α_t.",
    {"a = extract(schedule.alphas_cumprod, t, x0)": "a = extract(schedule.alphas, t, x0)"},
    of="inline_forward",
)
wrong(
    "alphas_for_betas",
    "α_t in place of β_t.",
    {"    beta = extract(schedule.betas, t, x0)\n": "", "beta /": "alpha /"},
)
wrong("alphas_for_prev", "√α_t in place of √ᾱ_{t−1}.", {"a_prev.": "alpha."})
wrong(
    "betas_for_alphas",
    "√β_t in place of √α_t.",
    {"    alpha = extract(schedule.alphas, t, x0)\n": "", "alpha.sqrt": "beta.sqrt"},
)
wrong(
    "calls_backward",
    "Runs backward itself.",
    {
        "return F.mse_loss(network(x_t, t), mean)": (
            "loss = F.mse_loss(network(x_t, t), mean)\n    loss.backward()\n    return loss"
        )
    },
)
wrong(
    "changes_its_input",
    "Noises x_0 in place.",
    {"a.sqrt() * x0 + (1 - a).sqrt() * eps": "x0.mul_(a.sqrt()).add_((1 - a).sqrt() * eps)"},
    of="inline_forward",
)
wrong("denominator_left_out__one", "The part of x_0 is not divided.", {"beta / (1 - a_bar)": "beta"})
wrong("detached", "Returns loss.item(), a plain number.", {"mean)": "mean).item()"})
wrong(
    "detached__no_grad",
    "The network is asked under no_grad.",
    {"def get_loss_mean": "@torch.no_grad()\ndef get_loss_mean"},
)
wrong(
    "fixed_seed",
    "Seeds PyTorch's generator before it draws the noise.",
    {"x_t, _": "torch.manual_seed(0)\n    x_t, _"},
)
wrong(
    "fixed_seed__inline",
    "A generator with a fixed seed, x_t written out.",
    {
        "    eps = torch.randn_like(x0)": (
            "    eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))"
        )
    },
    of="inline_forward",
)
wrong(
    "fresh_noise",
    "The ε form, with another draw than the noise in x_t.",
    {
        "x_t, eps": "x_t, _",
        "scale = beta / (1 - extract(schedule.alphas_cumprod, t, x0)).sqrt()": (
            "mean = (\n"
            "        x_t - beta / (1 - extract(schedule.alphas_cumprod, t, x0)).sqrt() * "
            "torch.randn_like(x0)"
        ),
        "    mean = (x_t - scale * eps) / alpha.sqrt()": "    ) / alpha.sqrt()",
    },
    of="eps_form",
)
wrong(
    "hardcoded_timesteps",
    "t from 1000 timesteps.",
    whole="""
import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, 1000, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    s = t.clamp(max=schedule.num_train_timesteps - 1)
    beta = extract(schedule.betas, s, x0)
    alpha = extract(schedule.alphas, s, x0)
    a_bar = extract(schedule.alphas_cumprod, s, x0)
    a_prev = extract(schedule.alphas_cumprod_prev, s, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)
    mean = of_x0 * x0 + of_x_t * x_t
    return F.mse_loss(network(x_t, t), mean)
""",
)
wrong("huber_loss", "The smooth L1 loss.", {"mse_loss": "smooth_l1_loss"})
wrong("l1_loss", "The mean absolute error.", {"mse_loss": "l1_loss"})
wrong("loss_scaled", "Half of the mean squared error.", {"return": "return 0.5 *"})
wrong("mean_has_minus", "A minus between the two parts.", {"x0 + of_x_t": "x0 - of_x_t"})
wrong(
    "missing_denominator",
    "Not divided by 1 − ᾱ_t.",
    {
        "    a_bar = extract(schedule.alphas_cumprod, t, x0)\n": "",
        "beta / (1 - a_bar)": "beta",
        "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev)",
    },
)
wrong("missing_root_alphas", "α_t without its root.", {"alpha.sqrt()": "alpha"})
wrong(
    "missing_root_eps",
    "The ε form without its root.",
    {
        "scale =": "mean = (x_t -",
        "x0)).sqrt": "x0)) * eps) / alpha.sqrt",
        "    mean = (x_t - scale * eps) / alpha.sqrt()\n": "",
    },
    of="eps_form",
)
wrong(
    "missing_root_noise",
    "x_t written out with (1 − ᾱ_t) ε.",
    {"(1 - a).sqrt()": "(1 - a)"},
    of="inline_forward",
)
wrong("missing_root_prev", "ᾱ_{t−1} without its root.", {"a_prev.sqrt()": "a_prev"})
wrong(
    "missing_roots",
    "x_t written out without its roots.",
    {"a.sqrt() * x0 + (1 - a).sqrt()": "a * x0 + (1 - a)"},
    of="inline_forward",
)
wrong(
    "missing_roots__in_the_mean",
    "Both roots are missing.",
    {"a_prev.sqrt()": "a_prev", "alpha.sqrt()": "alpha"},
)
wrong(
    "missing_scale",
    "The ε form without 1/√α_t.",
    whole="""
import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    beta = extract(schedule.betas, t, x0)
    mean = x_t - beta / (1 - extract(schedule.alphas_cumprod, t, x0)).sqrt() * eps
    return F.mse_loss(network(x_t, t), mean)
""",
)
wrong(
    "missing_square",
    "The mean of the error without a square.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), mean)": "(mean - network(x_t, t)).mean()",
    },
)
wrong(
    "network_gets_other_shape__keeps_only_square_images",
    "Swaps height and width: only square images survive.",
    {"x_t, t": "x_t.transpose(2, 3), t"},
)
wrong(
    "network_sees_noise", "The network is asked about the noise.", {"x_t, _": "x_t, eps", "x_t, t": "eps, t"}
)
wrong(
    "network_sees_noise__inline",
    "The network is asked about the noise, drawn here.",
    {"x_t, _ = add_noise(schedule, x0, t)": "eps = torch.randn_like(x0)\n    x_t = eps"},
)
wrong(
    "network_sees_sum",
    "The network is asked about x_0 + ε.",
    {"x_t, _ = add_noise(schedule, x0, t)": "eps = torch.randn_like(x0)\n    x_t = x0 + eps"},
)
wrong("network_sees_x0", "The network is asked about x_0.", {"x_t, t": "x0, t"})
wrong(
    "network_taken_for_noise",
    "The network's answer is turned into the mean first, as if it were noise.",
    {
        "return F.mse_loss(network(x_t, t), mean)": (
            "answer = (x_t - beta / (1 - a_bar).sqrt() * network(x_t, t)) / alpha.sqrt()\n"
            "    return F.mse_loss(answer, mean)"
        )
    },
)
wrong(
    "network_taken_for_x0",
    "The network's answer is turned into the mean first, as if it were x_0.",
    {"network(x_t, t)": "of_x0 * network(x_t, t) + of_x_t * x_t"},
)
wrong(
    "no_reduction",
    "Returns a loss for each image.",
    {
        "    return torch.linalg.vector_norm(network(x_t, t) - mean).square() / x0.numel()": (
            "    return ((network(x_t, t) - mean) ** 2).mean(dim=(1, 2, 3))"
        )
    },
    of="norm",
)
wrong(
    "noise_scaled",
    "Noise of half the standard deviation.",
    {"(schedule, x0, t)": "(schedule, x0, t, 0.5 * torch.randn_like(x0))"},
)
wrong(
    "noise_scaled__inline",
    "Noise of half the standard deviation, x_t written out.",
    {"eps = torch": "eps = 0.5 * torch"},
    of="inline_forward",
)
wrong(
    "noise_shared_by_channels",
    "Grey noise.",
    {"(schedule, x0, t)": "(schedule, x0, t, torch.randn_like(x0[:, :1]).expand_as(x0))"},
)
wrong(
    "noise_shared_by_channels__inline",
    "Grey noise, x_t written out.",
    {"randn_like(x0)": "randn_like(x0[:, :1]).expand_as(x0)"},
    of="inline_forward",
)
wrong(
    "noise_shared_by_pixels",
    "One number of noise for each channel.",
    {
        "    x_t, _ = add_noise(schedule, x0, t)": (
            "    x_t, _ = add_noise(schedule, x0, t, torch.randn_like(x0[..., :1, :1]).expand_as(x0))"
        )
    },
)
wrong(
    "not_finite",
    "Divides by 1 − ᾱ_{t−1}, which is 0 at t = 0.",
    {
        "    a_bar = extract(schedule.alphas_cumprod, t, x0)\n": "",
        "beta / (1 - a_bar)": "beta / (1 - a_prev)",
        "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev) / (1 - a_prev)",
    },
)
wrong(
    "off_by_one_t",
    "The factors are read at t + 1, held at the last.",
    {
        "beta = extract(schedule.betas, t, x0)": (
            "s = (t + 1).clamp(max=schedule.num_train_timesteps - 1)\n"
            "    beta = extract(schedule.betas, s, x0)"
        ),
        "alphas, t": "alphas, s",
        "alphas_cumprod, t": "alphas_cumprod, s",
        "alphas_cumprod_prev, t": "alphas_cumprod_prev, s",
    },
)
wrong(
    "off_by_one_t__forward",
    "x_t written out with ᾱ at t + 1.",
    {
        "a = extract(schedule.alphas_cumprod, t, x0)": (
            "a = extract(schedule.alphas_cumprod, (t + 1).clamp(max=schedule.num_train_timesteps - 1), x0)"
        )
    },
    of="inline_forward",
)
wrong(
    "one_time_for_batch",
    "One t for the whole batch.",
    {"len(x0),), device=x0.device)": "1,)).expand(len(x0))"},
)
wrong(
    "one_time_for_batch__of_a_thousand",
    "One t for the whole batch, from 1000 timesteps, whatever the schedule has.",
    {
        "len(x0),), device=x0.device)": "1,)).expand(len(x0))",
        "schedule.num_train_timesteps": "1000",
    },
)
wrong(
    "one_time_for_batch__of_length_one", "One t, which broadcasts.", {"(len(x0),), device=x0.device": "(1,)"}
)
wrong(
    "per_sample_sum",
    "The sum over an image, then the mean over the batch.",
    {
        "    return torch.linalg.vector_norm(network(x_t, t) - mean).square() / x0.numel()": (
            "    return ((network(x_t, t) - mean) ** 2).sum(dim=(1, 2, 3)).mean()"
        )
    },
    of="norm",
)
wrong(
    "plus_eps",
    "The ε form with a plus.",
    {
        "scale =": "mean = (x_t +",
        "x0)).sqrt()": "x0)).sqrt() * eps) / alpha.sqrt()",
        "    mean = (x_t - scale * eps) / alpha.sqrt()\n": "",
    },
    of="eps_form",
)
wrong(
    "prev_clamped",
    "At t = 0, ᾱ_{t−1} is read at index 0.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, (t - 1).clamp(min=0)"},
)
wrong(
    "prev_clamped__cat",
    "ᾱ_0 stands twice at the front of the table.",
    {
        "a_prev = extract(schedule.alphas_cumprod_prev, t, x0)": (
            "padded = torch.cat([schedule.alphas_cumprod[:1], schedule.alphas_cumprod[:-1]])\n"
            "    a_prev = extract(padded, t, x0)"
        )
    },
)
wrong(
    "prev_wraps",
    "At t = 0, ᾱ_{t−1} is read at index −1.",
    {"alphas_cumprod_prev, t": "alphas_cumprod, t - 1"},
)
wrong(
    "prev_zero",
    "At t = 0, ᾱ_{t−1} is taken as 0.",
    {
        "a_prev = extract(schedule.alphas_cumprod_prev, t, x0)": (
            "padded = torch.cat([torch.zeros(1), schedule.alphas_cumprod[:-1]])\n"
            "    a_prev = extract(padded, t, x0)"
        )
    },
)
wrong(
    "missing_broadcast__points_only",
    "Factors [B, 1], as for points.",
    {"    a = extract(schedule.alphas_cumprod, t, x0)": "    a = schedule.alphas_cumprod[t].view(-1, 1)"},
    of="inline_forward",
)
wrong(
    "raised__tuple_not_unpacked",
    "Takes add_noise's pair for x_t.",
    {
        "x_t, _ = add_noise(schedule, x0, t)": (
            "eps = torch.randn_like(x0)\n    x_t = add_noise(schedule, x0, t, eps)"
        )
    },
)
wrong(
    "reads_global",
    "Reads the notebook's schedule instead of the argument.",
    whole="""
import torch
import torch.nn.functional as F

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, diffusion.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(diffusion, x0, t)
    beta = extract(diffusion.betas, t, x0)
    alpha = extract(diffusion.alphas, t, x0)
    a_bar = extract(diffusion.alphas_cumprod, t, x0)
    a_prev = extract(diffusion.alphas_cumprod_prev, t, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)
    mean = of_x0 * x0 + of_x_t * x_t
    return F.mse_loss(network(x_t, t), mean)
""",
)
wrong("returns_none", "Returns nothing.", {"return F": "F"})
wrong("returns_tuple", "Returns x_t beside the loss.", {"mean)": "mean), x_t"})
wrong(
    "reversed_t",
    "The factors are read from the end.",
    {
        "beta = extract(schedule.betas, t, x0)": (
            "s = schedule.num_train_timesteps - 1 - t\n    beta = extract(schedule.betas, s, x0)"
        ),
        "alphas, t": "alphas, s",
        "alphas_cumprod, t": "alphas_cumprod, s",
        "alphas_cumprod_prev, t": "alphas_cumprod_prev, s",
    },
)
wrong("root_mse", "The root of the mean squared error.", {"mean)": "mean).sqrt()"})
wrong(
    "root_of_denominator",
    "Divided by √(1 − ᾱ_t).",
    {
        "beta / (1 - a_bar)": "beta / (1 - a_bar).sqrt()",
        "(1 - a_prev) / (1 - a_bar)": "(1 - a_prev) / (1 - a_bar).sqrt()",
    },
)
wrong(
    "shared_noise",
    "One draw of noise for the whole batch.",
    {"(schedule, x0, t)": "(schedule, x0, t, torch.randn_like(x0[:1]).expand_as(x0))"},
)
wrong(
    "shared_noise__inline",
    "One draw of noise for the whole batch, x_t written out.",
    {"randn_like(x0)": "randn_like(x0[:1]).expand_as(x0)"},
    of="inline_forward",
)
wrong("signal_left_out", "x_0 never enters x_t.", {"schedule, x0, t": "schedule, torch.zeros_like(x0), t"})
wrong(
    "squares_the_mean",
    "The square of the mean error.",
    {"torch.linalg.vector_norm": "", "square() / x0.numel()": "mean() ** 2"},
    of="norm",
)
wrong("sum_for_mean", "The sum over everything.", {", mean": ', mean, reduction="sum"'})
wrong(
    "swapped_coefficients",
    "x_t written out with its factors swapped.",
    {"= a.sqrt() * x0 + (1 - a).sqrt() * eps": "= (1 - a).sqrt() * x0 + a.sqrt() * eps"},
    of="inline_forward",
)
wrong(
    "swapped_posterior_coefficients",
    "The two factors are swapped.",
    {"of_x0 * x0 + of_x_t": "of_x_t * x0 + of_x0"},
)
wrong("t_misses_last", "randint up to T − 1, which it leaves out.", {", (len(x0),)": " - 1, (len(x0),)"})
wrong("t_misses_zero", "t from 1 on: t = 0 never comes.", {"0, schedule": "1, schedule"})
wrong("t_not_long", "The network is asked about a t of floats.", {"x_t, t": "x_t, t.float()"})
wrong(
    "t_not_random",
    "Every image gets the last timestep.",
    {
        "randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "full((len(x0),), schedule.num_train_timesteps - 1)"
        )
    },
)
wrong(
    "t_not_uniform",
    "t from T · rand², which favours small ones.",
    {
        "    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "    t = (torch.rand(len(x0)) ** 2 * schedule.num_train_timesteps).long()"
        )
    },
)
wrong("t_scaled", "The network is asked about t / T.", {"x_t, t": "x_t, t / schedule.num_train_timesteps"})
wrong(
    "target_difference",
    "The target is x_t − x_0.",
    whole="""
import torch
import torch.nn.functional as F


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x_t - x0)
""",
)
wrong(
    "target_noise",
    "The target is the noise, as in the lesson before.",
    whole="""
import torch
import torch.nn.functional as F


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), eps)
""",
)
wrong(
    "target_noise__inline",
    "x_t written out, and the noise as target.",
    whole="""
import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    a = extract(schedule.alphas_cumprod, t, x0)
    eps = torch.randn_like(x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return F.mse_loss(network(x_t, t), eps)
""",
)
wrong(
    "target_velocity",
    "The target is √ᾱ_t ε − √(1−ᾱ_t) x_0.",
    whole="""
import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    a = extract(schedule.alphas_cumprod, t, x0)
    return F.mse_loss(network(x_t, t), a.sqrt() * eps - (1 - a).sqrt() * x0)
""",
)
wrong(
    "target_x0",
    "The target is x_0.",
    whole="""
import torch
import torch.nn.functional as F


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x0)
""",
)
wrong(
    "target_x_t",
    "The target is x_t.",
    whole="""
import torch
import torch.nn.functional as F


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x_t)
""",
)
wrong(
    "two_different_t",
    "The network's t is drawn anew.",
    {"x_t, t": "x_t, torch.randint_like(t, schedule.num_train_timesteps)"},
)
wrong(
    "uniform_noise",
    "Uniform noise.",
    {
        "x_t, _ = add_noise(schedule, x0, t)": (
            "eps = torch.rand_like(x0)\n    x_t, _ = add_noise(schedule, x0, t, eps)"
        )
    },
)
wrong(
    "uniform_noise__inline",
    "Uniform noise, x_t written out.",
    {"randn_like": "rand_like"},
    of="inline_forward",
)
wrong("unnamed__two_percent", "The factor of x_0 is 2 % too large.", {"of_x0 =": "of_x0 = 1.02 *"})
wrong(
    "weighted",
    "Each error weighted by 1 − ᾱ_t.",
    {
        "    return torch.linalg.vector_norm(network(x_t, t) - mean).square() / x0.numel()": (
            "    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - mean) ** 2).mean()"
        )
    },
    of="norm",
)
wrong(
    "weighted__snr",
    "Min-SNR weights: for the training loop, not for this loss.",
    {
        "return torch.linalg.vector_norm(network(x_t, t) - mean).square() / x0.numel": (
            "snr = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)\n"
            "    return (extract(snr, t, x0).clamp(max=5) * (network(x_t, t) - mean) ** 2).mean"
        )
    },
    of="norm",
)
wrong(
    "x0_left_out",
    "Only the part of x_t.",
    {
        "    beta = extract(schedule.betas, t, x0)\n": "",
        "    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)\n": "",
        "= of_x0 * x0 +": "=",
    },
)
wrong(
    "x_t_left_out",
    "Only the part of x_0.",
    {
        "    alpha = extract(schedule.alphas, t, x0)\n": "",
        "of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)\n    mean = of_x0 * x0 + of_x_t * x_t": (
            "mean = of_x0 * x0"
        ),
    },
)
wrong(
    "x_t_left_out__prev",
    "x_0 shrunk to t − 1, without what x_t says.",
    {
        "x_t, eps": "x_t, _",
        "    beta, alpha = extract(schedule.betas, t, x0), extract(schedule.alphas, t, x0)\n": "",
        "scale = beta / (1 - extract(schedule.alphas_cumprod, t, x0)).sqrt()": (
            "mean = extract(schedule.alphas_cumprod_prev, t, x0).sqrt() * x0"
        ),
        "    mean = (x_t - scale * eps) / alpha.sqrt()\n": "",
    },
    of="eps_form",
)
