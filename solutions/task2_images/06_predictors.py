# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 · Three ways to predict
#
# *Task 2, lesson 2 of 4 · about 90 minutes · before: [5 · Noise schedules](05_noise_schedules.ipynb) · next:
# [7 · Train animal faces](07_train_animal_faces.ipynb)*
#
# In Task 1 the network guessed the noise. It could also guess the clean picture, or directly the mean of the step
# back: from $\mathbf{x}_t$ and any one of the three, the other two follow. You write loss and step for each, see that
# a perfect network draws the same pictures all three ways, and why a real one does not.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("06_predictors")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from labkit.course.answers import answer
from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.predict import predict, recap
from labkit.data import ToyFaces
from labkit.plots import plot_error_weights, plot_rows
from labkit.plots.image_widgets import play_images
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule, extract

# %% nbgrader={"grade": false, "grade_id": "earlier_answers", "locked": true, "schema_version": 3, "solution": false, "task": false}
add_noise = answer("add_noise")

# %% [markdown]
# ## One equation, three unknowns
#
# Noise and picture are tied together at every $t$ by
#
# $$\mathbf{x}_t = \sqrt{\bar\alpha_t}\,\mathbf{x}_0 + \sqrt{1-\bar\alpha_t}\,\boldsymbol\epsilon. \tag{1}$$
#
# If you know $\mathbf{x}_t$ and $\boldsymbol\epsilon$, you can compute $\mathbf{x}_0$; if you know $\mathbf{x}_t$ and
# $\mathbf{x}_0$, you can compute $\boldsymbol\epsilon$. The third quantity
# is where the step back should lead *if* $\mathbf{x}_0$ were known (Ho et al.,
# [2020](https://arxiv.org/abs/2006.11239), Equations 6 and 7). It is a Gaussian again,
# $q(\mathbf{x}_{t-1}\mid\mathbf{x}_t,\mathbf{x}_0) = \mathcal{N}(\tilde{\boldsymbol\mu}_t, \tilde\beta_t\mathbf{I})$,
# called the *posterior*, with
#
# $$\tilde{\boldsymbol\mu}_t(\mathbf{x}_t, \mathbf{x}_0) =
# \frac{\sqrt{\bar\alpha_{t-1}}\,\beta_t}{1-\bar\alpha_t}\,\mathbf{x}_0 +
# \frac{\sqrt{\alpha_t}\,(1-\bar\alpha_{t-1})}{1-\bar\alpha_t}\,\mathbf{x}_t,
# \qquad \tilde\beta_t = \frac{1-\bar\alpha_{t-1}}{1-\bar\alpha_t}\,\beta_t. \tag{2}$$
#
# $\bar\alpha_{t-1}$ is `schedule.alphas_cumprod_prev[t]`: a table of its own, because at $t = 0$ there is no entry
# before. **Predict:** before the first step nothing has been lost. What is $\bar\alpha_{-1}$ then, and what becomes of
# $\tilde{\boldsymbol\mu}_0$ and $\tilde\beta_0$? Work it out on paper before you go on.

# %%
predict("before_first")

# %%
schedule = Schedule.linear(1000)
print("alphas_cumprod       ", schedule.alphas_cumprod[:3])
print("alphas_cumprod_prev  ", schedule.alphas_cumprod_prev[:3])

# %% [markdown]
# ## Where the mean comes from
#
# Where does (2) come from? Two facts tell where $\mathbf{x}_{t-1}$ was. From $\mathbf{x}_t$: near $\mathbf{x}_t /
# \sqrt{\alpha_t}$, since only one small step lies between. From $\mathbf{x}_0$: near
# $\sqrt{\bar\alpha_{t-1}}\,\mathbf{x}_0$, $t$ steps after it. Each fact is a Gaussian, a bell curve; what both say
# together is the *product* of the two (Bayes: $q(\mathbf{x}_{t-1}\mid\mathbf{x}_t,\mathbf{x}_0) \propto
# q(\mathbf{x}_t\mid\mathbf{x}_{t-1})\,q(\mathbf{x}_{t-1}\mid\mathbf{x}_0)$), in which the narrower one counts more.
# Here they are in one dimension, each
# drawn as high as the others:

# %%
from labkit.plots.posterior import explore_posterior

explore_posterior(schedule)

