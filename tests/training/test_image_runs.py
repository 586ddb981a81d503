"""What fit promises about runs of images, beyond what it promises about any run."""

import json
import os
import shutil

import numpy as np
import pytest
import tiny_images
import torch
from PIL import Image
from torch import nn

from labkit.training import ConfigChangedError, RunError, TrainingError, load_weights, min_snr
from labkit.training.batches import draw_batch


def same(run, other) -> bool:
    weights, others = run.network.state_dict(), other.network.state_dict()
    return torch.equal(run.losses, other.losses) and all(
        torch.equal(x, others[k]) for k, x in weights.items()
    )


def files(folder) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_batch_is_of_floats_mirrored_at_random(tmp_path):
    batches = []

    def spy(network, x0):
        if torch.is_grad_enabled():
            batches.append(x0)
        return tiny_images.loss_fn(network, x0)

    run = tiny_images.tiny_fit(tmp_path, loss_fn=spy)
    assert len(batches) == tiny_images.SETTINGS["steps"]
    seen = torch.cat(batches)
    expected = tiny_images.images().double() / 127.5 - 1
    plain, mirrored = (
        torch.cdist(seen.double().flatten(1), x.flatten(1)).min(1) for x in (expected, expected.flip(-1))
    )
    assert (torch.minimum(plain.values, mirrored.values) < 1e-4).all()
    assert 0.3 < (mirrored.values < 1e-4).double().mean() < 0.7
    assert len(plain.indices[plain.values < 1e-4].unique()) > 20
    assert all(batch.is_contiguous(memory_format=torch.channels_last) for batch in batches)
    assert run.network.down.weight.is_contiguous(memory_format=torch.channels_last)
    assert run.config["data"]["dtype"] == "uint8"


def test_the_ends_of_the_range(tmp_path):
    data = torch.tensor([0, 255], dtype=torch.uint8)[:, None, None, None].expand(2, 3, 4, 4)
    assert draw_batch(data, 64).unique().tolist() == [-1, 1]


@pytest.mark.filterwarnings("ignore:The given NumPy array is not writable")
def test_a_memory_mapped_array_trains_like_any_other(tmp_path):
    np.save(tmp_path / "images.npy", tiny_images.images().numpy())
    mapped = torch.from_numpy(np.load(tmp_path / "images.npy", mmap_mode="r"))
    first = tiny_images.tiny_fit(tmp_path / "run", data=mapped)
    assert same(tiny_images.tiny_fit(tmp_path / "again"), first)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"data": tiny_images.images(seed=3)}, "data: uint8 [40, 3, 16, 16]"),
        ({"data": tiny_images.images().float()}, "data: uint8 [40, 3, 16, 16]"),
        ({"weighting": None}, "now"),
        ({"weighting": min_snr(tiny_images.SCHEDULE, "noise", gamma=4.0)}, "weighting: 100 weights"),
        ({"grad_clip": None}, "grad_clip: 1.0 there, None now"),
        ({"precision": "auto"}, "precision: no there, auto now"),
    ],
    ids=str,
)
def test_a_changed_config_is_named(tmp_path, change, named):
    tiny_images.tiny_fit(tmp_path, steps=4)
    with pytest.raises(ConfigChangedError) as caught:
        tiny_images.tiny_fit(tmp_path, steps=4, **change)
    assert any(
        named in line and line.startswith(f"  {next(iter(change))}")
        for line in str(caught.value).splitlines()
    )


def test_a_run_from_before_there_were_weights_is_found(tmp_path):
    """Its config.json knows neither weighting nor grad_clip."""
    first = tiny_images.tiny_fit(tmp_path, steps=4, weighting=None, grad_clip=None)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config.pop("grad_clip", 0) is None and "weighting" not in config
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert same(tiny_images.tiny_fit(tmp_path, steps=4, weighting=None, grad_clip=None), first)


def test_weights_and_clipping_reach_the_training(tmp_path):
    def norm(network):
        return torch.stack([weight.grad.norm() for weight in network.parameters()]).norm()

    plain = tiny_images.tiny_fit(tmp_path / "plain", grad_clip=None, weighting=None)
    clipped = tiny_images.tiny_fit(tmp_path / "clipped", grad_clip=1e-3, weighting=None)
    weighted = tiny_images.tiny_fit(tmp_path / "weighted", grad_clip=None)
    assert norm(plain.network) > 1e-2
    assert norm(clipped.network) == pytest.approx(1e-3, rel=1e-3)
    assert not torch.allclose(weighted.losses, plain.losses, rtol=1e-5)


def test_auto_is_float32_on_a_cpu(tmp_path, monkeypatch):
    monkeypatch.setenv("ACCELERATE_USE_CPU", "1")
    auto = tiny_images.tiny_fit(tmp_path / "auto", precision="auto")
    assert same(tiny_images.tiny_fit(tmp_path / "no"), auto)


@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler on a CPU")
def test_a_compiled_run_is_the_same_up_to_rounding(tmp_path):
    compiled = tiny_images.tiny_fit(tmp_path / "compiled", compile=True)
    plain = tiny_images.tiny_fit(tmp_path / "plain")
    assert torch.allclose(compiled.losses, plain.losses, rtol=1e-3)
    fresh = tiny_images.network()
    load_weights(fresh, tmp_path / "compiled")
    assert same(tiny_images.tiny_fit(tmp_path / "compiled", network=fresh), compiled)


