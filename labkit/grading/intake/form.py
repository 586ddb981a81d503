"""Reads a file that was handed in as a notebook, whatever editors and learning platforms made of its form.

Points depend on the cells' sources and on nbgrader's marks. Of all else, what breaks the notebook format is
left out piece by piece, and what is too big is cut: a flaw costs the piece that has it, never the notebook.
"""

import json
import os
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

import nbformat
from nbformat import NotebookNode, from_dict, v4
from nbformat.v4.convert import upgrade_cell, upgrade_output
from nbformat.v4.rwbase import rejoin_lines
from nbformat.validator import isvalid

from labkit.errors import CourseError
from labkit.notebooks.reading import kind_of, parsed, text_of

_MB = 2**20

MOST_BYTES = 200 * _MB
"""Of a file: animations in its outputs may have tens of MB; the cells of a lesson have less than one."""

MOST_CELLS = 1000
"""Of a notebook: a lesson has about 30."""

MOST_TEXT = 20 * _MB
"""Of a notebook's cells, without their outputs; some editors put pasted pictures into the text."""

MOST_ATTACHED = 20 * _MB
"""Of a notebook's pasted pictures, as JSON: a photograph has up to 5 MB."""

MOST_SHOWN = 10 * _MB
"""Of a notebook's outputs, as JSON: a lesson with all of its figures has 2 MB."""

MOST_PIECES = 500
"""Outputs of a notebook, or pasted pictures: each costs a look at the format's schema."""

_MOST_KEYS = 50
"""Of an output's data, where the format is broken: a display has two or three."""

_MOST_LEVELS = 50
"""Of lists in lists: what copies a notebook goes down by itself."""

NEW_CELL = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
_OUTPUTS = ("stream", "display_data", "execute_result", "error")

_is_valid = partial(isvalid, version=4)


class UnreadableError(CourseError):
    """A file is no notebook, or too big for one."""


def read_notebook(file: BinaryIO) -> tuple[NotebookNode, list[str]]:
    """A valid notebook with the cells in `file`; and a sentence for each kind of thing that was too big.

    Every version of the format is read. Of the metadata, nbgrader's marks stay, the kernel, and what earlier
    steps of grading noted. Raises UnreadableError.
    """
    size = file.seek(0, os.SEEK_END)
    has = f"The file has {size / _MB:,.0f} MB"
    if size > MOST_BYTES:
        raise UnreadableError(f"{has}, and no notebook of more than {MOST_BYTES // _MB} MB is read")
    file.seek(0)
    try:
        found = parsed(file.read())
        return _notebook(_cells_of(found), found.get("metadata"))
    except MemoryError:
        raise UnreadableError(f"{has}, and needs more memory than there is for a submission") from None
    except Exception as error:  # whatever a broken file makes a reader raise
        raise UnreadableError("The file is not a readable notebook") from error


def _cells_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(found.get("cells"), list):
        return [cell for cell in found["cells"] if isinstance(cell, dict)]
    old = [cell for sheet in found["worksheets"] for cell in sheet["cells"]]  # before nbformat 4
    return [_upgraded(cell) for cell in old if isinstance(cell, dict)]


def _upgraded(cell: dict[str, Any]) -> dict[str, Any]:
    old = nbformat.from_dict({"cell_type": "raw", **cell, "source": text_of(cell), "outputs": []})
    new = upgrade_cell(old)
    for output in cell.get("outputs") or []:
        with suppress(Exception):  # whatever it is, it is no output
            new.outputs.append(upgrade_output(nbformat.from_dict(output)))
    return new


@dataclass
class _Room:
    """The bytes and pieces that are left of one kind of thing; `remark` is for where they do not suffice."""

    remark: str
    left: int
    pieces: int
    is_short: bool = False

    def copy(self, value: Any) -> Any:
        """A plain copy in which no half of a character stands alone, as nothing can write it; else None."""
        if not _is_shallow(value):
            return None
        written = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") if self.pieces else b""
        if not self.pieces or len(written) > self.left:
            self.is_short = True
            return None
        self.left -= len(written)
        self.pieces -= 1
        return nbformat.from_dict(json.loads(written))