# %% [markdown]
# At $t = 0$ only $\mathbf{x}_0$ counts. At $t = 5$ what it says has a weight of 22 %, at $t = 50$ of only 4 %. At the
# end (2 % at $t = 999$) it says no more than what is known without it: somewhere in $\mathcal{N}(0, 1)$. (Its factor
# in (2) is this weight times $\sqrt{\bar\alpha_{t-1}}$.)
#
# <details markdown="1"><summary>The derivation, in four lines</summary>
#
# 1. Read as a function of $\mathbf{x}_{t-1}$,
#    $q(\mathbf{x}_t\mid\mathbf{x}_{t-1})$ is a bell with mean $\mathbf{x}_t/\sqrt{\alpha_t}$ and variance $\beta_t/\alpha_t$.
# 2. $q(\mathbf{x}_{t-1}\mid\mathbf{x}_0)$ has the mean $\sqrt{\bar\alpha_{t-1}}\,\mathbf{x}_0$ and the variance $1-\bar\alpha_{t-1}$.
# 3. In a product of bells the precisions (1 / variance) add:
#    $\frac{1}{\tilde\beta_t} = \frac{\alpha_t}{\beta_t} + \frac{1}{1-\bar\alpha_{t-1}} = \frac{1-\bar\alpha_t}{\beta_t\,(1-\bar\alpha_{t-1})}$,
#   because $\alpha_t(1-\bar\alpha_{t-1}) + \beta_t = 1-\bar\alpha_t$.
# 4. Its mean is the average of the two, weighted with the precisions:
#    $\tilde{\boldsymbol\mu}_t = \tilde\beta_t\left(\frac{\alpha_t}{\beta_t}\frac{\mathbf{x}_t}{\sqrt{\alpha_t}} + \frac{1}{1-\bar\alpha_{t-1}}\sqrt{\bar\alpha_{t-1}}\,\mathbf{x}_0\right)$,
#    and that is (2).
#
# </details>
#
# On the way back $\mathbf{x}_0$ is not known, and the network's guess takes its place. Why may it? The guess is the average
# of all $\mathbf{x}_0$ that explain $\mathbf{x}_t$, and (2) is linear in $\mathbf{x}_0$: so this gives exactly the average of
# all the places $\tilde{\boldsymbol\mu}_t$. (The true spread is a little larger than $\tilde\beta_t$, since $\mathbf{x}_0$ is
# uncertain; for small steps that hardly matters.)
#
# And the mean of Algorithm 2 (lesson 3)? It is (2) again, with the $\mathbf{x}_0$ that follows from (1). Times $\sqrt{\alpha_t}$,
# it is $\mathbf{x}_t$ less $\beta_t/\sqrt{1-\bar\alpha_t}$ times the noise; both facts together remove just as much:

# %% tags=["nbval-ignore-output"]
def difference(t: int) -> float:
    """Between the noise that Algorithm 2 removes and that which the product of the bells does, at random."""
    betas = torch.linspace(1e-4, 0.02, 1000, dtype=torch.float64)
    alphas, signal = 1 - betas, (1 - betas).cumprod(dim=0)
    x_t, eps = torch.randn(2, dtype=torch.float64)
    x_0 = (x_t - (1 - signal[t]).sqrt() * eps) / signal[t].sqrt()  # equation (1)
    places = x_t / alphas[t].sqrt(), signal[t - 1].sqrt() * x_0  # where the two facts point …
    precisions = alphas[t] / betas[t], 1 / (1 - signal[t - 1])  # … and how sure they are
    both = (places[0] * precisions[0] + places[1] * precisions[1]) / sum(precisions)
    removed = x_t - alphas[t].sqrt() * both
    return abs(removed - betas[t] / (1 - signal[t]).sqrt() * eps).item()

torch.manual_seed(6)
largest = max(difference(t) for t in torch.randint(1, 1000, (200,)).tolist())  # t = 0 has one fact only
print(f"largest difference in 200 draws: {largest:.1e}")

# %% [markdown]
# ## Three losses
#
# All three draw $t$ and $\boldsymbol\epsilon$ as in lesson 4 (each picture has its own $t$, uniform in
# $0 \dots T-1$), show the network $\mathbf{x}_t$ and $t$, and take the mean squared error over everything. They differ
# in what the network's answer is compared with: $\boldsymbol\epsilon$, $\mathbf{x}_0$, or
# $\tilde{\boldsymbol\mu}_t(\mathbf{x}_t, \mathbf{x}_0)$.
#
# ## TODO 8 · `get_loss_noise` (about 5 minutes)

