"""Notebooks damaged in form, as editors, learning platforms and students do it. The answers in them stay.

Each damage changes a notebook as plain data, at a place that `rng` draws, or its bytes. Some of them stock
nbgrader bears, some not; what reads a notebook here must bear them all.
"""

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import nbformat

Notebook = dict[str, Any]
Damage = Callable[[Notebook, Random], Any]
"""Changes a notebook, or returns the bytes that stand in its place"""

ASSIGNMENT, LESSON = "noising", "02_forward_process"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def hand_in(course: Path, right: Notebook, seeds: Iterable[int]) -> dict[str, tuple[str, bytes]]:
    """Submits the lesson with these damages; student → their names, and the file."""
    right = json.loads(json.dumps(right))
    made = {f"student{seed:03d}": damaged(right, seed) for seed in seeds}
    for student, (_, data) in made.items():
        folder = course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_bytes(data)
    return made


def damaged(notebook: Notebook, seed: int) -> tuple[str, bytes]:
    """The names of one to three damages, and the file that they make of a notebook."""
    rng = Random(seed)
    last = list(DAMAGES)[seed % len(DAMAGES)]
    first = [] if last in WHOLE_NOTEBOOKS_ONLY else rng.sample(sorted(FORM), rng.randrange(3))
    found = deepcopy(notebook)
    for name in first:
        FORM[name](found, rng)
    return " + ".join([*first, last]), damage(found, last, rng)


def damage(notebook: Notebook, name: str, rng: Random) -> bytes:
    """The file of a notebook with this damage; the notebook may change."""
    made = DAMAGES[name](notebook, rng)
    return made if isinstance(made, bytes) else json.dumps(notebook).encode()


def _cells(notebook: Notebook, kind: str = "") -> list[Notebook]:
    """Those that are cells, of this kind."""
    found = [one for one in notebook["cells"] if isinstance(one, dict)]
    return [one for one in found if kind in ("", one.get("cell_type"))]


def code(notebook: Notebook, rng: Random) -> Notebook:
    return rng.choice(_cells(notebook, "code"))


def words(notebook: Notebook, rng: Random) -> Notebook:
    return rng.choice(_cells(notebook, "markdown"))


def cell(notebook: Notebook, rng: Random) -> Notebook:
    return rng.choice(_cells(notebook))


def marked(notebook: Notebook, grade_id: str) -> Notebook:
    return next(one for one in _cells(notebook) if _mark(one).get("grade_id") == grade_id)


def _mark(cell: Notebook) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}


def _whole(**values: Any) -> Damage:
    return lambda notebook, rng: notebook.update(values)


def _update(owner: Notebook, values: dict[str, Any]) -> None:
    """Its metadata, whatever they are by now."""
    if not isinstance(owner.get("metadata"), dict):
        owner["metadata"] = {}
    owner["metadata"].update(deepcopy(values))


def _metadata(**values: Any) -> Damage:
    return lambda notebook, rng: _update(notebook, values)


def _one(pick: Callable[[Notebook, Random], Notebook], **values: Any) -> Damage:
    return lambda notebook, rng: pick(notebook, rng).update(deepcopy(values))


def _of_a_cell(**values: Any) -> Damage:
    return lambda notebook, rng: _update(cell(notebook, rng), values)


def _shows(*outputs: Any) -> Damage:
    return _one(code, outputs=list(outputs))


def _without(pick: Callable[[Notebook, Random], Notebook], key: str) -> Damage:
    return lambda notebook, rng: pick(notebook, rng).pop(key, None)


def _ids(name: Callable[[int], Any]) -> Damage:
    return lambda notebook, rng: [c.update(id=name(i)) for i, c in enumerate(_cells(notebook))]


def _more(*cells: Any) -> Damage:
    def add(notebook: Notebook, rng: Random) -> None:
        place = rng.randrange(len(notebook["cells"]) + 1)
        notebook["cells"][place:place] = deepcopy(list(cells))

    return add


