# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7 · Train animal faces
#
# *Task 2, lesson 3 of 4 · about 80 minutes (25 of them training) · before: [6 · Three ways to predict](06_predictors.ipynb) · next: [8 · Sample and measure](08_sample_and_fid.ipynb)*
#
# Your functions are ready; now they get a network and some minutes. First you write what a training does thousands of
# times: one step, and a moving average of the weights. Then you train the three predictors, one of them under three
# schedules, and watch faces come out of noise. There is much to look at, and two pictures to explain.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("07_train_animal_faces")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import copy

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from labkit.course.answers import answer
from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.faces import face_schedules, face_trajectory, sample_faces, train_faces
from labkit.networks import UNet
from labkit.course.predict import predict, recap
from labkit.plots import plot_images, plot_losses, plot_rows
from labkit.course.profiles import choose_profile

# %% nbgrader={"grade": false, "grade_id": "earlier_answers", "locked": true, "schema_version": 3, "solution": false, "task": false}
cosine_betas = answer("cosine_betas")
losses = {predictor: answer(f"get_loss_{predictor}") for predictor in ("noise", "x0", "mean")}
step = answer("step")

# %% [markdown]
# ## How large?
#
# A *profile* fits the sizes to your machine: with a GPU, photographs (AFHQ) of 64 × 64 pixels and the original lab's
# 50,000 steps; without one, toy faces of 32 × 32, $T = 100$ and a few minutes for each training. With $T = 100$ the
# two ends of *linear* and *quad* are ten times as large, 0.001 and 0.2, so that no signal is left at the end (lesson
# 5, question 2). The environment variable
# `LABKIT_PROFILE` (`cpu` or `gpu`) chooses for you; the choice is kept beside your results.

# %% nbgrader={"grade": false, "grade_id": "profile", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
profile = choose_profile()
print(profile)

# %% nbgrader={"grade": false, "grade_id": "faces", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
faces = profile.faces("train")
schedules = face_schedules(profile, cosine_betas)  # linear, quad, and your cosine
plot_images(faces.images[:40], columns=10)

# %% [markdown]
# ## The network
#
# An image in, an image out, and a clock: a **UNet**. On its way down it halves the picture again and again, so that
# single neurons see more and more of the face; on its way up it doubles it again, and at each size it is handed what
# it saw there on the way down, so that no detail is lost. Time enters every block, as in `TimeLinear`. A shortcut
# adds $\mathbf{x}_t$ itself to the answer, times a number that is learned for each $t$. Its last layer
# starts at zero: before training it answers 0 everywhere. (`labkit/networks/unet.py` is short: you can read it.)

# %% tags=["nbval-ignore-output"]
network = profile.network()
print(f"{sum(parameter.numel() for parameter in network.parameters()):,} parameters")

# %% [markdown]
# ## A network that follows
#
# Each step of training follows the noise of its own batch, so the last weights are a snapshot of a jitter (lesson 4).
# People who train diffusion models therefore keep a second network beside the first: the *average*. Nobody trains it. After
# each step, every one of its weights $\bar\theta$ moves a little towards the weight $\theta$ of the network:
#
# $$\bar\theta \leftarrow d\,\bar\theta + (1 - d)\,\theta$$
#
# with a *decay* $d$ near 1. What the network was $n$ steps ago counts by a share that shrinks like $d^n$, hence the name
# *exponential moving average*. The average usually draws the better faces; what you see of trained networks below are averages.
#
# A network holds *parameters*, which are trained, and some hold *buffers* too: tables, counters, statistics. A mean of two
# counters makes no sense, so buffers are copied.
#
# ## TODO 15 · `ema_update` (about 10 minutes)
#
# Write into the average's own tensors: a new tensor under an old name changes no network. And PyTorch should keep no record
# of it, or every step would hold all steps before it in memory.

