# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · The reverse process
#
# *Task 1, lesson 3 of 4 · about 60 minutes · before: [2 · The forward process](02_forward_process.ipynb) · next:
# [4 · Train and evaluate](04_train_and_evaluate.ipynb)*
#
# Now we walk back: from pure noise to data, one step at a time. You write one step, then the loop around it.
# Nothing is trained yet, so we lend you a *perfect* network for a simple data set and see whether your walk
# really ends where it should.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("03_reverse_process")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math
from collections.abc import Callable

import torch
from torch import Tensor

from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.plots import plot_samples
from labkit.plots.widgets import play_trajectory
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule, extract

# %% [markdown]
# ## One step back
#
# A network that can tell the noise in $\mathbf{x}_t$ is all we need. Subtract the right share of its guess,
# undo the step's shrinking, and add a little fresh noise (Ho et al.,
# [2020](https://arxiv.org/abs/2006.11239), Algorithm 2 and Equation 11):
#
# $$\mathbf{x}_{t-1} = \frac{1}{\sqrt{\alpha_t}}\left(\mathbf{x}_t -
# \frac{\beta_t}{\sqrt{1-\bar\alpha_t}}\,\boldsymbol\epsilon_\theta(\mathbf{x}_t, t)\right) + \sigma_t\mathbf{z},
# \qquad \mathbf{z} \sim \mathcal{N}(\mathbf{0}, \mathbf{I})$$
#
# with $\alpha_t$ = `schedule.alphas[t]`, $\bar\alpha_t$ = `schedule.alphas_cumprod[t]` (both occur: watch the
# bar) and one of two variances, which serve equally well where $T$ is large (Section 3.2):
#
# $$\sigma_t^2 = \beta_t \qquad\text{or}\qquad
# \sigma_t^2 = \tilde\beta_t = \frac{1-\bar\alpha_{t-1}}{1-\bar\alpha_t}\,\beta_t.$$
#
# (Lesson 6 shows where the factors come from, in a picture and a short derivation. The second variance is called
# the *posterior variance*; in it $\bar\alpha_{t-1}$ = `schedule.alphas_cumprod_prev[t]`.) Both are variances; the
# step multiplies $\mathbf{z}$ by $\sigma_t$. Why a Gaussian? Where $\mathbf{x}_{t-1}$ was has in general no simple
# distribution: there are many explanations (lesson 1). But if the step is small, it is nearly a Gaussian, whatever
# the data are. That is why there are so many steps.
#
# > **The last step.** The step that returns the finished sample adds no noise: nothing would come after it to
# > take the noise away. Algorithm 2 in the paper says so with a condition (noise only *if $t > 1$*), for timesteps
# > that run from $T$ down to 1. Ours run from $T-1$ down to 0. Do not copy the condition. Which of *our* steps is the
# > last? With
# > the paper's condition, how many of our steps would have no noise?

# %% [markdown]
# ## TODO 3 · `p_sample` (about 15 minutes)
#
# All points of a batch take the same step here, so the entries of `t` are all equal, but it still has the shape
# [B]: that is what the network and `extract` expect. Ask the network exactly once, and step all points at once,
# without a loop over the batch: soon 2,048 of them will take 1,000 such steps.

# %% nbgrader={"grade": false, "grade_id": "p_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
@torch.no_grad()  # sampling needs no gradients, and a thousand steps of them would fill the memory
def p_sample(
    network: Callable[[Tensor, Tensor], Tensor], schedule: Schedule, x_t: Tensor, t: Tensor
) -> Tensor:
    """Take one reverse step: draw x_{t−1} given x_t, Equation 11 in the DDPM paper.

    x_{t−1} = (x_t − β_t / √(1 − ᾱ_t) · network(x_t, t)) / √α_t + σ_t z,
    without noise in the last step.
    `x_t` [B, D]; `t` [B], longs in 0 … T−1, all equal → x_{t−1} [B, D].
    """
    ### BEGIN SOLUTION
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * network(x_t, t)) / alpha.sqrt()
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_p_sample", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("p_sample", points=4)

# %% [markdown]
# ## TODO 4 · `p_sample_loop` (about 10 minutes)
#
# Now take all $T$ steps. Begin where the forward process ended, with pure noise, and go down to the clean
# samples. `schedule.num_train_timesteps` is the number of steps; the check also uses other numbers than 1000.

