# %% [markdown]
# # Schedules

# %% nbgrader={"grade": false, "grade_id": "setup2", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from pathlib import Path

import torch
from labkit.checks import check
from labkit.course.answers import answer

q_sample = answer("q_sample")
run = Path("results/run.json")
print(run.read_text() if run.exists() else "no run")


# %% nbgrader={"grade": false, "grade_id": "cosine_betas", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_betas(num_train_timesteps, s=0.008):
    """The betas of the cosine schedule."""
    ### BEGIN SOLUTION
    u = torch.linspace(0, 1, num_train_timesteps + 1, dtype=torch.float64)
    f = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    return (1 - f[1:] / f[:-1]).clamp(max=0.999).float()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_cosine_betas", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
assert 2 + 2 == 4, "hidden"
### END HIDDEN TESTS
check("cosine_betas", points=3)
