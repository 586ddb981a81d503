"""What a student meets: `check` in a notebook, and every way in which an answer can be absent."""

import ast
import json
import signal
import textwrap
from pathlib import Path

import numpy as np
import pytest
import torch
from answers.mistakes import wrong_answers
from typer.testing import CliRunner

import labkit
from labkit.checks import JUDGES, NamespaceSubject, StaleKernelError, UnknownTodoError, check, judge
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.probes.q_sample import QSampleReply
from labkit.checks.reply import R, Values, as_reply
from labkit.checks.subject import AnswerError
from labkit.checks.verdict import MIME, Verdict
from labkit.cli import app
from labkit.course.answers import AnswerNotFoundError, answer, load_answers
from labkit.course.syllabus import TODOS
from labkit.data import points
from labkit.inside.packing import pack, unpack

ANSWERS = Path(__file__).parents[1] / "answers"


def code(source: str) -> NamespaceSubject:
    namespace: dict = {}
    exec("import torch\n" + textwrap.dedent(source), namespace)
    return NamespaceSubject(namespace)


def some_right(todo: str) -> Path:
    return sorted((ANSWERS / todo / "right").glob("*.py"))[0]


def test_check_reads_the_callers_names_and_returns_plain_points(monkeypatch, capsys) -> None:
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    namespace = load_answers(some_right("q_sample")) | {"check": check}
    exec("points = check('q_sample', points=3)", namespace)
    assert repr(namespace["points"]) == "3.0", "nbgrader reads the number from the text"
    assert namespace["points"]._repr_html_() == "3 of 3 points"
    exec("points = check('p_sample', points=4)", namespace)
    assert namespace["points"] == 0.0
    assert [verdict.passed for verdict in shown] == [True, False]
    bundle = shown[1]._repr_mimebundle_()
    assert json.loads(json.dumps(bundle[MIME]))["misconception"] == "missing"
    assert "p_sample" in bundle["text/plain"] and "p_sample" in bundle["text/html"]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("", "missing", "run the cell"),
        ("q_sample = 3", "missing", "no function"),
        (
            "def q_sample(*args):\n    raise NotImplementedError('TODO q_sample: write')",
            "empty",
            "TODO q_sample",
        ),
        ("def q_sample(*args):\n    return None", "returns_none", "None"),
        ("def q_sample(*args):\n    return args", "returns_tuple", "tuple"),
        ("def q_sample(schedule, x0, t, noise=None):\n    return x0[:, :1]", "wrong_shape", "shape"),
        ("def q_sample(schedule, x0, t, noise=None):\n    return x0.long()", "wrong_dtype", "int64"),
        ("def q_sample(schedule, x0, t, noise=None):\n    return x0 + 'a'", "raised", "TypeError"),
    ],
)
def test_each_kind_of_absence_reads_differently(source: str, kind: str, words: str) -> None:
    verdict = judge("q_sample", code(source))
    assert not verdict.passed and verdict.misconception == kind
    assert words in verdict.message


def test_an_exception_is_shown_with_the_students_own_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "def q_sample(schedule, x0, t, noise=None):\n    y = x0 * 2\n    return y @ undefined_name\n"
    )
    message = judge("q_sample", NamespaceSubject(load_answers(path))).message
    assert "line 3" in message and "y @ undefined_name" in message and "NameError" in message


@pytest.mark.parametrize(
    ("todo", "source", "kind"),
    [
        ("q_sample", "def q_sample(*args):\n    exit()", "raised"),
        (
            "q_sample",
            "def q_sample(schedule, x0, t, noise=None):\n"
            "    return x0 * (schedule.alphas[t][:, None] - 2).sqrt()",
            "not_finite",
        ),
        (
            "compute_loss",
            "def compute_loss(network, schedule, x0):\n"
            "    t = torch.randint(0, schedule.num_train_timesteps, x0.shape[:1])\n"
            "    x_t = x0 * (schedule.alphas_cumprod[t][:, None] - 1).sqrt()\n"
            "    return (network(x_t, t) - x0).square().mean()",
            "not_finite",
        ),
        (
            "compute_loss",
            "def compute_loss(network, schedule, x0):\n"
            "    loss = network(x0, torch.zeros(len(x0)).long()).square().mean()\n"
            "    loss.backward()\n    return loss",
            "calls_backward",
        ),
        (
            "compute_loss",
            "def compute_loss(network, schedule, x0):\n"
            "    return network(x0, torch.zeros(len(x0)).long()).square().mean()[None]",
            "no_reduction",
        ),
        (
            "compute_loss",
            "def compute_loss(network, schedule, x0):\n    return network(x0).square().mean()",
            "network_without_t",
        ),
        (
            "compute_loss",
            "def compute_loss(network, schedule, x0):\n"
            "    t = torch.randint(0, schedule.num_train_timesteps, x0.shape[:1])\n"
            "    noise = torch.randn_like(x0)\n"
            "    return (network(q_sample(schedule, x0, t, noise), t.float()) - noise).square().mean()",
            "t_not_long",
        ),
    ],
)
def test_broken_answers_are_named_and_crash_nothing(todo: str, source: str, kind: str) -> None:
    verdict = judge(todo, code(source))
    assert not verdict.passed and verdict.misconception == kind, verdict.message