# %% nbgrader={"grade": false, "grade_id": "p_sample_loop", "locked": false, "schema_version": 3, "solution": true, "task": false}
@torch.no_grad()
def p_sample_loop(
    network: Callable[[Tensor, Tensor], Tensor], schedule: Schedule, shape: tuple[int, ...]
) -> Tensor:
    """Draw samples x_0 of the given shape [B, D], Algorithm 2 in the DDPM paper.

    Starts at N(0, I) on the schedule's device (`schedule.betas.device`) and calls p_sample
    at every timestep.
    """
    ### BEGIN SOLUTION
    device = schedule.betas.device
    x_t = torch.randn(shape, device=device)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full(shape[:1], t, device=device))
    return x_t
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_p_sample_loop", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("p_sample_loop", points=3)

# %% [markdown]
# ## What the best network answers
#
# Lesson 1 has said it: the average of all explanations. Now we can draw it. Let the data be 2,000 points
# $\mathbf{x}_0^{(n)}$ of the roll, and look at one place $\mathbf{x}_t$. Each of them can be the clean point of
# $\mathbf{x}_t$, with the right noise: the noise that leads from $\sqrt{\bar\alpha_t}\,\mathbf{x}_0^{(n)}$ to
# $\mathbf{x}_t$. Little noise is likelier than much, so they explain $\mathbf{x}_t$ with the weights
#
# $$w_n \propto \exp\left(-\frac{\|\mathbf{x}_t - \sqrt{\bar\alpha_t}\,\mathbf{x}_0^{(n)}\|^2}{2\,(1-\bar\alpha_t)}\right),
# \qquad \sum_n w_n = 1,$$
#
# and the best guess of the noise is the average of theirs with these weights. The same place at three times:

# %%
from labkit.plots import plot_explanations

plot_explanations(points("swiss_roll", 2000, seed=3), Schedule.linear(1000), x_t=(1.7, 0.2), timesteps=(600, 200, 20))

# %% [markdown]
# The arrow leads from the average of all explanations to $\mathbf{x}_t$: it is the noise that the best network sees
# there (times $\sqrt{1-\bar\alpha_t}$). At $t = 600$ practically the whole roll explains $\mathbf{x}_t$. At $t = 200$
# parts of two windings do, and their average lies between them, where there are no data. (A walk does not end there:
# each step goes only a little towards the average, then the network is asked again, and with less noise the average
# moves onto one of the windings.) At $t = 20$
# there are 61 of the 2,000 points left that share 99.9 % of the weight, all from the nearest winding.

# %% [markdown]
# ## A perfect network
#
# For some data this average is a short formula. Take eight Gaussians on a circle, with centres
# $\mathbf{c}_k$ and standard deviation $s$. At time $t$ they have become eight wider Gaussians with centres
# $\sqrt{\bar\alpha_t}\,\mathbf{c}_k$ and variance $v_t = \bar\alpha_t s^2 + 1 - \bar\alpha_t$. A point
# $\mathbf{x}_t$ may stem from each of them; nearer ones are likelier, with shares $w_k$ that sum to 1. Of a cloud's
# variance $v_t$ the part $1-\bar\alpha_t$ is noise, so on average this share of the way from its centre is noise;
# divided by $\sqrt{1-\bar\alpha_t}$ its variance is 1 again. The expected noise is then
#
# $$\boldsymbol\epsilon^*(\mathbf{x}_t, t) = \frac{\sqrt{1-\bar\alpha_t}}{v_t}
# \sum_{k=1}^{8} w_k \left(\mathbf{x}_t - \sqrt{\bar\alpha_t}\,\mathbf{c}_k\right).$$
#
# No network, however large and however long trained, can guess better. Here it is.

# %%
schedule = Schedule.linear(1000)
angles = torch.arange(8) * math.pi / 4
centres = 2.81 * torch.stack([angles.cos(), angles.sin()], dim=1)  # [8, 2]
spread = 0.21

def perfect_network(x_t: Tensor, t: Tensor) -> Tensor:
    """The expected noise in x_t [B, 2] where the data are the eight Gaussians → [B, 2]."""
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  # [B, 1]
    variance = alpha_bar * spread**2 + 1 - alpha_bar  # [B, 1]
    away = x_t[:, None] - alpha_bar.sqrt()[:, None] * centres  # [B, 8, 2]
    shares = torch.softmax(-away.square().sum(dim=2) / (2 * variance), dim=1)  # [B, 8]
    return (1 - alpha_bar).sqrt() / variance * (shares[:, :, None] * away).sum(dim=1)

