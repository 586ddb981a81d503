"""CONTRIBUTING's recipes, each walked in a copy of the tree: few places to touch, and the rest follows."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labkit.course.syllabus import TODOS

ROOT = Path(__file__).parents[1]
RECIPES = Path(__file__).parent / "recipes"
LESSON = "09_what_was_there"
SYLLABUS, PROFILES = "labkit/course/syllabus.py", "labkit/course/profiles.py"
ROW = f"""    "task3_again": (
        Lesson("{LESSON}", "What was there", 10, "the end of the noise", ("predict_x0",)),
    ),
}}
\"\"\"assignment → its lessons"""


class Tree:
    """A copy of the tree, and which files somebody touched."""

    def __init__(self, root: Path):
        self.root, self.touched = root, set[str]()
        parts = ("labkit", "solutions", "docs", "tests", "README.md", "mkdocs.yml", "nbgrader_config.py")
        for name in (*parts, "pyproject.toml"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, root / name)

    def write(self, path: str, recipe: str) -> None:
        """A new file, that of tests/recipes/."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RECIPES / recipe, self.root / path)
        self.touched.add(path)

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} should have {old!r} once"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")
        self.touched.add(path)

    def run(self, *command: object, check: bool = True) -> str:
        """What a command in the tree says."""
        done = subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root), "LABKIT_DATA": str(self.root / "data")},
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def judged(tree: Tree, which: str) -> str:
    """What the tests of these answers say."""
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/checks/test_answers.py")
    return tree.run(*tests, "-k", which)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The tree with a lesson of one TODO more."""
    tree = Tree(tmp_path_factory.mktemp("tree"))
    tree.write(f"solutions/task3_again/{LESSON}.py", f"{LESSON}.py")
    tree.edit(SYLLABUS, '}\n"""assignment → its lessons', ROW)
    tree.edit(
        SYLLABUS, '"task2_images": "animal faces"}', '"task2_images": "animal faces", "task3_again": "x_0"}'
    )
    assert len(tree.touched) == 2, "a lesson: its script and its row"
    tree.write("labkit/checks/probes/predict_x0.py", "probe.py")
    tree.write("labkit/checks/judges/predict_x0.py", "judge.py")
    assert len(tree.touched) == 4, "its TODO: a cell, a word in the row, a probe and a judge"
    rungs = '    "predict_x0": Rungs("Solve for x_0.", "All are [B, D].", "Look at the root."),\n'
    tree.edit("labkit/course/hints/task2.py", "TASK2 = {\n", "TASK2 = {\n" + rungs)
    assert len(tree.touched) == 5, "and its hints"
    tree.write("tests/answers/predict_x0/right/plain.py", "right.py")
    tree.write("tests/answers/predict_x0/wrong.py", "wrong.py")
    told = ["make", "--dry-run", "notebooks"]
    made = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert made.index("python docs/derived.py") < made.index("python -m labkit.grading.release.build")
    tree.run("docs/derived.py")
    tree.run("-m", "labkit.grading.release.build", "task3_again")  # of all tasks this one alone, in seconds
    return tree


def test_its_number_its_neighbours_the_tables_and_the_menu_follow(grown: Tree) -> None:
    script, before, readme, students, menu = (
        (grown.root / path).read_text(encoding="utf-8")
        for path in (
            f"solutions/task3_again/{LESSON}.py", "solutions/task2_images/08_sample_and_fid.py",
            "README.md", "docs/students.md", "mkdocs.yml",
        )
    )  # fmt: skip
    assert "# # 9 · What was there" in script and f"TODO {len(TODOS) + 1} · `predict_x0`" in script
    assert "lesson 1 of 1 · about 10 minutes · before: [8 · Sample and measure](../task2_images/" in script
    assert f"next: [9 · What was there](../task3_again/{LESSON}.ipynb)" in before.replace("\n# ", " ")
    assert "| `predict_x0` | the end of the noise |" in readme
    assert "| 09 What was there | `predict_x0` | 10 min | 2 |" in students
    assert f"- solutions/task3_again/{LESSON}.md" in menu


def test_it_is_executed_and_released_with_a_stub(grown: Tree) -> None:
    solved, released = (
        (grown.root / folder / "task3_again" / f"{LESSON}.ipynb").read_text(encoding="utf-8")
        for folder in ("solutions", "notebooks")
    )
    assert "the factors of x_t and of the noise" in solved
    assert "TODO predict_x0: write your code here" in released and "alpha_bar" not in released


def test_the_map_shows_it(grown: Tree) -> None:
    shown = grown.run("-c", "from labkit.course.begin import course_map; print(course_map('notebooks'))")
    assert "09 What was there (10 min)  ○ predict_x0" in shown


