"""A course folder: nbgrader's settings in it, and the gradebook."""

import os
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from labkit.errors import CourseError

CONFIG = "nbgrader_config.py"

warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own queries


@dataclass(frozen=True)
class Course:
    """A folder with an nbgrader_config.py, and what that file says."""

    root: Path
    config: Config

    @classmethod
    def open(cls, folder: Path | str) -> "Course":
        """The course in `folder`; raises CourseError where there is none."""
        root = Path(folder).resolve()
        if not (root / CONFIG).is_file():
            raise CourseError(
                f"{root} is not a course folder: it holds no {CONFIG}. "
                "Go to the course's folder, or name it with --course."
            )
        if wrong := [sign for sign in "?%" if sign in str(root)]:
            raise CourseError(
                f"{root} has a {wrong[0]} in its path, where SQLite finds no gradebook: rename the folder."
            )
        try:
            config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
        except Exception as error:  # the file is Python: anything can go wrong in it
            raise CourseError(f"{root / CONFIG} does not run: {type(error).__name__}: {error}.") from None
        config.CourseDirectory.root = str(root)
        _find_alembic()
        return cls(root, config)

    def directory(self, assignment: str = "", student: str = "*") -> CourseDirectory:
        """nbgrader's view of the folder, narrowed to one assignment and, where given, one student."""
        course = CourseDirectory(config=self.config)
        course.assignment_id, course.student_id = assignment, student
        return course

    def step(self, name: str) -> Path:
        """The folder of one of nbgrader's steps: source, release, submitted, autograded or feedback."""
        return self.root / getattr(self.directory(), f"{name}_directory")

    def gradebook(self) -> Gradebook:
        """nbgrader's gradebook, to be used in a with statement; raises CourseError before a release."""
        url = self.directory().db_url
        if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
            raise CourseError(
                f"There is no gradebook in {self.root} yet. Run `labkit release ASSIGNMENT` first."
            )
        try:
            return Gradebook(url)
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise CourseError(
                f"The gradebook {url} cannot be used: {reason}. "
                "Close what else has it open, and check its permissions."
            ) from None

    def require_assignment(self, assignment: str) -> None:
        """Raises CourseError where solutions/ has no such assignment."""
        known = sorted(path.name for path in self.step("source").glob("*/") if path.name[0] not in "._")
        if assignment not in known:
            raise CourseError(
                f"There is no assignment {assignment!r} in {self.step('source')}. "
                f"It has: {', '.join(known) or 'none'}."
            )

    def require_release(self, assignment: str) -> None:
        """Raises CourseError where the assignment is unknown or was never released from this folder."""
        self.require_assignment(assignment)
        with self.gradebook() as gradebook:
            try:
                gradebook.find_assignment(assignment)
            except MissingEntry:
                raise CourseError(
                    f"{assignment} is not in the gradebook. Run `labkit release {assignment}` first."
                ) from None

    def students(self, assignment: str, student: str | None = None) -> list[str]:
        """Who has submitted the assignment; raises CourseError where nobody, or not `student`, has."""
        submitted = self.step("submitted")
        names = sorted(folder.parent.name for folder in submitted.glob(f"*/{assignment}/"))
        if not names:
            raise CourseError(
                f"There are no submissions to {assignment} in {submitted}. "
                f"Run `labkit collect {assignment} FOLDER_OF_ZIPS` first."
            )
        if student is None:
            return names
        if student not in names:
            raise CourseError(
                f"There is no submission of {student!r} to {assignment}. Submitted have: {', '.join(names)}."
            )
        return [student]


def _find_alembic() -> None:
    """nbgrader calls alembic by its bare name: it lies beside the interpreter."""
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + os.environ.get("PATH", "")
