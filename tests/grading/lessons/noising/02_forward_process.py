# %% [markdown]
# # Noising

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from labkit.checks import check
from labkit.schedules import extract

# %% [markdown]
# Write `q_sample`.


# %% nbgrader={"grade": false, "grade_id": "q_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def q_sample(schedule, x0, t, noise=None):
    """Draw x_t."""
    ### BEGIN SOLUTION
    noise = torch.randn_like(x0) if noise is None else noise
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check_q_sample", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("q_sample", points=4)

# %% [markdown]
# Why does it work?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_q_sample", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Because Gaussians add up to a Gaussian.
# ### END SOLUTION
