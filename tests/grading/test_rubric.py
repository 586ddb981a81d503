from copy import deepcopy

from nbgrader.preprocessors import ClearMarkScheme
from small_courses import LESSONS, marked

from labkit.grading.release.build import read_lesson
from labkit.grading.report.rubric import add_rubrics

MODEL = "Because Gaussians add up to a Gaussian."


def test_the_rubric_stands_below_the_answer_and_not_in_the_feedback(noising_solved):
    solved = read_lesson(LESSONS / "noising" / "02_forward_process.py")
    handed_in = deepcopy(noising_solved["02_forward_process"])
    marked(handed_in, "explain_q_sample").source = "I do not know."
    graded = deepcopy(handed_in)
    add_rubrics(graded, solved)
    answer, rubric = graded.cells[-2:]
    assert answer.source == "I do not know."
    assert f"> {MODEL}" in rubric.source.splitlines()
    assert "SOLUTION" not in rubric.source
    assert graded.cells[:-1] == handed_in.cells

    feedback, _ = ClearMarkScheme(enforce_metadata=False).preprocess(graded, {})
    assert MODEL not in str(feedback)
    assert not feedback.cells[-1].source.strip()
