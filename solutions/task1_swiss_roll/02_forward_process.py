# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 · The forward process
#
# *Task 1, lesson 2 of 4 · about 45 minutes · before: [1 · A network that knows the time](01_time_conditioned_mlp.ipynb) · next:
# [3 · The reverse process](03_reverse_process.ipynb)*
#
# To learn how noise becomes data, we first walk the other way, which is easy: we drown the data in noise, a
# little more at each timestep. You write the shortcut that jumps from clean points to any timestep at once,
# and watch a swiss roll dissolve.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("02_forward_process")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from torch import Tensor

from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.data import points
from labkit.plots import plot_forward
from labkit.plots.widgets import explore_forward, explore_schedule
from labkit.schedules import Schedule, extract

# %% [markdown]
# ## One small step
#
# Each step shrinks the points a little and adds a little fresh noise (Ho et al.,
# [2020](https://arxiv.org/abs/2006.11239), Equation 2):
#
# $$q(\mathbf{x}_t \mid \mathbf{x}_{t-1}) = \mathcal{N}\!\left(\sqrt{1-\beta_t}\,\mathbf{x}_{t-1},\ \beta_t\mathbf{I}\right)$$
#
# ($q(a \mid b)$ says how $a$ is distributed when $b$ is known.) What is left of the clean points in $\mathbf{x}_t$ is
# called the *signal*. The list of all $\beta_t$ is the *noise schedule*. In code:
#
# | in papers | in code | what it is |
# |---|---|---|
# | $\beta_t$ | `schedule.betas[t]` | the **variance** of the noise that step $t$ adds |
# | $\alpha_t = 1 - \beta_t$ | `schedule.alphas[t]` | what *one* step leaves of the signal's variance |
# | $\bar\alpha_t = \alpha_0\alpha_1\cdots\alpha_t$ | `schedule.alphas_cumprod[t]` | what is left of it after *all* steps up to $t$ |
#
# **Predict:** with $T = 1000$ and $\beta_t$ rising in a straight line from 0.0001 to 0.02, no step takes more than
# 2 % of the signal's variance. How much is left at $t = 500$: nearly all, half, or less than a tenth?

# %%
predict("signal_left")

# %%
explore_schedule()

# %% [markdown]
# What remains is multiplied: $\alpha_{500}$ is 0.99, but $\bar\alpha_{500}$ only 0.08. So look carefully whether
# there is a bar: $\alpha_t$ or $\bar\alpha_t$. Try $T = 100$
# with the same two ends: is the signal gone at the end? (It is not. $\bar\alpha_{T-1}$ is about $e^{-\sum_t \beta_t}$, and a
# tenth of the steps make a tenth of that sum: 1 instead of 10. So 36 % is left, instead of 0.004 %. Move
# `beta_end` until it is gone. The other schedule, *quad*, comes up in lesson 5.)
#
# ## One large jump
#
# A thousand Gaussian steps in a row are again one Gaussian step, because independent Gaussians add up to a
# Gaussian and their *variances* add. One step turns noise of variance $1-\bar\alpha_{t-1}$ into
# $\alpha_t(1-\bar\alpha_{t-1}) + \beta_t = 1-\bar\alpha_t$ (without the shrinking the variance would grow with every
# step). What remains is a formula for any $t$ (Ho et al. 2020, Equation 4):
#
# $$q(\mathbf{x}_t \mid \mathbf{x}_0) = \mathcal{N}\!\left(\sqrt{\bar\alpha_t}\,\mathbf{x}_0,\ (1-\bar\alpha_t)\,\mathbf{I}\right)$$
#
# It names a mean and a **variance**. You will draw from it, and to draw you scale standard noise
# $\boldsymbol\epsilon \sim \mathcal{N}(\mathbf{0}, \mathbf{I})$. If you multiply a random number by 3, by how
# much does its variance grow?
#
# > **Where we start to count.** Ho et al. number the noisy versions $1 \dots T$ and write $\mathbf{x}_0$ for the
# > clean data. Arrays start at 0, so our timesteps are $t = 0 \dots T-1$: their step 1 is our `t = 0`, their
# > step $T$ our `t = T - 1`. The points at `t = 0` therefore already carry one step's noise; the clean data,
# > which we go on calling `x0`, sit one step before, where $\bar\alpha_{-1} = 1$. The formula needs no change:
# > `alphas_cumprod[t]` is the product up to *and including* step `t`. So $\mathbf{x}_0$ always means the clean data,
# > and $\mathbf{x}_t$ at `t = 0` is something else.

# %% [markdown]
# ## TODO 2 · `q_sample` (about 10 minutes)
#
# In one batch every point may have its own timestep: `t` has shape [B] and `x0` has [B, D].
# `extract(values, t, x)` reads `values` at each point's `t` and shapes the result so that it broadcasts over
# `x`. Use the noise that you are given; draw your own only where there is none.

