"""Lesson 2 as students hand it in who add to it in all the ways that a notebook allows."""

from dataclasses import dataclass

import nbformat
import torch
from nbformat.v4 import new_code_cell, new_notebook

from labkit.schedules import Schedule

IMPORTS = """
import torch
from torch import Tensor

from labkit.checks import check
from labkit.schedules import Schedule, extract
"""
STUB = '''
def q_sample(schedule, x0, t, noise=None):
    """Draw x_t."""
    raise NotImplementedError("TODO q_sample: write your code here, then run the check below.")
'''
ANSWER = """
def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is None else noise
    left = extract(schedule.alphas_cumprod, t, x0)
    return left.sqrt() * x0 + (1 - left).sqrt() * noise
"""
HALF = ANSWER.replace("left.sqrt()", "left**half").replace("(1 - left).sqrt()", "(1 - left) ** half")
ROOT = ANSWER.replace("left.sqrt()", "root(left)").replace("(1 - left).sqrt()", "root(1 - left)")
CHECK = 'check("q_sample", points=4)'


@dataclass(frozen=True)
class Work:
    """A student's notebook."""

    todo: str = ANSWER
    own: str = ""
    """a cell above the TODO"""
    imports: str = IMPORTS
    """the locked cell"""
    between: str = ""
    """a cell between the TODO and its check"""
    below: str = ""