def test_a_change_that_did_not_run_is_not_judged_as_if_it_had(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    good = some_right("q_sample").read_text()
    broken = good.replace("    return ", "    return 0 + ((", 1)
    sources = [good, "from labkit.checks import check\ncheck('q_sample')", broken, "check('q_sample')"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(book, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    verdicts = [
        output["data"][MIME]
        for cell in book.cells
        for output in cell.outputs
        if MIME in output.get("data", {})
    ]
    assert [verdict["passed"] for verdict in verdicts] == [True, False]
    assert verdicts[1]["misconception"] == "stale"


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN, signal.SIG_DFL])
def test_an_endless_answer_is_stopped_and_the_next_check_runs(handler) -> None:
    endless = code("def q_sample(*args):\n    while True: pass")
    before = signal.signal(signal.SIGINT, handler)  # ignored: as in a shell's background
    try:
        with pytest.raises(AnswerError) as caught:
            endless.call("q_sample", _inputs_of("q_sample"), QSampleReply, seconds=0.5)
        assert signal.getsignal(signal.SIGINT) == handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert caught.value.kind == "endless"
    assert judge("q_sample", NamespaceSubject(load_answers(some_right("q_sample")))).passed


def test_a_persons_own_interrupt_passes_through() -> None:
    stopped = code("def q_sample(*args):\n    raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        judge("q_sample", stopped)


def test_what_an_answer_prints_is_dropped_and_the_notebooks_randomness_goes_on(capfd) -> None:
    noisy = load_answers(some_right("q_sample"))
    exec(
        "import sys\nright = q_sample\n"
        "def q_sample(*args):\n    print('out'); print('err', file=sys.stderr)\n    return right(*args)",
        noisy,
    )
    torch.manual_seed(7)
    before = torch.get_rng_state()
    assert judge("q_sample", NamespaceSubject(noisy)).passed
    assert torch.equal(torch.get_rng_state(), before)
    assert capfd.readouterr() == ("", "")


class _Recorder:
    """A subject that looks at everything which passes between judge and probe."""

    def __init__(self, subject: NamespaceSubject):
        self.subject, self.first = subject, None

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        seen = self.subject.call(probe, values, reply, seconds)
        for name, value in values.items():
            assert type(value) in (int, float, str) or is_small(value), (name, type(value))
        assert type(seen) is reply
        sent = as_reply(reply, unpack(*pack(vars(seen))))
        assert all(np.array_equal(value, getattr(sent, name)) for name, value in vars(seen).items())
        assert all(is_small(value) for value in vars(seen).values() if isinstance(value, np.ndarray))
        self.first = self.first or values
        return seen


def is_small(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fi" and value.size < 2_000_000


def _inputs_of(todo: str) -> Values:
    recorder = _Recorder(NamespaceSubject(load_answers(some_right(todo))))
    judge(todo, recorder)
    return recorder.first


@pytest.mark.parametrize("todo", TODOS)
def test_only_plain_values_and_the_reply_asked_for_pass_between_judge_and_probe(todo: str) -> None:
    assert _inputs_of(todo)


@pytest.mark.parametrize("todo", TODOS)
def test_secrets_are_fresh_unless_seeded(todo: str) -> None:
    def first(seed: int | None) -> Values:
        recorder = _Recorder(NamespaceSubject(load_answers(some_right(todo))))
        judge(todo, recorder, seed)
        return recorder.first

    def same(left: Values, right: Values) -> bool:
        return all(np.array_equal(left[name], right[name]) for name in left)

    assert same(first(5), first(5)) and not same(first(None), first(None))


@pytest.mark.parametrize("others", ["blank", "raising", "wrong"])
@pytest.mark.parametrize("todo", TODOS)
def test_a_check_depends_on_its_own_todo_alone(todo: str, others: str) -> None:
    stub = {
        "blank": "def {0}(*args, **kw):\n    raise NotImplementedError('TODO {0}')",
        "raising": "def {0}(*args, **kw):\n    return 1 / 0",
        "wrong": "def {0}(*args, **kw):\n    return args[1]",
    }[others]
    names: dict = {}
    for other in TODOS:
        exec(stub.format(other), names)
    verdict = judge(todo, NamespaceSubject(names | load_answers(some_right(todo))))
    assert verdict.passed, verdict.message


def test_no_public_function_of_labkit_solves_a_todo() -> None:
    """Each is offered to every check under the TODO's name."""
    import importlib
    import pkgutil

    offered = 0
    for module in pkgutil.walk_packages(labkit.__path__, "labkit."):
        if module.name.startswith(("labkit.grading", "labkit.cli", "labkit.__main__")):
            continue
        for name, value in list(vars(importlib.import_module(module.name)).items()):
            if callable(value) and getattr(value, "__module__", "").startswith("labkit.") and name[0] != "_":
                offered += 1
                for todo in TODOS:
                    try:
                        verdict = judge(todo, NamespaceSubject({todo: value}))
                    except (SystemExit, KeyboardInterrupt):
                        continue
                    assert not verdict.passed, f"{module.name}.{name} solves {todo}"
    assert offered > 50


def test_probes_know_no_judge() -> None:
    folder = Path(labkit.__file__).parent / "checks" / "probes"
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert "judges" not in (node.module or ""), path


def test_a_share_of_the_points_looks_like_no_whole_answer() -> None:
    """It has its own sign and word, not only its own colour."""
    whole, part = Verdict("trained_model", 1.0, None, "it"), Verdict("trained_model", 0.8, None, "it")
    assert str(whole).startswith("✓ trained_model: right.")
    assert str(part).startswith("◐ trained_model: partly right, 80% of the points.")
    pages = [
        one._repr_mimebundle_()["text/html"] for one in (whole, part, Verdict("q_sample", 0.0, None, "it"))
    ]
    assert "◐ trained_model: partly right" in pages[1]
    assert len({page.partition("solid ")[2][:7] for page in pages}) == 3


@pytest.mark.parametrize("todo", [todo for todo in TODOS if "loss" in todo])
def test_one_timestep_of_a_thousand_is_told_as_both(todo: str) -> None:
    wrong = wrong_answers(todo)["one_time_for_batch__of_a_thousand"]
    verdict = judge(todo, NamespaceSubject(wrong.load()))
    assert verdict.mistakes == ("one_time_for_batch", "hardcoded_timesteps")
    for name in verdict.mistakes:
        assert MISCONCEPTIONS[name].text in verdict.message and MISCONCEPTIONS[name].hint in verdict.message


def test_students_text_cannot_become_html() -> None:
    page = Verdict("q_sample", 0.0, "raised", "<script>alert(1)</script><b>")._repr_mimebundle_()["text/html"]
    assert "<script" not in page and "&lt;script" in page


def test_unknown_todo_and_stale_kernel_are_one_sentence(monkeypatch) -> None:
    with pytest.raises(UnknownTodoError, match="q_sample") as caught:
        judge("q_smaple", NamespaceSubject({}))
    assert len(caught.value._render_traceback_()) == 1
    monkeypatch.setattr(labkit, "__version__", "0.0.1")
    with pytest.raises(StaleKernelError, match="Restart the kernel"):
        check("q_sample")


def notebook(path: Path, cells: list[tuple[str, dict]]) -> None:
    import nbformat

    book = nbformat.v4.new_notebook()
    for source, metadata in cells:
        book.cells.append(
            nbformat.v4.new_code_cell(source, metadata={"nbgrader": metadata} if metadata else {})
        )
    nbformat.write(book, path)


def test_answers_come_from_the_notebook_beside(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AnswerNotFoundError, match="02_forward_process"):
        answer("q_sample")
    solution = {"solution": True, "grade_id": "q_sample"}
    cells = [
        ("import math\n%matplotlib inline", {}),
        ("import math", {}),
        ("open('ran', 'w')", {}),
        ("def q_sample():\n    return math.pi", solution),
    ]
    notebook(tmp_path / "02_forward_process.ipynb", cells)
    assert answer("q_sample")() == pytest.approx(3.14159, abs=1e-4)
    assert not (tmp_path / "ran").exists(), "only definitions and TODO cells are run"
    own_helper = [
        ("%matplotlib inline\ndef double(x):\n    return 2 * x", {}),
        ("%%time\ndef q_sample():\n    return double(21)", solution),
    ]
    notebook(tmp_path / "02_forward_process.ipynb", own_helper)
    assert answer("q_sample")() == 42
    stub = 'def q_sample():\n    raise NotImplementedError("TODO q_sample: write your code here")'
    notebook(tmp_path / "02_forward_process.ipynb", [(stub, solution)])
    with pytest.raises(AnswerNotFoundError, match="still empty"):
        answer("q_sample")
    notebook(tmp_path / "02_forward_process.ipynb", [("1 / 0", solution)])
    with pytest.raises(AnswerNotFoundError, match="ZeroDivisionError"):
        answer("q_sample")
    monkeypatch.setattr(labkit.course.answers, "_CELL_SECONDS", 0.5)
    remainder = "def q_sample():\n    return (47\n        % 10)"
    endless = ("while True: pass", {"solution": True, "grade_id": "another"})
    notebook(tmp_path / "02_forward_process.ipynb", [(remainder, solution), endless])
    assert answer("q_sample")() == 7, "a cell without end costs no other cell"
    later = [('q_sample = answer("q_sample")', {}), ("def p_sample():\n    return q_sample()", {})]
    notebook(tmp_path / "03_reverse_process.ipynb", later)
    assert load_answers(tmp_path / "03_reverse_process.ipynb")["p_sample"]() == 7, (
        "nor does it in a later one"
    )
    notebook(tmp_path / "02_forward_process.ipynb", [("while True: pass", solution)])
    with pytest.raises(AnswerNotFoundError, match="a loop without end"):
        answer("q_sample")
    (tmp_path / "02_forward_process.ipynb").write_text("not json")
    with pytest.raises(AnswerNotFoundError, match="no notebook"):
        answer("q_sample")
    with pytest.raises(AnswerNotFoundError, match="no TODO 'q_smaple'"):
        answer("q_smaple")


def run(*args: str):
    return CliRunner().invoke(app, ["check", *args])


def test_the_command_answers_a_program(tmp_path: Path) -> None:
    done = run("q_sample", "--file", str(some_right("q_sample")), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "todo": "q_sample",
        "passed": True,
        "score": 1.0,
        "misconception": None,
        "message": json.loads(done.stdout)["message"],
        "details": {"found": json.loads(done.stdout)["details"]["found"]},
    }
    wrong = wrong_answers("q_sample")["missing_roots"].write(tmp_path)
    done = run("q_sample", "--file", str(wrong), "--json")
    verdict = json.loads(done.stdout)
    assert done.exit_code == 1 and verdict["misconception"] == "missing_roots"
    details = verdict["details"]
    assert verdict["mistakes"] == ["missing_roots"] and r"\bar\alpha_t\,x_0" in verdict["computes"]
    computes = f"Your code computes: {details['computes']}."
    said = f"{details['found']} {details['mistake']} {computes} Hint: {details['hint']}"
    assert verdict["message"] == said
    curve = details["curve"]
    assert len(curve["t"]) == len(curve["found"]) == len(curve["expected"])
    assert curve["found"] != curve["expected"]


def test_wrong_use_of_the_command_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def q_sample(:")
    (tmp_path / "broken.ipynb").write_text("{")
    assert run("q_smaple", "--file", str(broken)).exit_code == 2
    (tmp_path / "quits.py").write_text("import sys\nsys.exit(0)")
    (tmp_path / "odd.ipynb").write_text('{"cells": [{"cell_type": "code"}], "nbformat": 99}')
    for file, words in (
        (tmp_path / "quits.py", "SystemExit"),
        (tmp_path / "odd.ipynb", "does not define it"),
        (tmp_path / "absent.py", "No such file"),
        (tmp_path / "broken.ipynb", "no notebook"),
        (broken, "SyntaxError"),
    ):
        done = run("q_sample", "--file", str(file))
        assert done.exit_code == 1 and words in " ".join(done.output.split())
        assert "Traceback" not in done.output


def test_every_judge_has_a_probe() -> None:
    from labkit.checks.registry import PROBES

    assert set(TODOS) <= set(JUDGES) and set(TODOS) <= set(PROBES)


def test_another_figure_than_the_lessons_is_told_from_a_wrong_one() -> None:
    x0, timesteps = points("swiss_roll", 2048, seed=0), list(range(0, 1000, 100))
    few, square = (
        {"x0": x0[:100], "timesteps": timesteps},
        {"x0": torch.rand(2048, 2), "timesteps": timesteps},
    )
    for names in (few, square):
        drawn = torch.randn(len(timesteps), *names["x0"].shape)
        verdict = judge("forward_figure", NamespaceSubject({**names, "x_ts": drawn}))
        assert verdict.misconception == "figure_changed"
    verdict = judge(
        "forward_figure", NamespaceSubject({"x0": x0, "timesteps": timesteps, "x_ts": x0.expand(10, -1, -1)})
    )
    assert verdict.misconception == "figure_off" and "the noise in the picture" in verdict.message
