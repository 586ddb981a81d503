"""From images to a distance that says what it is."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from blobs import save_images, smooth_images
from typer.testing import CliRunner

from labkit.cli import app
from labkit.metrics import fid, open_images
from labkit.metrics.features import FeatureError
from labkit.metrics.frechet import Gaussian, frechet_distance
from labkit.metrics.images import ImageError
from labkit.metrics.kid import kid


class Pixels:
    """An extractor for tests: the pixels of the image at a quarter of its size. It counts its images."""

    measure, features = "pixel Fréchet distance", "pixels"

    def __init__(self, key: str = "pixels") -> None:
        self.key, self.seen = key, 0

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        self.seen += len(images)
        return torch.nn.functional.adaptive_avg_pool2d(images.float() / 255, 2).flatten(1)


def pixels_of(images: np.ndarray) -> np.ndarray:
    return Pixels()(torch.from_numpy(images)).numpy()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))


def test_every_kind_of_input_gives_the_same_distance(tmp_path: Path) -> None:
    a, b = smooth_images(30, 16, 0), smooth_images(40, 16, 1)
    one, other = (Gaussian.from_features(pixels_of(images)) for images in (a, b))
    wanted = frechet_distance(one, other)
    assert wanted > 0
    np.savez(tmp_path / "b.npz", images=b)
    np.savez(tmp_path / "stats.npz", mu=other.mean, sigma=other.covariance)
    references = [
        b,
        torch.from_numpy(b),
        tmp_path / "b.npz",
        save_images(b, tmp_path / "b"),
        tmp_path / "stats.npz",
    ]
    for reference in references:
        opened = open_images(reference) if isinstance(reference, Path) else reference
        result = fid(a, opened, Pixels(), batch_size=7)
        assert result.value == pytest.approx(wanted, rel=1e-6)
        assert result.n == 30 and result.interval[0] < result.value < result.interval[1]
        if isinstance(opened, Gaussian):
            assert result.reference_n is None and result.kid is None
        else:
            assert (result.kid, result.kid_interval) == kid(pixels_of(a), pixels_of(b))
    assert fid(a, a, Pixels()).value < 1e-9


def test_the_result_reads_well_and_names_itself() -> None:
    result = fid(smooth_images(30, 16, 0), smooth_images(40, 16, 1), Pixels(), reference_name="blobs")
    text = str(result)
    assert text.startswith("pixel Fréchet distance ") and "±" in text
    assert "(n = 30 against 40 of blobs; kernel distance" in text
    report = json.loads(json.dumps(result.as_json()))
    assert report["frechet_distance"] == result.value and report["interval"] == list(result.interval)
    assert report["features"] == "pixels" and "fid" not in report and "kid" not in report


def test_a_plain_function_and_statistics_alone_are_never_called_fid() -> None:
    a, b = smooth_images(5, 16, 0), smooth_images(6, 16, 1)
    plain = fid(a, b, lambda images: Pixels()(images))
    assert "FID" not in str(plain) and plain.interval is None and plain.kid_interval is None
    statistics = [Gaussian.from_features(pixels_of(images)) for images in (a, b)]
    known = fid(*statistics, None)
    assert known.value == pytest.approx(plain.value) and "FID" not in str(known)


def test_fid_is_said_where_the_extractor_earned_it() -> None:
    extractor = Pixels()
    extractor.measure = "FID"
    report = fid(smooth_images(20, 16, 0), smooth_images(20, 16, 1), extractor).as_json()
    assert {"fid", "n", "interval", "kid", "kid_interval", "features"} <= report.keys()


def test_the_references_features_are_kept_for_the_same_content_only(tmp_path: Path) -> None:
    a, b = smooth_images(4, 16, 0), smooth_images(9, 16, 1)
    folder = save_images(b, tmp_path / "reference")

    def seen(reference, extractor=None) -> int:
        extractor = extractor or Pixels()
        result = fid(a, reference, extractor, cache=tmp_path / "cache")
        fresh = fid(a, reference, Pixels("another " + extractor.key), cache=tmp_path / "none")
        assert result.value == fresh.value
        return extractor.seen - len(a)

    assert seen(open_images(folder)) == 9, "computed"
    assert seen(open_images(folder)) == 0, "kept"
    assert seen(open_images(folder), Pixels("others")) == 9, "another extractor"
    save_images(255 - b[:1], folder)
    assert seen(open_images(folder)) == 9, "same path, another content"
    (folder / "008.png").unlink()
    assert seen(open_images(folder)) == 8, "another N"
    assert seen(open_images(folder)) == 0
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(file.read_bytes()[:-20])
    assert seen(open_images(folder)) == 8, "damaged"
    assert seen(open_images(folder)) == 0, "mended"


def test_a_cache_that_cannot_be_written_costs_a_warning(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.warns(UserWarning, match="not kept"):
        assert (
            fid(smooth_images(4, 16, 0), smooth_images(4, 16, 1), Pixels(), cache=tmp_path / "cache").n == 4
        )


@pytest.mark.parametrize(
    ("extractor", "words"),
    [
        (lambda images: images.float(), "expected \\[B, D\\]"),
        (lambda images: torch.zeros(1, 3), "expected \\[B, D\\]"),
        (lambda images: torch.full((len(images), 3), torch.nan), "NaN"),
    ],
)
def test_an_extractor_that_is_none_is_named(extractor, words: str) -> None:
    with pytest.raises(FeatureError, match=words):
        fid(smooth_images(4, 16, 0), smooth_images(4, 16, 1), extractor)


def test_arrays_of_another_form_are_refused() -> None:
    with pytest.raises(ImageError, match="uint8"):
        fid(np.zeros((4, 3, 8, 8), np.float32), smooth_images(4, 16, 1), Pixels())


@pytest.mark.parametrize("name", ["fid", "chamfer"])
def test_help_has_an_example(name: str) -> None:
    outcome = CliRunner().invoke(app, [name, "--help"])
    assert outcome.exit_code == 0 and f"Example: labkit {name}" in outcome.output


def test_the_commands_from_a_shell(tmp_path: Path) -> None:
    """Statistics and points need no network; --json is one object."""
    np.savez(tmp_path / "a.npz", mu=np.zeros(4), sigma=np.eye(4), n=500)
    np.savez(tmp_path / "b.npz", mu=np.ones(4), sigma=np.eye(4))
    np.save(tmp_path / "p.npy", np.zeros((2, 2)))
    np.savetxt(tmp_path / "q.csv", np.ones((3, 2)), delimiter=",")

    def labkit(command: str, *files: str) -> str:
        line = [sys.executable, "-m", "labkit", command, *(str(tmp_path / file) for file in files), "--json"]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout

    report = json.loads(labkit("fid", "a.npz", "b.npz"))
    assert report["frechet_distance"] == pytest.approx(4) and report["n"] == 500
    report = json.loads(labkit("chamfer", "p.npy", "q.csv"))
    assert report == {"chamfer": 10, "n": 2, "reference_n": 3, "reference": str(tmp_path / "q.csv")}
    outcome = CliRunner().invoke(app, ["chamfer", str(tmp_path / "p.npy"), str(tmp_path / "q.csv")])
    assert outcome.stdout.startswith("Chamfer distance 10 (n = 2 against 3 of ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fid", "gone", "gone"], "There is no gone"),
        (["fid", "a.npz", "c.npz"], "different networks"),
        (["fid", "p.npy", "a.npz"], "cannot be read as a .npz"),
        (["chamfer", "p.npy", "gone.csv"], "There is no file gone.csv"),
        (["chamfer", "p.npy", "r.npy"], "same dimension"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, sentence: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", mu=np.zeros(4), sigma=np.eye(4))
    np.savez("c.npz", mu=np.zeros(3), sigma=np.eye(3))
    np.save("p.npy", np.zeros((2, 2)))
    np.save("r.npy", np.zeros((2, 3)))
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 1 and outcome.stdout == "" and sentence in outcome.stderr


def test_wrong_use_exits_with_2() -> None:
    assert CliRunner().invoke(app, ["fid", "a"]).exit_code == 2
    assert CliRunner().invoke(app, ["fid", "a", "b", "--batch-size", "0"]).exit_code == 2