# %% nbgrader={"grade": false, "grade_id": "get_loss_noise", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_loss_noise(network: nn.Module, schedule: Schedule, x0: Tensor) -> Tensor:
    """Mean squared error of the guessed noise, Equation 14 in the DDPM paper.

    `x0` [B, C, H, W]; `network(x_t, t)` guesses ε → a scalar that carries gradients.
    """
    ### BEGIN SOLUTION
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), eps)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_get_loss_noise", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("get_loss_noise", points=2)

# %% [markdown]
# ## TODO 9 · `get_loss_x0` (about 3 minutes)

# %% nbgrader={"grade": false, "grade_id": "get_loss_x0", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_loss_x0(network: nn.Module, schedule: Schedule, x0: Tensor) -> Tensor:
    """Mean squared error of the guessed clean picture.

    `x0` [B, C, H, W]; `network(x_t, t)` guesses x_0 → a scalar that carries gradients.
    """
    ### BEGIN SOLUTION
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x0)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_get_loss_x0", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("get_loss_x0", points=2)

# %% [markdown]
# ## TODO 10 · `get_loss_mean` (about 10 minutes)
#
# Equation (2), symbol by symbol. Check your paper result for $t = 0$ against the formula.

# %% nbgrader={"grade": false, "grade_id": "get_loss_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_loss_mean(network: nn.Module, schedule: Schedule, x0: Tensor) -> Tensor:
    """Mean squared error of the guessed posterior mean, without the weight.

    Equations 7 and 8 in the DDPM paper. `x0` [B, C, H, W]; `network(x_t, t)` guesses μ̃_t(x_t, x_0)
    → a scalar that carries gradients.
    """
    ### BEGIN SOLUTION
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    beta, alpha = extract(schedule.betas, t, x0), extract(schedule.alphas, t, x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x0)
    mean = alpha_bar_prev.sqrt() * beta * x0 + alpha.sqrt() * (1 - alpha_bar_prev) * x_t
    return F.mse_loss(network(x_t, t), mean / (1 - alpha_bar))
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_get_loss_mean", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("get_loss_mean", points=3)

# %% [markdown]
# ## Three steps
#
# Now the way back. In each step all pictures of the batch are at the same $t$; the network has been asked already,
# and its answer comes in as `net_out`. What is left is
#
# $$\mathbf{x}_{t-1} = \text{mean} + \sigma_t\,\mathbf{z}, \qquad \mathbf{z}\sim\mathcal{N}(\mathbf{0},\mathbf{I}),$$
#
# with $\sigma_t^2 = \beta_t$ or $\tilde\beta_t$, as you like (use the same in all three; $\tilde\beta_t$ is the
# smaller one, and gives less noisy pictures where $T$ is small), and no noise in the step that returns the finished
# picture. The mean is
#
# | `net_out` is a guess of | mean of the step |
# |---|---|
# | the noise | Equation 11 in the DDPM paper, as in lesson 3; or: solve (1) for $\mathbf{x}_0$, then (2) |
# | the clean picture | Equation (2) |
# | the mean | `net_out` |
#
# A guess at $\mathbf{x}_0$ may be clipped to [−1, 1], where all pictures live; you may do so or not. The mean and
# $\mathbf{x}_{t-1}$ are no pictures yet: leave them as they are, at every $t$.
#
# ## TODO 11 · `step_predict_noise` (about 10 minutes)
#
# This is `p_sample` once more. Which $t$ is the last?