# %% nbgrader={"grade": false, "grade_id": "ema_update", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ema_update(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move `average` towards `network`, in place and without gradients; `network` stays as it is.

    Both have the same layers. Each parameter of the average becomes decay · its own + (1 − decay) · the
    network's, with 0 ≤ decay ≤ 1; each buffer becomes a copy of the network's.
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for averaged, trained in zip(average.parameters(), network.parameters(), strict=True):
            averaged.mul_(decay).add_(trained, alpha=1 - decay)
        for averaged, trained in zip(average.buffers(), network.buffers(), strict=True):
            averaged.copy_(trained)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_ema_update", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("ema_update", points=2)

# %% [markdown]
# ## One step of training
#
# A step takes one batch. It computes the loss; `backward` then gives each weight its gradient, and the optimizer moves the
# weights. `backward` *adds* to the gradients that are there, so those of the step before must be cleared (`zero_grad`). In the end
# the average follows. The loss is returned as a number to look at, without the record that PyTorch keeps of its
# computation (`detach`).
#
# ## TODO 16 · `train_step` (about 10 minutes)
#
# Which of these belongs where? Computing the loss draws new noise and takes about a third of the time: do it once. Nothing else is done
# to gradients or weights.

# %% nbgrader={"grade": false, "grade_id": "train_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_step(
    network: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer, loss_fn, x0: Tensor, decay: float
) -> Tensor:
    """Make one step of training on the batch `x0`, and let `average` follow; return the loss, detached.

    `optimizer` was made for the parameters of `network`; `loss_fn(network, x0)` → scalar. The loss is that of
    the weights before the step; the average follows the weights after it.
    """
    ### BEGIN SOLUTION
    optimizer.zero_grad()
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    ema_update(average, network, decay)
    return loss.detach()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_train_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("train_step", points=2)

# %% [markdown]
# ## Look: 300 steps of your own
#
# A small network and faces of 16 × 16 pixels, so that it takes seconds. The loss of unseen faces is measured every 15 steps
# with the same noise each time, once with the last weights and once with their average.

# %% nbgrader={"grade": false, "grade_id": "small_network", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
def shrink(images: Tensor) -> Tensor:
    """uint8 [N, 3, H, W] → [N, 3, 16, 16] in [−1, 1]."""
    return F.interpolate(images.float() / 127.5 - 1, size=(16, 16), mode="area")

def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
    return losses["x0"](network, schedules["linear"], x0)

def unseen_loss(network: nn.Module) -> float:
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)  # the same noise each time
        return loss_fn(network, unseen_faces).item()

few_faces, unseen_faces = shrink(faces.images[:2000]), shrink(profile.faces("val").images[:128])
torch.manual_seed(7)
small = UNet(16, channels=16, multipliers=(1, 2), blocks=1, attention_at=(), patch=2,
             num_timesteps=profile.num_train_timesteps)
small_average = copy.deepcopy(small).requires_grad_(False)

# %% nbgrader={"grade": false, "grade_id": "small_training", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
optimizer = torch.optim.Adam(small.parameters(), lr=1e-2)
curves = {"each batch": [], "unseen, last weights": [], "unseen, their average": []}
for number in range(300):
    x0 = few_faces[torch.randint(len(few_faces), (16,))]
    curves["each batch"].append(float(train_step(small, small_average, optimizer, loss_fn, x0, decay=0.97)))
    if number % 15 == 14:
        curves["unseen, last weights"] += 15 * [unseen_loss(small)]
        curves["unseen, their average"] += 15 * [unseen_loss(small_average)]
plot_losses(curves)

# %% [markdown]
# At first the average lags behind: it still remembers the untrained network. Once that is forgotten, it is the better of
# the two at nearly every look, for no more than a copy of the weights. `train_faces` below makes its steps in the same way, and adds
# what a training of minutes or days needs besides: a learning rate that changes, a limit for large gradients, a weight
# for each timestep, checkpoints.

# %% [markdown]
# ## Train three predictors
#
# `train_faces` calls your loss on batches of noisy faces and keeps everything in `results/`: settings, losses,
# checkpoints, previews. You may stop it at any time and run the cell again; a finished run costs nothing. It keeps an
# average of the weights (lesson 4) and weighs the timesteps as *Min-SNR* proposes: an error of the guess at
# $\mathbf{x}_0$ counts alike in all three, whatever they predict. More on that below.
#
# **Predict:** three losses, three scales. The noise has variance 1, a face about 0.2. What is the loss of "no idea" for
# the noise predictor, for the x0 predictor? And for the mean predictor, which can nearly copy its input?