def _pasted(text: str, **attachments: dict[str, Any]) -> Damage:
    """Into the answer in words, or a cell of one's own."""

    def paste(notebook: Notebook, rng: Random) -> None:
        own = {"cell_type": "markdown", "id": "pasted", "metadata": {}, "source": ""}
        notebook["cells"].append(own)
        into = rng.choice([own, marked(notebook, "explain_q_sample")])
        into["source"] = "".join(into["source"]) + f"\n\n{text}\n"  # a text, or its lines
        if attachments:
            into["attachments"] = {f"{name}.png": bundle for name, bundle in attachments.items()}

    return paste


def _written(how: Callable[[str], bytes]) -> Damage:
    return lambda notebook, rng: how(json.dumps(notebook, indent=1, ensure_ascii=False))


def _with_bytes(inserted: bytes) -> Damage:
    """Bytes that are no UTF-8 in the words of a cell."""

    def insert(notebook: Notebook, rng: Random) -> bytes:
        notebook["cells"].append(_note("caf@@"))
        return json.dumps(notebook).encode().replace(b"@@", inserted)

    return insert


def _note(text: Any, kind: str = "markdown", **more: Any) -> Notebook:
    return {"cell_type": kind, "id": "note", "metadata": {}, "source": text, **more}


def _as_format_3(notebook: Notebook, rng: Random) -> bytes:
    return json.dumps(nbformat.convert(nbformat.from_dict(notebook), 3)).encode()


def _before_ids(minor: int) -> Damage:
    def change(notebook: Notebook, rng: Random) -> None:
        notebook["nbformat_minor"] = minor
        for one in _cells(notebook):
            one.pop("id", None)

    return change


def _sources(how: Callable[[str], Any]) -> Damage:
    def change(notebook: Notebook, rng: Random) -> None:
        for one in _cells(notebook):
            if isinstance(one.get("source"), str):
                one["source"] = how(one["source"])

    return change


def _marks_of_schema(version: int) -> Damage:
    def change(notebook: Notebook, rng: Random) -> None:
        for one in _cells(notebook):
            if _mark(one):
                one["metadata"]["nbgrader"] = {**_mark(one), "schema_version": version}

    return change


def _answer_of_kind(kind: str) -> Damage:
    return lambda notebook, rng: marked(notebook, "q_sample").update(cell_type=kind)


def _twice(grade_id: str) -> Damage:
    def copy(notebook: Notebook, rng: Random) -> None:
        place = notebook["cells"].index(marked(notebook, grade_id))
        notebook["cells"].insert(place, deepcopy(notebook["cells"][place]))

    return copy


def _lost(grade_id: str) -> Damage:
    return lambda notebook, rng: notebook["cells"].remove(marked(notebook, grade_id))


def _without_marks(notebook: Notebook, rng: Random) -> None:
    for one in _cells(notebook):
        one["metadata"] = {}


