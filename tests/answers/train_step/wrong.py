"""What is wrong with an answer to train_step."""

from answers.mistakes import Mistakes

wrong = Mistakes("train_step", of="plain")

wrong("gradients_add_up", "Never clears the gradients.", {"    optimizer.zero_grad()\n": ""})
wrong(
    "gradients_cleared",
    "Clears between backward and step.",
    {"    optimizer.zero_grad()\n": "", "backward()\n": "backward()\n    optimizer.zero_grad()\n"},
)
wrong(
    "gradients_cleared__to_zeros",
    "Fills the gradients with zeros before the step.",
    {
        "    optimizer.zero_grad()\n": "",
        "backward()\n": "backward()\n    optimizer.zero_grad(set_to_none=False)\n",
    },
)
wrong(
    "step_before_backward",
    "The step comes before the gradient.",
    {"    loss.backward()\n    optimizer.step()\n": "    optimizer.step()\n    loss.backward()\n"},
)
wrong(
    "step_before_backward__last_gradient",
    "Steps first, with the gradient of the batch before.",
    whole="""

def train_step(network, average, optimizer, loss_fn, x0, decay):
    loss = loss_fn(network, x0)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    ema_update(average, network, decay)
    return loss.detach()
""",
)
wrong("backward_missing", "No backward.", {"    loss.backward()\n": ""})
wrong("step_missing", "No step of the optimizer.", {"    optimizer.step()\n": ""})
wrong("step_missing__not_called", "The step is named, not called.", {"optimizer.step()": "optimizer.step"})
wrong(
    "stepped_twice",
    "Two steps of one gradient.",
    {"    optimizer.step()\n": "    optimizer.step()\n    optimizer.step()\n"},
)
wrong(
    "optimizer_bypassed",
    "Moves the weights itself.",
    {
        "optimizer.step()": (
            "for weight in network.parameters():\n"
            "        weight.data -= optimizer.param_groups[0]['lr'] * weight.grad"
        )
    },
)
wrong(
    "optimizer_bypassed__made_anew",
    "An optimizer of its own in each step.",
    {
        "    optimizer.zero_grad()": (
            "    optimizer = type(optimizer)(network.parameters(), "
            "lr=optimizer.param_groups[0]['lr'])\n"
            "    optimizer.zero_grad()"
        )
    },
)
wrong(
    "optimizer_bypassed__adam",
    "Adam, made anew.",
    {
        "    optimizer.zero_grad()": (
            "    import torch\n"
            "    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)\n"
            "    optimizer.zero_grad()"
        )
    },
)
wrong(
    "loss_asked_again",
    "Asks again for what it returns.",
    {"return loss.detach()": "return loss_fn(network, x0).detach()"},
)
wrong(
    "loss_asked_again__twice",
    "Once for the gradient, once for the number.",
    {"loss.backward()": "loss_fn(network, x0).backward()"},
)
wrong(
    "loss_not_asked",
    "Asks the network itself.",
    {"loss_fn(network, x0)": "(sum((w**2).sum() for w in network.parameters()))"},
)
wrong(
    "loss_of_the_average",
    "The loss of the average.",
    {"loss_fn(network, x0)": "loss_fn(average.requires_grad_(), x0)"},
)
wrong("loss_keeps_its_graph", "Returns the loss with its history.", {"loss.detach()": "loss"})
wrong("loss_keeps_its_graph__clone", "A clone has the history too.", {"loss.detach()": "loss.clone()"})
wrong("average_left_out", "No average.", {"    ema_update(average, network, decay)\n": ""})
wrong(
    "average_before_step",
    "The average first.",
    {
        ("    optimizer.step()\n    ema_update(average, network, decay)\n"): (
            "    ema_update(average, network, decay)\n    optimizer.step()\n"
        )
    },
)
wrong(
    "average_before_step__at_the_top",
    "The average before everything.",
    {
        "    optimizer.zero_grad()\n": "    ema_update(average, network, decay)\n    optimizer.zero_grad()\n",
        "optimizer.step()\n    ema_update(average, network, decay)\n": "optimizer.step()\n",
    },
)
wrong(
    "average_updated_twice",
    "Two updates of the average.",
    {"    return": "    ema_update(average, network, decay)\n    return"},
)
wrong(
    "average_gets_other_arguments",
    "Network and average swapped.",
    {"(average, network, decay)\n    return": "(network, average, decay)\n    return"},
)
wrong(
    "average_gets_other_arguments__network_twice",
    "The network for both.",
    {"(average, network, decay)\n    return": "(network, network, decay)\n    return"},
)
wrong(
    "average_swapped__inline",
    "Written out, the wrong way round.",
    {"1 - decay": "decay"},
    of="inline_average",
)
wrong(
    "average_in_graph__inline",
    "Written out, with gradients.",
    {"with torch.no_grad()": "with torch.enable_grad()"},
    of="inline_average",
)
wrong(
    "decay_ignored",
    "A decay of its own.",
    {"ema_update(average, network, decay)": "ema_update(average, network, 0.999)"},
)
wrong(
    "decay_ignored__one_minus",
    "1 − decay for decay.",
    {"ema_update(average, network, decay)": "ema_update(average, network, 1 - decay)"},
)
wrong("decay_ignored__inline", "Written out with another decay.", {"1 - decay": "0.1"}, of="inline_average")
wrong(
    "helper_called_otherwise",
    "Without the decay.",
    {"ema_update(average, network, decay)": "ema_update(average, network)"},
)
wrong("returns_none", "Returns nothing.", {"    return loss.detach()\n": ""})
wrong("returns_tuple", "Returns the average too.", {"return loss.detach()": "return loss.detach(), average"})
wrong("returns_other", "Returns the network.", {"return loss.detach()": "return network"})
wrong("wrong_shape", "Returns a vector.", {"loss.detach()": "loss.detach()[None]"})
wrong(
    "raised__detached_first",
    "Detached before backward.",
    {"loss_fn(network, x0)": "loss_fn(network, x0).detach()"},
)
wrong(
    "raised__no_grad",
    "Everything without gradients.",
    whole="""
import torch


@torch.no_grad()
def train_step(network, average, optimizer, loss_fn, x0, decay):
    optimizer.zero_grad()
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    ema_update(average, network, decay)
    return loss.detach()
""",
)
wrong(
    "changes_its_input",
    "Scales the batch in place.",
    {"    optimizer.zero_grad()\n": "    x0.mul_(1.01)\n    optimizer.zero_grad()\n"},
)
wrong("gradients_changed", "Half of the gradient.", {"loss.backward()": "(loss / 2).backward()"})
wrong(
    "gradients_changed__clipped",
    "Shortens the gradient.",
    {
        "    optimizer.step()\n": (
            "    for weight in network.parameters():\n"
            "        weight.grad.clamp_(-0.1, 0.1)\n"
            "    optimizer.step()\n"
        )
    },
)
wrong("unnamed__root_of_loss", "Returns the root of the loss.", {"loss.detach()": "loss.detach().sqrt()"})
