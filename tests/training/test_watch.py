"""What a person sees of a run while it trains."""

import os
import re

import pytest
import tiny_images
import torch

from labkit.training import watch
from labkit.training.recipe import Recipe
from labkit.training.run import RunFolder
from labkit.training.state import TrainingState

RUN = f"import sys; sys.path.insert(0, {os.path.dirname(tiny_images.__file__)!r}); import tiny_images\n"
RUN += "run = tiny_images.tiny_fit({out!r}, preview=tiny_images.preview)"


def test_a_log_has_a_line_for_each_checkpoint(tmp_path, capfd):
    tiny_images.tiny_fit(tmp_path, preview=tiny_images.preview)
    out, err = capfd.readouterr()
    lines = err.splitlines()
    assert out == "" and len(lines) == 3
    form = r"step (\d+) of 24, loss \d\.\d{4}, [\d,.]+ images/s, \d+ s left"
    assert [re.fullmatch(form, line).group(1) for line in lines[:2]] == ["10", "20"]
    assert lines[2].startswith("step 24 of 24, loss") and "left" not in lines[2]


def test_nothing_is_shown_to_a_program_that_executes_a_notebook(tmp_path):
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    cell = nbformat.v4.new_code_cell(RUN.format(out=str(tmp_path)))
    nbclient.NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
    assert cell["outputs"] == []
    assert (tmp_path / "samples" / "step-000024.png").exists()


def test_a_notebook_with_a_front_end_shows_one_live_page(tmp_path):
    manager = pytest.importorskip("jupyter_client.manager")
    kernel, client = manager.start_new_kernel(env=os.environ | {"JPY_SESSION_NAME": "lesson.ipynb"})
    messages = []
    try:
        reply = client.execute_interactive(
            RUN.format(out=str(tmp_path)), allow_stdin=True, timeout=300, output_hook=messages.append
        )
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    shown = [message for message in messages if message["msg_type"] not in ("status", "execute_input")]
    assert [message["msg_type"] for message in shown[:2]] == ["display_data", "update_display_data"]
    assert {message["msg_type"] for message in shown[1:]} == {"update_display_data"}
    assert len({message["content"]["transient"]["display_id"] for message in shown}) == 1
    pages = [message["content"]["data"]["text/html"] for message in shown]
    assert "step 0 of 24" in pages[1] and "step 24 of 24" in pages[-1]
    assert pages[1].count("data:image/png;base64,") == 1 and pages[-1].count("data:image/png;base64,") == 2
    assert "draws after 24 steps" in pages[-1] and "Training loss over steps" in pages[-1]


def test_the_page_takes_next_to_none_of_the_time(tmp_path, monkeypatch):
    """However slow the drawing is: here a second, while a step takes a tenth."""
    now, shows = 0.0, []

    def show(html):
        nonlocal now
        now += 1.0
        shows.append(now)

    monkeypatch.setattr(watch.time, "monotonic", lambda: now)
    recipe = Recipe(10_000, 8, 1e-3, 0, "none", None, "no", 0)
    state, folder = TrainingState(tiny_images.network(), recipe), RunFolder(tmp_path)
    folder.preview(0).parent.mkdir()
    folder.preview(0).write_bytes(b"a picture")
    page = watch.Page(folder, watch.Pace(recipe, state), show)
    for _ in range(10_000):
        now += 0.1
        state.step_done(torch.tensor(1.0))
        page.step(checkpoint=False)
    assert 5 < len(shows) <= 0.02 * now
    page.close()
    assert len(shows) <= 0.02 * now


def test_tensorboard_sees_loss_rate_and_pictures_once(tmp_path):
    event_accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    given = {"steps": 120, "checkpoint_every": 60, "preview": tiny_images.preview}
    calls = 0

    def breaking(network, x0):
        nonlocal calls
        calls += torch.is_grad_enabled()
        if calls == 110:
            raise KeyError("as a killed run: after what was logged, before the checkpoint")
        return tiny_images.loss_fn(network, x0)

    with pytest.raises(KeyError):
        tiny_images.tiny_fit(tmp_path, loss_fn=breaking, **given)
    run = tiny_images.tiny_fit(tmp_path, **given)
    events = event_accumulator.EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert [event.step for event in events.Scalars("lr")] == [50, 100]
    assert [event.step for event in events.Images("samples")] == [60, 120]
    for event in events.Scalars("loss"):
        assert event.value == pytest.approx(run.losses[event.step - 50 : event.step].mean().item())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min"), (61, "1 min"), (3599, "1 h 00 min"), (8000, "2 h 13 min")],
)
def test_durations_read_well(seconds, text):
    assert watch._duration(seconds) == text
