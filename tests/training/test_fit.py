"""What fit promises about one run: what it finds again, what it refuses, what it says."""

import json
import os

import pytest
import tiny
import torch
from torch import nn

from labkit.data import points
from labkit.schedules import Schedule, extract
from labkit.training import ConfigChangedError, RunError, TrainingError, fit, load_weights

SHORT = {"steps": 60, "checkpoint_every": 20, "warmup": 5}


def test_training_lowers_the_loss_and_averages_the_weights(tmp_path):
    averaged = tiny.tiny_fit(tmp_path / "averaged", decay="none", lr=3e-2)
    last = tiny.tiny_fit(tmp_path / "last", decay="none", lr=3e-2, ema_decay=None)
    assert torch.equal(averaged.losses, last.losses)
    assert averaged.losses[-100:].mean() < 0.95 * averaged.losses[:20].mean()
    assert not torch.equal(averaged.network.layers[0].weight, last.network.layers[0].weight)
    assert not averaged.network.training
    assert averaged.config["lr"] == 3e-2


def test_a_finished_run_costs_nothing(tmp_path):
    first = tiny.tiny_fit(tmp_path, **SHORT)
    steps = 0

    def counting(network, x0):
        nonlocal steps
        steps += torch.is_grad_enabled()
        return tiny.loss_fn(network, x0)

    files = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    again = tiny.tiny_fit(tmp_path, **SHORT, loss_fn=counting, network=tiny.TinyNet())
    assert steps == 0
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == files
    assert torch.equal(again.losses, first.losses)
    assert torch.equal(again.network.layers[0].weight, first.network.layers[0].weight)
    fresh = tiny.TinyNet()
    load_weights(fresh, tmp_path)
    assert torch.equal(fresh.layers[0].weight, first.network.layers[0].weight)


def test_the_random_state_is_left_alone_and_does_not_matter(tmp_path):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = tiny.tiny_fit(tmp_path / "first", **SHORT)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(6)
    assert torch.equal(tiny.tiny_fit(tmp_path / "second", **SHORT).losses, first.losses)
    assert not torch.equal(tiny.tiny_fit(tmp_path / "third", **SHORT, seed=64).losses, first.losses)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"lr": 2e-3, "steps": 70}, ["lr: 0.01 there, 0.002 now", "steps: 60 there, 70 now"]),
        ({"ema_decay": None}, ["ema_decay: 0.99 there, None now"]),
        ({"data": tiny.data(seed=3)}, ["data: float32 [64, 2]"]),
        ({"data": tiny.data()[:32]}, ["data: float32 [64, 2]"]),
        ({"network": tiny.network(width=5)}, ["network.layers.0.weight: [4, 3] there, [5, 3] now"]),
    ],
)
def test_a_changed_config_names_every_difference(tmp_path, change, named):
    tiny.tiny_fit(tmp_path, **SHORT)
    config = (tmp_path / "config.json").read_bytes()
    with pytest.raises(ConfigChangedError) as caught:
        tiny.tiny_fit(tmp_path, **SHORT | change)
    lines = str(caught.value).splitlines()
    for text in [*named, str(tmp_path)]:
        assert any(text in line for line in lines)
    if "network" not in change:
        assert len(lines) == 2 + len({name.split(":")[0] for name in named})
    assert (tmp_path / "config.json").read_bytes() == config


def test_a_rounding_in_the_data_is_no_change(tmp_path):
    first = tiny.tiny_fit(tmp_path, **SHORT)
    nudged = torch.nextafter(tiny.data(), torch.tensor(9.0))
    assert torch.equal(tiny.tiny_fit(tmp_path, **SHORT, data=nudged).losses, first.losses)


LINEAR = Schedule.linear(1000)


def right(network, x0):
    t = torch.randint(1000, (len(x0),))
    alphas_cumprod, noise = extract(LINEAR.alphas_cumprod, t, x0), torch.randn_like(x0)
    x_t = alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise
    return (network(x_t, t) - noise).square().mean()


def right_in_other_words(network, x0):
    noise = torch.empty_like(x0).normal_()
    t = (torch.rand(x0.shape[0]) * LINEAR.num_train_timesteps).long()
    logs = torch.log1p(-LINEAR.betas).cumsum(0)[t].unsqueeze(-1)
    return nn.functional.mse_loss(network((logs / 2).exp() * x0 + (-logs.expm1()).sqrt() * noise, t), noise)


