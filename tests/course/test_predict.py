"""`predict` in a real kernel: buttons, the cell that answers, and nothing where a program executes it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from labkit.course.predictions import QUESTIONS, Guess, guesses_in, keep
from labkit.course.predictions.kept import FILE

SECONDS = 120
IMPORT = "from labkit.course.predict import predict, recap"
HALF, RIGHT = "about half of it", "less than a tenth"
VIEW = "application/vnd.jupyter.widget-view+json"


class FrontEnd:
    """Runs cells as JupyterLab does, and clicks."""

    def __init__(self, client: BlockingKernelClient):
        self._client = client
        self._widgets: dict[str, str] = {}
        self.shown: dict[str, dict[str, Any]] = {}
        """display id → what stands there"""

    def run(self, code: str) -> list[str]:
        """The plain text of what a cell shows, and of its error."""
        return self._outputs(self._client.execute(code, allow_stdin=True))

    def press(self, model: str, **state: Any) -> None:
        """Send what a widget of this kind sends when somebody uses it."""
        content = {
            "comm_id": self._widgets[model],
            "data": {"method": "update", "state": state, "buffer_paths": []},
        }
        self._send(content)

    def click(self, model: str) -> None:
        self._send(
            {"comm_id": self._widgets[model], "data": {"method": "custom", "content": {"event": "click"}}}
        )

    def _send(self, content: dict[str, Any]) -> None:
        message = self._client.session.msg("comm_msg", content)
        self._client.shell_channel.send(message)
        assert self._outputs(message["header"]["msg_id"]) == []

    def _outputs(self, asked: str) -> list[str]:
        texts = []
        while True:
            message = self._client.get_iopub_msg(timeout=SECONDS)
            kind, content = message["msg_type"], message["content"]
            if kind == "comm_open":
                self._widgets[content["data"]["state"].get("_model_name", "")] = content["comm_id"]
            if message["parent_header"].get("msg_id") != asked:
                continue
            if kind in ("display_data", "update_display_data") and "display_id" in content["transient"]:
                self.shown[content["transient"]["display_id"]] = content["data"]
            if kind in ("display_data", "execute_result"):
                texts.append(content["data"]["text/plain"])
            elif kind == "error":
                texts.append(content["ename"])
            elif kind == "status" and content["execution_state"] == "idle":
                return texts


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Starts kernels in the same folder, as a server of Jupyter does."""
    running = []

    def one() -> FrontEnd:
        named = os.environ | {"JPY_SESSION_NAME": "lesson.ipynb"}
        manager, client = start_new_kernel(startup_timeout=SECONDS, cwd=str(tmp_path), env=named)
        running.append((manager, client))
        front_end = FrontEnd(client)
        assert front_end.run(IMPORT) == []
        return front_end

    yield one
    for manager, client in running:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_guess_is_changed_kept_and_answered_after_the_cell_that_shows_it(
    start: Any, tmp_path: Path
) -> None:
    here = start()
    (asked,) = here.run('predict("signal_left")')
    assert asked == f"Your guess? nearly all of it · {HALF} · {RIGHT}"
    (view,) = here.shown.values()
    assert VIEW in view and QUESTIONS["signal_left"].because not in view["text/html"]
    here.press("ToggleButtonsModel", index=0)
    here.press("ToggleButtonsModel", index=1)
    assert guesses_in(tmp_path) == {"signal_left": Guess(HALF)}
    assert here.run("'another cell'") == ["'another cell'"]
    assert here.run("1 / 0  # explore_schedule()") == ["ZeroDivisionError"]  # nothing was seen
    figure, answer = here.run("'figure'  # explore_schedule()")
    assert figure == "'figure'" and answer.startswith(f"≠ A surprise. You said: {HALF}. The answer: {RIGHT}.")
    assert guesses_in(tmp_path) == {"signal_left": Guess(HALF, answered=True)}
    (view,) = here.shown.values()
    assert view == {"text/plain": f"Your guess: {HALF}.", "text/html": f"<p>Your guess: {HALF}.</p>"}

    here.press("ToggleButtonsModel", index=2)  # a click that came too late
    assert guesses_in(tmp_path) == {"signal_left": Guess(HALF, answered=True)}
    assert here.run("'figure'  # explore_schedule()") == ["'figure'"]
    (again,) = here.run('predict("signal_left")')
    assert again == answer
    (said,) = here.run('recap("02_forward_process")')
    assert said.startswith("0 of 1 as you predicted (2 without a guess). What surprised you:")