# %% nbgrader={"grade": false, "grade_id": "step_predict_noise", "locked": false, "schema_version": 3, "solution": true, "task": false}
@torch.no_grad()
def step_predict_noise(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
    """Draw x_{t−1} where the network guessed the noise, Equation 11 in the DDPM paper.

    `x_t` and `net_out` [B, C, H, W]; `t` [B], longs in 0 … T−1, all equal
    → x_{t−1} like `x_t`.
    """
    ### BEGIN SOLUTION
    beta, alpha = extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * beta  # 0 at t = 0
    return mean + variance.sqrt() * torch.randn_like(x_t)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_step_predict_noise", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("step_predict_noise", points=3)

# %% [markdown]
# ## TODO 12 · `step_predict_x0` (about 10 minutes)

# %% nbgrader={"grade": false, "grade_id": "step_predict_x0", "locked": false, "schema_version": 3, "solution": true, "task": false}
@torch.no_grad()
def step_predict_x0(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
    """Draw x_{t−1} where the network guessed the clean picture.

    Equations 6 and 7 in the DDPM paper.

    `x_t` and `net_out` [B, C, H, W]; `t` [B], longs in 0 … T−1, all equal
    → x_{t−1} like `x_t`.
    """
    ### BEGIN SOLUTION
    beta, alpha = extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = alpha_bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - alpha_bar_prev) * x_t
    mean = mean / (1 - alpha_bar)
    variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * beta
    return mean + variance.sqrt() * torch.randn_like(x_t)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_step_predict_x0", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("step_predict_x0", points=3)

# %% [markdown]
# ## TODO 13 · `step_predict_mean` (about 3 minutes)

# %% nbgrader={"grade": false, "grade_id": "step_predict_mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
@torch.no_grad()
def step_predict_mean(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
    """Draw x_{t−1} where the network guessed the mean of the step.

    `x_t` and `net_out` [B, C, H, W]; `t` [B], longs in 0 … T−1, all equal
    → x_{t−1} like `x_t`.
    """
    ### BEGIN SOLUTION
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * extract(schedule.betas, t, x_t)
    return net_out + variance.sqrt() * torch.randn_like(x_t)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_step_predict_mean", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("step_predict_mean", points=2)

# %% [markdown]
# ## TODO 14 · `step` (about 5 minutes)
#
# One function for all three: the sampler of lesson 8 need not know which predictor it uses. A wrong name must not pass
# silently: raise a `ValueError` that says which names there are.

# %% nbgrader={"grade": false, "grade_id": "step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor, predictor: str) -> Tensor:
    """Draw x_{t−1}; `predictor` says what `net_out` is a guess of: "noise", "x0" or "mean".

    Raises ValueError, with the valid names, for another predictor.
    """
    ### BEGIN SOLUTION
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise ValueError(f"There is no predictor {predictor!r}; choose one of {', '.join(steps)}.")
    return steps[predictor](schedule, x_t, t, net_out)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_step", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("step", points=2)

# %% [markdown]
# ## Look: a perfect network, three ways
#
# As in lesson 3 we lend you a network that cannot be better: `PerfectNetwork` knows all 24 faces that there are in
# its little world, and answers what you ask it for: the noise, the picture or the mean, each with the smallest
# expected error that is possible. (It is the average of all explanations again, as lesson 3 drew it, with faces for points.)
#
# **Predict:** we start all three from the same $\mathbf{x}_T$ and let them draw the same noise $\mathbf{z}$ on the
# way. Will they end in the same pictures? And what will these look like: new faces, or some of the 24?

# %%
predict("same_pictures")

# %% nbgrader={"grade": false, "grade_id": "perfect_network", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
from labkit.networks.perfect import PerfectNetwork  # not there while you are graded

faces = ToyFaces("train", size=32, n=24, seed=5).images.float() / 127.5 - 1
x_T = torch.randn(8, 3, 32, 32, generator=torch.Generator().manual_seed(6))
trajectories = {}
for predictor in ("noise", "x0", "mean"):
    torch.manual_seed(6)
    network = PerfectNetwork(faces, schedule, predictor)
    trajectories[predictor] = record_trajectory(
        lambda x_t, t: step(schedule, x_t, t, network(x_t, t), predictor), x_T, 1000, snapshots=30
    )
plot_rows({name: trajectory.x_ts[-1] for name, trajectory in trajectories.items()})

# %% tags=["nbval-ignore-output"]
play_images(trajectories)

# %% [markdown]
# If your three steps use the same variance, the rows agree: for a *perfect* network the choice does not matter. And
# it draws its 24 faces, never another one. A network that reaches the smallest possible error has learned the
# training set by heart; a network of limited size, trained for a limited time on many faces, does not get there, and
# for this reason lesson 7 can draw new faces (lesson 8 looks whether it does).
#
# ## Why a real network cares
#
# A real network makes errors, and the loss says which errors count. Suppose its guess at $\mathbf{x}_0$ is off by a
# little, at time $t$. By (1) and (2) the guess of the noise is then off by $\sqrt{\bar\alpha_t/(1-\bar\alpha_t)}$
# times as much, that of the mean by the factor in front of $\mathbf{x}_0$ in (2). A squared error counts the *square*
# of these factors. So the three losses measure *the same error with other weights*.
#
# **Predict:** suppose the guess at $\mathbf{x}_0$ is off by equally much at all $t$. Which of the three losses then
# come almost only from small $t$?

# %%
predict("small_t")

# %%
plot_error_weights(schedule)

# %% [markdown]
# The vertical axis is logarithmic: at $t = 0$ an error counts ten thousand times as much for the noise predictor as for
# the x0 predictor, at the end 25,000 times less. Of all its weight the noise predictor's loss puts 82 % on the first
# dozen of the 1,000 steps, the mean predictor's 89 %. (Real errors are not equal: at small $t$ the picture is easily
# seen and its error tiny, so that a real noise loss is spread over many more $t$, as in lesson 4. The weights say how
# much a loss gains when the guess gets a little better there.) With much longer training all three would become good;
# after a few minutes they would not be equally good. A repair is to multiply each with weights that undo the
# imbalance (*Min-SNR*; Hang et al.,
# [2023](https://arxiv.org/abs/2303.09556)): lesson 7 trains with them.

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_easy", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (3 points)
#
# At some $t$ the network could nearly copy the right answer from its input $\mathbf{x}_t$; at others there is hardly
# anything to see and the best it can do is answer an average (of all explanations: lesson 1). At which $t$ is it the
# one, and at which the other, (1) for the noise predictor, (2) for the x0 predictor, (3) for the mean predictor? Use
# equations (1) and (2) at $t$ near 0 and near $T-1$.

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_easy", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) Near $T-1$, $\mathbf{x}_t \approx \boldsymbol\epsilon$: the noise can be copied. Near 0 the noise
# is a hundredth of the signal and hard to make out. (2) The other way round: near 0, $\mathbf{x}_t \approx
# \mathbf{x}_0$ can be copied; near $T-1$ nothing is left of the picture, and the best answer is the mean of all faces,
# a brownish blur. (3) In (2) the factor of $\mathbf{x}_t$ is 0 at $t = 0$, 0.45 at 1, 0.86 at 10 and 0.98 at 100:
# from the first dozens of steps on, $\tilde{\boldsymbol\mu}_t$ is nearly $\mathbf{x}_t$ itself, so copying the input is nearly
# right, and what is to be learned is hidden in a small rest. Only in the very first steps, down to
# $\tilde{\boldsymbol\mu}_0 = \mathbf{x}_0$, does it have to answer the picture, and there $\mathbf{x}_0$ is easily seen.
#
# **Rubric.** 1 point for each predictor with both ends right (for the mean: "nearly $\mathbf{x}_t$ everywhere" or "the
# weight of $\mathbf{x}_0$ is small" suffices). ½ point where only one end is treated.
# <!-- ### END SOLUTION -->

# %% [markdown] nbgrader={"grade": false, "grade_id": "question_clip", "locked": true, "schema_version": 3, "solution": false, "task": false}
# ## In your own words (3 points)
#
# Take the noise predictor at $t = 999$, where $\sqrt{\bar\alpha_t} = 0.0064$. (1) Solve (1) for $\mathbf{x}_0$: if each
# value of its guess $\hat{\boldsymbol\epsilon}$ is off by 0.01, by how much is the guess at $\mathbf{x}_0$ off? (2) How
# does that compare with the range of a pixel, and what does clipping to [−1, 1] do about it? (3) Why is it still no
# disaster without clipping: how strongly does that guess enter the step at $t = 999$, according to (2)?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain_clip", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# <!-- ### BEGIN SOLUTION -->
# **Model answer.** (1) $\hat{\mathbf{x}}_0 = (\mathbf{x}_t - \sqrt{1-\bar\alpha_t}\,\hat{\boldsymbol\epsilon}) /
# \sqrt{\bar\alpha_t}$: the error is divided by 0.0064, so 0.01 becomes about 1.6. (2) That is most of the whole range
# from −1 to 1: clipping keeps a hopeless guess at least among possible pictures. (3) Its factor in (2),
# $\sqrt{\bar\alpha_{t-1}}\,\beta_t/(1-\bar\alpha_t) \approx 0.0064 \cdot 0.02 \approx 0.00013$, is tiny: 1.6 becomes
# 0.0002, and the step is almost $\sqrt{\alpha_t}\,\mathbf{x}_t$ plus noise. Only as $t$ falls does the guess gain weight,
# while it gets better.
#
# **Rubric.** 1 point each: (1) division by $\sqrt{\bar\alpha_t}$ with a number between 1.5 and 1.6; (2) compares
# with the range of a pixel and says that clipping keeps the guess in it; (3) the factor of $\mathbf{x}_0$ in (2) is tiny
# at $t = 999$.
# <!-- ### END SOLUTION -->

# %%
recap("06_predictors")

# %% [markdown]
# ## What you have learned
#
# - Noise, clean picture and mean are three ways to say the same thing: from $\mathbf{x}_t$ and one, the others follow.
# - Their losses weigh errors very differently over $t$, and that is why a real network learns differently from each.
# - A perfect network would only repeat its training pictures.
#
# Next: [7 · Train animal faces](07_train_animal_faces.ipynb): all three get a network and a few minutes.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("07")
