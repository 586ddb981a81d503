"""The course at a glance: which notebook asks for which TODO."""

ASSIGNMENTS: dict[str, dict[str, list[str]]] = {
    "task1_swiss_roll": {
        "01_time_conditioned_mlp": ["SimpleNet"],
        "02_forward_process": ["q_sample"],
        "03_reverse_process": ["p_sample", "p_sample_loop"],
        "04_train_and_evaluate": ["compute_loss"],
    },
    "task2_images": {
        "05_noise_schedules": ["add_noise", "cosine_betas"],
        "06_predictors": [
            "get_loss_noise",
            "get_loss_x0",
            "get_loss_mean",
            "step_predict_noise",
            "step_predict_x0",
            "step_predict_mean",
            "step",
        ],
        "07_train_animal_faces": [],
        "08_sample_and_fid": [],
    },
}
"""assignment → notebook → the grade_ids of its TODO cells, in the order of the course."""

TODOS: dict[str, str] = {
    todo: notebook
    for notebooks in ASSIGNMENTS.values()
    for notebook, todos in notebooks.items()
    for todo in todos
}
"""TODO → the notebook (without .ipynb) that asks for it."""

PREDICTORS = ("noise", "x0", "mean")
"""What a network may be asked to guess."""

BETAS = ("linear", "quad", "cosine")
"""The noise schedules of Task 2."""


def run_folder(predictor: str, beta: str, seed: int = 63) -> str:
    """Where a notebook keeps the training run of a predictor under a schedule, beside itself."""
    return f"results/predictor_{predictor}/beta_{beta}/seed{seed}"


SWISS_ROLL_RUN = run_folder("noise", "linear")
"""Where notebook 04 keeps its training run."""
