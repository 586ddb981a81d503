"""The page of a class: what it says, and that nothing of it comes from elsewhere or runs."""

import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from disguises import disguise
from rich.console import Console
from small_courses import ROOT

from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.report import CellReport, StudentReport, table, write_class_page, write_pages
from labkit.grading.report.class_page import find_mistakes, find_todos, score_bands
from labkit.grading.similar.pairs import Pair, compare

ASSIGNMENT = "noising"
XSS = "</pre><script>alert('x')</script><img src=//example.org/x onerror=alert(1)>"
HOSTILE = '<b onclick=alert(1)>o\'hara & "sons"'


def cell(todo, status="right", points=None, misconception=None, message="", by_hand=False):
    worth = 3.0
    points = {"right": worth, "pending": None}.get(status, 0.0) if points is None else points
    return CellReport(
        todo if by_hand else f"check_{todo}",
        todo,
        "02",
        points,
        worth,
        status,
        misconception,
        message,
        by_hand,
    )


CLASS = [
    StudentReport("ann", [cell("q_sample"), cell("step"), cell("explain", "pending", by_hand=True)]),
    StudentReport(
        "bob",
        [
            cell("q_sample", "wrong", misconception="uniform_noise", message=XSS),
            cell("step", "wrong", misconception="uniform_noise"),
            cell("explain", "partly", 1.5, by_hand=True),
        ],
        {"02": ["Cell check_q_sample was missing; it was put back as released.", f"step: {XSS}"]},
    ),
    StudentReport(
        HOSTILE,
        [
            cell("q_sample", "time-out", message="The cell ran too long and was stopped."),
            cell("step", "wrong", misconception=XSS),
            cell("explain", "empty", by_hand=True),
        ],
    ),
    StudentReport(
        "dan",
        [cell("q_sample", "missing"), cell("step", "missing"), cell("explain", "missing", by_hand=True)],
        {},
        False,
    ),
]
SOURCES = {
    path.stem: f"{path.read_text(encoding='utf-8')}\n# {XSS}"
    for path in (ROOT / "tests" / "answers" / "q_sample" / "right").glob("*.py")
}


class Page(HTMLParser):
    """What the tests ask of a page: its text by section, its links, its elements."""

    def __init__(self, path: Path):
        super().__init__()
        self.html = path.read_text(encoding="utf-8")
        self.elements, self.ids, self.text = [], set(), {}
        self._section = ""
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if name := dict(attrs).get("id"):
            assert name not in self.ids
            self.ids.add(name)
        if tag == "section":
            self._section = dict(attrs).get("aria-labelledby", "")

    def handle_data(self, data):
        self.text[self._section] = " ".join([self.text.get(self._section, ""), *data.split()])

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    for report in CLASS:
        (folder / "submitted" / report.student / ASSIGNMENT).mkdir(parents=True)
    (folder / "submitted" / "late" / ASSIGNMENT).mkdir(parents=True)
    (folder / "logs" / ASSIGNMENT).mkdir(parents=True)
    (folder / "logs" / ASSIGNMENT / "dan.log").write_text("It broke.")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return Course.open(folder)


def alike():
    answers = {**SOURCES, "bob": SOURCES["own_gather"], HOSTILE: disguise(SOURCES["own_gather"]) + f"# {XSS}"}
    ((_, found),) = [one for one in compare("q_sample", answers, []) if set(one[0]) == {"bob", HOSTILE}]
    return Pair(("bob", HOSTILE), [found])


@pytest.fixture
def page(course):
    write_pages(course, ASSIGNMENT, CLASS[:3])
    return Page(write_class_page(course, ASSIGNMENT, CLASS, [alike()]))


def test_it_says_who_stands_where(page):
    assert all(report.student in page.text["scores"] for report in CLASS)
    assert "8.1 to 9" in page.text["scores"]
    assert "3 open" in page.text["scores"]
    assert f"time-out {HOSTILE}" in page.text["todos"]
    assert "wrong bob" in page.text["todos"]
    assert f"{HOSTILE} : q_sample in 02. The cell ran too long" in page.text["time-outs"]
    assert "it was put back as released" in page.text["remarks"]


def test_what_is_not_graded_is_named_with_its_log(page):
    assert "dan" in page.text["ungraded"] and "late" in page.text["ungraded"]
    assert "ann" not in page.text["ungraded"]
    assert "logs/noising/dan.log" in page.attributes("href")
    assert "dan" not in page.text["todos"]  # nobody knows where they are stuck


def test_mistakes_lead_to_the_catalogues_own_words(page):
    assert "#mistake-uniform_noise" in page.attributes("href")
    assert "mistake-uniform_noise" in page.ids
    assert MISCONCEPTIONS["uniform_noise"].text.split("`")[0] in page.text["mistakes"]
    assert page.text["mistakes"].count("uniform_noise") == 2


