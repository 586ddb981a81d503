"""Attacks on the time and the memory of the grader's own side: they cost their own points, and no more."""

import faulthandler
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from answers.mistakes import wrong_answers
from arena import Arena, answer_cell, check_cell
from nbformat.v4 import new_code_cell

from labkit.checks import NamespaceSubject
from labkit.grading.classrun.bounded import MEMORY, BoundError, bounded
from labkit.grading.execution import testcell
from labkit.grading.execution.needed import needed
from labkit.grading.execution.testcell import run_test_cell
from labkit.grading.isolation import Damage, Sandbox, Session
from labkit.grading.isolation.session import NOTEBOOK_BYTES

FAR = 600.0
"""seconds: what would last for ever is stopped long before"""


def test_a_shell_that_never_reads_again_stops_nobody(arena: Arena) -> None:
    deaf = "import labkit.inside.channel as c, time\nc.Channel.receive = lambda *a: time.sleep(10**9)"
    session = Session(arena.sandbox)
    session.run_cell(deaf, 5)
    with pytest.raises(Damage, match="had not come back"):
        session.run_cell("#" + "x" * 2**22, 2)
    session.close()


def test_cells_that_are_slow_when_they_are_run_again_take_no_longer_than_there_is(arena: Arena) -> None:
    once = "import os, time\nfirst = not os.path.exists('/tmp/once')\nopen('/tmp/once', 'w')"
    slow = "if not first: time.sleep(4)\ns{} = 1"
    names = " + ".join(f"s{i}" for i in range(20))
    cells = [
        new_code_cell(once),
        *[new_code_cell(slow.format(i)) for i in range(20)],
        answer_cell(f"os._exit(1)\nq_sample = {names} + first", "q_sample"),
        check_cell("q_sample"),
    ]
    started = time.monotonic()
    assert arena.run(cells, seconds=10) == {"q_sample": 0}
    assert time.monotonic() - started < 20 * 4  # once again would take that long, and it did eleven times


def test_many_cells_with_much_to_say_are_stopped(arena: Arena) -> None:
    session = Session(arena.sandbox)
    with pytest.raises(Damage, match="printed more than"):
        for _ in range(10):
            session.run_cell("print('x' * 15_000_000)", 60)
    assert session._said < NOTEBOOK_BYTES + 2 * 10**7
    session.close()


def test_what_is_said_again_counts_once(arena: Arena) -> None:
    session = Session(arena.sandbox)
    session.run_cell("print('x' * 15_000_000)", 60)
    said = session._said
    for _ in range(5):
        with pytest.raises(Damage, match="ended while this ran"):
            session.run_cell("import os; os._exit(1)", 60)
    assert session._said == said
    session.run_cell("print('x' * 15_000_000)", 60)
    session.close()


AMPLIFIED = {
    "shown_in_many_places": "from IPython.display import display\n"
    "for _ in range(30): display({'text/plain': 'a'}, raw=True, display_id='a')\n"
    "display({'text/plain': 'x' * 3_000_000}, raw=True, display_id='a', update=True)",
    "lines": "print('\\n' * 6_000_000)",
    "words_about_data": "from IPython.display import display\n"
    "for _ in range(2000): display({'text/plain': 'x'}, raw=True, metadata={'a': 'b' * 60_000})",
}


@pytest.mark.parametrize("how", AMPLIFIED)
def test_what_grows_in_the_notebook_counts_as_what_it_becomes(arena: Arena, how: str) -> None:
    session = Session(arena.sandbox)
    with pytest.raises(Damage, match="printed more than"):
        session.run_cell(AMPLIFIED[how], 60)
    session.close()


def test_of_a_traceback_a_thousand_lines_are_kept(arena: Arena) -> None:
    session = Session(arena.sandbox)
    forged = (
        "import labkit.inside.shell as s\n"
        "s.OUTPUTS.channel.send({'kind': 'error', 'name': 'E', 'value': 'v'}, b'\\n' * 1_000_000)"
    )
    (output,) = session.run_cell(forged, 60)
    assert len(output.traceback) == 1000
    session.close()


def test_a_long_chain_of_cells_is_read_once() -> None:
    def calls(length: int) -> int:
        """The calls that it takes to find what a chain of so many cells needs."""
        counted = 0

        def count(_frame: object, event: str, _arg: object) -> None:
            nonlocal counted
            counted += event in ("call", "c_call")

        cells = [f"a{i + 1} = a{i}" for i in range(length)]
        sys.setprofile(count)
        try:
            found = needed([*cells, f"q_sample = a{length}"], ['check("q_sample")'])
        finally:
            sys.setprofile(None)
        assert all(found)
        return counted

    assert calls(3000) < 12 * calls(300)  # ten times the cells; it was a hundred times


