"""What is wrong with an answer to step."""

from answers.mistakes import Mistakes

wrong = Mistakes("step", of="ifs")

wrong(
    "argument_passed_twice",
    "x_t as the network's answer.",
    {"step_predict_mean(schedule, x_t, t, net_out)": "step_predict_mean(schedule, x_t, t, x_t)"},
)
wrong(
    "arguments_in_other_order",
    "t and the network's answer swapped.",
    {"step_predict_noise(schedule, x_t, t, net_out)": "step_predict_noise(schedule, net_out, t, x_t)"},
)
wrong(
    "arguments_in_other_order__rotated",
    "The schedule last.",
    {
        "unknown predictor {predictor}; valid": "valid",
        "(schedule, x_t, t, net_out)": "(x_t, t, net_out, schedule)",
    },
    of="dictionary",
)
wrong(
    "calls_several",
    "The last else belongs to the second if alone.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        x_prev = step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "x0":
        x_prev = step_predict_x0(schedule, x_t, t, net_out)
    else:
        x_prev = step_predict_mean(schedule, x_t, t, net_out)
    return x_prev
""",
)
wrong(
    "calls_several__average",
    "The mean is made of both others.",
    {
        "return step_predict_mean(schedule, x_t, t, net_out)": (
            "one = step_predict_noise(schedule, x_t, t, net_out)\n"
            "        return (one + step_predict_x0(schedule, x_t, t, net_out)) / 2"
        )
    },
)
wrong(
    "changes_arguments",
    "Clips the network's answer first, whatever it stands for.",
    {'if predictor == "noise': 'net_out = net_out.clamp(-1, 1)\n    if predictor == "noise'},
)
wrong(
    "changes_arguments__t",
    "Counts t from 1.",
    {"step_predict_noise(schedule, x_t, t, net_out)": "step_predict_noise(schedule, x_t, t + 1, net_out)"},
)
wrong(
    "changes_its_input",
    "Scales x_t in place first.",
    {'if predictor == "noise': 'x_t *= 1.01\n    if predictor == "noise'},
)
wrong(
    "changes_result__noise",
    "Adds noise of its own.",
    whole="""
import torch


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "x0":
        return step_predict_x0(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(schedule, x_t, t, net_out) + 0.1 * torch.randn_like(x_t)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
""",
)
wrong(
    "changes_result__scaled",
    "Scales what the step returned.",
    {
        "step_predict_x0(schedule, x_t, t, net_out)": (
            "step_predict_x0(schedule, x_t, t, net_out) * schedule.alphas[t[0]].sqrt()"
        )
    },
)
wrong(
    "clips_mean__inline",
    "Written out, and the mean is clipped.",
    {"        mean = net_out": "        mean = net_out.clamp(-1, 1)"},
    of="inline",
)
wrong(
    "clips_x_prev",
    "Clips what the step returned.",
    {
        "step_predict_noise(schedule, x_t, t, net_out)": (
            "step_predict_noise(schedule, x_t, t, net_out).clamp(-1, 1)"
        )
    },
)
wrong(
    "error_without_names",
    "The error says nothing.",
    {
        "    raise ValueError(f\"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}\")": (
            "    raise ValueError"
        )
    },
)
wrong(
    "error_without_names__bare_key",
    "The dictionary's own KeyError.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    return steps[predictor](schedule, x_t, t, net_out)
""",
)
wrong(
    "error_without_names__only_the_wrong_one",
    "The error repeats the wrong name alone.",
    {
        "    raise ValueError(f\"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}\")": (
            '    raise ValueError(f"Unknown predictor: {predictor}")'
        )
    },
)
wrong(
    "helper_called_otherwise",
    "Calls a step with an option that its docstring does not have.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise ValueError(f"predictor must be one of {list(steps)}")
    return steps[predictor](schedule, x_t, t, net_out, clip=True)
""",
)
wrong(
    "missing_root_eps__inline",
    "Written out, no root of 1 − ᾱ_t.",
    {"(1 - bar).sqrt()": "(1 - bar)"},
    of="inline",
)
wrong(
    "net_out_as_x0__inline",
    "Written out, the mean taken for x_0.",
    whole="""
import torch

from labkit.schedules import extract


def step(schedule, x_t, t, net_out, predictor):
    beta, alpha = extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t)
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    if predictor in ("noise", "x0", "mean"):
        x0 = net_out if predictor != "noise" else (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
        mean = (bar_prev.sqrt() * beta * x0 + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    else:
        raise ValueError("There are three predictors: noise, x0, mean.")
    variance = beta * (1 - bar_prev) / (1 - bar)
    return mean + variance.sqrt() * torch.randn_like(x_t)
""",
)
wrong(
    "noise_at_last_step__inline",
    "Written out, with noise at t = 0 too.",
    {"    variance = beta * (1 - bar_prev) / (1 - bar)\n": "", "variance.": "beta."},
    of="inline",
)
wrong("other_step_called", "The mean is left to the step for x_0.", {"step_predict_mean": "step_predict_x0"})
wrong(
    "predictor_ignored",
    "Always the step for the noise.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor not in ("noise", "x0", "mean"):
        raise ValueError("predictor must be noise, x0 or mean")
    return step_predict_noise(schedule, x_t, t, net_out)
""",
)
wrong(
    "predictor_ignored__always_true", "`or` between strings is always true.", {'"noise"': '"noise" or "eps"'}
)
wrong(
    "raised__recursion",
    "Calls itself.",
    {"step_predict_noise(schedule, x_t, t, net_out)": "step(schedule, x_t, t, net_out, predictor)"},
)
wrong(
    "reads_global",
    "Hands on the notebook's schedule.",
    whole="""
from labkit.schedules import Schedule

course_schedule = Schedule.linear(1000)


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(course_schedule, x_t, t, net_out)
    if predictor == "x0":
        return step_predict_x0(course_schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(course_schedule, x_t, t, net_out)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
""",
)
wrong("rejects_valid_predictor", "Mean with a capital letter.", {'"mean":': '"Mean":'})
wrong("rejects_valid_predictor__other_word", "The noise is called epsilon.", {'"noise"': '"epsilon"'})
wrong(
    "returns_none",
    "Forgets to return.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        x_prev = step_predict_noise(schedule, x_t, t, net_out)
    elif predictor == "x0":
        x_prev = step_predict_x0(schedule, x_t, t, net_out)
    elif predictor == "mean":
        x_prev = step_predict_mean(schedule, x_t, t, net_out)
    else:
        raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
""",
)
wrong(
    "returns_other",
    "The step is returned, not called.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor not in ("noise", "x0", "mean"):
        raise ValueError("predictor must be noise, x0 or mean")
    return {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}[predictor]
""",
)
wrong(
    "returns_tuple",
    "The mean comes along.",
    {
        "step_predict_mean(schedule, x_t, t, net_out)": (
            "step_predict_mean(schedule, x_t, t, net_out), net_out"
        )
    },
)
wrong(
    "step_called_again",
    "Makes the step twice.",
    {
        "return step_predict_noise": (
            "x_prev = step_predict_noise(schedule, x_t, t, net_out)\n"
            "        return x_prev + step_predict_noise"
        )
    },
)
wrong(
    "swapped_predictors",
    "noise and x0 swapped.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor == "x0":
        return step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "noise":
        return step_predict_x0(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(schedule, x_t, t, net_out)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
""",
)
wrong(
    "swapped_predictors__in_a_circle",
    "Each leads to the next one's step.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_mean(schedule, x_t, t, net_out)
    if predictor == "x0":
        return step_predict_noise(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_x0(schedule, x_t, t, net_out)
    raise ValueError(f"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}")
""",
)
wrong(
    "t_not_batched",
    "t as a plain number.",
    {
        "step_predict_noise(schedule, x_t, t, net_out)": (
            "step_predict_noise(schedule, x_t, t[0].item(), net_out)"
        )
    },
)
wrong(
    "unknown_predictor_passes",
    "Everything else is taken for the mean.",
    {
        'if predictor == "x0"': 'elif predictor == "x0"',
        '    if predictor == "mean":': "    else:",
        "    raise ValueError(f\"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}\")\n": "",
    },
)
wrong(
    "unknown_predictor_passes__default",
    "`get` with a default.",
    whole="""

def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    return steps.get(predictor, step_predict_noise)(schedule, x_t, t, net_out)
""",
)
wrong(
    "unknown_predictor_passes__returns_the_error",
    "Returns the error instead of raising it.",
    {"raise": "return"},
)
wrong(
    "unknown_predictor_returns_none",
    "Runs past the last if.",
    {"    raise ValueError(f\"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}\")\n": ""},
)
wrong(
    "unknown_predictor_returns_none__prints",
    "Prints, and returns nothing.",
    {
        "raise ValueError(f\"predictor must be 'noise', 'x0' or 'mean', not {predictor!r}\")": (
            'print("predictor must be noise, x0 or mean")'
        )
    },
)