# %% [markdown]
# **Predict:** nobody tells your loop where the Gaussians are, it only asks for noise. Will each of the eight
# get its share of the 2,048 points? And will they be as wide as they should be, or narrower?

# %%
predict("eight_shares")

# %%
torch.manual_seed(3)
samples = p_sample_loop(perfect_network, schedule, (2048, 2))
data = points("eight_gaussians", 2048, seed=3)
plot_samples({"your reverse process": samples}, data)

# %% [markdown]
# How close is that? The *Chamfer distance* takes every point of each set, looks for its nearest neighbour in
# the other, and adds up the squared distances. Two draws of the data themselves are not at distance 0, so we need
# their distance to compare with.

# %%
nearest = torch.cdist(samples, centres).min(dim=1)
print("points at each Gaussian  ", nearest.indices.bincount(minlength=8).tolist())
print(f"their standard deviation  {nearest.values.square().mean().div(2).sqrt():.2f} (should be {spread})")
print(f"Chamfer distance: samples to data        {chamfer_distance(samples, data):.1f}")
another = points("eight_gaussians", 2048, seed=4)
print(f"Chamfer distance: another draw to data   {chamfer_distance(another, data):.1f}")

# %% [markdown]
# With a perfect network *and 1,000 small steps* the walk lands on the data, as if drawn from them. (With few large
# steps not even the perfect network would do: try `Schedule.linear(20, 0.005, 0.9)`.) All that can go wrong from now
# on is the network. Watch the points travel (it takes some
# seconds); the colour of a point tells how far left or right it will end:

# %%
torch.manual_seed(3)

def step(x_t: Tensor, t: Tensor) -> Tensor:
    return p_sample(perfect_network, schedule, x_t, t)

trajectory = record_trajectory(step, torch.randn(1024, 2), schedule.num_train_timesteps)
play_trajectory(trajectory)

# %% [markdown]
# ## All from one point
#
# **Predict:** now all 1,024 walks start at *exactly the same* point, with the same network. Will they all end
# in the same Gaussian? At about which $t$ is it decided where a walk ends?

# %%
predict("same_start")

# %%
torch.manual_seed(3)
same_start = torch.tensor([[0.5, 0.3]]).expand(1024, 2)
trajectory = record_trajectory(step, same_start, schedule.num_train_timesteps)
play_trajectory(trajectory)

# %%
nearest = torch.cdist(trajectory.x_ts, centres).argmin(dim=2)  # [snapshots, 1024]
print("   t   walks that are already nearest to their final Gaussian")
for t, at_t in list(zip(trajectory.timesteps, nearest))[::5]:
    print(f"{t:4d}   {(at_t == nearest[-1]).float().mean():.0%}")

# %% [markdown]
# And without any noise on the way? From 2,048 random starts all eight Gaussians would still be reached, but each would come
# out 0.12 wide instead of 0.21: the means alone pull the points together.

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_noise", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (1 point)
#
# We want to remove noise, and yet every step except the last *adds* some. What is this noise good for, and why is it
# of no use in the last step? Two or
# three sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_noise", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** $\mathbf{x}_t$ does not determine $\mathbf{x}_{t-1}$: many less noisy points could have led to
# it. The step draws one of them, its mean plus noise of the right width. So walks from the same point spread over all
# eight Gaussians, and each Gaussian gets its width; means alone pull the points together. Later
# steps correct for the noise of earlier ones. After the last step none follows, so its noise would stay in the
# sample. (With $\tilde\beta_t$ there is none anyway: $\tilde\beta_0 = 0$.)
#
# **Rubric.** 1 point: the noise makes the result a draw from a distribution (variety, the right width) *and*
# nothing removes the last step's noise. ½ point: one of the two.
# <!-- ### END SOLUTION -->

# %%
recap("03_reverse_process")

# %% [markdown]
# ## What you have learned
#
# - One reverse step removes a share of the guessed noise and adds a little fresh noise; the last adds none.
# - Sampling is that step, $T$ times, starting from the prior. With a perfect network it draws from the data.
# - The rough decision (which Gaussian?) falls before the details, here between $t$ ≈ 600 and 150: the forward
#   process, backwards.
#
# Next: [4 · Train and evaluate](04_train_and_evaluate.ipynb), in which your own network takes the perfect
# one's place.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("04")
