"""Reads a notebook as plain data, whatever editors and learning platforms made of its form.

Lessons, `labkit submit` and grading read it alike. nbformat would take a second to import.
"""

import json
from pathlib import Path
from typing import Any

KINDS = ("code", "markdown", "raw")


def cells_in(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook as JSON, each with a sound `cell_type`, and its `source` in one piece.

    Raises ValueError for another file.
    """
    try:
        found = parsed(path.read_bytes())["cells"]
        if not isinstance(found, list):
            raise TypeError("cells are a list")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{path.name} is no notebook") from error
    cells = [cell for cell in found if isinstance(cell, dict)]
    return [cell | {"cell_type": kind_of(cell), "source": text_of(cell)} for cell in cells]


def parsed(data: bytes) -> Any:
    """JSON in UTF-8 or UTF-16, with or without a byte order mark; � for bytes that are neither."""
    return json.loads(data.decode(json.detect_encoding(data), "replace"))


def kind_of(cell: dict[str, Any]) -> str:
    """One of KINDS; where a cell does not say its own, outputs tell code."""
    kind = cell.get("cell_type")
    return kind if kind in KINDS else "code" if "outputs" in cell else "raw"


def text_of(cell: dict[str, Any]) -> str:
    """A cell's source in one piece, with the line ends of Python."""
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str)).replace("\r\n", "\n")


def mark_of(cell: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's metadata of a cell that has a grade_id; else nothing."""
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) and isinstance(mark.get("grade_id"), str) else {}
