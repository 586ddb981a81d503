"""What a graded class looks like: a table, a gradebook as CSV, pages for students and teacher."""

from labkit.grading.report.class_page import write_class_page
from labkit.grading.report.feedback import write_pages
from labkit.grading.report.read import CellReport, StudentReport, read_class
from labkit.grading.report.sheet import write_csv
from labkit.grading.report.table import table

__all__ = [
    "CellReport",
    "StudentReport",
    "read_class",
    "table",
    "write_class_page",
    "write_csv",
    "write_pages",
]
