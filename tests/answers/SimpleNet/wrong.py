"""What is wrong with an answer to SimpleNet."""

from answers.mistakes import Mistakes

wrong = Mistakes("SimpleNet", of="zip_and_slices")

wrong(
    "activation_after_last",
    "SiLU after every layer, the last one too: no output falls below −0.28.",
    {"layers[:-1]:": "layers:", "        return self.layers[-1](x, t)": "        return x"},
)
wrong(
    "activation_after_last__tanh",
    "A tanh on the output, as image generators have it.",
    {
        "import torch.nn.functional as F": "import torch\nimport torch.nn.functional as F",
        "self.layers[-1](x, t)": "torch.tanh(self.layers[-1](x, t))",
    },
)
wrong(
    "activation_missing_once",
    "The last hidden layer has no activation: the loop's condition stops one layer early.",
    {
        "for layer in self.layers[:-1]:": "for i, layer in enumerate(self.layers):",
        "F.silu(layer(x, t))": "layer(x, t)",
        "return self.layers[-1](x, t)": (
            "    if i < len(self.layers) - 2:\n                x = F.silu(x)\n        return x"
        ),
    },
)
wrong(
    "activation_missing_once__first_layer",
    "No activation between the first layer and the second.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc_in = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fcs = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dim_hids[:-1], dim_hids[1:]))
        self.fc_out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        x = self.fc_in(x, t)
        for fc in self.fcs:
            x = F.silu(fc(x, t))
        return self.fc_out(x, t)
""",
)
wrong(
    "activation_on_input",
    "SiLU before each layer, so that the input passes through it too.",
    {
        "layers[:-1]:": "layers:",
        "F.silu(layer(x, t))": "layer(F.silu(x), t)",
        "        return self.layers[-1](x, t)": "        return x",
    },
)
wrong(
    "activation_twice",
    "SiLU inside the block and again after it.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class Block(nn.Module):
    def __init__(self, dim_in, dim_out, num_timesteps):
        super().__init__()
        self.fc = TimeLinear(dim_in, dim_out, num_timesteps)

    def forward(self, x, t):
        return F.silu(self.fc(x, t))


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids]
        self.blocks = nn.ModuleList(Block(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))
        self.out = TimeLinear(dims[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        for block in self.blocks:
            x = F.silu(block(x, t))
        return self.out(x, t)
""",
)
wrong(
    "changes_its_input",
    "The input is halved in place, to bring the points to unit variance.",
    {"for layer": "x /= 2\n        for layer"},
)
wrong(
    "changes_its_input__dim_hids",
    "Appends the last width to the caller's list: the second network made from it has one layer too many.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dim_hids.append(dim_out)
        self.layers = nn.ModuleList()
        for dim in dim_hids:
            self.layers.append(TimeLinear(dim_in, dim, num_timesteps))
            dim_in = dim

    def forward(self, x, t):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x, t))
        return self.layers[-1](x, t)
""",
)
wrong(
    "detached",
    "The forward pass runs without gradients, so that nothing can be trained.",
    {
        "import torch.nn.functional as F": "import torch\nimport torch.nn.functional as F",
        "def forward": "@torch.no_grad()\n    def forward",
    },
)
wrong(
    "elu_for_silu",
    "ELU where SiLU belongs.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.ELU()",
        "F.silu": "self.act",
    },
)
wrong(
    "extra_layers__batch_norm",
    "A BatchNorm after each hidden layer.",
    {
        "dims[1:]))": (
            "dims[1:]))\n        self.norms = nn.ModuleList(nn.BatchNorm1d(dim) for dim in dim_hids)"
        ),
        "layer in self.layers[:-1]": "layer, norm in zip(self.layers[:-1], self.norms)",
        "(layer(x, t))": "(norm(layer(x, t)))",
    },
)
wrong(
    "extra_layers__dropout",
    "Dropout after each hidden layer.",
    {
        "dims[1:]))": "dims[1:]))\n        self.dropouts = nn.ModuleList(nn.Dropout(0.1) for _ in dim_hids)",
        "layer in self.layers[:-1]": "layer, dropout in zip(self.layers[:-1], self.dropouts)",
        "(layer(x, t))": "(dropout(layer(x, t)))",
    },
)
wrong(
    "extra_layers__gain",
    "A learned gain on the output.",
    {
        "import torch.nn.functional as F": "import torch\nimport torch.nn.functional as F",
        "dims[1:]": "dims[1:]))\n        self.gain = nn.Parameter(torch.ones(1",
        "return": "return self.gain *",
    },
)
wrong(
    "extra_layers__gain_in_each",
    "Layers that scale what they return by a gain of their own.",
    whole="""
