"""Points for a trained model are points for its weights, in the judge's own network and reverse process."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.course.answers import find_answer
from labkit.course.syllabus import SWISS_ROLL_RUN
from labkit.data import points
from labkit.networks import TimeLinear
from labkit.schedules import Schedule
from labkit.training import fit, load_weights
from labkit.training.run import RunFolder

SOLUTIONS = Path(__file__).parents[2] / "solutions" / "task1_swiss_roll"
SIZES = {"dim_in": 2, "dim_out": 2, "dim_hids": [128] * 3, "num_timesteps": 1000}


class Otherwise(nn.Module):
    """A right SimpleNet whose layers have names of their own, and two of them two names."""

    activation = staticmethod(F.silu)

    def __init__(self, dim_in: int, dim_out: int, dim_hids: list[int], num_timesteps: int):
        super().__init__()
        self.out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)
        self.b = TimeLinear(dim_hids[0], dim_hids[1], num_timesteps)
        self.a = TimeLinear(dim_hids[1], dim_hids[2], num_timesteps)
        self.into = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.all = nn.ModuleList([self.into, self.b, self.a, self.out])

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        for layer in self.all[:-1]:
            x = self.activation(layer(x, t))
        return self.all[-1](x, t)


class WithRelu(Otherwise):
    """Wrong in lesson 1, and trained all the same."""

    activation = staticmethod(F.relu)


def train(network: nn.Module, home: Path, steps: int = 700) -> Path:
    compute_loss, schedule = find_answer("compute_loss", SOLUTIONS), Schedule.linear(1000)
    fit(
        network,
        lambda network, x0: compute_loss(network, schedule, x0),
        points("swiss_roll", 2**15, seed=1),
        steps=steps,
        batch_size=512,
        lr=5e-3,
        warmup=20,
        decay="cosine",
        out=home / SWISS_ROLL_RUN,
    )
    return home


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    return train(find_answer("SimpleNet", SOLUTIONS)(**SIZES), tmp_path_factory.mktemp("trained"))


def verdict(home: Path, **names: object) -> Verdict:
    return judge("trained_model", NamespaceSubject(names, home), seed=0)


def test_the_weights_alone_decide(trained: Path) -> None:
    """A notebook that defines nothing, and one that lies, earn what the run is worth."""
    nothing = verdict(trained)
    assert nothing.score > 0, nothing.message
    roll = points("swiss_roll", 2048, 77)
    lying = verdict(trained, SimpleNet=lambda *_: pytest.fail("asked"), p_sample_loop=lambda *_: roll)
    assert lying.message == nothing.message


def test_data_that_a_notebook_brings_earn_nothing_without_a_run(tmp_path: Path) -> None:
    roll = points("swiss_roll", 2048, 77)
    found = verdict(tmp_path, SimpleNet=nn.Module, p_sample_loop=lambda *_: roll)
    assert (found.score, found.misconception) == (0, "untrained")


def test_a_network_that_has_learned_nothing_earns_nothing(tmp_path: Path) -> None:
    torch.manual_seed(0)
    train(find_answer("SimpleNet", SOLUTIONS)(**SIZES), tmp_path, steps=20)
    found = verdict(tmp_path)
    assert (found.score, found.misconception) == (0, "hardly_trained"), found.message


def test_layers_are_known_by_their_sizes(trained: Path, tmp_path: Path) -> None:
    """Whatever they are called, and in whatever order they stand."""
    taught, other = (network(**SIZES) for network in (find_answer("SimpleNet", SOLUTIONS), Otherwise))
    load_weights(taught, trained / SWISS_ROLL_RUN)
    layers = [module for module in taught.modules() if isinstance(module, TimeLinear)]
    for mine, theirs in zip(other.all, layers, strict=True):
        mine.load_state_dict(theirs.state_dict())
    folder = RunFolder(tmp_path / SWISS_ROLL_RUN)
    folder.write_config({"steps": 1})
    weights = {f"network.{name}": x for name, x in other.state_dict().items()}
    folder.save(weights | {"losses": torch.zeros(1)}, [0.1])
    assert verdict(tmp_path).message == verdict(trained).message


def test_a_mistake_of_lesson_1_costs_its_points_there(tmp_path: Path) -> None:
    torch.manual_seed(0)
    found = verdict(train(WithRelu(**SIZES), tmp_path))
    assert found.score > 0, found.message


def test_another_network_is_named(tmp_path: Path) -> None:
    torch.manual_seed(0)
    sizes = SIZES | {"dim_hids": [64, 64]}
    found = verdict(train(find_answer("SimpleNet", SOLUTIONS)(**sizes), tmp_path, steps=20))
    assert (found.score, found.misconception) == (0, "untrained")
    assert "2 → 64, 64 → 2, 64 → 64; lesson 01 asks for 2 → 128" in found.message
    assert str(tmp_path) not in found.message


@pytest.mark.parametrize("how", ["nan", "shape", "no matrix", "config"])
def test_damaged_weights_cost_the_points_in_a_sentence(how: str, trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    (file, *_) = sorted((tmp_path / SWISS_ROLL_RUN).glob("checkpoints/*"), reverse=True)
    tensors = load_file(file)
    name = next(name for name in tensors if name.endswith("fc.bias"))
    if how == "nan":
        tensors[name][0] = float("nan")
    elif how == "shape":
        tensors[name] = torch.zeros(3, 3)
    elif how == "no matrix":
        tensors[name.replace("bias", "weight")] = torch.zeros(3)
    else:
        (tmp_path / SWISS_ROLL_RUN / "config.json").write_text(json.dumps({"steps": None}))
    save_file(tensors, file)
    found = verdict(tmp_path)
    assert (found.score, found.misconception) == (0, "untrained")
    assert "train again" in found.message


def test_a_layer_that_is_no_time_linear_is_another_network(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    (file, *_) = sorted((tmp_path / SWISS_ROLL_RUN).glob("checkpoints/*"), reverse=True)
    tensors = load_file(file)
    (last,) = [name for name, x in tensors.items() if name.endswith("fc.weight") and len(x) == 2]
    plain = {"network.fc.weight": tensors.pop(last), "network.fc.bias": torch.zeros(2)}
    save_file(tensors | plain, file)
    assert "lesson 01 asks for" in verdict(tmp_path).message


def test_many_layers_are_not_made(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    (file, *_) = sorted((tmp_path / SWISS_ROLL_RUN).glob("checkpoints/*"), reverse=True)
    one = {f"network.{{}}.{name}": x for name, x in TimeLinear(1, 1, 1).state_dict().items()}
    many = {name.format(i): x.clone() for i in range(1500) for name, x in one.items()}
    save_file(load_file(file) | many, file)
    assert "more than any lesson asks for" in verdict(tmp_path).message


def test_a_run_that_was_stopped_is_not_finished(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained, tmp_path, dirs_exist_ok=True)
    RunFolder(tmp_path / SWISS_ROLL_RUN).write_config({"steps": 4000})
    assert "stopped after step 700 of 4000" in verdict(tmp_path).message
