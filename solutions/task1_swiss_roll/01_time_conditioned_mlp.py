# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · A network that knows the time
#
# *Task 1, lesson 1 of 4 · about 45 minutes · next: [2 · The forward process](02_forward_process.ipynb)*
#
# A diffusion model turns noise into data by removing a little noise again and again. In these four lessons
# you write one from scratch and let it draw a swiss roll. Today you build its heart: a small network that
# looks at noisy points, is told *how* noisy they are, and guesses the noise.
#
# **How these lessons work.** In a *TODO* cell, put your code in the place of the line that begins with
# `raise NotImplementedError`. The check below it runs your code on many inputs and tells you what it found; run it as often as
# you like. Where it says **Predict**, run the cell below it and click on your guess: once you have seen what happens,
# it says whether you were right, and why. You remember best what surprised you; a guess earns no points, and stays on this
# machine. The checks of the four lessons give 32 points, answers in your own words the other 8.
#
# **When you are stuck**, write `hint("SimpleNet")` into a cell of your own: it helps in three small steps. Once a check is green,
# `compare("SimpleNet")` shows other right answers beside yours; once you have written an answer in words, `model_answer("explain_time")`
# shows what a good one has (`model_answer()` names them all). None of this costs points.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("01_time_conditioned_mlp")  # on Colab, drive=True keeps your work in Google Drive

# %% [markdown]
# ## Where this leads
#
# Points of pure noise find their way to a swiss roll, a spiral seen from its end. The network that you write in these four
# lessons has led them there, in 1,000 small steps (this is a recorded run of lesson 4). Nobody tells a point where to go:
# at each step the network is asked one thing only, *which noise is in you?*

# %%
from labkit.plots import animate_trajectory
from labkit.sampling import finished_roll

animate_trajectory(finished_roll())

# %% [markdown]
# How can anybody learn that? From the other direction, which is easy: each of 1,000 small steps shrinks the data a little and
# shakes every point a little, at random. These random shakes are the *noise*. Move the slider, and see when you lose the roll:

# %%
from labkit.data import points
from labkit.plots.widgets import explore_noising

explore_noising(points("swiss_roll", 2048, seed=1))

# %% [markdown]
# On the way back the network has to guess what was added, from where a point lies now. That is all it learns; the four
# lessons make it exact.

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.data import points
from labkit.networks import TimeEmbedding, TimeLinear
from labkit.plots import plot_data_and_prior, plot_over_time

# %% [markdown]
# ## From here to there
#
# On one side the data, points on the roll. On the other side the *prior*, the
# standard normal distribution $\mathcal{N}(\mathbf{0}, \mathbf{I})$, from which anybody can draw. The model
# will lead points from the prior to the data in $T = 1000$ small steps.

# %%
data = points("swiss_roll", 2048, seed=1)
plot_data_and_prior(data)

# %% [markdown]
# ## Why one network needs a clock
#
# Let $\mathbf{x}_t$ be the points after $t + 1$ of the small steps above (lesson 2 writes them down).
# On the way back, we ask the network at each step which noise is in them. Its answer is written
#
# $$\boldsymbol\epsilon_\theta(\mathbf{x}_t, t), \qquad t = 0, 1, \dots, T-1,$$
#
# ($\theta$ stands for the network's weights; the noise is measured by its own size at $t$, so that its variance is 1 at every $t$),
# as in Ho et al., [*Denoising Diffusion Probabilistic Models*](https://arxiv.org/abs/2006.11239) (2020),
# Section 3.2. The same network serves all steps. Take a point just beside the spiral. If there is little noise, it
# has moved only a little away from the nearest *winding* (one turn of the spiral), and its position shows how far. If
# there is almost nothing but noise, the same point practically *is* the noise, and its position says almost nothing
# about where it came from. *Same place, other answer*: the
# network has to know $t$.
#
# ## Telling the time in waves
#
# A bare number between 0 and 999 is hard to digest for a network. So each $t$ becomes a row of waves, from
# fast to slow, as Vaswani et al., [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762) (2017),
# Section 3.5, write the position of a word:
#
# $$\cos(\omega_k t),\ \sin(\omega_k t), \qquad \omega_k = 10000^{-k/128}, \qquad k = 0, \dots, 127.$$
#
# **Predict:** three of these waves follow. In which of them do $t = 500$ and $t = 501$ differ most? In which one do
# 230 and 920?

# %%
predict("waves")

# %%
torch.manual_seed(1)
embedding = TimeEmbedding(dim=128, num_timesteps=1000)

plot_over_time({f"wave k = {k}": embedding.waves[:, k] for k in (20, 50, 85)})

# %% [markdown]
# Read them like the hands of a clock. The fast wave separates neighbours but soon repeats itself; the slow one
# hardly moves from one step to the next, yet knows early from late. Together they give every $t$ a pattern that no
# other $t$ has. (`TimeEmbedding` sends them through a small MLP, so that the network can choose what to listen to.)
#
# ## A linear layer with a clock
#
# `TimeLinear` multiplies what a linear layer computes, channel by channel, with such an embedding:
#
# $$\texttt{TimeLinear}(\mathbf{x}, t) = \mathrm{embedding}(t) \odot (W\mathbf{x} + \mathbf{b}).$$
#
# Here is one such layer, freshly made, at a single fixed point $\mathbf{x}$. Each colour is an output channel.
# It trembles because nothing has told it yet which waves matter.

# %%
torch.manual_seed(1)
layer = TimeLinear(2, 2, num_timesteps=1000)
t = torch.arange(1000)
x = torch.tensor([[1.0, -0.5]]).expand(1000, 2)

