"""What is wrong with an answer to ema_update."""

from answers.mistakes import Mistakes

wrong = Mistakes("ema_update", of="mul_add")

wrong(
    "average_swapped",
    "The wrong way round.",
    {"mul_(decay).add_(its, alpha=1 - decay)": "mul_(1 - decay).add_(its, alpha=decay)"},
)
wrong("average_swapped__lerp", "lerp takes the share of the other.", {"1 - decay": "decay"}, of="lerp")
wrong(
    "average_swapped__sides",
    "The network's side first.",
    {"getattr(its, name), weight, decay": "weight, getattr(its, name), decay"},
    of="module_by_module",
)
wrong(
    "average_unchanged__not_in_place",
    "mul and add make new tensors.",
    {"mine.mul_(decay).add_(its, alpha=1 - decay)": "mine.mul(decay).add(its, alpha=1 - decay)"},
)
wrong(
    "average_unchanged__new_name",
    "Only the loop's name is bound anew.",
    {"mine.mul_(decay).add_(its, alpha=1 - decay)": "mine = decay * mine + (1 - decay) * its"},
)
wrong(
    "average_unchanged__copy_of_state_dict",
    "Changes a dictionary that nobody loads.",
    {"    average.load_state_dict(mixed)\n": ""},
    of="load_state_dict",
)
wrong(
    "average_unchanged__another_network",
    "Returns a new network.",
    whole="""
import copy

import torch


def ema_update(average, network, decay):
    new = copy.deepcopy(average)
    with torch.no_grad():
        for mine, its in zip(new.parameters(), network.parameters()):
            mine.mul_(decay).add_(its, alpha=1 - decay)
        for mine, its in zip(new.buffers(), network.buffers()):
            mine.copy_(its)
    return new
""",
)
wrong(
    "average_in_graph",
    "Computed with gradients.",
    {
        ("    with torch.no_grad():\n        for mine, its in zip(average.p"): (
            "    if True:\n        for mine, its in zip(average.p"
        ),
        "            mine.copy_": "            mine.data.copy_",
    },
)
wrong(
    "raised__leaf_in_place",
    "Computed with gradients, where the average's weights take some.",
    whole="""

def ema_update(average, network, decay):
    for weight in average.parameters():
        weight.requires_grad_()
    for mine, its in zip(average.parameters(), network.parameters()):
        mine.mul_(decay).add_(its, alpha=1 - decay)
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.copy_(its)
""",
)
wrong("average_shares", "The whole network is added.", {"its, alpha=1 - decay": "its"})
wrong("average_shares__of_average", "The average is not scaled.", {"mul_(decay).": ""})
wrong("average_shares__both_decay", "Both by decay.", {"alpha=1 - decay": "alpha=decay"})
wrong(
    "average_copies_network",
    "Copies the network.",
    {"mine.mul_(decay).add_(its, alpha=1 - decay)": "mine.copy_(its)"},
)
wrong(
    "average_copies_network__load",
    "Loads the network's weights.",
    whole="""

def ema_update(average, network, decay):
    average.load_state_dict(network.state_dict())
""",
)
wrong(
    "average_copies_network__averaged_model",
    "A new AveragedModel copies at its first update.",
    whole="""
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def ema_update(average, network, decay):
    model = AveragedModel(average, multi_avg_fn=get_ema_multi_avg_fn(decay))
    model.update_parameters(network)
    average.load_state_dict(model.module.state_dict())
""",
)
wrong(
    "decay_ignored",
    "The lab's decay, whatever is asked for.",
    {"mul_(decay)": "mul_(0.999)", "1 - decay": "1 - 0.999"},
)
wrong(
    "decay_ignored__plain_mean",
    "The plain mean of the two.",
    {"mul_(decay).add_(its, alpha=1 - decay)": "add_(its).div_(2)"},
)
wrong(
    "decay_ignored__warm_up",
    "A warm-up by a counter of calls.",
    whole="""
import torch

count = 0


@torch.no_grad()
def ema_update(average, network, decay):
    global count
    decay = min(decay, (1 + count) / (10 + count))
    count += 1
    for mine, its in zip(average.parameters(), network.parameters()):
        mine.lerp_(its, 1 - decay)
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.copy_(its)
""",
)
wrong(
    "decay_as_condition",
    "A decay of 0 counts as none.",
    {"    with torch": "    decay = decay or 0.999\n    with torch"},
)
wrong(
    "decay_as_condition__skips",
    "Does nothing where decay is 0.",
    {"    with torch": "    if not decay:\n        return\n    with torch"},
)
wrong(
    "some_weights_left",
    "A return inside the loop.",
    {"1 - decay)\n        for": "1 - decay)\n            return\n        for"},
)
wrong(
    "some_weights_left__weights_alone",
    "Only what is called weight.",
    whole="""
import torch


@torch.no_grad()
def ema_update(average, network, decay):
    theirs = dict(network.named_parameters())
    for name, mine in average.named_parameters():
        if name.endswith("weight"):
            mine.lerp_(theirs[name], 1 - decay)
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.copy_(its)
""",
)
wrong(
    "buffers_left",
    "Forgets the buffers.",
    {
        (
            "        for mine, its in zip(average.buffers(), network.buffers()):\n"
            "            mine.copy_(its)\n"
        ): ""
    },
)
wrong(
    "buffers_averaged",
    "Averages whatever the state_dict holds.",
    {"            if name in weights:\n                mine": "            if True:\n                mine"},
    of="state_dict_in_place",
)
wrong(
    "network_changed",
    "Writes into the network.",
    {"mine.mul_(decay).add_(its, alpha=1 - decay)": "its.mul_(1 - decay).add_(mine, alpha=decay)"},
)
wrong(
    "network_changed__too",
    "Shares the result with the network.",
    {"alpha=1 - decay)\n": "alpha=1 - decay)\n            its.copy_(mine)\n"},
)
wrong(
    "raised__long_buffer",
    "Multiplies a counter by a fraction.",
    {
        (
            "            if name in weights:\n"
            "                mine.copy_(decay * mine + (1 - decay) * news[name])\n"
            "            else:\n"
            "                mine.copy_(news[name])"
        ): "            mine.mul_(decay).add_(news[name], alpha=1 - decay)"
    },
    of="state_dict_in_place",
)
wrong(
    "raised__modules_are_no_numbers",
    "Computes with the networks themselves.",
    whole="""

def ema_update(average, network, decay):
    average = decay * average + (1 - decay) * network
""",
)
wrong("not_finite", "Divides by 1 − decay.", {"mul_(decay)": "mul_(decay).div_(0.0)"})
wrong(
    "unnamed__squares",
    "Mixes squares.",
    {
        "mine.mul_(decay).add_(its, alpha=1 - decay)": (
            "mine.copy_((decay * mine**2 + (1 - decay) * its**2).sqrt())"
        )
    },
)
wrong(
    "unnamed__counts_calls",
    "Right at the first call for an average, and never again.",
    whole="""
import torch


@torch.no_grad()
def ema_update(average, network, decay):
    average.calls = getattr(average, "calls", 0) + 1
    if average.calls > 1:
        decay = 0.5
    for mine, its in zip(average.parameters(), network.parameters()):
        mine.lerp_(its, 1 - decay)
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.copy_(its)
""",
)
