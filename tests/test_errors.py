"""What a notebook shows of an error that a person can mend."""

from labkit.errors import COLUMNS, CourseError


def test_a_long_sentence_is_broken_between_words() -> None:
    text = "p_sample in 03_reverse_process.ipynb is still empty. Finish it there and save, then run it again."
    (shown,) = CourseError(text)._render_traceback_()
    assert max(map(len, shown.splitlines())) <= COLUMNS
    assert shown.replace("\n", " ") == f"CourseError: {text}"


def test_paths_are_not_broken() -> None:
    path = "/a/very-long/path" * 10
    (shown,) = CourseError(f"There is no file {path}.")._render_traceback_()
    assert path in shown


def test_lines_stay_lines() -> None:
    (shown,) = CourseError(
        "The run was made otherwise:\n  steps 100, now 200\n  lr 1, now 2"
    )._render_traceback_()
    assert shown.splitlines()[1:] == ["  steps 100, now 200", "  lr 1, now 2"]