STREAM = {"output_type": "stream", "name": "stdout", "text": "a"}
DISPLAY = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
RESULT = {"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}

FORM: dict[str, Damage] = {
    # What Jupyter, VS Code, PyCharm, Colab and others write of the notebook as a whole
    "a kernel without a display name": _metadata(kernelspec={"name": "python3"}),
    "a kernel that is a text": _metadata(kernelspec="python3"),
    "a language without a name": _metadata(language_info={"version": "3.11"}),
    "no language": _metadata(language_info=None),
    "a title that is a number": _metadata(title=1),
    "authors in words": _metadata(authors="Ann and Bob"),
    "the original format 0": _metadata(orig_nbformat=0),
    "colab's own metadata": _metadata(colab={"provenance": [], "name": "02.ipynb"}, accelerator="GPU"),
    "vscode's own metadata": _metadata(vscode={"interpreter": {"hash": "a" * 64}}),
    "widgets without their state": _metadata(widgets={}),
    "no metadata": lambda notebook, rng: notebook.pop("metadata", None),
    "metadata that are a list": _whole(metadata=[]),
    "metadata that are null": _whole(metadata=None),
    "no minor version": lambda notebook, rng: notebook.pop("nbformat_minor", None),
    "no version": lambda notebook, rng: notebook.pop("nbformat", None),
    "a version in words": _whole(nbformat="4", nbformat_minor="5"),
    "a minor version of the future": _whole(nbformat_minor=99),
    "a version of the future": _whole(nbformat=5, nbformat_minor=0),
    "keys that nobody knows": _whole(signature="sha256:0", toc={"base_numbering": 1}),
    # of cells
    "long ids": _ids(lambda i: f"{'x' * 70}{i}"),
    "ids with a slash": _ids(lambda i: f"n/{i}"),
    "ids with a space": _ids(lambda i: f"cell {i}"),
    "the same ids": _ids(lambda i: "same"),
    "numbers for ids": _ids(lambda i: i),
    "empty ids": _ids(lambda i: ""),
    "no ids": lambda notebook, rng: [one.pop("id", None) for one in _cells(notebook)],
    "tags in one text": _of_a_cell(tags="a,b"),
    "a tag twice": _of_a_cell(tags=["a", "a"]),
    "a tag with a comma": _of_a_cell(tags=["a,b"]),
    "an empty name": _of_a_cell(name=""),
    "collapsed in words": _of_a_cell(collapsed="true", scrolled="yes"),
    "hidden by a word": _of_a_cell(jupyter="source_hidden"),
    "pycharm's metadata": _of_a_cell(pycharm={"name": "#%%\n", "is_executing": False}),
    "a lesson's cell without metadata": lambda notebook, rng: notebook["cells"][0].pop("metadata", None),
    "a lesson's metadata are a list": lambda notebook, rng: notebook["cells"][0].update(metadata=[]),
    "a lesson's metadata are null": lambda notebook, rng: notebook["cells"][0].update(metadata=None),
    "a key that nobody knows in a cell": _one(cell, vscode={"languageId": "python"}, isVisible=True),
    "no outputs": _without(code, "outputs"),
    "outputs that are null": _one(code, outputs=None),
    "outputs that are no list": _one(code, outputs={"output_type": "stream"}),
    "no count": _without(code, "execution_count"),
    "a count in words": _one(code, execution_count="12"),
    "a count that is a fraction": _one(code, execution_count=1.0),
    "a count that is a star": _one(code, execution_count="*"),
    "words with outputs": _one(words, outputs=[], execution_count=None),
    "sources in lines": _sources(lambda text: text.splitlines(keepends=True)),
    "sources in letters": _sources(list),
    "a query": _more(_note("select 1", "sql")),
    "a heading of format 3": _more(_note("Mine", "heading", level=2)),
    "a cell without a source": _more({"cell_type": "markdown", "id": "e", "metadata": {}}),
    "a source that is null": _more(_note(None)),
    "a source that is a number": _more(_note(7)),
    "a source with a number in it": _more(_note(["a\n", 7, None])),
    "a cell without a kind": _more({"id": "k", "metadata": {}, "source": "x", "outputs": []}),
    "a cell that is null": _more(None),
    "a cell that is a text": _more("print(1)"),
    "an empty cell": _more({}),
    "attachments that are null": _one(words, attachments=None),
    "attachments that are a list": _one(words, attachments=[]),
    "attachments of code": _one(code, attachments={"a.png": {"image/png": PIXEL}}),
    # of outputs
    "a stream with metadata": _shows({**STREAM, "metadata": {}}),
    "a stream without a name": _shows({"output_type": "stream", "text": "a"}),
    "a stream of numbers": _shows({**STREAM, "text": 7}),
    "a stream in lines": _shows({**STREAM, "text": ["a\n", "b"]}),
    "a result without a count": _shows({k: v for k, v in RESULT.items() if k != "execution_count"}),
    "a result with a count in words": _shows({**RESULT, "execution_count": "1"}),
    "a result without data": _shows({k: v for k, v in RESULT.items() if k != "data"}),
    "a display without metadata": _shows({k: v for k, v in DISPLAY.items() if k != "metadata"}),
    "a display with transient": _shows({**DISPLAY, "transient": {"display_id": "a"}}),
    "a display that is text": _shows({**DISPLAY, "data": "x"}),
    "a display of numbers": _shows({**DISPLAY, "data": {"text/plain": 7, "text/html": "<b>x</b>"}}),
    "a display of nothing": _shows({**DISPLAY, "data": {"text/plain": None}}),
    "an error without a traceback": _shows({k: v for k, v in ERROR.items() if k != "traceback"}),
    "an error with a traceback in words": _shows({**ERROR, "traceback": "line 1"}),
    "an update of a display": _shows({**DISPLAY, "output_type": "update_display_data"}),
    "an output of a kind that nobody knows": _shows({"output_type": "debug", "message": 1}),
    "an output without a kind": _shows({"text": "a"}),
    "an output that is text": _shows("a"),
    "an output that is null": _shows(None),
    "an output of format 3": _shows({"output_type": "pyout", "text": "1", "prompt_number": 1}),
    "an output that is no number": _shows({**DISPLAY, "data": {"application/json": float("nan")}}),
    "half a character in an output": _shows({**STREAM, "text": "\ud83d"}),
    "many outputs": _shows(*[STREAM] * 600),
    # of texts
    "half a character in words": _more(_note("\ud83d")),
    "half a character in code": _more(_note("# \ud83d", "code", outputs=[], execution_count=None)),
    "a null byte in words": _more(_note("a\x00b")),
    "lines as windows ends them": _sources(lambda text: text.replace("\n", "\r\n")),
    "twelve hundred empty cells": _more(*[_note("", "code", outputs=[], execution_count=None)] * 1200),
    # Pictures that are pasted into words
    "a picture": _pasted("![image.png](attachment:image.png)", image={"image/png": PIXEL}),
    "a picture that is gone": _pasted("![image.png](attachment:image.png)"),
    "a picture that is broken": _pasted("![](attachment:image.png)", image={"image/png": "***"}),
    "a picture without data": _pasted("![](attachment:image.png)", image={}),
    "a picture that is null": _pasted("![](attachment:image.png)", image={"image/png": None}),
    "a picture in html": _pasted('<img src="attachment:image.png">', image={"image/png": PIXEL}),
    "a picture in the text": _pasted(f"![image.png](data:image/png;base64,{PIXEL})"),
    "a long picture in the text": _pasted(f"![image.png](data:image/png;base64,{'A' * 10**5})"),
}
"""What can be together in a notebook"""

CELLS: dict[str, Damage] = {
    "an answer that is raw": _answer_of_kind("raw"),
    "an answer that is words": _answer_of_kind("markdown"),
    "a test twice": _twice("check_q_sample"),
    "an answer twice": _twice("q_sample"),
    "a test is lost": _lost("check_q_sample"),
    "the course's cell is lost": _lost("setup"),
    "no marks": _without_marks,
    "marks of an old schema": _marks_of_schema(2),
    "marks of a schema of the future": _marks_of_schema(9),
}

FILES: dict[str, Damage] = {
    "format 3": _as_format_3,
    "format 4.0": _before_ids(0),
    "format 4.4": _before_ids(4),
    "a byte order mark": _written(lambda text: b"\xef\xbb\xbf" + text.encode()),
    "utf-16": _written(lambda text: text.encode("utf-16")),
    "utf-16 without a mark": _written(lambda text: text.encode("utf-16-le")),
    "lines of a file as windows ends them": _written(lambda text: text.replace("\n", "\r\n").encode()),
    "bytes of latin-1": _with_bytes(b"\xe9"),
    "half of a utf-8 character": _with_bytes(b"\xf0\x9f"),
    "a big output": _shows({**DISPLAY, "data": {"text/html": "x" * (21 * 2**20), "text/plain": "film"}}),
    "a file that was cut": _written(lambda text: text.encode()[: len(text) // 2]),
    "a page in the place of the file": lambda notebook, rng: b"<!DOCTYPE html><title>Log in</title>",
    "an empty file": lambda notebook, rng: b"",
}

DAMAGES = FORM | CELLS | FILES
WHOLE_NOTEBOOKS_ONLY = ("format 3",)
"""What can only be made of these"""


def parses(data: bytes) -> bool:
    """Whether a file is JSON with a list of cells, whatever else."""
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le"):
        try:
            found = json.loads(data.decode(encoding, "replace" if encoding == "utf-8-sig" else "strict"))
        except ValueError:
            continue
        return isinstance(found, dict) and any(
            isinstance(found.get(key), list) for key in ("cells", "worksheets")
        )
    return False
