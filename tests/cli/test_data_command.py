"""`labkit data`."""

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from labkit.cli import app


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of two classes, one image of them corrupt."""
    for name in ("train/cat/1.png", "train/dog/1.png", "val/cat/1.png"):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True)
        Image.new("RGB", (20, 20)).save(file)
    (tmp_path / "in/train/dog/2.png").write_bytes(b"broken")
    return tmp_path / "in"


def labkit(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_toy_faces_are_one_json_object(data_folder: Path) -> None:
    done = labkit("data", "toy", "--size", 8, "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["data"] == "toy" and answer["size"] == 8
    assert answer["splits"]["train"]["counts"] == {"cat": 1000, "dog": 1000, "wild": 1000}
    assert answer["splits"]["val"]["images"] == 1500
    assert Path(answer["splits"]["val"]["array"]).is_relative_to(data_folder)


def test_a_corrupt_image_says_no_and_is_left_out_on_request(root: Path) -> None:
    done = labkit("data", "afhq", "--root", root, "--size", 16)
    assert done.exit_code == 1 and "dog/2.png" in done.stderr and "--skip-corrupt" in done.stderr
    done = labkit("data", "afhq", "--root", root, "--size", 16, "--skip-corrupt", "--json")
    answer = json.loads(done.stdout)
    assert answer["splits"]["train"]["counts"] == {"cat": 1, "dog": 1}
    assert answer["splits"]["train"]["skipped"] == [str(root / "train/dog/2.png")]
    assert answer["splits"]["val"]["counts"] == {"cat": 1}


def test_words_for_people(root: Path) -> None:
    done = labkit("data", "afhq", "--root", root, "--size", 16, "--skip-corrupt", "--max-images-per-class", 1)
    assert "train: 2 images of 16×16 (cat 1, dog 1)" in done.stdout


def test_pictures_that_lie_elsewhere_are_counted_in_a_sentence(root: Path) -> None:
    for name in ("train/preview.png", "train/cat/old/1.png"):
        (root / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (20, 20)).save(root / name)
    done = labkit("data", "afhq", "--root", root, "--size", 16, "--skip-corrupt", "--json")
    assert json.loads(done.stdout)["splits"]["train"]["counts"] == {"cat": 1, "dog": 1}
    left_out = "2 pictures were left out, not in the folder of a class: cat/old/1.png, preview.png."
    assert done.stderr == f"{root / 'train'}: {left_out}\n"


@pytest.mark.parametrize("wrong", [["dogs"], ["toy", "--root", "x"], ["afhq", "--size", "0"]])
def test_wrong_use(wrong: list[str]) -> None:
    assert labkit("data", *wrong).exit_code == 2


def test_a_missing_root_says_no(tmp_path: Path) -> None:
    done = labkit("data", "afhq", "--root", tmp_path / "nowhere")
    assert done.exit_code == 1 and "there is no folder" in done.stderr