def test_previews_change_nothing(tmp_path):
    seen = []

    def preview(network):
        seen.append((network.training, torch.is_inference_mode_enabled(), torch.rand(1).item()))
        np.random.seed(0)
        return tiny_images.preview(network)

    network = tiny_images.network(dropout=0.5)
    without = tiny_images.tiny_fit(tmp_path / "without", network=network)
    with_ = tiny_images.tiny_fit(
        tmp_path / "with", network=tiny_images.network(dropout=0.5), preview=preview, checkpoint_every=5
    )
    assert same(with_, without)
    assert files(tmp_path / "with" / "samples") == [f"step-{k:06d}.png" for k in (0, 5, 10, 15, 20, 24)]
    assert len(seen) == 6 and set(seen) == {(False, True, seen[0][2])}
    again = tiny_images.tiny_fit(tmp_path / "with", network=tiny_images.network(dropout=0.5), preview=preview)
    assert same(again, with_) and len(seen) == 6


@pytest.mark.parametrize("ema_decay", [0.9, None])
def test_a_preview_is_drawn_by_the_averaged_network(tmp_path, ema_decay):
    def constant(network):
        return (100 * network.up.bias.detach()).clamp(-1, 1)[None, :, None, None].expand(5, 3, 8, 8)

    run = tiny_images.tiny_fit(tmp_path, preview=constant, ema_decay=ema_decay)
    with Image.open(tmp_path / "samples" / "step-000024.png") as picture:
        assert picture.size == (3 * 10 + 2, 2 * 10 + 2)
        shown = np.asarray(picture)[5, 5]
    expected = (constant(run.network)[0, :, 0, 0] + 1) / 2 * 255
    assert np.abs(shown - expected.numpy()).max() <= 1


@pytest.mark.parametrize(
    ("preview", "what"),
    [
        (lambda network: None, "NoneType"),
        (lambda network: torch.zeros(4, 1, 8, 8), r"\[4, 1, 8, 8\]"),
        (lambda network: torch.zeros(0, 3, 8, 8), r"\[0, 3, 8, 8\]"),
    ],
)
def test_a_preview_that_draws_nothing_is_told_before_the_training(tmp_path, preview, what):
    with pytest.raises(TrainingError, match=what):
        tiny_images.tiny_fit(tmp_path, preview=preview)
    assert not (tmp_path / "checkpoints").exists()
    tiny_images.tiny_fit(tmp_path, preview=tiny_images.preview)


def test_data_that_is_no_image_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"data .*\[40, 768\]"):
        tiny_images.tiny_fit(tmp_path / "run", data=tiny_images.images().flatten(1))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device to write to")
@pytest.mark.parametrize(
    "file", ["checkpoints/.step-000020.safetensors.tmp", "samples/.step-000020.png.tmp", ".metrics.csv.tmp"]
)
def test_a_full_disk_leaves_the_last_checkpoint(tmp_path, file):
    expected = tiny_images.tiny_fit(tmp_path / "whole", preview=tiny_images.preview)
    out, calls = tmp_path / "full", 0

    def filling(network, x0):
        nonlocal calls
        calls += torch.is_grad_enabled()
        if calls == 11:
            (out / file).symlink_to("/dev/full")
        return tiny_images.loss_fn(network, x0)

    with pytest.raises(RunError, match=r"No space left.*Make room"):
        tiny_images.tiny_fit(out, loss_fn=filling, preview=tiny_images.preview)
    kept = files(out / "checkpoints")
    assert "step-000010.safetensors" in kept
    (out / file).unlink()
    assert same(tiny_images.tiny_fit(out, preview=tiny_images.preview), expected)
    assert files(out / "samples") == files(tmp_path / "whole" / "samples")


def test_a_checkpoint_cut_short_and_nan_leave_the_run_to_go_on(tmp_path):
    expected = tiny_images.tiny_fit(tmp_path / "whole")
    out, calls = tmp_path / "broken", 0

    def diverging(network, x0):
        nonlocal calls
        calls += torch.is_grad_enabled()
        return tiny_images.loss_fn(network, x0) * (float("nan") if calls > 22 else 1)

    with pytest.raises(TrainingError, match="nan at step 22"):
        tiny_images.tiny_fit(out, loss_fn=diverging)
    assert files(out / "checkpoints") == ["step-000010.safetensors", "step-000020.safetensors"]
    newest = out / "checkpoints" / "step-000020.safetensors"
    newest.write_bytes(newest.read_bytes()[:-10])
    assert same(tiny_images.tiny_fit(out), expected)


def test_attributes_of_the_network_are_there_for_the_loss(tmp_path):
    found = []

    def curious(network, x0):
        if torch.is_grad_enabled():
            found.append((network.stem.out_channels, isinstance(network, nn.Module), network.training))
            with pytest.raises(AttributeError, match="no_such_thing"):
                _ = network.no_such_thing
        return tiny_images.loss_fn(network, x0)

    tiny_images.tiny_fit(tmp_path, steps=4, loss_fn=curious)
    assert found == [(8, True, True)] * 4
