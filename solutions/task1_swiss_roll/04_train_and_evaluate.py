# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4 · Train and evaluate
#
# *Task 1, lesson 4 of 4 · about 45 minutes · before: [3 · The reverse process](03_reverse_process.ipynb) · next:
# [5 · Noise schedules](../task2_images/05_noise_schedules.ipynb)*
#
# Everything comes together: you write the loss, train your network for less than a minute, and it draws a
# swiss roll out of noise. Then we measure how good it is, and see what a few tricks in training are worth.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("04_train_and_evaluate")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labkit.course.answers import answer
from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.course.syllabus import SWISS_ROLL_RUN
from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.plots import animate_trajectory, plot_losses, plot_samples, plot_score_field
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule, extract
from labkit.training import fit, load_weights, training_device

# %% [markdown]
# ## What you bring
#
# `answer` runs your own TODO cells from lessons 1 to 3, as you last saved them. If one of them is missing, it says
# which lesson to finish first; if one is not right, it says so too.

# %% nbgrader={"grade": false, "grade_id": "earlier_answers", "locked": true, "schema_version": 3, "solution": false, "task": false}
SimpleNet = answer("SimpleNet")
q_sample = answer("q_sample")
p_sample = answer("p_sample")
p_sample_loop = answer("p_sample_loop")

# %% [markdown]
# ## A guessing game
#
# How does a network learn to see noise? We hide some and let it guess (Ho et al.,
# [2020](https://arxiv.org/abs/2006.11239), Equation 14 and Algorithm 1):
#
# $$L(\theta) = \mathbb{E}_{t,\,\mathbf{x}_0,\,\boldsymbol\epsilon}
# \left[\left\|\boldsymbol\epsilon - \boldsymbol\epsilon_\theta(\mathbf{x}_t, t)\right\|^2\right],
# \qquad t \sim \mathrm{Uniform}\{0, \dots, T-1\}, \quad \boldsymbol\epsilon \sim \mathcal{N}(\mathbf{0}, \mathbf{I})$$
#
# where $\mathbf{x}_t$ is the point $\mathbf{x}_0$ with *this* noise $\boldsymbol\epsilon$ in it, at time $t$. We
# take the **mean** over points and coordinates instead of the sum: it only changes the scale.
#
# ## TODO 5 · `compute_loss` (about 10 minutes)
#
# Before you write, think each of these through:
#
# - Every point of a batch gets a $t$ of its own. What would go wrong from step to step if all shared one?
# - The paper draws from $1 \dots T$. Which timesteps are ours, and does your way of drawing include *both* ends?
# - Who has to know the noise: only `q_sample`, or the loss as well?

# %% nbgrader={"grade": false, "grade_id": "compute_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_loss(network: nn.Module, schedule: Schedule, x0: Tensor) -> Tensor:
    """Mean squared error of the network's guess of the noise, Equation 14 in the DDPM paper.

    `x0` [B, D], clean points → a scalar that carries gradients.
    Each point gets its own t, uniform in 0 … T−1.
    """
    ### BEGIN SOLUTION
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_compute_loss", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("compute_loss", points=3)

# %% [markdown]
# ## Look: the loss before training
#
# **Predict:** an untrained `SimpleNet` answers almost 0 everywhere. What loss does that give, roughly: 0, 1 or 2?
# (The noise has variance 1 in each coordinate.)

# %%
predict("untrained_loss")

# %% nbgrader={"grade": false, "grade_id": "data", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(4)
device = training_device()  # a GPU where there is one
schedule = Schedule.linear(1000).to(device)
data = points("swiss_roll", 2**15, seed=1).to(device)  # to learn from
unseen = points("swiss_roll", 2048, seed=2).to(device)  # to measure with
network = SimpleNet(dim_in=2, dim_out=2, dim_hids=[128, 128, 128], num_timesteps=1000).to(device)

# %%
torch.manual_seed(4)
print(f"loss of the untrained network: {compute_loss(network, schedule, data).item():.2f}")

# %% [markdown]
# This is the loss of a network that knows nothing. After training it must be lower.
#
# ## Train
#
# Adam takes 3,000 steps of 1,024 points each, in less than a minute on a laptop. The learning rate *decays*: it
# falls along a cosine to 0, large steps to get there, small ones to settle. You will see below how much this helps.
#
# You may stop at any time: run the cell again, and it goes on from the last checkpoint. A finished run is kept
# in `results/` and costs nothing to run again. After a change to your answers,
# delete that folder, restart the kernel and run all cells to train anew.

