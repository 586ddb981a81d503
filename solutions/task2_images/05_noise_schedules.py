# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · Noise schedules
#
# *Task 2, lesson 1 of 4 · about 60 minutes · before: [4 · Train and evaluate](../task1_swiss_roll/04_train_and_evaluate.ipynb) · next:
# [6 · Three ways to predict](06_predictors.ipynb)*
#
# From here on we make pictures: faces of cats, dogs and wild animals. A picture of 32 × 32 pixels in three colours
# is one point in 3,072 dimensions, and nothing in the formulas of Task 1 asks how many dimensions there are. What
# changes is how much depends on the *schedule*: how fast the picture drowns. You bring the forward process to
# images and then write the schedule that was invented for them.
#
# **Task 2 in four lessons.** Here and in lesson 6 you write nine functions; in lesson 7 you write a step of training, and
# train the models; in lesson 8 you write the distance that measures them. The checks of the four lessons give 54 points, answers in words the other 16.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("05_noise_schedules")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
from torch import Tensor

from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.data import ToyFaces
from labkit.plots import plot_images, plot_rows, plot_schedules
from labkit.plots.image_widgets import explore_image_noise
from labkit.schedules import Schedule, extract

# %% [markdown]
# ## Faces
#
# These are *toy faces*, drawn by a program from a seed, so that everything runs without a download. (With a GPU,
# lesson 7 takes photographs instead: 9,000 animal faces of AFHQ; Choi et al.,
# [2020](https://arxiv.org/abs/1912.01865).) Pixels are stored as whole numbers 0 … 255; a model wants them around 0,
# so we map them to [−1, 1].

# %% nbgrader={"grade": false, "grade_id": "faces", "locked": true, "schema_version": 3, "solution": false, "task": false}
faces = ToyFaces("train", size=32, n=24, seed=5).images  # uint8 [24, 3, 32, 32]
x0 = faces.float() / 127.5 - 1  # in [−1, 1]
plot_images(faces)

# %% [markdown]
# ## The same jump, for pictures
#
# The formula is that of lesson 2 (Ho et al., [2020](https://arxiv.org/abs/2006.11239), Equation 4):
#
# $$\mathbf{x}_t = \sqrt{\bar\alpha_t}\,\mathbf{x}_0 + \sqrt{1-\bar\alpha_t}\,\boldsymbol\epsilon,
# \qquad \boldsymbol\epsilon \sim \mathcal{N}(\mathbf{0}, \mathbf{I})$$
#
# Two things are new. `x0` has the shape [B, C, H, W]: $\boldsymbol\epsilon$ is drawn afresh for every pixel and every
# colour, while $\bar\alpha_t$ is one number for a whole picture. And the function hands back *both* $\mathbf{x}_t$
# and the $\boldsymbol\epsilon$ that is in it: soon a loss will need the pair.
#
# ## TODO 6 · `add_noise` (about 5 minutes)
#
# `extract(values, t, x)` still shapes what it reads so that it broadcasts over `x`, whatever shape that has.

