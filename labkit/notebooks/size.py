"""What makes a notebook large, and what its student can do about it."""

import json
from typing import Any

_OUTSIDE = (
    "in what widgets left in the file",
    (
        "where you ran it, on Colab say, choose Edit → Clear all outputs, and save; "
        "or copy your answers into a fresh copy of the lesson."
    ),
)
_PARTS = {
    "outputs": (
        "in the outputs of",
        "click into it, choose Edit → Clear Cell Output, and save.",
        "choose Edit → Clear Outputs of All Cells, and save.",
    ),
    "attachments": (
        "in pictures that were pasted into",
        "delete them there, or paste smaller ones, and save.",
        "delete them there, or paste smaller ones, and save.",
    ),
    "source": ("in the text of", "shorten it, and save.", "shorten them, and save."),
}
"""Of a cell: what a part of it is called, what to do where one cell is to blame, and where several are."""


def advice_on_size(size: int, cells: list[dict[str, Any]]) -> str:
    """Where most of a notebook's bytes are, and what to do: the end of a sentence."""
    weights = {part: [_weight(cell.get(part)) for cell in cells] for part in _PARTS}
    sums = {part: sum(of_cells) for part, of_cells in weights.items()}
    part = max(sums, key=sums.__getitem__)
    if size - sum(sums.values()) > sums[part]:
        what, advice = _OUTSIDE
        return f"most of it {what}: {advice}"
    what, for_one, for_all = _PARTS[part]
    heaviest = max(weights[part])
    if heaviest < size / 2:
        return f"most of it {what} its cells: {for_all}"
    source = cells[weights[part].index(heaviest)]["source"]
    first = next(iter(source.strip().splitlines()), "")[:60]
    return f"most of it {what} the cell that begins with {first!r}: {for_one}"


def _weight(part: Any) -> int:
    return len(json.dumps(part, ensure_ascii=False).encode("utf-8", "replace"))