# %% nbgrader={"grade": false, "grade_id": "train", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
    return compute_loss(network, schedule, x0)

run = fit(
    network, loss_fn, data, steps=3000, batch_size=1024, lr=5e-3, warmup=100, decay="cosine",
    seed=63, out=SWISS_ROLL_RUN,
)
print(f"{len(run.losses):,} steps, kept in {run.folder}")

# %% tags=["nbval-ignore-output"]
plot_losses({"training loss": run.losses})

# %% [markdown]
# **Predict:** after a quarter of the steps the loss hardly falls any more, and it is still far above 0. Has
# training failed? Decide before you look at what the network draws:

# %%
predict("loss_stays")

# %% nbgrader={"grade": false, "grade_id": "samples", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(4)
samples = p_sample_loop(run.network, schedule, (2048, 2))

# %% tags=["nbval-ignore-output"]
plot_samples({"your model": samples}, unseen)

# %% [markdown]
# ## What could nobody have guessed?
#
# The loss is far above 0, and the roll is there. So how much of this loss could *any* network avoid? Ask one that
# cannot be better: `PerfectNetwork` knows all 32,768 points of `data` and answers the average of all explanations
# (lesson 3). `losses_by_time` asks your `compute_loss` about one $t$ at a time, with the same noise for both networks.

# %% tags=["nbval-ignore-output"]
from labkit.metrics import losses_by_time
from labkit.networks.perfect import PerfectNetwork  # not there while you are graded
from labkit.plots import plot_loss_by_time

times = [0, 10, 20, 50, 100, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800, 999]
compared = {"your network": run.network, "perfect network": PerfectNetwork(data, schedule, "noise")}
by_time = {name: losses_by_time(compute_loss, one, schedule, unseen, times) for name, one in compared.items()}
print("   t   yours   perfect")
for t, *both in zip(times, *by_time.values()):
    print(f"{t:4d}  {both[0]:.4f}  {both[1]:.4f}")
plot_loss_by_time(times, by_time)

# %% [markdown]
# The perfect network's curve is the floor. At small $t$ it is 0.5: the roll is a line, and noise *across* the line shows, but
# noise *along* it does not, which is half of it. From $t = 180$ to 280 it is highest, about 0.7, because there the
# windings run into each other (lesson 2). Towards $t = 999$ it falls to 0: there $\mathbf{x}_t$ *is* the noise. (At
# $t = 0$ yours may lie above it: the noise is 0.01 wide there, and the smallest error of a place is a large error of
# the noise. It hardly harms, since that step moves a point by a hundredth of the guess.) Where your curve lies on the
# floor, training has not failed, however high the floor is; what a network can still learn is the gap between the
# two.

# %% [markdown]
# ## How good is it?
#
# The *Chamfer distance* adds up the squared distances to the nearest neighbour, from each sample to the data
# and from each data point to the samples. The first half finds samples where no data are, the second half
# finds data that the samples miss. Less is better; the points that the model never saw are the yardstick.

# %% tags=["nbval-ignore-output"]
print(f"your model to the data         {chamfer_distance(samples, unseen):6.2f}")
another = points("swiss_roll", 2048, seed=3)
print(f"another draw of the data       {chamfer_distance(another, unseen):6.2f}")
print(f"pure noise                     {chamfer_distance(torch.randn(2048, 2), unseen.cpu()):6.2f}")

# %% [markdown]
# A distance below 2 gives 10 points, below 5 it gives 8, below 20 it gives 5, and below 40 it gives 2.

# %% nbgrader={"grade": true, "grade_id": "check_trained_model", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
check("trained_model", points=10)

# %% [markdown]
# ## What are such tricks worth?
#
# Here is the plain recipe: Adam at a smaller, constant learning rate, 128 points a step. It keeps two sets of weights:
# the very last ones, and a running mean of them all, an *exponential moving average*.
#
# **Predict:** the two losses will end close together. Will the samples, too? And what will averaging do?

# %%
predict("two_recipes")

# %% tags=["nbval-ignore-output"]
torch.manual_seed(4)
plain = SimpleNet(dim_in=2, dim_out=2, dim_hids=[128, 128, 128], num_timesteps=1000)
plain_run = fit(
    plain, loss_fn, data, steps=3000, batch_size=128, lr=1e-3, ema_decay=0.995,
    seed=63, out="results/plain_recipe/seed63",
)
plot_losses({"plain": plain_run.losses, "ours": run.losses})