# %% nbgrader={"grade": false, "grade_id": "add_noise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add_noise(
    schedule: Schedule, x0: Tensor, t: Tensor, eps: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Draw x_t from q(x_t | x_0), Equation 4 in the DDPM paper, and tell the noise that is in it.

    `x0` [B, C, H, W]; `t` [B], longs in 0 … T−1; `eps` like `x0`, drawn from N(0, I) where it is
    None → (x_t, eps), both shaped like `x0`.
    """
    ### BEGIN SOLUTION
    if eps is None:
        eps = torch.randn_like(x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * eps, eps
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_add_noise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("add_noise", points=2)

# %% [markdown]
# ## Two schedules between the same ends
#
# Both begin with $\beta = 0.0001$ and end with $\beta = 0.02$:
#
# - **linear** (Ho et al. 2020): $\beta_t$ rises in a straight line;
# - **quad**: $\sqrt{\beta_t}$ rises in a straight line, so $\beta_t$ rises like a parabola.
#
# **Predict:** under which of the two is the face gone earlier, and by how much? Then move the slider.

# %%
predict("face_gone")

# %%
linear, quad = Schedule.linear(1000), Schedule.quad(1000)
explore_image_noise(add_noise, {"linear": linear, "quad": quad}, x0[:8])

# %% [markdown]
# A face is gone long before the last step, much as the windings of the swiss roll were. Steps in which nothing can
# be seen any more teach the network almost nothing, and cost as much as the others.
#
# ## A schedule from its goal
#
# Nichol and Dhariwal ([*Improved Denoising Diffusion Probabilistic Models*](https://arxiv.org/abs/2102.09672), 2021,
# Section 3.2) turned the question around: not "how much noise does a step add?" but "how much signal should be left
# at each moment?". They let it fall like a cosine, slowly at both ends. With $u = 0, 1, \dots, T$ steps done, what is
# left of the signal's variance shall be
#
# $$\frac{f(u)}{f(0)}, \qquad f(u) = \cos^2\!\left(\frac{u/T + s}{1 + s}\cdot\frac{\pi}{2}\right), \qquad s = 0.008.$$
#
# The betas follow: step by step, $1-\beta$ is the share of the signal that one step leaves, *what is there after it
# divided by what was there before it*.
#
# - Because of the small $s$, even the very first step adds noise of about 0.8 of a grey level (of 0 … 255).
# - At the end, the last step would remove everything: $\beta$ would be 1, and dividing by $1-\beta$ impossible. So
#   every $\beta$ is clipped from above at 0.999. Nothing else is clipped.
# - $u$ counts steps that are *done*. Our timestep $t = 0 \dots T-1$ is the step from $u = t$ to $u = t + 1$.
#
# **One trap is in the arithmetic.** A small $\beta$ is 1 minus a number near 1. float32 keeps seven digits of that
# number, and in the difference only two or three of them are left. See for yourself:

# %%
small = 4.1e-5
for dtype in (torch.float32, torch.float64):
    ratio = 1 - torch.tensor(small, dtype=dtype)  # such as what one step leaves
    print(f"{str(dtype):14}  1 − (1 − {small}) = {1 - ratio.item():.9f}")

# %% [markdown]
# So compute in float64 (`dtype=torch.float64`) and return float32, which is what networks use.
#
# ## TODO 7 · `cosine_betas` (about 15 minutes)
#
# How many values of $f$ do you need for $T$ betas?

# %% nbgrader={"grade": false, "grade_id": "cosine_betas", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cosine_betas(num_train_timesteps: int, s: float = 0.008) -> Tensor:
    """The β_t of the cosine schedule, Equation 17 in Nichol & Dhariwal (2021), clipped at 0.999.

    `num_train_timesteps` is T ≥ 1, `s` > 0 the offset → float32 [T].
    """
    ### BEGIN SOLUTION
    done = torch.arange(num_train_timesteps + 1, dtype=torch.float64) / num_train_timesteps
    signal = torch.cos((done + s) / (1 + s) * torch.pi / 2).square()
    betas = 1 - signal[1:] / signal[:-1]
    return betas.clamp(max=0.999).float()
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_cosine_betas", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("cosine_betas", points=3)

# %% [markdown]
# ## Look: three schedules
#
# **Predict:** in the middle, at $t = 500$, how much signal does the cosine schedule leave: a tenth, a quarter, half
# of the variance? And the linear one? (You know it from lesson 2.)

# %%
predict("cosine_middle")

# %%
cosine = Schedule.from_betas(cosine_betas(1000))
schedules = {"linear": linear, "quad": quad, "cosine": cosine}
plot_schedules(schedules)

# %% [markdown]
# The third panel is the *signal-to-noise ratio* $\bar\alpha_t / (1 - \bar\alpha_t)$, the number that says how hard it
# is to see the face. (It is that of data of variance 1, as papers write it; a face has about 0.2, so its own ratio is
# a fifth of that.) Seen so, a schedule is nothing but a timetable: it says which ratio comes at which $t$.

# %%
print("            first t with a   share of steps with   √ᾱ at")
print("            ratio below 1    a ratio below 0.01    the end")
for name, schedule in schedules.items():
    ratio = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)
    crossing = int((ratio < 1).nonzero()[0])
    wasted = (ratio < 0.01).float().mean().item()
    print(f"{name:10}  {crossing:13d}  {wasted:20.0%}  {schedule.alphas_cumprod[-1].sqrt().item():10.4f}")

# %% [markdown]
# One face on its way under each of them, with the same noise:

# %% nbgrader={"grade": false, "grade_id": "forward_trajectories", "locked": true, "schema_version": 3, "solution": false, "task": false}
torch.manual_seed(5)
timesteps = torch.tensor([0, 100, 200, 300, 400, 500, 700, 999])
face = x0[2:3].expand(8, -1, -1, -1)
eps = torch.randn_like(x0[:1]).expand(8, -1, -1, -1)
rows = {name: add_noise(schedule, face, timesteps, eps)[0] for name, schedule in schedules.items()}
plot_rows(rows, [f"t = {t}" for t in timesteps.tolist()])

# %% [markdown]
# And again as a slider:

# %%
explore_image_noise(add_noise, schedules, x0[:6])

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_schedules", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (2 points)
#
# 1. Use the table and the pictures: which schedule spends the largest share of its steps where there is nothing left
#    to see, and what does that cost?
# 2. A model with $T = 100$ instead of 1000 should also start from pure noise. What happens if you call
#    `Schedule.linear(100)` with the same two ends, and why does `cosine_betas(100)` not have that problem?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_schedules", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) The linear one: in a third of its steps the signal-to-noise ratio is below 1 : 100. The
# network is trained on them and asked about them as often as about the others, although there is hardly anything to
# decide; fewer steps are left for the part in which the face takes shape. (2) The betas are defined for each step:
# a tenth of the steps make a tenth of their sum, so that $\bar\alpha_{T-1}$ is about $e^{-1}$ instead of $e^{-10}$, and its
# root 0.6 instead of 0.006. Sampling would start from pure noise, which the network has never seen. The cosine schedule defines how
# much signal is left as a function of $u/T$, so it always ends near 0, and its betas grow accordingly.
#
# **Rubric.** 1 point: names the linear schedule with a number or a picture as reason, *and* a cost (wasted steps,
# computing time, or fewer steps for the rest). 1 point: too much signal is left at the end of the short linear
# schedule, *and* the cosine is defined by the signal that is left (or by $u/T$). ½ point each for one of two.
# <!-- ### END SOLUTION -->

# %%
recap("05_noise_schedules")

# %% [markdown]
# ## What you have learned
#
# - The forward process is the same for points and for pictures; `add_noise` tells the noise together with the result.
# - A schedule is a timetable of signal-to-noise ratios: quad and linear go through nearly the same ratios at other times.
# - The cosine schedule starts from what shall be left, and the betas follow from it.
#
# Next: [6 · Three ways to predict](06_predictors.ipynb): noise, picture, or the way back itself.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("06")
