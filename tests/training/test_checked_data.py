"""What fit is given as data is taken as people mean it, or named; the loss is not blamed for it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny
import torch

from labkit.data import ImageSet
from labkit.training import TrainingError
from labkit.training.checked_data import checked_data

SHORT = {"steps": 6, "checkpoint_every": 2, "warmup": 1}
POINTS = torch.arange(20.0).reshape(10, 2) / 8  # exact in 16 bits
IMAGES = torch.arange(4 * 3 * 8 * 8, dtype=torch.uint8).reshape(4, 3, 8, 8)


def locked(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


TAKEN: dict[str, Callable[[], torch.Tensor | np.ndarray]] = {
    "float64": POINTS.double,
    "float16": POINTS.half,
    "bfloat16": POINTS.bfloat16,
    "with gradient": lambda: POINTS.clone().requires_grad_(),
    "transposed": lambda: POINTS.T.contiguous().T,
    "numpy": POINTS.numpy,
    "numpy's float64": lambda: POINTS.double().numpy(),
    "numpy's float16": lambda: POINTS.half().numpy(),
    "other byte order": lambda: POINTS.numpy().astype(">f8"),
    "mirrored": lambda: POINTS.flip(0).numpy()[::-1],
    "read only": lambda: locked(POINTS.numpy().copy()),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", TAKEN)
def test_floats_of_any_kind_are_taken(kind: str) -> None:
    taken = checked_data(TAKEN[kind](), torch.float32)
    assert taken.dtype == torch.float32 and not taken.requires_grad
    assert torch.equal(taken, POINTS)


@pytest.mark.filterwarnings("error")
def test_images_of_numpy_are_taken_from_memory_or_a_file(tmp_path: Path) -> None:
    np.save(tmp_path / "images.npy", IMAGES.numpy())
    for given in (IMAGES.numpy(), np.load(tmp_path / "images.npy", mmap_mode="r")):
        assert torch.equal(checked_data(given, torch.float32), IMAGES)


def test_a_tensor_as_it_should_be_is_not_copied() -> None:
    assert checked_data(POINTS, torch.float32).data_ptr() == POINTS.data_ptr()
    assert checked_data(IMAGES, torch.float32).data_ptr() == IMAGES.data_ptr()


def test_the_networks_precision_decides(tmp_path: Path) -> None:
    assert checked_data(POINTS, torch.float64).dtype == torch.float64
    single = tiny.tiny_fit(tmp_path / "single", **SHORT)
    double = tiny.tiny_fit(tmp_path / "double", **SHORT, data=tiny.data().double().numpy())
    assert torch.equal(single.losses, double.losses)


REFUSED = {
    "one sample": (POINTS[0], r"shape \[N, …\].* got \[2\]"),
    "a number": (torch.tensor(1.0), r"shape \[N, …\].* got \[\]"),
    "none": (POINTS[:0], r"got \[0, 2\]"),
    "no coordinates": (POINTS[:, :0], r"got \[10, 0\]"),
    "one image": (IMAGES[0], r"images of shape \[N, 3, H, W\], got \[3, 8, 8\]"),
    "channels last": (IMAGES.permute(0, 2, 3, 1), r"channels first.* got \[4, 8, 8, 3\]: permute"),
    "channels last, floats": (
        IMAGES.permute(0, 2, 3, 1) / 255,
        r"channels first.* got \[4, 8, 8, 3\]: permute",
    ),
    "int64": (POINTS.long(), "floats, or images of uint8, got int64"),
    "int32 of numpy": (POINTS.int().numpy(), "floats, or images of uint8, got int32"),
    "images of int64": (IMAGES.long(), "floats, or images of uint8, got int64"),
    "bool": (POINTS > 1, "floats, or images of uint8, got bool"),
    "complex": (POINTS.to(torch.complex64), "floats, or images of uint8, got complex64"),
    "objects": (np.array([[1, None], [2, 3]]), "got numpy's object"),
    "words": (np.array([["a", "b"]]), "got numpy's <U1"),
    "a list": (POINTS.tolist(), "a tensor .*, got list"),
    "an ImageSet": (ImageSet(IMAGES, torch.zeros(4), ["cat"]), "got ImageSet; give its .images"),
    "nothing": (None, "got NoneType"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_data_are_named(tmp_path: Path, kind: str) -> None:
    data, sentence = REFUSED[kind]
    with pytest.raises(ValueError, match=f"data must.*{sentence}"):
        tiny.tiny_fit(tmp_path / "run", **SHORT, data=data)
    assert not (tmp_path / "run").exists()


def spoilt(number: float, rows: list[int], dtype: torch.dtype = torch.float32) -> torch.Tensor:
    data = torch.cat([tiny.data(), torch.zeros(1, 2)]).to(dtype)
    data[rows, 1] = number
    return data


NAN = float("nan")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (spoilt(NAN, [64]), r"holds NaN in 1 of 65 rows, first in row 64 "),
        (spoilt(NAN, [3, 9, 11]), r"holds NaN in 3 of 65 rows, first in row 3 "),
        (spoilt(NAN, [7], torch.float64).numpy(), r"holds NaN in 1 of 65 rows, first in row 7 "),
        (spoilt(float("-inf"), [5, 6]), r"holds infinite numbers in 2 of 65 rows, first in row 5 "),
        (spoilt(1e300, [8], torch.float64), r"holds infinite numbers in 1 of 65 rows"),
        (spoilt(-1e25, [8]), r"holds numbers as large as 1e\+25, too large to be squared, in 1 of 65 rows"),
        (torch.full((5, 3, 8, 8), NAN), r"holds NaN in 5 of 5 rows"),
    ],
    ids=["one", "three", "of numpy", "infinite", "too large for float32", "too large to square", "images"],
)
def test_numbers_that_spoil_a_loss_are_laid_on_the_data(tmp_path: Path, data, sentence: str) -> None:
    with pytest.raises(TrainingError, match=f"^data {sentence}"):
        tiny.tiny_fit(tmp_path / "run", **SHORT, data=data)
    assert not (tmp_path / "run").exists()


def test_rows_are_counted_over_all_parts_of_large_data() -> None:
    data = torch.zeros(300, 2000)
    data[[100, 250], 1999] = NAN
    with pytest.raises(TrainingError, match="NaN in 2 of 300 rows, first in row 100"):
        checked_data(data, torch.float32)


def test_a_network_that_an_earlier_training_spoilt_is_named(tmp_path: Path) -> None:
    network = tiny.network()
    with torch.no_grad():
        network.layers[2].bias[0] = NAN
    with pytest.raises(TrainingError, match=r"the network's layers\.2\.bias .*before the first step"):
        tiny.tiny_fit(tmp_path, **SHORT, network=network)
    done = tiny.tiny_fit(tmp_path, **SHORT)
    again = tiny.tiny_fit(tmp_path, **SHORT, network=network)
    assert torch.equal(again.network.layers[2].bias, done.network.layers[2].bias), "a checkpoint mends it"


@pytest.mark.parametrize("shape", [(64, 3), (64, 2, 2), (64, 3, 8, 8)])
def test_a_shape_that_the_network_does_not_take_stands_below_its_error(tmp_path: Path, shape) -> None:
    with pytest.raises(RuntimeError) as caught:
        tiny.tiny_fit(tmp_path, **SHORT, data=torch.randn(shape))
    (note,) = caught.value.__notes__
    sample = ", ".join(map(str, shape[1:]))
    assert re.search(rf"was given x0 as float32 \[\d+, {sample}\], a batch of fit's data", note)