# %% nbgrader={"grade": false, "grade_id": "q_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def q_sample(schedule: Schedule, x0: Tensor, t: Tensor, noise: Tensor | None = None) -> Tensor:
    """Draw x_t from q(x_t | x_0) = N(√ᾱ_t x_0, (1 − ᾱ_t) I), Equation 4 in the DDPM paper.

    `x0` [B, D]; `t` [B], longs in 0 … T−1; `noise` [B, D], drawn from N(0, I) where it is None
    → x_t [B, D].
    """
    ### BEGIN SOLUTION
    if noise is None:
        noise = torch.randn_like(x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_q_sample", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("q_sample", points=3)

# %% [markdown]
# ## Look: turn the clock yourself
#
# **Predict:** in lesson 1 you saw the roll fade. At which $t$ are its windings no longer apart? Say a number, then
# move the slider.
# Each point keeps a colour that tells where it started.

# %%
predict("roll_gone")

# %% nbgrader={"grade": false, "grade_id": "forward_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(2)
schedule = Schedule.linear(1000)
x0 = points("swiss_roll", 2048, seed=2)

# %%
explore_forward(q_sample, schedule, x0)

# %% [markdown]
# ## Ten moments of the forward process
#
# The same on paper: $q(\mathbf{x}_t \mid \mathbf{x}_0)$ at ten timesteps, drawn with your `q_sample`. They are
# not evenly spaced, because the picture changes most where you might not expect it.

# %% nbgrader={"grade": false, "grade_id": "forward_figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(1)
timesteps = [0, 25, 50, 100, 150, 200, 300, 400, 600, 999]
x_ts = torch.stack([q_sample(schedule, x0, torch.full((len(x0),), t)) for t in timesteps])  # [10, N, 2]
plot_forward(x_ts, timesteps)

# %% nbgrader={"grade": true, "grade_id": "check_forward_figure", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("forward_figure", points=6)

# %% [markdown]
# Now in numbers. If the last picture really is $\mathcal{N}(\mathbf{0}, \mathbf{I})$, three things must hold:
# mean 0, standard deviation 1, and no trace of where a point came from, so no correlation with `x0`.
#
# **Predict:** the data have standard deviation 2. At which $t$ will it come close to 1?

# %%
predict("std_one")

# %%
print("   t    mean     std  correlation with x0")
for t, x_t in zip(timesteps, x_ts):
    correlation = torch.corrcoef(torch.stack([x_t.flatten(), x0.flatten()]))[0, 1]
    print(f"{t:4d}  {x_t.mean():6.2f}  {x_t.std():6.2f}  {correlation:6.3f}")

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_forward_figure", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Read the figure (4 points)
#
# 1. At about which $t$ can you no longer see the windings of the spiral, and how large are $\sqrt{\bar\alpha_t}$
#    and $\sqrt{1-\bar\alpha_t}$ there? (`schedule.alphas_cumprod[t]` tells you.)
# 2. Explain that $t$: neighbouring windings of the data lie about 1.9 apart. How far apart are they at your $t$, and how
#    large is the noise's standard deviation beside that? (Two clouds begin to touch where their distance is some four
#    standard deviations, and at two they are one.)
# 3. The windings disappear first. What can you still see after that, and until about which $t$?
# 4. The roll is gone long before $t = 999$. What are the remaining steps good for?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_forward_figure", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) The windings run into each other between $t = 150$ and 200. At $t = 200$ the signal is
# multiplied by 0.81 and the noise by 0.59. (2) Neighbouring windings lie about 1.9 apart, 1.5 after scaling. Once the
# noise's standard deviation is more than a third of that, clouds from both sides fill the gap. (3) Coarse
# things outlive fine ones: the emptier middle until about $t = 250$, the size of the cloud, wider than a standard
# normal, until about $t = 600$. (4) They take away the rest of the signal, until $\mathbf{x}_{T-1}$ is
# $\mathcal{N}(\mathbf{0}, \mathbf{I})$ whatever the data were: only then can sampling start from noise without
# knowing the data.
#
# **Rubric.** 1 point for each part: (1) a $t$ from 100 to 300 with both numbers right for it; (2) compares the
# noise's standard deviation with the distance of the windings (or another size in the picture); (3) something
# coarse, with a later $t$; (4) the end must not depend on the data, or must be the known prior.
# <!-- ### END SOLUTION -->

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_jump", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (1 point)
#
# Training will ask for $\mathbf{x}_t$ at a random $t$, hundreds of times a second. What would it cost without
# the large jump, and why is the jump exactly as good as walking step by step? Two or three sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_jump", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** Without it each training example would cost 500 steps on average instead of one. Every step only
# scales and adds independent Gaussian noise, so all steps together scale $\mathbf{x}_0$
# and add one Gaussian whose variance is the sum of the steps' (shrunk) variances, $1-\bar\alpha_t$. The
# distribution of $\mathbf{x}_t$ is the same, not an approximation.
#
# **Rubric.** 1 point: names the cost (hundreds of steps for each example) *and* the reason (a sum of
# independent Gaussians is a Gaussian, variances add). ½ point: one of the two.
# <!-- ### END SOLUTION -->

# %%
recap("02_forward_process")

# %% [markdown]
# ## What you have learned
#
# - The forward process has nothing to learn: the schedule alone decides how fast the signal fades.
# - $\mathbf{x}_t$ can be drawn in one jump; `alphas_cumprod` is what one needs for it.
# - Your figure shows what noise hides first and what last. On the way back it must come in the opposite order: first
#   the large shape, then the windings.
#
# Next: [3 · The reverse process](03_reverse_process.ipynb), from pure noise back to the data.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("03")
