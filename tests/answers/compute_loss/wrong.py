"""What is wrong with an answer to compute_loss."""

from answers.mistakes import Mistakes

wrong = Mistakes("compute_loss", of="mse_loss")

wrong(
    "alphas_for_alphas_cumprod",
    "Writes the forward process out with α_t where ᾱ_t belongs.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "x_t = q_sample(schedule, x0, t, noise)": (
            "alpha = extract(schedule.alphas, t, x0)\n"
            "    x_t = alpha.sqrt() * x0 + (1 - alpha).sqrt() * noise"
        ),
    },
)
wrong(
    "changes_its_input",
    "Noises x0 in place: the caller's data are gone.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "x_t = q_sample(schedule, x0, t, noise)\n    return F.mse_loss(network(x_t, t), noise)": (
            "alpha_bar = extract(schedule.alphas_cumprod, t, x0)\n"
            "    x0.mul_(alpha_bar.sqrt()).add_((1 - alpha_bar).sqrt() * noise)\n"
            "    return F.mse_loss(network(x0, t), noise)"
        ),
    },
)
wrong("detached", "Returns loss.item(), a plain number.", {"t), noise)": "t), noise).item()"})
wrong(
    "detached__detach",
    "The prediction is detached: no gradient reaches the network.",
    {"(x_t, t)": "(x_t, t).detach()"},
)
wrong(
    "detached__new_tensor",
    "Wraps the loss in a new tensor, which has forgotten where it came from.",
    {
        "F.mse_loss(network(x_t, t), noise)": (
            "torch.tensor(F.mse_loss(network(x_t, t), noise).item(), requires_grad=True)"
        )
    },
)
wrong(
    "detached__no_grad",
    "The network is asked under no_grad.",
    {"def compute_loss": "@torch.no_grad()\ndef compute_loss"},
)
wrong(
    "fixed_seed",
    "Seeds PyTorch's generator at every call: always the same t and noise.",
    {"t = torch": "torch.manual_seed(0)\n    t = torch"},
)
wrong("fresh_noise", "q_sample draws its own noise, the target is another draw.", {"t, noise": "t"})
wrong(
    "fresh_noise__redrawn",
    "The target is drawn anew after x_t is made.",
    {"t), noise)": "t), torch.randn_like(x0))"},
)
wrong(
    "hardcoded_timesteps",
    "t from 1000 timesteps, whatever the schedule has.",
    {"schedule.num_train_timesteps": "1000"},
)
wrong(
    "helper_called_otherwise",
    "Calls q_sample with an option that its docstring does not have.",
    {
        "    eps = torch.randn_like(x0)": "    x_t, eps = q_sample(schedule, x0, t, return_noise=True)",
        "q_sample(schedule, x0, t, eps), t=t": "x_t, t",
    },
    of="network_x_by_keyword",
)
wrong("huber_loss", "The smooth L1 loss, which some libraries train with.", {"mse_loss": "smooth_l1_loss"})
wrong("l1_loss", "The mean absolute error.", {"mse_loss": "l1_loss"})
wrong(
    "l1_loss__abs",
    "The mean of |ε − ε̂|.",
    {
        "import torch.nn.functional as F\n": "",
        "    return F.mse_loss(network(x_t, t), noise)": "    return (noise - network(x_t, t)).abs().mean()",
    },
)
wrong(
    "loss_scaled",
    "Half of the mean squared error.",
    {
        "import torch.nn.functional as F\n": "",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return 0.5 * ((network(x_t, t) - noise) ** 2).mean()"
        ),
    },
)
wrong(
    "missing_roots",
    "Writes the forward process out without its roots.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "x_t = q_sample(schedule, x0, t, noise)": (
            "alpha_bar = extract(schedule.alphas_cumprod, t, x0)\n"
            "    x_t = alpha_bar * x0 + (1 - alpha_bar) * noise"
        ),
    },
)
wrong(
    "missing_roots__in_own_q_sample",
    "Uses an option of its own q_sample, which forgets the roots.",
    {".sqrt() * x0 + (1 - left).sqrt()": " * x0 + (1 - left)"},
    of="own_option_of_q_sample",
)
wrong(
    "missing_square",
    "The mean of the error without a square: it has no minimum.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "(network(x_t, t) - noise).mean()",
    },
)
wrong(
    "network_asked_in_part",
    "Learns from the first half of the batch alone.",
    {
        "    order = t.argsort()": "    half = (len(x0) + 1) // 2",
        "(x_t[order], t[order]), eps[order]": "(x_t[:half], t[:half]), eps[:half]",
    },
    of="sorted_by_t",
)
wrong(
    "network_not_asked",
    "The noise is compared with itself: the network is not asked about it.",
    {"network(x_t, t)": "x_t.requires_grad_()"},
)
wrong(
    "network_sees_noise",
    "The network is asked about the noise that it should find.",
    {"    x_t = q_sample(schedule, x0, t, noise)\n": "", "x_t, t": "noise, t"},
)
wrong(
    "network_sees_sum",
    "The network is asked about x_0 + ε, without a schedule.",
    {"    x_t = q_sample(schedule, x0, t, noise)": "    x_t = x0 + noise"},
)
wrong(
    "network_sees_x0",
    "The network is asked about x_0 instead of x_t.",
    {"    x_t = q_sample(schedule, x0, t, noise)\n": "", "x_t, t": "x0, t"},
)
wrong(
    "no_reduction",
    "Returns the squared errors [B, 2] themselves.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "(network(x_t, t) - noise) ** 2",
    },
)
wrong(
    "no_reduction__per_sample",
    "Returns a loss per sample [B].",
    {
        "import torch.nn.functional as F\n": "",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return ((network(x_t, t) - noise) ** 2).mean(dim=1)"
        ),
    },
)
wrong("noise_scaled", "Noise of half the standard deviation.", {"noise =": "noise = 0.5 *"})
wrong("noise_scaled__like_data", "Noise of the data's standard deviation.", {"noise =": "noise = x0.std() *"})
wrong(
    "noise_shared_by_coordinates",
    "One number of noise per point, the same for both coordinates.",
    {
        "    noise = torch.randn_like(x0)": (
            "    noise = torch.randn(len(x0), 1, device=x0.device).repeat(1, x0.shape[1])"
        )
    },
)
wrong(
    "one_time_for_batch",
    "One t for the whole batch.",
    {"len(x0),), device=x0.device)": "1,), device=x0.device).expand(len(x0))"},
)
wrong(
    "one_time_for_batch__of_a_thousand",
    "One t for the whole batch, from 1000 timesteps, whatever the schedule has.",
    {
        "len(x0),), device=x0.device)": "1,), device=x0.device).expand(len(x0))",
        "schedule.num_train_timesteps": "1000",
    },
)
wrong(
    "one_time_for_batch__full",
    "One random number, repeated by torch.full.",
    whole="""
import random

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.full((len(x0),), random.randrange(schedule.num_train_timesteps))
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)
""",
)
wrong("one_time_for_batch__of_length_one", "One t, which broadcasts.", {"len(x0)": "1"})
wrong("one_time_for_batch__without_axes", "One t, a tensor without axes.", {"(len(x0),)": "()"})
wrong(
    "per_sample_sum",
    "The sum over a point's coordinates, then the mean over the batch: twice the loss.",
    {
        "import torch.nn.functional as F\n": "",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return ((network(x_t, t) - noise) ** 2).sum(dim=1).mean()"
        ),
    },
)
wrong(
    "per_sample_sum__divided",
    "The sum of squares divided by the batch size alone.",
    {"t), noise)": 't), noise, reduction="sum") / len(x0)'},
)
wrong(
    "reads_global",
    "Reads a schedule of its own module instead of the argument.",
    {
        "\ndef": "from labkit.schedules import Schedule\n\ndiffusion = Schedule.linear(1000)\n\n\ndef",
        "0, schedule": "0, diffusion",
        "schedule, x0, t": "diffusion, x0, t",
    },
)
wrong(
    "returns_none",
    "Calls backward itself and returns nothing.",
    {
        "return F.mse_loss(network(x_t, t), noise)": (
            "loss = F.mse_loss(network(x_t, t), noise)\n    loss.backward()"
        )
    },
)
wrong("returns_tuple", "Returns the timesteps beside the loss.", {"t), noise)": "t), noise), t"})
wrong("root_mse", "The root of the mean squared error.", {"t), noise)": "t), noise).sqrt()"})
wrong(
    "root_mse__norms",
    "The mean over the batch of each error's length.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "(network(x_t, t) - noise).norm(dim=1).mean()",
    },
)
wrong(
    "root_mse__torch_norm",
    "The length of all errors together.",
    whole="""
import torch


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    return torch.norm(network(q_sample(schedule, x0, t, noise), t) - noise)
""",
)
wrong(
    "shared_noise",
    "One draw of noise for the whole batch.",
    {
        "    noise = torch.randn_like(x0)": (
            "    noise = torch.randn(x0.shape[1:], device=x0.device).expand_as(x0)"
        )
    },
)
wrong(
    "signal_left_out",
    "The network sees scaled noise alone: x_0 never enters.",
    {"x0, t, noise": "torch.zeros_like(x0), t, noise"},
)
wrong(
    "squares_the_mean",
    "The square of the mean error instead of the mean of its square.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "(network(x_t, t) - noise).mean() ** 2",
    },
)
wrong(
    "sum_for_mean",
    "The sum over everything, so that it grows with the batch.",
    {"(x_t, t), noise": '(x_t, t), noise, reduction="sum"'},
)
wrong(
    "sum_for_mean__norm",
    "The squared norm of all errors.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "torch.norm(noise - network(x_t, t)) ** 2",
    },
)
wrong(
    "swapped_coefficients",
    "Writes the forward process out with its coefficients swapped.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "x_t = q_sample(schedule, x0, t, noise)": (
            "alpha_bar = extract(schedule.alphas_cumprod, t, x0)\n"
            "    x_t = (1 - alpha_bar).sqrt() * x0 + alpha_bar.sqrt() * noise"
        ),
    },
)
wrong("t_misses_last", "randint up to T − 1, which it leaves out.", {", (len(x0),)": " - 1, (len(x0),)"})
wrong(
    "t_misses_last__rand",
    "The floor of rand · (T − 1), which never comes to T − 1.",
    {
        "    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "    t = (torch.rand(len(x0), device=x0.device) * (schedule.num_train_timesteps - 1)).long()"
        )
    },
)
wrong(
    "t_misses_zero",
    "randint from 1, as Algorithm 1 writes it: t = 0 never comes.",
    {"0, schedule": "1, schedule"},
)
wrong(
    "t_misses_zero__one_based",
    "t from {1, …, T}, with T held at T − 1.",
    {
        "t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "T = schedule.num_train_timesteps\n"
            "    t = torch.randint(1, T + 1, (len(x0),), device=x0.device).clamp(max=T - 1)"
        )
    },
)
wrong(
    "t_not_random",
    "The i-th sample always gets t = i modulo T.",
    {
        "randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "arange(len(x0), device=x0.device) % schedule.num_train_timesteps"
        )
    },
)
wrong(
    "t_not_random__last",
    "Every sample gets the last timestep.",
    {
        "randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "full((len(x0),), schedule.num_train_timesteps - 1)"
        )
    },
)
wrong(
    "t_not_random__seeded",
    "The timesteps come from a generator with a fixed seed.",
    {
        "t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "T = schedule.num_train_timesteps\n"
            "    t = torch.randint(0, T, (len(x0),), generator=torch.Generator().manual_seed(0))"
        )
    },
)
wrong(
    "t_not_uniform__clamped",
    "t from 1000 timesteps, held at the schedule's last.",
    {
        "(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "(0, 1000, (len(x0),)).clamp(max=schedule.num_train_timesteps - 1)"
        )
    },
)
wrong(
    "t_not_uniform__gaussian",
    "t from a bell curve around T / 2 instead of uniformly.",
    {
        "t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "T = schedule.num_train_timesteps\n"
            "    t = ((0.5 + 0.15 * torch.randn(len(x0))) * T).long().clamp(0, T - 1)"
        )
    },
)
wrong(
    "t_not_uniform__high",
    "t from the second half of the timesteps.",
    {"0, schedule": "schedule.num_train_timesteps // 2, schedule", ", device=x0.device": ""},
)
wrong("t_not_uniform__low", "t from the first half of the timesteps.", {", (len(x0),)": " // 2, (len(x0),)"})
wrong(
    "t_not_uniform__squared",
    "t from T · rand², which favours small ones.",
    {
        "    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)": (
            "    t = (torch.rand(len(x0)) ** 2 * schedule.num_train_timesteps).long()"
        )
    },
)
wrong("t_out_of_range", "t is drawn from −1 on.", {"0, schedule": "-1, schedule"})
wrong(
    "t_scaled",
    "The network is asked about t / T: raises with TimeLinear layers, which index by t.",
    {"x_t, t": "x_t, t / schedule.num_train_timesteps"},
)
wrong("target_difference", "The target is x_t − x_0.", {"(x_t, t), noise": "(x_t, t), x_t - x0"})
wrong(
    "target_minus_noise",
    "The sign is wrong: the target is −ε.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), noise)": "((network(x_t, t) + noise) ** 2).mean()",
    },
)
wrong(
    "target_scaled_noise",
    "The target is the noise as it stands in x_t, √(1 − ᾱ_t) ε.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return F.mse_loss(network(x_t, t), extract((1 - schedule.alphas_cumprod).sqrt(), t, x0) * "
            "noise)"
        ),
    },
)
wrong("target_x0", "The target is x_0.", {"(x_t, t), noise": "(x_t, t), x0"})
wrong("target_x_t", "The target is x_t.", {"(x_t, t), noise": "(x_t, t), x_t"})
wrong(
    "two_different_t",
    "The network's t is drawn anew, so that it is not the one in x_t.",
    {"x_t, t": "x_t, torch.randint_like(t, schedule.num_train_timesteps)"},
)
wrong(
    "two_different_t__minus_one",
    "x_t is made at t − 1, the network is asked about t.",
    {"t, noise": "(t - 1).clamp(min=0), noise"},
)
wrong(
    "two_different_t__plus_one",
    "The network is asked about t + 1.",
    {"x_t, t": "x_t, (t + 1).clamp(max=schedule.num_train_timesteps - 1)"},
)
wrong("uniform_noise", "Noise from rand_like: uniform in [0, 1).", {"randn_like": "rand_like"})
wrong(
    "uniform_noise__centred",
    "Uniform noise with mean 0 and variance 1.",
    {"    noise = torch.randn_like(x0)": "    noise = (2 * torch.rand_like(x0) - 1) * 3**0.5"},
)
wrong(
    "unnamed__constant_added",
    "Adds a number to the loss.",
    {
        "import torch.nn.": "from torch.nn import ",
        "x0.shape[:1])": "(len(x0),))",
        "eps = torch": "noise = torch",
        "eps), t=t), eps)": "noise), t), noise) + 0.1",
    },
    of="network_x_by_keyword",
)
wrong(
    "weighted",
    "Each sample's error weighted by 1 − ᾱ_t.",
    {
        "import torch.nn.functional as F": "\nfrom labkit.schedules import extract",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - noise) ** 2).mean()"
        ),
    },
)
wrong(
    "weighted__snr",
    "The error weighted by the signal-to-noise ratio, cut at 5.",
    {
        "import torch.nn.functional as F": "\nfrom labkit.schedules import extract",
        "t = torch": "snr = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)\n    t = torch",
        "    return F.mse_loss(network(x_t, t), noise)": (
            "    return (extract(snr, t, x0).clamp(max=5) * (network(x_t, t) - noise) ** 2).mean()"
        ),
    },
)
