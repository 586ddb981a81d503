"""What is wrong with an answer to get_loss_x0."""

from answers.mistakes import Mistakes

wrong = Mistakes("get_loss_x0", of="mse_loss")

wrong(
    "alphas_for_alphas_cumprod",
    "x_t written out with α_t.",
    {"alphas_cumprod": "alphas"},
    of="inline_forward",
)
wrong(
    "calls_backward",
    "Runs backward itself.",
    {
        "return F.mse_loss(network(x_t, t), x0)": (
            "loss = F.mse_loss(network(x_t, t), x0)\n    loss.backward()\n    return loss"
        )
    },
)
wrong(
    "changes_its_input",
    "Noises x_0 in place.",
    {"a.sqrt() * x0 + (1 - a).sqrt() * eps": "x0.mul_(a.sqrt()).add_((1 - a).sqrt() * eps)"},
    of="inline_forward",
)
wrong(
    "detached",
    "Returns loss.item(), a plain number.",
    {"(network(x_t, t), x0)": "(network(x_t, t), x0).item()"},
)
wrong(
    "detached__no_grad",
    "The network is asked under no_grad.",
    {"def get_loss_x0": "@torch.no_grad()\ndef get_loss_x0"},
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
wrong("hardcoded_timesteps", "t from 1000 timesteps.", {"schedule.num_train_timesteps": "1000"})
wrong("huber_loss", "The smooth L1 loss.", {"mse_loss": "smooth_l1_loss"})
wrong("l1_loss", "The mean absolute error.", {"mse_loss": "l1_loss"})
wrong("loss_scaled", "Half of the mean squared error.", {"return": "return 0.5 *"})
wrong(
    "missing_root_noise",
    "x_t written out with (1 − ᾱ_t) ε.",
    {"(1 - a).sqrt()": "(1 - a)"},
    of="inline_forward",
)
wrong(
    "missing_roots",
    "x_t written out without its roots.",
    {"a.sqrt() * x0 + (1 - a).sqrt()": "a * x0 + (1 - a)"},
    of="inline_forward",
)
wrong(
    "missing_square",
    "The mean of the error without a square.",
    {
        "import torch.nn.functional as F\n": "",
        "F.mse_loss(network(x_t, t), x0)": "(x0 - network(x_t, t)).mean()",
    },
)
wrong(
    "network_gets_no_tensor__pair",
    "Takes add_noise's pair for x_t.",
    {
        "x_t, _ = add_noise(schedule, x0, t)": (
            "eps = torch.randn_like(x0)\n    x_t = add_noise(schedule, x0, t, eps)"
        )
    },
)
wrong(
    "network_gets_other_shape__keeps_only_square_images",
    "Swaps height and width: only square images survive.",
    {"x_t, t": "x_t.transpose(2, 3), t"},
)
wrong("network_sees_noise", "The network is asked about the noise.", {"x_t, _": "_, eps", "x_t, t": "eps, t"})
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
wrong(
    "network_sees_x0",
    "The network is asked about x_0.",
    {"    x_t, _ = add_noise(schedule, x0, t)\n": "", "x_t, t": "x0, t"},
)
wrong(
    "network_taken_for_noise",
    "The network's answer is turned into x_0 first, as if it were noise.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "return F.mse_loss(network(x_t, t), x0)": (
            "a = extract(schedule.alphas_cumprod, t, x0)\n"
            "    return F.mse_loss((x_t - (1 - a).sqrt() * network(x_t, t)) / a.sqrt(), x0)"
        ),
    },
)
wrong(
    "no_reduction",
    "Returns a loss for each image.",
    {
        "    return torch.linalg.vector_norm(network(x_t, t) - x0).square() / x0.numel()": (
            "    return ((network(x_t, t) - x0) ** 2).mean(dim=(1, 2, 3))"
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
    "off_by_one_t__forward",
    "x_t written out with ᾱ at t + 1.",
    {"t, x0": "(t + 1).clamp(max=schedule.num_train_timesteps - 1), x0"},
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
        "    return torch.linalg.vector_norm(network(x_t, t) - x0).square() / x0.numel()": (
            "    return ((network(x_t, t) - x0) ** 2).sum(dim=(1, 2, 3)).mean()"
        )
    },
    of="norm",
)
wrong(
    "missing_broadcast__points_only",
    "Factors [B, 1], as for points.",
    {
        "x_t, _ = add_noise(schedule, x0, t)": (
            "a = schedule.alphas_cumprod[t].view(-1, 1)\n"
            "    eps = torch.randn_like(x0)\n"
            "    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps"
        )
    },
)
wrong(
    "reads_global",
    "Reads the notebook's schedule instead of the argument.",
    {
        "\ndef": "from labkit.schedules import Schedule\n\ndiffusion = Schedule.linear(1000)\n\n\ndef",
        "0, schedule": "0, diffusion",
        "schedule, x0, t": "diffusion, x0, t",
    },
)
wrong("returns_none", "Returns nothing.", {"return F": "F"})
wrong(
    "returns_tuple", "Returns x_t beside the loss.", {"(network(x_t, t), x0)": "(network(x_t, t), x0), x_t"}
)
wrong(
    "root_mse",
    "The root of the mean squared error.",
    {"(network(x_t, t), x0)": "(network(x_t, t), x0).sqrt()"},
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
wrong("sum_for_mean", "The sum over everything.", {"(x_t, t), x0": '(x_t, t), x0, reduction="sum"'})
wrong(
    "swapped_coefficients",
    "x_t written out with its factors swapped.",
    {"= a.sqrt() * x0 + (1 - a).sqrt() * eps": "= (1 - a).sqrt() * x0 + a.sqrt() * eps"},
    of="inline_forward",
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
wrong("target_difference", "The target is x_t − x_0.", {"(x_t, t), x0": "(x_t, t), x_t - x0"})
wrong(
    "target_mean",
    "The target is the posterior's mean.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "return F.mse_loss(network(x_t, t), x0)": (
            "beta = extract(schedule.betas, t, x0)\n"
            "    alpha = extract(schedule.alphas, t, x0)\n"
            "    a_bar = extract(schedule.alphas_cumprod, t, x0)\n"
            "    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)\n"
            "    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)\n"
            "    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)\n"
            "    mean = of_x0 * x0 + of_x_t * x_t\n"
            "    return F.mse_loss(network(x_t, t), mean)"
        ),
    },
)
wrong(
    "target_noise",
    "The target is the noise, as in the lesson before.",
    {"x_t, _": "x_t, eps", "(x_t, t), x0": "(x_t, t), eps"},
)
wrong(
    "target_noise__inline",
    "x_t written out, and the noise as target.",
    {"(x_t, t), x0": "(x_t, t), eps"},
    of="inline_forward",
)
wrong(
    "target_scaled_x0",
    "The target is √ᾱ_t x_0.",
    {
        "as F": "as F\n\nfrom labkit.schedules import extract",
        "return F.mse_loss(network(x_t, t), x0)": (
            "a = extract(schedule.alphas_cumprod, t, x0)\n"
            "    return F.mse_loss(network(x_t, t), a.sqrt() * x0)"
        ),
    },
)
wrong(
    "target_velocity",
    "The target is √ᾱ_t ε − √(1−ᾱ_t) x_0.",
    {
        "\ndef": "from labkit.schedules import extract\n\n\ndef",
        "x_t, _": "x_t, eps",
        "return F.mse_loss(network(x_t, t), x0)": (
            "a = extract(schedule.alphas_cumprod, t, x0)\n"
            "    return F.mse_loss(network(x_t, t), a.sqrt() * eps - (1 - a).sqrt() * x0)"
        ),
    },
)
wrong("target_x_t", "The target is x_t.", {"(x_t, t), x0": "(x_t, t), x_t"})
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
wrong(
    "unnamed__two_different_t_inline",
    "x_t written out at one t, and the network asked about another.",
    {
        "    eps = torch.randn_like(x0)\n": "",
        "* eps": "* torch.randn_like(x0)",
        "x_t, t": "x_t, torch.randint_like(t, schedule.num_train_timesteps)",
    },
    of="inline_forward",
)
wrong(
    "weighted",
    "Each error weighted by 1 − ᾱ_t.",
    {
        "import torch.nn.functional as F": "\nfrom labkit.schedules import extract",
        "    return F.mse_loss(network(x_t, t), x0)": (
            "    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - x0) ** 2).mean()"
        ),
    },
)
wrong(
    "weighted__snr",
    "Min-SNR weights: for the training loop, not for this loss.",
    {
        "import torch.nn.functional as F": "\nfrom labkit.schedules import extract",
        "return F.mse_loss(network(x_t, t), x0)": (
            "snr = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)\n"
            "    return (extract(snr, t, x0).clamp(max=5) * (network(x_t, t) - x0) ** 2).mean()"
        ),
    },
)