# %%
predict("no_idea")

# %% nbgrader={"grade": false, "grade_id": "train_predictors", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
runs = {}
for predictor in ("noise", "x0", "mean"):
    runs[predictor, "linear"] = train_faces(
        profile, faces, schedules["linear"], losses[predictor], step, predictor=predictor, beta="linear"
    )
    print(f"{predictor}: finished, in {runs[predictor, 'linear'].folder}")

# %% tags=["nbval-ignore-output"]
plot_losses({predictor: runs[predictor, "linear"].losses for predictor in losses})

# %% [markdown]
# The numbers cannot be compared with one another: each loss measures something else, and lesson 4 has shown how little
# a loss says about samples. So look at what they draw.
#
# ## Eight faces of each predictor
#
# **Predict:** all three start from the same noise. Which row will be the worst, or will they agree, as those of the
# perfect network did?

# %%
predict("worst_row")

# %% nbgrader={"grade": false, "grade_id": "predictor_samples", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
drawn = {
    predictor: sample_faces(
        profile, runs[predictor, "linear"].network, schedules["linear"], step, predictor, n=8, seed=7
    )
    for predictor in losses
}
plot_rows(drawn)

# %% nbgrader={"grade": true, "grade_id": "check_predictors", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
check("predictors", points=4)

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_predictors", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Compare the three (4 points)
#
# 1. Describe the three rows: what does each predictor get right, and which mistakes are typical of it?
# 2. The weights make the same error of $\mathbf{x}_0$ count alike, so they are not the reason. But no network's output is
#    exact. Suppose that every value of an output is wrong by 0.01, in the middle of the way, `t = T // 2` under
#    `schedules["linear"]`. How large is the error of $\mathbf{x}_0$ then, for each of the three networks? Use equations (1)
#    and (2) of lesson 6. Explain the worst row with your three numbers.
# 3. On paper all three are the same model. Name one thing that would make their samples more alike, and say why.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_predictors", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) With few steps of training, x0 draws clear faces with soft details; noise draws faces whose
# colours or shapes are less settled, with some grain; mean gets a face's outline and little more: ears, eyes and colours
# run into one another. (Other observations are as good where they fit the student's own picture.) (2) For x0 by 0.01. For the noise by
# $0.01\,\sqrt{1-\bar\alpha_t}/\sqrt{\bar\alpha_t}$, which is 0.037 for $T = 100$ (with $T = 1000$: 0.034). For the mean by 0.01
# divided by the factor of $\mathbf{x}_0$ in (2): 0.34 (with $T = 1000$: about 3), nearly a face's own contrast, 0.45.
# Nearly all of $\tilde{\boldsymbol\mu}_t$ is $\mathbf{x}_t$ times a number near 1, which must be right to a
# thousandth before the face in the small rest counts; a few minutes do not suffice for that. (3) Longer training or a
# larger network: with no error left the rows agree,
# as in lesson 6.
#
# **Rubric.** 1 point: a description of all three that fits the picture. 2 points: three numbers that fit the student's $T$
# (1), and that the mean's answer would have to be far more exact than the others' (1). 1 point: a remedy with a reason.
# <!-- ### END SOLUTION -->

# %% [markdown]
# ## What a weight is worth
#
# The x0 predictor's plain loss counts an error at $t = T - 1$, where nobody could know the face, as much as one at small
# $t$, where the details are made. *Min-SNR* (Hang et al., [2023](https://arxiv.org/abs/2303.09556), Section 3.4) counts
# an error of the guess at $\mathbf{x}_0$ with $\min(\bar\alpha_t/(1-\bar\alpha_t),\ 5)$ instead, whatever the network
# predicts. It lies between the two: at small $t$ it stops at 5, where the noise loss goes on to 1,000 (with $T =
# 1000$: to 10,000); at large $t$ it falls, where the x0 loss stays at 1. In their Table 1 this takes the FID (a
# distance from
# real pictures, lesson 8; less is better) of a plain x0 predictor from 25.9 to 8.0.
#
# **Predict:** the same network and the same steps, without the weights. What will be worse: the shapes or the details?

