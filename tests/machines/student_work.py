"""What a student's machine must be able to do: `python student_work.py imports | checks | training FOLDER`.

Prints one JSON object. The tests run it on machines that it was not written on.
"""

import json
import sys
from _thread import interrupt_main
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSTRUCTORS = ("labkit.grading", "labkit.inside", "labkit.cli.live", "labkit.__main__")
WRONG = {
    "SimpleNet": "relu_for_silu",
    "q_sample": "missing_roots",
    "add_noise": "minus_noise",
    "cosine_betas": "cosine_not_squared",
}
ENDLESS = "def q_sample(schedule, x0, t, noise=None):\n    while True:\n        pass\n"


def imports() -> list[str]:
    """Import all that is a student's of labkit, and return the names."""
    names = []
    for path in sorted((ROOT / "labkit").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.startswith(INSTRUCTORS):
            names.append(name)
    for name in names:
        import_module(name)
    return names


def checks() -> dict[str, dict[str, str | bool | None]]:
    """Judge the solutions, a wrong answer to some TODOs, and one that never comes back."""
    sys.path.insert(0, str(ROOT / "tests"))
    from answers.mistakes import wrong_answers

    from labkit.checks import NamespaceSubject, judge
    from labkit.course.answers import load_answers
    from labkit.course.syllabus import LESSONS, assignment_of

    right = {}
    for name, lesson in LESSONS.items():
        answers = load_answers(ROOT / "solutions" / str(assignment_of(name)) / f"{name}.ipynb")
        right |= {todo: judge(todo, NamespaceSubject(answers)).passed for todo in lesson.todos}
    wrong = {}
    for todo, mistake in WRONG.items():
        answer = wrong_answers(todo)[mistake]
        wrong[todo] = judge(todo, NamespaceSubject(answer.load())).misconception
    namespace: dict[str, object] = {}
    exec(ENDLESS, namespace)
    wrong["endless"] = judge("q_sample", NamespaceSubject(namespace)).misconception
    return {"right": right, "wrong": wrong}


def training(folder: Path) -> dict[str, object]:
    """Stop a training of points, go on with it, and find it finished; draw from it and measure."""
    import torch

    from labkit.course.answers import load_answers
    from labkit.data import ToyFaces, points
    from labkit.metrics import chamfer_distance
    from labkit.schedules import Schedule
    from labkit.training import TrainingInterruptedError, fit, training_device

    answers = {}
    for notebook in sorted((ROOT / "solutions" / "task1_swiss_roll").glob("*.ipynb")):
        answers |= load_answers(notebook)
    device = training_device()
    schedule = Schedule.linear(50).to(device)
    data = points("swiss_roll", 512, seed=1).to(device)
    stops = [interrupt_main]  # as the stop button does

    def loss_fn(network, x0):
        return answers["compute_loss"](network, schedule, x0)

    def stopped_loss(network, x0):
        if stops and any(folder.rglob("step-*.safetensors")):
            stops.pop()()
        return loss_fn(network, x0)

    def train(loss):
        torch.manual_seed(0)
        network = answers["SimpleNet"](2, 2, [16, 16], 50)
        options = {"steps": 200, "batch_size": 64, "lr": 1e-2, "ema_decay": 0.9, "checkpoint_every": 20}
        return fit(network, loss, data, out=folder / "run", **options)

    try:
        train(stopped_loss)
        interrupted = False
    except TrainingInterruptedError:
        interrupted = True
    run = train(loss_fn)
    mapped = Path("/proc/self/maps")
    held = str(folder) in mapped.read_text(encoding="utf-8") if mapped.exists() else False
    samples = answers["p_sample_loop"](run.network, schedule, (64, 2))
    return {
        "interrupted": interrupted,
        "steps": len(run.losses),
        "distance": chamfer_distance(samples, data),
        "holds_files_open": held,
        "faces": list(ToyFaces("val", 8, 6).images.shape),
    }


def main(what: str, *arguments: str) -> None:
    if what == "imports":
        found = imports()
    elif what == "checks":
        found = checks()
    else:
        found = training(Path(*arguments))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