def test_alike_answers_stand_side_by_side_and_accuse_nobody(page):
    assert f"bob and {HOSTILE} q_sample: " in page.text["alike"]
    assert "def gather(consts, t, ndim):" in page.text["alike"]
    assert "# All by myself." in page.text["alike"]
    assert "they prove nothing" in page.text["alike"]
    assert [tag for tag, _ in page.elements].count("mark") >= 4


def test_every_link_leads_somewhere(page, course):
    for link in page.attributes("href"):
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert (course.root / unquote(link)).is_file()
    assert any("hara" in link for link in page.attributes("href"))


def test_nothing_is_from_elsewhere_nothing_runs_and_all_is_escaped(page, course):
    feedback = [Page(course.root / "feedback" / name / ASSIGNMENT / "index.html") for name in ("ann", "bob")]
    for one in (page, *feedback):
        assert {"script", "img", "b", "link", "iframe", "form", "object", "base"}.isdisjoint(
            tag for tag, _ in one.elements
        )
        names = {name for _, attributes in one.elements for name in attributes}
        assert "src" not in names and not any(name.startswith("on") for name in names)
        assert not any("//" in link or ":" in link.partition("/")[0] for link in one.attributes("href"))
        assert "@import" not in one.html and "url(" not in one.html
        rules = [a["content"] for tag, a in one.elements if tag == "meta" and "http-equiv" in a]
        assert rules == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert XSS in page.text["alike"] and XSS in page.text["remarks"] and XSS in page.text["mistakes"]
    assert XSS in "".join(feedback[1].text.values())


def test_a_class_without_trouble_says_so(course):
    page = Page(write_class_page(course, ASSIGNMENT, CLASS[:1], []))
    for name in ("mistakes", "time-outs", "remarks", "alike"):
        assert page.text[name].endswith("None.")
    assert "nobody" in page.text["todos"]


def test_a_class_of_which_nobody_could_be_graded_has_a_page(course):
    page = Page(write_class_page(course, ASSIGNMENT, CLASS[3:], []))
    assert "dan" in page.text["ungraded"]


def test_unsafe_grading_is_said_once_and_on_top(course):
    reports = [StudentReport(one.student, one.cells, unsafe=True) for one in CLASS]
    page = Page(write_class_page(course, ASSIGNMENT, reports, []))
    assert page.html.count("--unsafe") == 1
    assert WARNING.partition(":")[0] in page.text["unsafe"]


def test_a_student_whose_folders_name_is_no_text_is_on_the_page(course):
    odd = StudentReport("caf\udce9", CLASS[0].cells)
    (course.root / "submitted" / odd.student / ASSIGNMENT).mkdir(parents=True)
    page = Page(write_class_page(course, ASSIGNMENT, [odd], []))
    assert "caf?" in page.text["scores"]


def test_more_pairs_than_anybody_looks_at_are_counted(course):
    page = Page(write_class_page(course, ASSIGNMENT, CLASS, [alike()] * 53))
    assert page.text["alike"].count("def gather(consts") == 50
    assert "3 more pairs" in page.text["alike"]


def luminance(colour):
    """Relative luminance as WCAG 2 defines it, 0 … 1; `colour` is #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_its_background_in_light_and_in_dark(page):
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w+)", rule)) for rule in re.findall(r":root \{.*?\}", page.html, re.S)
    )
    for colours in (light, light | dark):
        for text in ("ink", "soft", "link"):
            for background in ("page", "paper", "code"):
                darker, lighter = sorted(luminance(colours[name]) for name in (text, background))
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, background)


def test_figures_of_a_class():
    assert [(one.name, len(one.students), one.todos) for one in find_mistakes(CLASS)] == [
        (XSS, 1, ["step"]),
        ("uniform_noise", 1, ["q_sample", "step"]),
    ]
    q_sample, step = find_todos(CLASS[:3])
    assert (q_sample.right, q_sample.mean, q_sample.stuck["time-out"]) == (1, 1.0, [HOSTILE])
    assert step.stuck["wrong"] == ["bob", HOSTILE]
    bands = score_bands(CLASS[:3])
    assert sum(band.students for band in bands) == 3
    assert (bands[6].low, bands[6].students, bands[0].students, bands[1].students) == (
        pytest.approx(5.4),
        1,
        1,
        1,
    )
    full = StudentReport("eve", [cell("q_sample")])
    assert score_bands([full])[-1].students == 1
    assert score_bands([]) == []


def test_a_share_of_the_points_has_its_own_sign_and_word(tmp_path: Path) -> None:
    """On the student's page, on the class's and in the terminal; not its own colour alone."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "submitted" / "ann" / ASSIGNMENT).mkdir(parents=True)
    course = Course.open(tmp_path)
    reports = [StudentReport("ann", [cell("q_sample"), cell("step", "partly", 2.0)])]
    for page in (
        *write_pages(course, ASSIGNMENT, reports),
        write_class_page(course, ASSIGNMENT, reports, []),
    ):
        assert "◐ partly" in page.read_text(encoding="utf-8")
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table(reports, "class"))
    assert "◐2" in console.export_text()