# %%
predict("without_weights")

# %% nbgrader={"grade": false, "grade_id": "train_plain", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
plain = train_faces(
    profile, faces, schedules["linear"], losses["x0"], step, predictor="x0", beta="linear", weighting="none"
)
without = sample_faces(profile, plain.network, schedules["linear"], step, "x0", n=8, seed=7)
plot_rows({"Min-SNR": drawn["x0"], "plain": without})

# %% [markdown]
# ## Three schedules
#
# Now the x0 predictor under each schedule. To see how differently they decide, all three start from the same noise.

# %% nbgrader={"grade": false, "grade_id": "train_schedules", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
for beta in ("quad", "cosine"):
    runs["x0", beta] = train_faces(
        profile, faces, schedules[beta], losses["x0"], step, predictor="x0", beta=beta
    )
    print(f"{beta}: finished, in {runs['x0', beta].folder}")

# %% [markdown]
# **Predict:** under which schedule will you recognise an animal first, at the largest $t$? Lesson 5's table of
# signal-to-noise ratios has a hint: it is for $T = 1000$, so read its $t$ as a share of $T$.

# %%
predict("first_seen")

# %% nbgrader={"grade": false, "grade_id": "trajectories", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
trajectories = {
    beta: face_trajectory(profile, runs["x0", beta].network, schedules[beta], step, "x0", n=6, seed=7)
    for beta in schedules
}
times = trajectories["linear"].timesteps
chosen = [round(k * (len(times) - 1) / 7) for k in range(8)]
plot_rows(
    {beta: trajectory.x_ts[chosen, 0] for beta, trajectory in trajectories.items()},
    [f"t = {times[k]}" if times[k] >= 0 else "x_0" for k in chosen],
)

# %% nbgrader={"grade": true, "grade_id": "check_trajectories", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
check("trajectories", points=4)

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_trajectories", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## Read the trajectories (4 points)
#
# 1. When does a face appear under each schedule? Compare with the $t$ at which the signal-to-noise ratio is 1.
# 2. Why do the three end in different faces (or in similar ones?), although they start from the same noise?
# 3. There are samplers that jump from one timestep to a much earlier one. Suppose that the way back may visit 20
#    timesteps only, evenly spread over all $T$. Which schedule would you take, and
#    why?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_trajectories", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) Under the cosine schedule a face can be made out earliest on the way back (at the largest $t$),
# under quad a little later, under linear last: the ratio of 1 is passed at about 0.50, 0.42 and 0.26 of $T$, and a
# face shows about there. (2) Start and noise are the same, number by number, but each schedule scales them otherwise
# at each $t$, and the three networks have learned other weights. Where two ways pass nearly the same ratios, similar
# faces come out. (3) Cosine (or
# quad): its steps are spread evenly over the ratios, so that even 20 of them leave several for the part in which the face
# is decided; of linear's 20 steps, a third would see nothing but noise.
#
# **Rubric.** 1 point: an order of appearance that fits the picture; 1 point: connects it with the signal-to-noise ratio;
# 1 point: different networks, or the same noise scaled otherwise; 1 point: a choice with a reason from the schedules.
# <!-- ### END SOLUTION -->

# %%
recap("07_train_animal_faces")

# %% [markdown]
# ## What you have learned
#
# - A step of training is five lines in the right order; an average of the weights costs one more, and is worth it.
# - Three predictors, one algebra, different results: what a network has to answer decides how exact it has to be.
# - Which errors count how much, over $t$, is a choice, and it shows in the faces.
# - The schedule decides when on the way a face takes shape.
#
# Next: [8 · Sample and measure](08_sample_and_fid.ipynb): how good are the faces, in a number that can be trusted?

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("08")
