"""nbgrader's settings for this course: solutions/ is its source, notebooks/ what it releases.

`nbgrader generate_assignment` and `nbgrader autograde` typed by hand do the same as `labkit release`
and `labkit grade`; labkit's wheel beside the released notebooks comes from `labkit release` alone.
"""

from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

ROOT = Path(__file__).resolve().parent
SOLUTIONS = ROOT / "solutions"

c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# The lessons' sources are scripts that hold the answers. Runs in results/ must travel with a submission.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py"]
# A run that a teacher made in solutions/ is neither released nor put over a student's own run.
c.GenerateAssignmentApp.CourseDirectory.ignore = [*c.CourseDirectory.ignore, "results"]
c.GenerateFeedbackApp.CourseDirectory.ignore = [*c.CourseDirectory.ignore, "results"]
c.Autograde.exclude_overwriting = {
    folder.name: [str(path.relative_to(folder)) for path in folder.glob("results/**/*")]
    for folder in SOLUTIONS.glob("*/")
}

c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "labkit.grading.release.stubs.NamedStubs",
    "labkit.grading.release.colab.ColabLink",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# With notebooks/ on GitHub, "owner/name/blob/TAG" here gives every lesson a link that opens it in Colab;
# there its first cell installs labkit from that tag.
c.ColabLink.repository = ""

c.Autograde.exporter_class = "labkit.grading.intake.repair.ForgivingExporter"
c.Autograde.sanitize_preprocessors = [
    "labkit.grading.intake.repair.RepairCells",
    "labkit.grading.intake.view.TellNames",
    "labkit.grading.execution.handed_in.KeepPictures",  # in the place of ClearOutput: what is not run again
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "labkit.grading.execution.execute.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "labkit.grading.report.safe_view.SafeView",  # after the points: nothing of what is shown is judged
    "labkit.grading.report.rubric.ShowRubric",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def seconds_for(cell):
    """How long a cell may run: on a busy machine, many times what a right solution takes on an idle one."""
    faces = ("face_quality", "predictors", "trajectories", "sample_faces(", "face_distance(")
    if any(name in cell.source for name in faces):
        return 1500
    return 200 if "trained_model" in cell.source else 40


c.Execute.timeout_func = seconds_for

# What nobody may read in a released notebook must not come out in the feedback either.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.ClearHiddenTests.enforce_metadata = False
c.ClearMarkScheme.enforce_metadata = False