def _is_shallow(value: Any, levels: int = _MOST_LEVELS) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(one, levels - 1) for one in inner)


def _notebook(cells: list[dict[str, Any]], metadata: Any) -> tuple[NotebookNode, list[str]]:
    most = f"The notebook has more than {MOST_PIECES} {{}}, or {{}} MB of them; the others were left out."
    text = _Room(
        f"The notebook has more than {MOST_TEXT // _MB} MB of text; the longest cells were left out.",
        MOST_TEXT,
        pieces=2 * MOST_CELLS + 2,  # a cell's source and its mark
    )
    pictures = _Room(most.format("pasted pictures", MOST_ATTACHED // _MB), MOST_ATTACHED, MOST_PIECES)
    outputs = _Room(most.format("outputs", MOST_SHOWN // _MB), MOST_SHOWN, MOST_PIECES)
    kept = _most_important(cells)
    made = [_cell(cell, text, pictures, outputs) for cell in kept]
    _tell_apart(made)
    notebook = v4.new_notebook(cells=made)
    for name in ("kernelspec", "labkit"):
        if isinstance(metadata, dict) and name in metadata:
            with suppress(nbformat.ValidationError):
                notebook.metadata |= v4.new_notebook(metadata={name: text.copy(metadata[name])}).metadata
    remarks = [room.remark for room in (text, pictures, outputs) if room.is_short]
    if len(kept) < sum(map(_has_content, cells)):
        remarks.append(f"The notebook has {len(cells):,} cells; {MOST_CELLS:,} of them were graded.")
    return rejoin_lines(notebook), remarks


def _most_important(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All, in their order; where they are too many those with a mark go first, and empty ones go."""
    if len(cells) <= MOST_CELLS:
        return cells
    first = sorted(filter(_has_content, cells), key=lambda cell: _mark(cell) is None)[:MOST_CELLS]
    kept = {id(cell) for cell in first}
    return [cell for cell in cells if id(cell) in kept]


def _has_content(cell: dict[str, Any]) -> bool:
    return _mark(cell) is not None or bool(text_of(cell).strip())


def _tell_apart(cells: list[NotebookNode]) -> None:
    """Of cells with the same id the first keeps it."""
    seen: set[str] = set()
    for cell in cells:
        if cell.id in seen:
            cell.id = v4.new_raw_cell().id
        seen.add(cell.id)


def _cell(found: dict[str, Any], text: _Room, pictures: _Room, outputs: _Room) -> NotebookNode:
    kind = kind_of(found)
    cell = NEW_CELL[kind](text.copy(text_of(found)) or "")
    if isinstance(found.get("id"), str) and _is_valid(found["id"], "cell_id"):
        cell.id = found["id"]
    if (mark := text.copy(_mark(found))) is not None:
        cell.metadata.nbgrader = mark
    if kind == "markdown" and isinstance(attached := found.get("attachments"), dict):
        copies = [pictures.copy({name: bundle}) for name, bundle in attached.items()]
        for picture in copies:
            if picture is not None and _is_valid(picture, "misc/attachments"):
                cell.setdefault("attachments", NotebookNode()).update(picture)
    if kind == "code" and isinstance(shown := found.get("outputs"), list):
        cell.outputs = [sound for output in shown if (sound := _sound(outputs.copy(output))) is not None]
    return cell


def _sound(output: Any) -> NotebookNode | None:
    """An output, with those of its parts that the format knows; None where there are none."""
    if not isinstance(output, dict) or output.get("output_type") not in _OUTPUTS:
        return None
    if _is_valid(output, "output"):
        return from_dict(output)
    blank = v4.new_output(output["output_type"])
    sound = deepcopy(blank)
    for key in blank.keys() & output.keys():
        value = output[key]
        if isinstance(value, dict):
            some = islice(value.items(), _MOST_KEYS)
            value = {name: one for name, one in some if _is_valid({**blank, key: {name: one}}, "output")}
        if _is_valid({**blank, key: value}, "output"):
            sound[key] = value
    return None if sound == blank else nbformat.from_dict(sound)


def _mark(cell: dict[str, Any]) -> Any:
    metadata = cell.get("metadata")
    return metadata.get("nbgrader") if isinstance(metadata, dict) else None