plot_over_time({"output at one x": layer(x, t)})

# %% [markdown]
# ## TODO 1 · `SimpleNet` (about 15 minutes)
#
# Stack such layers into an MLP: `dim_in` → `dim_hids[0]` → … → `dim_hids[-1]` → `dim_out`.
#
# - **Every** layer is a `TimeLinear` and is handed the time, the last one too.
# - The non-linearity is [SiLU](https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html), a ReLU with
#   its corner rounded off: the best guess of the noise changes smoothly from place to place, and the network's guess
#   should do so too.
# - It belongs after each *hidden* layer. Ask yourself what it would do to the answer after the last one: can
#   SiLU ever return −3? Can noise be −3?
# - `dim_hids` may have any length. PyTorch trains only the layers that it can find: how does an `nn.Module`
#   keep [a list of layers](https://docs.pytorch.org/docs/stable/generated/torch.nn.ModuleList.html)?

# %% nbgrader={"grade": false, "grade_id": "SimpleNet", "locked": false, "schema_version": 3, "solution": true, "task": false}
class SimpleNet(nn.Module):
    """An MLP of TimeLinear layers with SiLU after each hidden one: it guesses the noise in x_t."""

    def __init__(self, dim_in: int, dim_out: int, dim_hids: list[int], num_timesteps: int):
        """`dim_hids` holds the widths of the hidden layers; `num_timesteps` is T."""
        super().__init__()
        ### BEGIN SOLUTION
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(
            TimeLinear(width_in, width_out, num_timesteps) for width_in, width_out in zip(dims, dims[1:])
        )
        ### END SOLUTION

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """`x` [B, dim_in] and `t` [B], longs in 0 … T−1 → [B, dim_out]."""
        ### BEGIN SOLUTION
        *hidden, last = self.layers
        for layer in hidden:
            x = F.silu(layer(x, t))
        return last(x, t)
        ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_SimpleNet", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("SimpleNet", points=3)

# %% [markdown]
# ## Look: does it hear the clock?
#
# We hold one point fixed and let the time run, once for your network, once for a small MLP that
# is not told the time. Neither has been trained.
#
# **Predict:** what will the two panels look like, with a curve for each output?

# %%
predict("two_curves")

# %%
torch.manual_seed(1)
network = SimpleNet(dim_in=2, dim_out=2, dim_hids=[128, 128, 128], num_timesteps=1000)
plain = nn.Sequential(nn.Linear(2, 128), nn.SiLU(), nn.Linear(128, 2))

plot_over_time({"SimpleNet at one x": network(x, t), "an MLP without a clock": plain(x)})

# %% [markdown]
# The left one moves before it has learned anything: training only has to bend these curves, not to invent
# them. The right one gives the same answer at every noise level, whatever we train it on.
#
# **Predict:** what percentage of your network's parameters are in its time embeddings (the *clocks*)?

# %%
predict("clocks")

# %%
total = sum(parameter.numel() for parameter in network.parameters())
clocks = sum(p.numel() for name, p in network.named_parameters() if "time_embedding" in name)
print(f"{total:,} parameters, {clocks / total:.0%} of them in the time embeddings")

# %% [markdown]
# ## The average of all explanations
#
# Many points, each with another noise, may have ended at the same place: one input, several right answers. Which one
# does a
# network learn that is trained to make the *mean squared error* small? Suppose that one input comes with the answer 0 as
# often as with the answer 1, and try some guesses:

# %%
answers = torch.tensor([0.0, 1.0])  # both are right, for one and the same input
guesses = torch.linspace(0, 1, 5)
errors = (guesses[:, None] - answers).square().mean(dim=1)
print(*(f"guess {guess:.2f}   mean squared error {error:.4f}" for guess, error in zip(guesses, errors)), sep="\n")

# %% [markdown]
# The best guess is 0.5, an answer that was never right, and even it keeps an error. (Put `[0.0, 0.0, 0.0, 1.0]` there: now
# 0.25 is best. Each answer counts as often as it occurs.) So a squared error teaches **the average of all
# explanations** of an input. (An *explanation* is one right answer that fits this input: later, one clean point with
# its noise.) Keep this sentence: lessons 3, 4 and 6 come back to it.

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_time", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (1 point)
#
# Suppose we train the MLP *without* a clock to guess the noise with the smallest
# mean squared error, on points of all noise levels mixed. Which
# answer will it learn to give at a place $\mathbf{x}$? Why does this answer lead to wrong steps at the beginning of
# the way from noise to data, or at its end? Two or three sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_time", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** Trained on squared error, it learns the average noise over everything that could have
# brought a point to $\mathbf{x}$, averaged over all noise levels too. Near the roll, for example, that mixes
# "hardly any noise, this is data" with "pure noise that happens to lie here". So at the end of the way it points
# elsewhere than the little noise that is left, and at the beginning, where $\mathbf{x}$ nearly *is* the noise, it is
# much too small.
#
# **Rubric.** 1 point: says that the answer is an average over noise levels, *and* gives one consequence at one
# end of the way. ½ point: only one of the two. No point for "it does not know t" alone.
# <!-- ### END SOLUTION -->

# %%
recap("01_time_conditioned_mlp")

# %% [markdown]
# ## What you have learned
#
# - One network serves all noise levels; the right answer at the same place depends on $t$.
# - Waves from fast to slow give every timestep a pattern that a network can read.
# - `TimeLinear` lets the time scale every channel of every layer; most of the parameters are its clocks.
# - Where an input has several right answers, a squared error teaches their average.
#
# Next: [2 · The forward process](02_forward_process.ipynb), in which you make the noisy points that this
# network will learn from.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("02")
