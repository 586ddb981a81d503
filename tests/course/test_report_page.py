"""The report page: everything in it, nothing that runs."""

import base64

import pytest

from labkit.course.report_page import write_report
from labkit.plots import plot_schedules
from labkit.schedules import Schedule


def test_all_parts_stand_in_one_page(tmp_path):
    figure = plot_schedules({"linear": Schedule.linear(10)})
    parts = {"Curves": figure, "Settings": {"steps": 700, "T": 1000}, "Words": "one\n\ntwo"}
    page = write_report(tmp_path / "results" / "report.html", "My faces", parts)
    text = page.read_text(encoding="utf-8")
    assert base64.b64encode(figure.data).decode() in text and figure.alt in text
    assert "<th>steps<td>700" in text and "<p>one</p><p>two</p>" in text and "http" not in text
    assert [path.name for path in page.parent.iterdir()] == ["report.html"]


def test_nothing_is_taken_for_html(tmp_path):
    hostile = "<script>alert(1)</script>"
    page = write_report(tmp_path / "r.html", hostile, {hostile: hostile, "t": {hostile: hostile}})
    assert "<script" not in page.read_text(encoding="utf-8")


def test_another_type_is_refused_with_its_heading(tmp_path):
    with pytest.raises(TypeError, match="'Losses'"):
        write_report(tmp_path / "r.html", "x", {"Losses": [1, 2]})
    assert not list(tmp_path.iterdir())