def wrong(target="noise", signal=None, spread=None, one_t=False, reduce=torch.mean, last=1000):
    def loss_fn(network, x0):
        t = torch.randint(last, (1,)).expand(len(x0)) if one_t else torch.randint(last, (len(x0),))
        alphas_cumprod, noise = extract(LINEAR.alphas_cumprod, t, x0), torch.randn_like(x0)
        a = extract(LINEAR.alphas, t, x0).sqrt() if signal == "alphas" else alphas_cumprod.sqrt()
        a = alphas_cumprod if signal == "no root" else a
        b = (1 - alphas_cumprod) if spread == "no root" else (1 - alphas_cumprod).sqrt()
        x_t = a * x0 + b * noise
        aim = {"noise": noise, "x0": x0, "x_t": x_t, "zero": torch.zeros_like(x0)}[target]
        return reduce((network(x_t, t) - aim).square())

    return loss_fn


@pytest.mark.parametrize(
    "mistake",
    [
        {"target": "x0"},
        {"target": "x_t"},
        {"target": "zero"},
        {"signal": "alphas"},
        {"signal": "no root"},
        {"spread": "no root"},
        {"one_t": True},
        {"last": 500},
        {"reduce": torch.sum},
        {"reduce": lambda squares: squares.sum(dim=1).mean()},
        {"reduce": lambda squares: squares.sqrt().mean()},
    ],
)
def test_a_run_with_the_wrong_loss_is_not_taken_for_the_right_one(tmp_path, mistake):
    data, recipe = points("swiss_roll", 2000, seed=0), {"steps": 1, "batch_size": 8, "lr": 1e-3}
    fit(tiny.network(), wrong(**mistake), data, **recipe, out=tmp_path)
    with pytest.raises(ConfigChangedError, match="loss_fn") as caught:
        fit(tiny.network(), right, data, **recipe, out=tmp_path)
    assert "Delete that folder" in str(caught.value)


def test_the_same_loss_in_other_words_finds_its_run(tmp_path):
    data, recipe = points("swiss_roll", 2000, seed=0), {"steps": 1, "batch_size": 8, "lr": 1e-3}
    first = fit(tiny.network(), right, data, **recipe, out=tmp_path)
    again = fit(tiny.network(), right_in_other_words, data, **recipe, out=tmp_path)
    assert torch.equal(again.losses, first.losses)


def test_nan_stops_and_leaves_the_last_good_checkpoint(tmp_path):
    calls = 0

    def diverging(network, x0):
        nonlocal calls
        calls += torch.is_grad_enabled()
        return tiny.loss_fn(network, x0) * (float("nan") if calls > 45 else 1)

    with pytest.raises(TrainingError, match="nan at step 45"):
        tiny.tiny_fit(tmp_path, **SHORT, loss_fn=diverging)
    assert sorted(file.name for file in (tmp_path / "checkpoints").iterdir()) == [
        "step-000020.safetensors",
        "step-000040.safetensors",
    ]
    with pytest.raises(RunError, match="stopped after step 40 of 60"):
        load_weights(tiny.network(), tmp_path)
    tiny.tiny_fit(tmp_path, **SHORT)
    load_weights(tiny.network(), tmp_path)


def test_where_training_is_off_only_a_finished_run_is_found(tmp_path, monkeypatch):
    tiny.tiny_fit(tmp_path / "done", **SHORT)
    monkeypatch.setenv("LABKIT_TRAINING", "off")
    assert len(tiny.tiny_fit(tmp_path / "done", **SHORT).losses) == SHORT["steps"]
    with pytest.raises(RunError, match="training is not repeated"):
        tiny.tiny_fit(tmp_path / "absent", **SHORT)


def test_weights_that_are_not_finite_are_never_kept(tmp_path):
    with pytest.raises(TrainingError, match="NaN or infinite"):
        tiny.tiny_fit(
            tmp_path,
            **SHORT | {"checkpoint_every": 1},
            lr=1e38,
            loss_fn=lambda n, x: 1e30 * n(x, x[:, 0]).sum(),
        )
    with pytest.raises(RunError, match="no finished training run"):
        load_weights(tiny.network(), tmp_path)