import torch
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class Scaled(TimeLinear):
    def __init__(self, dim_in, dim_out, num_timesteps):
        super().__init__(dim_in, dim_out, num_timesteps)
        self.gain = nn.Parameter(torch.ones(1))

    def forward(self, x, t):
        return self.gain * super().forward(x, t)


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(Scaled(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x, t))
        return self.layers[-1](x, t)
""",
)
wrong(
    "extra_layers__layer_norm",
    "A LayerNorm after each hidden layer.",
    {
        "dims[1:]))": "dims[1:]))\n        self.norms = nn.ModuleList(nn.LayerNorm(dim) for dim in dim_hids)",
        "layer in self.layers[:-1]": "layer, norm in zip(self.layers[:-1], self.norms)",
        "(layer(x, t))": "(norm(layer(x, t)))",
    },
)
wrong(
    "extra_layers__one_more",
    "A hidden layer more than dim_hids asks for.",
    {"dim_hids, dim_out": "dim_hids, dim_hids[-1], dim_out"},
)
wrong(
    "extra_layers__weight_norm",
    "Weight normalisation inside each layer.",
    {
        "import nn": "import nn\nfrom torch.nn.utils.parametrizations import weight_norm",
        "dims[1:]))": "dims[1:]))\n        for layer in self.layers:\n            weight_norm(layer.fc)",
    },
)
wrong(
    "gelu_for_silu",
    "GELU, which looks much like SiLU, in its place.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.GELU()",
        "F.silu": "self.act",
    },
)
wrong(
    "hardcoded_timesteps",
    "Layers for 1000 timesteps, whatever num_timesteps says.",
    {"b, num_timesteps": "b, 1000"},
)
wrong(
    "layers_not_registered",
    "Layers in a Python list: the optimizer never sees their parameters.",
    {"nn.ModuleList(": "[", "dims[1:]))": "dims[1:])]"},
)
wrong(
    "layers_not_registered__hidden_ones",
    "First and last layer are attributes, those between sit in a Python list.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc_in = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fc_hids = []
        for i in range(1, len(dim_hids)):
            self.fc_hids.append(TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps))
        self.fc_out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        x = F.silu(self.fc_in(x, t))
        for fc in self.fc_hids:
            x = F.silu(fc(x, t))
        return self.fc_out(x, t)
""",
)
wrong(
    "layers_not_registered__made_in_forward",
    "New layers, with new random weights, at every call: nothing can be learnt.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.dims = [dim_in, *dim_hids, dim_out]
        self.num_timesteps = num_timesteps

    def forward(self, x, t):
        for i in range(len(self.dims) - 1):
            x = TimeLinear(self.dims[i], self.dims[i + 1], self.num_timesteps)(x, t)
            if i < len(self.dims) - 2:
                x = F.silu(x)
        return x
""",
)
wrong(
    "leaky_relu_for_silu",
    "Leaky ReLU where SiLU belongs.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.LeakyReLU(0.2)",
        "F.silu": "self.act",
    },
)
wrong(
    "missing_hidden_layer",
    "One hidden layer too few: the last width of dim_hids is dropped.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.layers = nn.ModuleList([TimeLinear(dim_in, dim_hids[0], num_timesteps)])
        for i in range(1, len(dim_hids) - 1):
            self.layers.append(TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps))
        self.out = TimeLinear(self.layers[-1].dim_out, dim_out, num_timesteps)

    def forward(self, x, t):
        for layer in self.layers:
            x = F.silu(layer(x, t))
        return self.out(x, t)
""",
)
wrong(
    "missing_hidden_layer__only_one",
    "One hidden layer, whatever dim_hids says.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc1 = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fc2 = TimeLinear(dim_hids[0], dim_out, num_timesteps)

    def forward(self, x, t):
        return self.fc2(F.silu(self.fc1(x, t)), t)
""",
)
wrong(
    "missing_hidden_layer__shared",
    "One hidden layer called again and again instead of one for each width.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.first = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.hidden = TimeLinear(dim_hids[0], dim_hids[0], num_timesteps)
        self.last = TimeLinear(dim_hids[0], dim_out, num_timesteps)
        self.repeats = len(dim_hids) - 1

    def forward(self, x, t):
        x = F.silu(self.first(x, t))
        for _ in range(self.repeats):
            x = F.silu(self.hidden(x, t))
        return self.last(x, t)
""",
)
wrong(
    "missing_last_layer",
    "Stops after the hidden layers: the output is as wide as the last of them.",
    {
        "dim_hids, dim_out": "dim_hids",
        "layers[:-1]:": "layers:",
        "        return self.layers[-1](x, t)": "        return x",
    },
)
wrong(
    "no_activation",
    "No activation at all: the network stays linear in x.",
    {
        "import torch.nn.functional as F\n": "",
        "layers[:-1]:": "layers:",
        "F.silu(layer(x, t))": "layer(x, t)",
        "        return self.layers[-1](x, t)": "        return x",
    },
)
wrong(
    "no_activation__result_dropped",
    "The activation is called, but what it returns is thrown away.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.SiLU()",
        "F.silu(layer(x, t))": "layer(x, t)\n            self.act(x)",
    },
)
wrong(
    "one_time_for_batch",
    "The first sample's t is used for the whole batch.",
    {"for layer": "t = t[0].repeat(len(x))\n        for layer"},
)
wrong(
    "plain_linear_layers",
    "Hidden layers are nn.Linear: the time enters once, in the first layer.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.first = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        dims = [*dim_hids, dim_out]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        x = self.first(x, t)
        for layer in self.layers:
            x = layer(F.silu(x))
        return x
""",
)
wrong(
    "plain_linear_layers__last_one",
    "Only the last layer is an nn.Linear.",
    {
        "dim_hids, dim_out": "dim_hids",
        "layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))": (
            "hidden = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))\n"
            "        self.out = nn.Linear(dims[-1], dim_out)"
        ),
        "layers[:-1]:": "hidden:",
        "layers[-1](x, t)": "out(x)",
    },
)
wrong(
    "plain_linear_layers__no_time_at_all",
    "An ordinary MLP of nn.Linear: the time never enters.",
    whole="""
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        layers = []
        for dim in dim_hids:
            layers += [nn.Linear(dim_in, dim), nn.SiLU()]
            dim_in = dim
        self.net = nn.Sequential(*layers, nn.Linear(dim_in, dim_out))

    def forward(self, x, t):
        return self.net(x)
""",
)
wrong(
    "plain_linear_layers__time_concatenated",
    "The time is one more input of an MLP of nn.Linear.",
    whole="""
import torch
import torch.nn.functional as F
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.num_timesteps = num_timesteps
        dims = [dim_in + 1, *dim_hids, dim_out]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        x = torch.cat([x, (t / self.num_timesteps)[:, None].to(x.dtype)], dim=1)
        for layer in self.layers[:-1]:
            x = F.silu(layer(x))
        return self.layers[-1](x)
""",
)
wrong(
    "relu_for_silu",
    "ReLU where SiLU belongs.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.ReLU()",
        "F.silu": "self.act",
    },
)
wrong(
    "relu_for_silu__clamp",
    "ReLU, written as clamp at zero, where SiLU belongs.",
    {"import torch.nn.functional as F\n": "", "F.silu(layer(x, t))": "layer(x, t).clamp(min=0)"},
)
wrong(
    "residual_connection",
    "The input is added to the output.",
    {
        "for layer": "h = x\n        for layer",
        "x = F.silu(layer(x, t))": "h = F.silu(layer(h, t))",
        " self.layers[-1](x, t)": " x + self.layers[-1](h, t)",
    },
)
wrong(
    "residual_connection__same_widths",
    "A shortcut around every hidden layer that keeps its width.",
    {
        "x = F.silu(layer(x, t))": (
            "h = F.silu(layer(x, t))\n            x = x + h if x.shape == h.shape else h"
        )
    },
)
wrong("returns_none", "The last line computes the output and does not return it.", {"return": "x ="})
wrong(
    "returns_tuple", "Returns the output together with the time.", {"layers[-1](x, t)": "layers[-1](x, t), t"}
)
wrong(
    "sigmoid_for_silu",
    "The sigmoid alone: SiLU is x · sigmoid(x).",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.Sigmoid()",
        "F.silu": "self.act",
    },
)
wrong(
    "softplus_for_silu",
    "Softplus where SiLU belongs.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.Softplus()",
        "F.silu": "self.act",
    },
)
wrong(
    "tanh_for_silu",
    "tanh where SiLU belongs.",
    {
        "import torch.nn.functional as F\n": "",
        "dims[1:]))": "dims[1:]))\n        self.act = nn.Tanh()",
        "F.silu": "self.act",
    },
)
wrong(
    "time_ignored",
    "Every layer is told that t = 0.",
    {
        "import torch.nn.functional as F": "import torch\nimport torch.nn.functional as F",
        "for layer": "t = torch.zeros(len(x), dtype=torch.long, device=x.device)\n        for layer",
    },
)
wrong(
    "time_ignored__divided",
    "Passes t / T on, which as a whole number is 0.",
    {
        "dims =": "self.num_timesteps = num_timesteps\n        dims =",
        "for layer": "t = (t / self.num_timesteps).long()\n        for layer",
    },
)
wrong(
    "time_ignored__only_fc",
    "Uses the linear part of each TimeLinear alone, so that the time's embedding is never asked.",
    {"layer(x, t)": "layer.fc(x)", "layers[-1](x, t)": "layers[-1].fc(x)"},
)
wrong(
    "time_scaled__one_based",
    "Takes t for 1-based and passes t − 1 on; −1 reads the last timestep.",
    {"for layer": "t = t - 1\n        for layer"},
)
wrong(
    "time_scaled__plus_one",
    "Passes t + 1 on, held at the last timestep.",
    {
        "dims =": "self.num_timesteps = num_timesteps\n        dims =",
        "for layer": "t = (t + 1).clamp(max=self.num_timesteps - 1)\n        for layer",
    },
)
wrong(
    "time_scaled__reversed",
    "Counts the time backwards: T − 1 − t.",
    {
        "dims =": "self.num_timesteps = num_timesteps\n        dims =",
        "for layer": "t = self.num_timesteps - 1 - t\n        for layer",
    },
)
wrong(
    "weights_frozen",
    "The first layer is never trained.",
    {"dims[1:]))": "dims[1:]))\n        self.layers[0].requires_grad_(False)"},
)
wrong(
    "wrong_widths__first_for_all",
    "Every hidden layer gets the first width.",
    {
        "        dims = [dim_in, *dim_hids, dim_out]": (
            "        dims = [dim_in] + [dim_hids[0]] * len(dim_hids) + [dim_out]"
        )
    },
)
wrong(
    "wrong_widths__hard_coded",
    "Three hidden layers of 128, whatever dim_hids says.",
    whole="""
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc1 = TimeLinear(dim_in, 128, num_timesteps)
        self.fc2 = TimeLinear(128, 128, num_timesteps)
        self.fc3 = TimeLinear(128, 128, num_timesteps)
        self.fc4 = TimeLinear(128, dim_out, num_timesteps)

    def forward(self, x, t):
        x = F.silu(self.fc1(x, t))
        x = F.silu(self.fc2(x, t))
        x = F.silu(self.fc3(x, t))
        return self.fc4(x, t)
""",
)
wrong("wrong_widths__reversed", "The hidden widths in reverse order.", {"*dim_hids": "*reversed(dim_hids)"})
