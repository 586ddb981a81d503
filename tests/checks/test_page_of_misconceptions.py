"""Every mistake that a check can name is explained on the page to which its message leads."""

import re
from pathlib import Path

import pytest

from labkit.checks import Verdict
from labkit.checks.misconceptions import CHAPTERS, MISCONCEPTIONS
from labkit.checks.verdict import PAGE

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TEXT = (NOTEBOOKS / PAGE).read_text(encoding="utf-8")


def test_each_mistake_stands_in_one_chapter() -> None:
    assert len(MISCONCEPTIONS) == sum(len(chapter.mistakes) for chapter in CHAPTERS)


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_the_page_says_what_the_check_says(name: str) -> None:
    section = TEXT.split(f"\n### {name}\n")[1].split("\n###")[0]
    assert MISCONCEPTIONS[name].text in section and MISCONCEPTIONS[name].hint in section


def test_the_page_explains_each_chapter_and_knows_no_other_mistake() -> None:
    for chapter in CHAPTERS:
        assert f"\n## {chapter.title}\n\n{chapter.why}\n" in TEXT
    assert set(re.findall(r"^### (.+)$", TEXT, re.M)) == set(MISCONCEPTIONS)


def test_the_pictures_are_those_of_the_page() -> None:
    shown = re.findall(r"!\[[^]]+\]\((.+?)\)", TEXT)
    assert {NOTEBOOKS / path for path in shown} == set((NOTEBOOKS / PAGE.stem).iterdir())
    assert len(shown) > 100


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