@pytest.mark.parametrize(
    ("loss_fn", "sentence"),
    [
        (lambda network, x0: tiny.loss_fn(network, x0).detach(), "does not depend on the network"),
        (lambda network, x0: tiny.loss_fn(network, x0).item(), "loss_fn returned float"),
        (lambda network, x0: tiny.loss_fn(network, x0).repeat(2), r"loss_fn returned shape \[2\]"),
        (lambda network, x0: None, "loss_fn returned NoneType"),
        (lambda network, x0: tiny.loss_fn(network, x0) / 0, "NaN or infinite even for"),
    ],
)
def test_a_loss_that_cannot_be_trained_on_is_a_sentence_and_can_be_mended(tmp_path, loss_fn, sentence):
    network = tiny.network()
    with pytest.raises(TrainingError, match=sentence):
        tiny.tiny_fit(tmp_path, **SHORT, loss_fn=loss_fn, network=network)
    assert len(tiny.tiny_fit(tmp_path, **SHORT, network=network).losses) == 60


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 0},
        {"steps": 1.5},
        {"batch_size": 0},
        {"lr": 0.0},
        {"lr": float("nan")},
        {"warmup": 61},
        {"decay": "linear"},
        {"ema_decay": 1.0},
        {"precision": "int8"},
        {"seed": -1},
        {"checkpoint_every": 0},
        {"data": torch.zeros(0, 2)},
        {"data": torch.tensor(1.0)},
    ],
    ids=str,
)
def test_senseless_arguments_are_refused_by_name(tmp_path, change):
    with pytest.raises(ValueError, match=next(iter(change))):
        tiny.tiny_fit(tmp_path / "run", **SHORT | change)
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="give fit another `out`"):
        tiny.tiny_fit(tmp_path / "file" / "run", **SHORT)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device to write to")
def test_a_full_disk_is_a_sentence(tmp_path):
    (tmp_path / ".config.json.tmp").symlink_to("/dev/full")
    with pytest.raises(RunError, match="No space left"):
        tiny.tiny_fit(tmp_path, **SHORT)


def test_a_run_that_does_not_fit_is_a_sentence(tmp_path):
    with pytest.raises(RunError, match="no finished training run"):
        load_weights(tiny.network(), tmp_path / "nowhere")
    tiny.tiny_fit(tmp_path, **SHORT)
    with pytest.raises(RunError, match=r"layers.0.weight: \[4, 3\] there, \[5, 3\] in this network"):
        load_weights(tiny.network(width=5), tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"data": 1, "network": {}, "loss_fn": {}})])
def test_a_damaged_config_is_a_sentence(tmp_path, content):
    tiny.tiny_fit(tmp_path, **SHORT)
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(RunError, match="Delete"):
        tiny.tiny_fit(tmp_path, **SHORT)


def test_one_process_can_use_several_precisions(tmp_path):
    losses = {}
    for precision in ("no", "bf16", "no"):
        network = tiny.network()
        run = tiny.tiny_fit(
            tmp_path / f"{precision}{len(losses)}", **SHORT, network=network, precision=precision
        )
        assert network(torch.zeros(1, 2), torch.ones(1)).dtype == torch.float32
        losses.setdefault(precision, []).append(run.losses)
    assert torch.equal(*losses["no"])
    assert not torch.equal(losses["bf16"][0], losses["no"][0])
    assert torch.allclose(losses["bf16"][0], losses["no"][0], rtol=0.1)


def test_no_progress_bar_where_nobody_looks(tmp_path, capfd):
    """Neither on a stderr that is no terminal, nor in a notebook that a program executes."""
    tiny.tiny_fit(tmp_path / "here", **SHORT)
    assert capfd.readouterr() == ("", "")
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    code = f"import sys; sys.path.insert(0, {os.path.dirname(tiny.__file__)!r}); import tiny\n"
    cell = nbformat.v4.new_code_cell(code + f"run = tiny.tiny_fit({str(tmp_path / 'there')!r})")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    assert cell["outputs"] == []
    assert (tmp_path / "there" / "metrics.csv").exists()
