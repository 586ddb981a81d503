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

TITLES = {
    "01_time_conditioned_mlp": "A network that knows the time",
    "02_forward_process": "The forward process",
    "03_reverse_process": "The reverse process",
    "04_train_and_evaluate": "Train and evaluate",
    "05_noise_schedules": "Noise schedules",
    "06_predictors": "Three ways to predict",
    "07_train_animal_faces": "Train animal faces",
    "08_sample_and_fid": "Sample and measure",
}
"""notebook → its title"""

MINUTES = {
    "01_time_conditioned_mlp": 45,
    "02_forward_process": 45,
    "03_reverse_process": 60,
    "04_train_and_evaluate": 45,
    "05_noise_schedules": 60,
    "06_predictors": 90,
    "07_train_animal_faces": 60,
    "08_sample_and_fid": 45,
}
"""notebook → how long it takes; of lesson 07's, 25 are training"""

PREDICTORS = ("noise", "x0", "mean")
"""What a network may be asked to guess."""

BETAS = ("linear", "quad", "cosine")
"""The noise schedules of Task 2."""


def run_folder(predictor: str, beta: str, seed: int = 63) -> str:
    """Where a notebook keeps the training run of a predictor under a schedule, beside itself."""
    return f"results/predictor_{predictor}/beta_{beta}/seed{seed}"


SWISS_ROLL_RUN = run_folder("noise", "linear")
"""Where notebook 04 keeps its training run."""

READ_BY_CHECKS: dict[str, list[str]] = {
    "forward_figure": ["x0", "timesteps", "x_ts"],
    "trained_model": [],
    "predictors": [],
    "trajectories": [],
    "face_quality": ["predictor", "beta", "step"],
}
"""check → the names of the notebook that it reads; any other check reads the TODO of its name.

What a training left is read from its folder.
"""