# %% tags=["nbval-ignore-output"]
drawn = {}
for name, averaged in {"plain, last weights": False, "plain, averaged": True}.items():
    load_weights(plain, plain_run.folder, averaged)
    torch.manual_seed(4)
    drawn[name] = p_sample_loop(plain, schedule, (2048, 2))
drawn["decay, large batches"] = samples
for name, some in drawn.items():
    print(f"Chamfer distance, {name:22} {chamfer_distance(some, unseen):5.1f}")
plot_samples(drawn, unseen)

# %% [markdown]
# At a constant learning rate the weights never settle: each step follows the noise of its own batch, and the last weights
# are one snapshot of that jitter. Averaging removes most of it, and yet the distance falls by a part only. So where is
# the rest? Ask for the loss at the smallest $t$:

# %% tags=["nbval-ignore-output"]
early = [0, 5, 10, 20, 50]
print("loss at t =", *(f"{t:6d}" for t in early))
for name, one in (compared | {"plain, averaged": plain}).items():
    print(f"{name:15}", *(f"{loss:6.2f}" for loss in losses_by_time(compute_loss, one, schedule, unseen[:1024], early)))

# %% [markdown]
# The plain recipe has hardly learned the smallest $t$: there about 0.5 is possible, and 1 is "no idea". Such timesteps are few, so
# the loss hardly shows them. But they are the last steps of the way, and put the points onto the spiral. Larger
# batches, and a larger rate that decays, teach them. Change one thing at a time (and `out` with it) if you want to know
# which of them does most.
#
# ## What has it learned?
#
# Noise points away from the data, so the guessed noise with its sign turned around, divided by
# $\sqrt{1-\bar\alpha_t}$, points towards them. This is the *score*, the gradient of $\log q(\mathbf{x}_t)$ by
# $\mathbf{x}_t$, where $q(\mathbf{x}_t)$ is the density of all noisy points at $t$: uphill to where points
# $\mathbf{x}_t$ are likelier. (For a single clean point it is $-\boldsymbol\epsilon/\sqrt{1-\bar\alpha_t}$:
# differentiate the logarithm of the Gaussian.)
#
# **Predict:** where do the arrows point at $t = 500$, to the nearest winding or to the middle? And at $t = 20$?

# %%
predict("arrows")

# %% tags=["nbval-ignore-output"]
for t in (500, 20):
    display(plot_score_field(run.network, schedule, t, unseen))

# %% [markdown]
# At the beginning of the way the arrows know only roughly where the data are; near the end they know each
# winding. Follow them:

# %% tags=["nbval-ignore-output"]
torch.manual_seed(4)
x_T = torch.randn(1024, 2, device=device)
trajectory = record_trajectory(
    lambda x_t, t: p_sample(run.network, schedule, x_t, t), x_T, schedule.num_train_timesteps, snapshots=12
)
animate_trajectory(trajectory)

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_loss", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (1 point)
#
# The loss stays far above 0, although the samples are good. Even the loss of a perfect network is above 0. Why? And
# what does that mean for judging a diffusion model by its loss? Two or three sentences.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_loss", "locked": false, "points": 1, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** The same $\mathbf{x}_t$ can come from many pairs of a clean point and a noise. The best
# network answers their average, and what the true noise deviates from it remains as loss: at small $t$ the noise
# along the roll, which leads from one point of it to another (a half of all noise); around $t = 230$ also which
# winding the point came from. Only at large $t$ can the noise be read off. So the loss has a floor (which nobody
# knows for data
# that are not as simple as the roll), and
# small differences above it, invisible beside this floor and the batches' randomness, decide how good the
# samples are: judge the samples (here by the Chamfer distance).
#
# **Rubric.** 1 point: the noise cannot be told from $\mathbf{x}_t$ alone (an average is the best answer), *and*
# therefore the loss says little about the samples. ½ point: one of the two.
# <!-- ### END SOLUTION -->

# %%
recap("04_train_and_evaluate")

# %% [markdown]
# ## What you have learned
#
# - Training is a guessing game: hide noise, guess it, take the mean squared error. All else was ready.
# - What counts is what the model draws, and you have measured it on data that it never saw.
# - The same network draws a smeared or a sharp roll, depending on how its training settles.
#
# You have built a diffusion model from scratch: a network that knows the time, the way into noise, the way back,
# and the guessing game between them. Nothing in it knows that the data are a roll, or that they have two
# coordinates.
#
# Next: [5 · Noise schedules](../task2_images/05_noise_schedules.ipynb), in which the same few lines take on pictures.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("05")
