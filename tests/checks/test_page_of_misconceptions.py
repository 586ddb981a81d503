"""Every mistake that a check can name is explained on the page to which its message leads."""

import re
import sys
from pathlib import Path

import pytest
from answers.mistakes import wrong_answers
from formulas import THEORIES

from labkit.checks import Verdict
from labkit.checks.misconceptions import CHAPTERS, MISCONCEPTIONS
from labkit.checks.verdict import PAGE

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from misconceptions import in_short  # noqa: E402
from mistakes.plan import plan  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
TEXT = (NOTEBOOKS / PAGE).read_text(encoding="utf-8")
SHOWN = plan()
STALE = "`make mistakes` makes the page anew"


def section(name: str) -> str:
    return TEXT.split(f"\n### {name}\n")[1].split("\n## ")[0].split("\n### ")[0]


def test_each_mistake_stands_in_one_chapter() -> None:
    assert len(MISCONCEPTIONS) == sum(len(chapter.mistakes) for chapter in CHAPTERS)


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_the_page_says_what_the_check_says(name: str) -> None:
    mistake = MISCONCEPTIONS[name]
    for words in (mistake.text, mistake.hint, mistake.tempts):
        assert words and words in section(name), STALE


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_who_comes_from_a_verdict_lands_above_what_the_chapter_is_about(name: str) -> None:
    chapter = next(chapter for chapter in CHAPTERS if name in chapter.mistakes)
    assert section(name).strip().startswith(f"> **{chapter.title}.** {in_short(chapter)}"), STALE
    assert in_short(chapter).rstrip(".") in chapter.why


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_the_page_shows_the_answers_of_the_plan_at_work(name: str) -> None:
    said = re.findall(r"^- `(\w+)`: (.+) → .+\.$", section(name), re.M)
    assert said == [(shown.todo, shown.what) for shown in SHOWN.get(name, [])], STALE


def test_nearly_every_mistake_of_an_answer_is_shown_at_work() -> None:
    drawn = [name for name in SHOWN if f"]({PAGE.stem}/{name}.samples.png)" in section(name)]
    assert len(drawn) > 150


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_a_pictures_description_says_what_the_text_says(name: str) -> None:
    said = re.findall(r"^- `(\w+)`: .+ → (.+)$", section(name), re.M)
    for alt in re.findall(r"!\[([^]]+)\]\(\S+\.samples\.png\)", section(name)):
        shown = [f"{todo}: {sentence}" for todo, sentence in said if f" {todo}: " in alt]
        assert shown and alt == f"Right, then with this mistake. {' '.join(shown)}"


def test_the_page_holds_no_solution() -> None:
    code = [
        line.strip()
        for path in (ROOT / "tests" / "answers").glob("*/right/*.py")
        for line in path.read_text(encoding="utf-8").splitlines()[1:]
    ]
    lines = {line for line in code if re.search(r"[=(]", line) and len(line) > 14}
    assert len(lines) > 500 and not [line for line in lines if line in TEXT]
    right = [written.tree.text for theory in THEORIES.values() for written in theory.right]
    computed = re.findall(r"(?:Your code computes:|It computes) `(.+?)`\.(?: →|\n)", TEXT)
    assert right and len(computed) > 50 and not set(right) & set(computed)


def test_what_is_said_of_a_wrong_answer_shows_no_line_of_it() -> None:
    for shown in (shown for several in SHOWN.values() for shown in several):
        if wrong := wrong_answers(shown.todo).get(getattr(shown.answer, "name", "")):
            lines = {line.strip() for line in wrong.source.splitlines()[1:]}
            assert not [line for line in lines if len(line) > 14 and line in shown.what]


def test_the_page_explains_each_chapter_and_knows_no_other_mistake() -> None:
    for chapter in CHAPTERS:
        assert f"\n## {chapter.title}\n\n{chapter.why}\n" in TEXT
    assert set(re.findall(r"^### (.+)$", TEXT, re.M)) == set(MISCONCEPTIONS)


def test_the_pictures_are_those_of_the_page() -> None:
    shown = re.findall(r"!\[[^]]+\]\((.+?)\)", TEXT)
    assert {NOTEBOOKS / path for path in shown} == set((NOTEBOOKS / PAGE.stem).iterdir())
    assert len(shown) > 250


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in (NOTEBOOKS / PAGE.stem).iterdir()) < 3_000_000


def test_a_verdict_leads_there_from_a_lessons_folder_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    verdict = Verdict("q_sample", 0.0, "minus_noise", "At t = 3 …")
    monkeypatch.chdir(NOTEBOOKS / "task1_swiss_roll")
    link = re.search(r"href='(.+?)#minus_noise'", verdict._repr_mimebundle_()["text/html"])
    assert link and Path(link[1]).samefile(NOTEBOOKS / PAGE)
    monkeypatch.chdir(tmp_path)
    assert "href" not in verdict._repr_mimebundle_()["text/html"]
    assert verdict.as_json()["details"]["page"] == f"notebooks/{PAGE}#minus_noise"
