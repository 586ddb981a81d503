# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · Its number follows from the syllabus
#
# *Task 1, lesson 1 of 1*
#
# The noise is known: what was there before it?

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from torch import Tensor

from labkit.checks import check
from labkit.schedules import Schedule, extract

# %% [markdown]
# ## TODO 0 · `predict_x0` (about 5 minutes)
#
# Solve Equation 4 of Ho et al. (2020) for $\mathbf{x}_0$.


# %% nbgrader={"grade": false, "grade_id": "predict_x0", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_x0(schedule: Schedule, x_t: Tensor, eps: Tensor, t: Tensor) -> Tensor:
    """`x_t`, `eps` [B, D]; `t` [B] → x_0 [B, D]."""
    ### BEGIN SOLUTION
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - (1 - alpha_bar).sqrt() * eps) / alpha_bar.sqrt()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_predict_x0", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("predict_x0", points=2)