LOCKED = {
    "import": Work(HALF, imports="import math\n" + IMPORTS + "half = math.log(math.e) / 2"),
    "name in a released line": Work(
        ROOT, imports=IMPORTS.replace("import Tensor", "import Tensor, sqrt as root")
    ),
    "module in a released line": Work(
        HALF.replace("half", "(math.cos(0) / 2)"),
        imports=IMPORTS.replace("import torch\n", "import torch, math\n"),
    ),
    "star": Work(ROOT.replace("root(", "sqrt("), imports=IMPORTS + "from torch import *"),
    "function": Work(ROOT, imports=IMPORTS + "def root(x):\n    return x.sqrt()"),
    "constant": Work(HALF, imports=IMPORTS + "half = torch.tensor(0.5)"),
    "with a line for IPython": Work(HALF, imports="%matplotlib inline\n!ls\n" + IMPORTS + "half = 0.5"),
}  # fmt: skip
OWN = {
    "constant": Work(HALF, "half = 0.5"),
    "annotated": Work(HALF, "half: float = 0.5"),
    "lambda": Work(ROOT, "root = lambda x: x.sqrt()"),
    "another name": Work(ROOT, "root = torch.sqrt"),
    "chain": Work(ROOT, "two = 2\nhalf = 1 / two\ndef root(x):\n    return x**half"),
    "unpacked": Work(HALF, "one, half = 1, 0.5"),
    "changed": Work(HALF, "half = 1\nhalf /= 2"),
    "item": Work(HALF.replace("half", "table['half']"), "table = {}\ntable['half'] = 0.5"),
    "filled by a loop": Work(
        HALF.replace("half", "table[1]"), "table = []\nfor i in range(2):\n    table.append(i / 2)"
    ),
    "filled by a call": Work(HALF.replace("half", "table['half']"), "table = {}\ntable.update(half=0.5)"),
    "filled inside": Work(
        HALF.replace("half", "table['in'][0]"), "table = {'in': []}\ntable['in'].append(0.5)"
    ),
    "filled in a cell with a figure": Work(
        HALF, "half = 0\nwhile half < 0.5:\n    half += 0.25\n    print(half)"
    ),
    "the loop's own": Work(HALF, "for half in (2, 1, 0.5):\n    pass"),
    "tried below": Work(HALF, "half = 0.5", below="for half in (0.5, 1):\n    print(half)\nhalf.hex()"),
    "attribute": Work(ROOT, "def root(x):\n    return x**root.half\nroot.half = 0.5"),
    "if": Work(HALF, "if torch.cuda.is_available():\n    half = 0.5\nelse:\n    half = 1 / 2"),
    "try": Work(HALF, "try:\n    import einops\nexcept ImportError:\n    pass\nhalf = 0.5"),
    "with": Work(HALF, "with torch.no_grad():\n    half = torch.tensor(0.5)"),
    "beside a figure": Work(HALF, "half = 0.5\nprint('looked at')"),
    "read above the answer": Work("print(points.shape)\n" + ANSWER, "points = torch.zeros(3)"),
    "read below the answer": Work(ANSWER + "\nprint(points.shape)", "points = torch.zeros(3)"),
    "the answer itself": Work("q_sample = mine", ANSWER.replace("def q_sample", "def mine")),
    "future": Work(ANSWER.replace("x0,", "x0: NotImported,"), "from __future__ import annotations"),
    "wrapped before the check": Work(
        ANSWER.replace("left.sqrt()", "left"),
        between="wrong = q_sample\ndef right(schedule, x0, t, noise=None):\n"
        "    left = extract(schedule.alphas_cumprod, t, x0)\n"
        "    return wrong(schedule, x0, t, noise) + (left.sqrt() - left) * x0\nq_sample = right",
    ),
    "another try below": Work(ANSWER, below="q_sample = lambda *a: 0\ndef q_sample(*a):\n    return 1"),
    "a copy of the stub": Work(ANSWER, STUB.replace("q_sample(", "old_q_sample(")),
}
IPYTHON = {
    "help": "extract?",
    "more help": "extract??",
    "help before": "?extract",
    "shell": "!ls",
    "shell into a name": "files = !ls\nprint(len(files))",
    "shell in a block": "if torch.cuda.is_available():\n    !ls",
    "shell in a function": "def look():\n    !ls\n    return 1",
    "magic": "%matplotlib inline",
    "magic over two lines": "%env A = \\\n    1",
    "timed": "%timeit -n 1 -r 1 1 + 1",
    "profiled": "%prun -l 5 print(1)",
    "timed into a name": "spent = %timeit -n 1 -r 1 -o 1 + 1",
    "asked": "import asyncio\nawait asyncio.sleep(0)",
    "asked into a name": "import asyncio\nslept = await asyncio.sleep(0)",
    "by hand": "get_ipython().run_line_magic('matplotlib', 'inline')",
}
WORKS = {
    **{f"locked: {name}": work for name, work in LOCKED.items()},
    **{f"own: {name}": work for name, work in OWN.items()},
    **{f"above the answer: {name}": Work(f"{line}\n{ANSWER}") for name, line in IPYTHON.items()},
    **{f"own cell with {name}": Work(HALF, f"{line}\nhalf = 0.5") for name, line in IPYTHON.items()},
    "below the answer: help": Work(f"{ANSWER}\nextract?"),
    "cell timed": Work("%%time\n" + ANSWER),
    "cell timed, below nothing": Work("\n\n%%time\n" + ANSWER),
    "cell captured": Work("%%capture\n%%time\n" + ANSWER),
    "own cell timed": Work(HALF, "%%time\nhalf = 0.5"),
    "line timed": Work(HALF, "%time half = 0.5"),
    "indented": Work("\n".join(f"    {line}" for line in ANSWER.strip().splitlines())),
    "with prompts": Work("\n".join(
        f"{'>>>' if number == 0 else '...'} {line}" for number, line in enumerate(ANSWER.strip().splitlines())
    )),
    "stub commented out": Work(f"{ANSWER}\n#    {STUB.strip().splitlines()[-1].strip()}"),
    "stub below the return": Work(ANSWER + STUB.rstrip().splitlines()[-1]),
}  # fmt: skip
CELLS_ALONE = ("cell ", "own cell timed", "indented", "with prompts", "own: future", "own: another try")
"""What is no way to write a Python file."""


def notebook_of(work: Work) -> nbformat.NotebookNode:
    def marked(source: str, grade_id: str, **settings: object) -> nbformat.NotebookNode:
        mark = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        return new_code_cell(
            source, id=grade_id, metadata={"nbgrader": {**mark, "grade_id": grade_id, **settings}}
        )

    return new_notebook(
        cells=[
            marked(work.imports, "imports", locked=True),
            new_code_cell(work.own),
            marked(work.todo, "q_sample", solution=True),
            new_code_cell(work.between),
            marked(CHECK, "check_q_sample", grade=True, locked=True, points=4),
            new_code_cell(work.below),
        ]
    )


def is_right(q_sample) -> bool:
    schedule, x0, t = Schedule.linear(10), torch.randn(4, 2), torch.tensor([0, 3, 6, 9])
    noise = torch.randn(4, 2)
    left = schedule.alphas_cumprod[t][:, None]
    return torch.allclose(
        q_sample(schedule, x0, t, noise), left.sqrt() * x0 + (1 - left).sqrt() * noise, atol=1e-5
    )
