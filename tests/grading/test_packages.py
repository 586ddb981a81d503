"""Which packages a sandbox sees is read from what the course requires; where nobody knows, a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.errors import CourseError
from labkit.grading.isolation import packages


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs a package of one file, as pip does; the course is called `lonely`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(packages, "COURSE", "lonely")
    packages.needed_paths.cache_clear()

    def install(name: str, requires: str = "", record: bool = True) -> None:
        (tmp_path / f"{name}.py").touch()
        info = tmp_path / f"{name}-1.dist-info"
        info.mkdir()
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{needs}")
        if record:
            (info / "RECORD").write_text(f"{name}.py,,\n{info.name}/METADATA,,\n../../bin/{name},,\n")

    yield install
    packages.needed_paths.cache_clear()


def test_what_the_course_requires_is_seen_and_the_course_itself_is_not(installed, tmp_path: Path) -> None:
    installed("lonely", requires="friend")
    installed("friend", requires="other; extra == 'more'")
    installed("other")
    assert packages.needed_paths() == {tmp_path / "friend.py", tmp_path / "friend-1.dist-info"}


def test_what_holds_an_answer_is_not_seen_though_it_is_required(
    installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_ANSWERS", ("solver",))
    installed("lonely", requires="solver")
    installed("solver")
    assert packages.needed_paths() == frozenset()


def test_a_course_that_is_not_installed_is_a_sentence(installed) -> None:
    with pytest.raises(CourseError, match=r"lonely is not installed for .* pip install -e"):
        packages.needed_paths()


def test_a_package_without_a_list_of_its_files_is_a_sentence(installed) -> None:
    installed("lonely", requires="friend")
    installed("friend", record=False)
    with pytest.raises(CourseError, match="pip install --force-reinstall --no-deps friend"):
        packages.needed_paths()