def test_a_helper_of_ones_own_survives_what_another_answer_breaks(arena: Arena) -> None:
    breaks = "def q_sample(*a): return 0\ntorch.cos = lambda *a: torch.zeros(3)"
    helper = "import math\ndef f_bar(u, s):\n    return torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2"
    right = """
def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps + 1, dtype=torch.float64)
    f = f_bar(u, s)
    return (1 - f[1:] / f[:-1]).clamp(max=0.999).float()
"""
    cells = [
        answer_cell(breaks, "q_sample"),
        check_cell("q_sample"),
        new_code_cell(helper),
        answer_cell(right, "cosine_betas"),
        check_cell("cosine_betas"),
    ]
    assert arena.run(cells) == {"q_sample": 0, "cosine_betas": 3}


def test_a_verdict_says_so_much_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """It repeats what an answer claims of itself."""
    wrong = wrong_answers("q_sample")["missing_roots"].load()

    def detail() -> str:
        shown, _ = run_test_cell('check("q_sample")', NamespaceSubject(wrong))
        return shown.data["text/plain"]

    whole = detail()
    monkeypatch.setattr(testcell, "MOST_WORDS", 10)
    assert "cannot be judged" not in detail() and len(detail()) < len(whole)


def test_bounded_work_comes_back() -> None:
    assert bounded(lambda: {"pid": os.getpid()}, FAR)["pid"] != os.getpid()


def test_bounded_work_comes_back_where_the_system_allows_less() -> None:
    def in_a_small_container() -> tuple[int, int]:
        most = psutil.Process().memory_info().data + MEMORY // 2
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        return most, bounded(lambda: resource.getrlimit(resource.RLIMIT_DATA)[0], FAR)

    allowed, taken = bounded(in_a_small_container, FAR)
    assert taken == allowed


def test_work_without_an_end_is_stopped_with_all_that_it_started() -> None:
    before = psutil.Process().children(recursive=True)
    with pytest.raises(BoundError, match="stopped after 1 seconds"):
        bounded(lambda: os.system("sleep 1000 & sleep 1000"), 1.0)
    _, alive = psutil.wait_procs(set(psutil.Process().children(recursive=True)) - set(before), timeout=30)
    assert alive == []


@pytest.mark.parametrize(
    "work",
    [
        lambda: len(bytearray(2 * MEMORY)),
        lambda: [faulthandler.disable(), os.abort()],
        lambda: os._exit(3),
        lambda: 1 / 0,
    ],
)
def test_work_that_breaks_its_process_is_one_sentence(work, capfd: pytest.CaptureFixture) -> None:
    with pytest.raises(BoundError, match="Its process ended"):
        bounded(work, FAR)


def test_a_submission_that_is_closed_to_others_is_graded_and_stays_closed(tmp_path: Path) -> None:
    """Collected with umask 077; for anybody but root the sandbox's user is that user."""
    submission = tmp_path / "autograded" / "ann" / "task1_swiss_roll"
    (submission / "results").mkdir(parents=True)
    (submission / "results" / "run.txt").write_text("learned")
    for path, mode in (
        (submission, 0o700),
        (submission / "results", 0o700),
        (submission / "results/run.txt", 0o600),
    ):
        path.chmod(mode)
    sandbox = Sandbox(submission)
    try:
        session = Session(sandbox)
        (said,) = session.run_cell("print(open('results/run.txt').read())", 10.0)
    finally:
        sandbox.close()
    assert said.text == "learned\n"
    assert not any(path.stat().st_mode & 0o007 for path in [submission, *submission.rglob("*")])


KINDS_OF_ROOT = {
    "without CAP_SYS_ADMIN": ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"],
    "alone in a name space": ["unshare", "--user", "--map-root-user"],
    "with 65,536 users": ["unshare", "--user", "sh", "-c", 'echo ready; read go; exec "$0" "$@"'],
}


@pytest.mark.skipif(os.geteuid() != 0, reason="these are kinds of root")
@pytest.mark.parametrize("kind", KINDS_OF_ROOT)
def test_root_of_other_kinds_has_a_sandbox_too(kind: str) -> None:
    """As in containers."""
    source = "from labkit.grading.isolation import try_isolation; try_isolation('bubblewrap'); print('held')"
    words = [*KINDS_OF_ROOT[kind], sys.executable, "-c", source]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if kind == "with 65,536 users":
            if process.stdout.readline() != "ready\n":
                pytest.skip("this system gives root no user namespace")
            for name in ("uid_map", "gid_map"):
                Path(f"/proc/{process.pid}/{name}").write_text("0 0 65536")
        said, _ = process.communicate("go\n")
    assert said == "held\n"