def test_its_hints_are_shown(grown: Tree) -> None:
    said = grown.run("-c", "from labkit.course.ladder import hint; hint('predict_x0', rungs=3)")
    assert "1. The idea. Solve for x_0.\n" in said and "3. Where to look. Look at the root.\n" in said


def test_its_answers_are_judged_and_slips_need_no_row(grown: Tree) -> None:
    right = grown.run(
        "-m", "labkit", "check", "predict_x0", "--file", "tests/answers/predict_x0/right/plain.py", "--json"
    )
    assert json.loads(right)["passed"]
    grown.run("tests/answers/show.py", "predict_x0", "wrong_sign__and_a_root", "--out", "two.py")
    wrong = grown.run("-m", "labkit", "check", "predict_x0", "--file", "two.py", "--json", check=False)
    found = json.loads(wrong)
    assert not found["passed"] and set(found["mistakes"]) == {"missing_root", "wrong_sign"}
    assert r"\bar\alpha_t" in found["computes"]
    names = grown.run(
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/checks/test_answers.py",
        "-k",
        "answer_ and predict_x0 and not step",
    )
    assert "4 passed" in names


def test_a_mistake_that_is_no_slip_is_its_words_its_numbers_and_an_answer(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    before = '        "betas_for_alphas_cumprod": '
    row = '        "noise_everywhere": Misconception("Only the noise is left.", JUMP, COPY_TEMPTS),\n'
    tree.edit("labkit/checks/misconceptions/forward.py", before, row + before)
    tree.edit(
        "labkit/checks/judges/forward.py",
        'instead=(("network_sees_sum", formula("x_0 + ε")),),',
        'instead=(("network_sees_sum", formula("x_0 + ε")), ("noise_everywhere", formula("2 * ε"))),',
    )
    assert len(tree.touched) == 2
    answers = tree.root / "tests/answers/q_sample/wrong.py"
    wrong = (
        'wrong("noise_everywhere", "Noise alone.", {"a.sqrt() * x0 + (1 - a).sqrt() * noise": "2 * noise"})\n'
    )
    answers.write_text(answers.read_text(encoding="utf-8") + wrong, encoding="utf-8")
    command = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/checks/test_answers.py",
        "-k",
        "noise_everywhere",
    )
    assert "2 passed" in tree.run(*command), "the answer, and that the name is proven by one"


def test_a_predictor_is_one_object(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    row = '    "v": Predictor(lambda betas, alphas_cumprod, before: 1 / (1 - alphas_cumprod)),\n'
    tree.edit("labkit/predictors.py", "PREDICTORS = {\n", "PREDICTORS = {\n" + row)
    assert len(tree.touched) == 1
    ask = """
import torch
from labkit.course.faces import face_schedules, train_faces
from labkit.course.profiles import PROFILES
from labkit.plots import plot_error_weights
from labkit.predictors import PREDICTORS
from labkit.training import min_snr
smoke = PROFILES["smoke"]
schedule = face_schedules(smoke)["linear"]
print("weights", min_snr(schedule, "v").isfinite().all().item())
drawn = plot_error_weights(schedule).data
def get_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    return network(x0, t).square().mean()
def step(schedule, x_t, t, net_out, predictor):
    assert predictor == "v"
    return 0.9 * x_t + 0 * net_out
run = train_faces(smoke, smoke.faces("train"), schedule, get_loss, step, predictor="v", beta="linear")
PREDICTORS.pop("v")
print("drawn", drawn != plot_error_weights(schedule).data)
print("trained", len(run.losses), "previewed", len(list((run.folder / "samples").iterdir())) > 0)
"""
    said = tree.run("-c", ask)
    assert "weights True" in said and "drawn True" in said and "trained 40 previewed True" in said
    assert '"v"' in tree.run("-c", "from labkit.predictors import listed; print(listed())")


def test_a_folder_of_photographs_is_one_row(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    for split, number in (("train", 60), ("val", 50)):
        for name in ("red", "blue"):
            folder = tree.root / "mine" / split / name
            folder.mkdir(parents=True)
            for i in range(number):
                pixels = np.random.default_rng(i).integers(0, 255, (40, 50, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / f"{i}.png")
    tree.edit(PROFILES, "import ANIMALS, TOY, Dataset", "import ANIMALS, TOY, Dataset, photographs")
    mine = f'dataset=photographs("mine", "my own", Path({str(tree.root / "mine")!r})),'
    tree.edit(PROFILES, "dataset=TOY,", mine)
    assert len(tree.touched) == 1
    ask = """
from labkit.course.profiles import choose_profile
profile = choose_profile("results")
train, unseen = profile.faces("train"), profile.faces("val", download=False)
print(len(train), len(unseen), profile.dataset, profile.dataset.unseen)
"""
    assert tree.run("-c", ask).strip() == "120 100 mine my own"
