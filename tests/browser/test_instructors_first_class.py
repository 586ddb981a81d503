"""An instructor's first class: an answer in words graded in formgrader, and what its student then reads."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from running_lab import serve
from screens import Screens
from small_class import LESSONS, TASK, grade_class, labkit, make_course

COMMENT = "Well said. What happens at the beginning of the way?"
FORMULAS_SET = """async () => {
    if (document.readyState !== 'complete') await new Promise(done => addEventListener('load', done));
    if (window.MathJax) await new Promise(done => MathJax.Hub.Register.StartupHook('End', done));
}"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = make_course(tmp_path / "course")
    grade_class(folder)
    return folder


def points(course: Path, student: str) -> tuple[float, float]:
    """Of a student, as `labkit report` writes them: given, and still to be given by hand."""
    said = json.loads(labkit(course, "report", TASK, "--student", student, "--json"))["students"]
    return said[0]["score"], said[0]["pending"]


def test_first_class(course: Path, home: Path, page: Page, screens: Screens) -> None:
    given, pending = points(course, "ada")
    with serve(course, ".", home) as jupyter:
        page.goto(jupyter.url("lab"))
        formgrader = open_formgrader(page)
        screens.take("instructor-1-formgrader")
        grade_by_hand(page, formgrader, screens)
        generate_feedback(formgrader)
        screens.take("instructor-4-feedback-generated")
    assert points(course, "ada") == (given + 1, pending - 1)
    read_feedback(course / "feedback", page, screens)
    page.goto((course / f"report_{TASK}.html").as_uri())
    expect(page.get_by_text("missing_roots").first).to_be_visible()
    screens.take_themes("instructor-7-class")
    screens.take_narrow("instructor-7-class", "html")


def open_formgrader(page: Page) -> FrameLocator:
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader", exact=True).click()
    page.keyboard.press("ControlOrMeta+b")  # the list of files makes room
    formgrader = page.frame_locator("#formgrader-iframe iframe")
    expect(formgrader.get_by_role("link", name=TASK)).to_be_visible()
    return formgrader


def grade_by_hand(page: Page, formgrader: FrameLocator, screens: Screens) -> None:
    formgrader.get_by_role("link", name="Manual Grading").click()
    formgrader.get_by_role("link", name=TASK).click()
    formgrader.get_by_role("link", name=LESSONS[0]).click()
    expect(formgrader.get_by_role("link", name="Submission #1")).to_be_visible()
    formgrader.get_by_role("button", name="Show All Names").click()
    screens.take("instructor-2-submissions")
    formgrader.get_by_role("link", name="ada").click()

    formgrader.locator("body").evaluate(FORMULAS_SET)  # it moves the focus once they are
    score = formgrader.locator("#explain_time")
    expect(score).to_have_class("score tabbable needs_manual_grade")
    score.fill("1")
    with page.expect_response("**/api/grade/*"):
        score.blur()
    comment = formgrader.locator("#explain_time-comment")
    comment.fill(COMMENT)
    with page.expect_response("**/api/comment/*"):
        comment.blur()
    expect(formgrader.get_by_text("Rubric.")).to_be_visible()
    screens.show(score)
    screens.take("instructor-3-graded-by-hand")


def generate_feedback(formgrader: FrameLocator) -> None:
    formgrader.get_by_role("link", name="Manual Grading").click()
    formgrader.get_by_role("link", name="Manage Assignments").click()
    formgrader.locator(".num-submissions a").click()
    row = formgrader.get_by_role("row").filter(has_text="ada")
    row.locator(".generate-feedback a").click()
    expect(formgrader.get_by_role("dialog")).to_contain_text("Successfully generated feedback")


def read_feedback(feedback: Path, page: Page, screens: Screens) -> None:
    page.goto((feedback / "dan" / TASK / "index.html").as_uri())
    expect(page.get_by_text("missing_roots")).to_be_visible()
    screens.take_themes("instructor-5-feedback")
    screens.take_narrow("instructor-5-feedback", "html")
    page.goto((feedback / "ada" / TASK / "index.html").as_uri())
    expect(page.locator(".cell").filter(has_text="explain_time")).to_contain_text("1 / 1")
    expect(page.locator(".cell").filter(has_text="explain_time")).to_contain_text(COMMENT)
    page.get_by_role("link", name="Your notebook, as it was graded").first.click()
    page.locator("body").evaluate(FORMULAS_SET)
    comment = page.get_by_text(COMMENT)
    expect(comment).to_be_visible()
    expect(page.get_by_text("Rubric.")).to_have_count(0)
    screens.show(comment)
    screens.take("instructor-6-notebook")
    screens.take_narrow("instructor-6-notebook", "html")
