"""What is wrong with an answer to cosine_betas."""

from answers.mistakes import Mistakes

wrong = Mistakes("cosine_betas", of="arange")

wrong(
    "betas_floored",
    "Clipped to [0.0001, 0.9999], as some labs' code does.",
    {"    return betas.clamp(max=0.999).float()": "    return torch.clip(betas, 0.0001, 0.9999).float()"},
)
wrong(
    "betas_floored__float32",
    "Floored and clipped too late, in float32.",
    {
        "1, dtype=torch.float64": "1",
        "    return betas.clamp(max=0.999).float()": "    return torch.clip(betas, 0.0001, 0.9999)",
    },
)
wrong(
    "betas_floored__linear_ends", "Clipped to the ends of the linear schedule.", {"max=0.999": "1e-4, 0.02"}
)
wrong("betas_floored__only", "Floored at 1e-4; the upper bound is right.", {"max=0": "1e-4, 0"})
wrong(
    "betas_follow_cosine",
    "The betas rise from 1e-4 to 0.02 along a cosine.",
    whole="""
import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps)
    return 1e-4 + (0.02 - 1e-4) * (1 - torch.cos(math.pi * u)) / 2
""",
)
wrong(
    "betas_misplaced__last_repeated",
    "T points only: the last beta is repeated.",
    whole="""
import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps, dtype=torch.float64)
    f = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    betas = 1 - f[1:] / f[:-1]
    return torch.cat([betas, betas[-1:]]).clamp(max=0.999).float()
""",
)
wrong(
    "betas_misplaced__linspace",
    "T points from 0 to 1, and a beta for ᾱ_0 in front.",
    {
        "num_train_timesteps, num_train_timesteps + 1": "1, num_train_timesteps",
        "u / num_train_timesteps": "u",
        "    alphas_cumprod = f / f[0]\n": "",
        "1 - alphas_cumprod[1:] / alphas_cumprod[:-1]": "torch.cat([1 - f[:1], 1 - f[1:] / f[:-1]])",
    },
    of="float64_linspace",
)
wrong(
    "betas_misplaced__next_step",
    "Starts at u = 1.",
    {
        "T + 1, dtype": "1, T + 2, dtype",
        "    alphas_cumprod = f / f[0]": "    alphas_cumprod = f",
        "max=0": "0, 0",
    },
)
wrong(
    "betas_misplaced__zero_in_front",
    "T points only: the missing beta is a 0 in front.",
    {
        "T + 1, dtype": "T, dtype",
        "= 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]": (
            "= torch.cat([torch.zeros(1, dtype=torch.float64), 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]])"
        ),
    },
)
wrong("clipped_too_high", "Clipped at 0.9999.", {"max=0.999": "0, 0.9999"})
wrong("clipped_too_low", "Clipped at 0.02, the last beta of the linear schedule.", {"0.999": "0.02"})
wrong("cosine_not_squared", "The cosine is not squared.", {" ** 2": ""})
wrong(
    "cosine_not_squared__inside",
    "The square is inside the cosine.",
    {"((u / T + s) / (1 + s) * math.pi / 2) ** 2": "(((u / T + s) / (1 + s) * math.pi / 2) ** 2)"},
)
wrong("cosine_not_squared__twice", "The square is taken twice.", {"f / f[0]": "(f / f[0]) ** 2"})
wrong(
    "difference_for_ratio",
    "Subtracts neighbouring ᾱ.",
    {"1 - alphas_cumprod[1:] / alphas_cumprod[:-1]": "alphas_cumprod[:-1] - alphas_cumprod[1:]"},
)
wrong(
    "half_pi_wrong__degrees",
    "90 degrees, to a cosine that counts in radians.",
    {"\nimport math\n": "", "math.pi / 2": "90"},
)
wrong("half_pi_wrong__one", "π/2 is missing.", {"\nimport math\n": "", "(1 + s) * math.pi / 2": "(1 + s)"})
wrong("half_pi_wrong__pi", "π in place of π/2.", {"math.pi / 2": "math.pi"})
wrong("hardcoded_timesteps", "u is divided by 1000, whatever T is.", {"T + s": "1000 + s"})
wrong("hardcoded_timesteps__length", "1000 betas, whatever T is.", {"T = num_train_timesteps": "T = 1000"})
wrong("not_clipped", "Not clipped at all: the last beta is 1.", {"clamp(max=0.999).": ""})
wrong("not_clipped__at_one", "Clipped to [0, 1].", {"max=0.999": "0, 1"})
wrong(
    "not_clipped__float32",
    "Not clipped, in float32.",
    {"1, dtype=torch.float64": "1", "    return betas.clamp(max=0.999).float()": "    return betas"},
)
wrong(
    "not_divided_by_first",
    "ᾱ is f itself, with a 1 in front.",
    {
        "    alphas_cumprod = f / f[0]": (
            "    alphas_cumprod = torch.cat([torch.ones(1, dtype=torch.float64), f[1:]])"
        )
    },
)
wrong("not_float32", "Returns float64.", {".float()": ""})
wrong(
    "not_float32__numpy",
    "Hands over NumPy's float64.",
    whole="""
import numpy as np
import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = np.arange(num_train_timesteps + 1) / num_train_timesteps
    f = np.cos((u + s) / (1 + s) * np.pi / 2) ** 2
    return torch.from_numpy(np.clip(1 - f[1:] / f[:-1], 0, 0.999))
""",
)
wrong(
    "not_the_cosine_schedule",
    "The linear schedule.",
    whole="""
import torch


def cosine_betas(num_train_timesteps, s=0.008):
    return torch.linspace(1e-4, 0.02, num_train_timesteps)
""",
)
wrong(
    "not_the_cosine_schedule__quad",
    "The quadratic schedule.",
    whole="""
import torch


def cosine_betas(num_train_timesteps, s=0.008):
    return torch.linspace(1e-4**0.5, 0.02**0.5, num_train_timesteps) ** 2
""",
)
wrong("pi_rounded", "π as 3.14.", {"\nimport math\n": "", "math.pi": "3.14"})
wrong("pi_rounded__five_digits", "π as 3.1416.", {"\nimport math\n": "", "math.pi": "3.1416"})
wrong("raised__math_on_tensor", "Python's cosine of a tensor.", {"torch.cos": "math.cos"})
wrong(
    "raised__s_by_name",
    "The name of the argument is misspelt in the formula.",
    {"((u / T + s) / (1 + s) * math.pi / 2) ** 2": ("((u / T + S) / (1 + S) * math.pi / 2) ** 2")},
)
wrong(
    "ratio_upside_down",
    "The ratio is upside down.",
    {"[1:] / alphas_cumprod[:-1]": "[:-1] / alphas_cumprod[1:]"},
)
wrong("returns_alphas", "Returns α, the ratio itself.", {"betas = 1 -": "betas =", "clamp(max=0.999).": ""})
wrong("returns_alphas__clipped", "Returns 1 − β.", {"return": "return 1 -"})
wrong(
    "returns_alphas_cumprod",
    "Returns ᾱ.",
    {
        "    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]": "    betas = alphas_cumprod[1:]",
        "clamp(max=0.999).": "",
    },
)
wrong("returns_alphas_cumprod__complement", "Returns 1 − ᾱ, clipped.", {" / alphas_cumprod[:-1]": ""})
wrong(
    "returns_alphas_cumprod__from_zero",
    "Returns ᾱ from u = 0 on.",
    {
        "T + 1, dtype": "T, dtype",
        "    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]": "    betas = alphas_cumprod",
        "clamp(max=0.999).": "",
    },
)
wrong("returns_list", "Returns a list.", {"float()": "tolist()"})
wrong(
    "returns_none", "Returns nothing.", {"return betas.clamp(max=0.999).float()": "betas.clamp_(max=0.999)"}
)
wrong("returns_other__numpy", "Returns a NumPy array.", {"float()": "float().numpy()"})
wrong(
    "returns_other__schedule",
    "Returns a Schedule.",
    {
        "import torch": "import torch\n\nfrom labkit.schedules import Schedule",
        "betas.clamp(max=0.999).float()": "Schedule.from_betas(betas.clamp(max=0.999))",
    },
)
wrong("reversed_t", "From the end to the beginning.", {"float()": "flip(0).float()"})
wrong(
    "s_ignored",
    "The offset is written into the formula, whatever s is.",
    {"(u / T + s) / (1 + s) * math": "(u / T + 0.008) / 1.008 * math"},
)
wrong("s_left_out", "No offset.", {"(u / T + s) / (1 + s) * math": "u / T * math"})
wrong("s_not_normalised", "The offset is added, but not divided by.", {"/ (1 + s) * math": "* math"})
wrong("s_not_normalised__only_below", "The offset stands below the line only.", {"T + s": "T"})
wrong(
    "s_not_normalised__precedence",
    "A missing bracket: u / T + s / (1 + s).",
    {"(u / T + s) / (1 + s) * math": "(u / T + s / (1 + s)) * math"},
)
wrong("sine_for_cosine", "A sine in place of the cosine.", {"torch.cos": "torch.sin"})
wrong(
    "unnamed__all_zero",
    "The ratio is upside down, and negative betas are clipped away.",
    {"[1:] / alphas_cumprod[:-1]": "[:-1] / alphas_cumprod[1:]", "max=0": "0, 0"},
)
wrong(
    "unnamed__exponential",
    "β = 1 − exp(−f).",
    {"alphas_cumprod[1:] / alphas_cumprod[:-1]": "torch.exp(-alphas_cumprod[1:])"},
)
wrong(
    "unnamed__other_s",
    "An s of its own, unlike the lesson's.",
    {"(u / T + s) / (1 + s) * math": "(u / T + 0.02) / 1.02 * math"},
)
wrong("wrong_shape__column", "Returns a column.", {"float()": "float()[:, None]"})
wrong("wrong_shape__one_less", "T points make T − 1 betas.", {"T + 1, dtype": "T, dtype"})
wrong(
    "wrong_shape__one_more",
    "Returns ᾱ at all T + 1 points.",
    {
        "betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]\n    return betas.clamp(max=0.999)": (
            "return alphas_cumprod"
        )
    },
)