def test_after_a_restart_the_guess_is_there_and_may_change(start: Any, tmp_path: Path) -> None:
    first = start()
    first.run('predict("std_one")')
    first.click("ButtonModel")
    assert guesses_in(tmp_path) == {"std_one": Guess(0)}
    second = start()
    assert second.run("'x_t.std()'") == ["'x_t.std()'"]  # not asked in this kernel
    second.run('predict("std_one")')
    second.press("BoundedIntTextModel", value=610)  # typed, and nothing clicked
    _, answer = second.run("'x_t.std()'")
    assert answer.startswith("✓ As you predicted. You said: t = 610. The answer: about t = 600.")


def test_run_all_answers_every_question_and_keeps_nothing(start: Any, tmp_path: Path) -> None:
    here = start()
    here.run('predict("signal_left")')
    here.run('predict("std_one")')  # two in a row
    assert [text[:22] for text in here.run("# explore_schedule()")] == ["○ No guess this time. "]
    assert len(here.run("# x_t.std()")) == 1
    assert [view["text/plain"] for view in here.shown.values()] == ["No guess was made."] * 2
    assert not (tmp_path / "results").exists()
    assert here.run('predict("signal_left")')[0].startswith("Your guess?")  # there is a second chance


def test_a_guess_that_cannot_be_kept_is_answered_all_the_same(start: Any, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    here = start()
    here.run('predict("signal_left")')
    here.press("ToggleButtonsModel", index=2)
    (answer,) = here.run("# explore_schedule()")
    assert answer.startswith(f"✓ As you predicted. The answer: {RIGHT}.")
    assert (tmp_path / "results").read_text() == "a file"
    assert here.run('recap("02_forward_process")')[0].startswith("No guesses are kept")


def test_a_terminal_asks_and_answers_in_words(tmp_path: Path) -> None:
    cells = f'{IMPORT}\npredict("signal_left")\n"explore_schedule("\n'
    command = [
        sys.executable,
        "-m",
        "IPython",
        "--simple-prompt",
        "--no-banner",
        "--quick",
        "--no-confirm-exit",
    ]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("JPY_", "VSCODE"))}
    done = subprocess.run(
        command, input=cells, cwd=tmp_path, env=plain, capture_output=True, text=True, timeout=SECONDS
    )
    asked, answered = done.stdout.index("Your guess? nearly all"), done.stdout.index("○ No guess this time.")
    assert asked < answered and done.stdout.count(QUESTIONS["signal_left"].because) == 1


def test_where_a_program_executes_a_notebook_nothing_is_read_or_written(tmp_path: Path) -> None:
    keep(tmp_path, "signal_left", Guess(HALF, answered=True))
    before = (tmp_path / FILE).read_bytes()
    sources = [
        IMPORT,
        'predict("signal_left")',
        "'explore_schedule('",
        'predict("std_one")',
        'recap("02_forward_process")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}).execute()
    _, asked, seen, _, said = (cell.outputs for cell in notebook.cells)
    assert set(asked[0].data) == {"text/plain", "text/html"}
    assert asked[0].data["text/plain"] == f"Your guess? nearly all of it · {HALF} · {RIGHT}"
    folded = asked[0].data["text/html"].partition("<details><summary>The answer</summary>")
    assert RIGHT in folded[2] and QUESTIONS["signal_left"].because[:20] not in folded[0]
    assert [output.data["text/plain"] for output in seen] == ["'explore_schedule('"]
    assert said[0].data["text/plain"].startswith("No guesses are kept")
    assert (tmp_path / FILE).read_bytes() == before
    assert json.loads(before)["signal_left"]["said"] == HALF
