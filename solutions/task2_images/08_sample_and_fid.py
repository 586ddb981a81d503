# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8 · Sample and measure
#
# *Task 2, lesson 4 of 4 · about 70 minutes · before: [7 · Train animal faces](07_train_animal_faces.ipynb)*
#
# Nice faces do not yet mean a good model: it may draw one dog only, or copy its training set. Today you
# draw 500 faces, measure their distance from real ones with functions of your own, and learn what such a number is worth: how far it may be off,
# how it depends on how many faces are counted, and which questions it does not answer. In the end everything goes into
# one page to hand in.

# %% tags=["nbval-ignore-output"]
from glob import glob
from importlib.util import find_spec

if find_spec("labkit") is None:  # on Colab or Kaggle
    course = glob("ddpm_lab-*-py3-none-any.whl")
    if not course:
        raise ModuleNotFoundError("Put the lessons' ddpm_lab-….whl into this folder, or choose the course's kernel.")
    get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")
from labkit.course.begin import begin

begin("08_sample_and_fid")  # on Colab, drive=True keeps your work in Google Drive

# %% nbgrader={"grade": false, "grade_id": "imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
from collections.abc import Iterable

import torch
from torch import Tensor

from labkit.course.answers import answer
from labkit.checks import check
from labkit.course.ladder import compare, hint, model_answer
from labkit.course.syllabus import run_folder
from labkit.course.faces import face_distance, face_schedules, sample_faces, settings_table
from labkit.course.predict import predict, recap
from labkit.metrics import find_copies
from labkit.plots import plot_distance_by_n, plot_images, plot_losses, plot_rows
from labkit.course.profiles import choose_profile
from labkit.course.report_page import write_report
from labkit.training import Run, training_device

# %% nbgrader={"grade": false, "grade_id": "earlier_answers", "locked": true, "schema_version": 3, "solution": false, "task": false}
cosine_betas = answer("cosine_betas")
step = answer("step")

# %% [markdown]
# ## Choose a run
#
# Take the one that you think is your best: any `predictor` and `beta` that you trained in lesson 7.

# %%
predictor, beta = "x0", "linear"

# %% nbgrader={"grade": false, "grade_id": "network", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
profile = choose_profile()
schedule = face_schedules(profile, cosine_betas)[beta]
run = Run.load(profile.network().to(training_device()), run_folder(predictor, beta))
training, unseen = profile.faces("train"), profile.faces("val")
print(f"{predictor} under {beta}, {len(run.losses):,} steps, from {run.folder}")

# %% [markdown]
# ## Five hundred faces
#
# Every face has random numbers of its own, from (seed, number of the face): the same faces come out whatever the size of
# the batches, and a call that was stopped goes on where it was. They are kept in `results/samples/`.

# %% nbgrader={"grade": false, "grade_id": "samples", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
samples = sample_faces(
    profile, run.network, schedule, step, predictor, n=profile.num_samples, seed=8, out="results/samples"
)
plot_images(samples[:48], columns=12)

# %% [markdown]
# ## A distance between two sets of faces
#
# A drawn face has no real face that belongs to it, so we compare whole sets of faces. A network that was trained to tell
# pictures apart turns each face into a vector of features; each set becomes a cloud of vectors, and each cloud is
# described by its mean $\boldsymbol\mu$ and covariance $\Sigma$, as if it were a Gaussian, which it is not quite. The
# *Fréchet distance* $d$ of two Gaussians is given by the formula below, and what is reported is $d^2$ itself:
#
# $$d^2 = \|\boldsymbol\mu_1 - \boldsymbol\mu_2\|^2 +
# \mathrm{tr}\left(\Sigma_1 + \Sigma_2 - 2\sqrt{\Sigma_1\Sigma_2}\right).$$
#
# With the features of the Inception network, and only with these, it is called **FID** (Heusel et al.,
# [2017](https://arxiv.org/abs/1706.08500)). For toy faces we use a small classifier that was trained on them, and call the
# number the *toy Fréchet distance*: it is on another scale, and cannot be compared with any FID.
#
# ## TODO 17 · `feature_moments` (about 10 minutes)
#
# Mean and covariance of all features, although there is never more than one batch of them: 500 faces fit into memory, a
# million do not. So they are read once (hold one batch at a time, although the check cannot see this), and what is
# kept of a batch must let you put the batches together in the end, the smaller last one
# too. The covariance is the unbiased one, with $n - 1$ below the line. Features are float32; where a mean is large and the spread
# small, a sum of squares in float32 has no digits left for the spread, so compute in float64.

# %% nbgrader={"grade": false, "grade_id": "feature_moments", "locked": false, "schema_version": 3, "solution": true, "task": false}
def feature_moments(batches: Iterable[Tensor]) -> tuple[Tensor, Tensor]:
    """Mean and covariance of features that come batch by batch, and can be read once only.

    Each batch is a float32 tensor [B, D] of B ≥ 1 rows, one for each sample; of all batches together there
    are n ≥ 2 → mean [D] and unbiased covariance [D, D], both float64.
    """
    ### BEGIN SOLUTION
    n, total, products = 0, 0, 0
    for batch in batches:
        x = batch.double()
        n, total, products = n + len(x), total + x.sum(dim=0), products + x.T @ x
    mean = total / n
    return mean, (products - n * torch.outer(mean, mean)) / (n - 1)
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_feature_moments", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("feature_moments", points=2)

# %% [markdown]
# ## TODO 18 · `frechet_distance` (about 15 minutes)
#
# PyTorch has no root of a matrix, and you need none. The trace of a matrix is the sum of its eigenvalues, and the
# eigenvalues of $\sqrt{\Sigma_1\Sigma_2}$ are the roots of those of $\Sigma_1\Sigma_2$. Those are real and never
# negative, although the product is *not symmetric*: they are also the eigenvalues of
# $\sqrt{\Sigma_1}\,\Sigma_2\sqrt{\Sigma_1}$, which is a covariance.
#
# That is mathematics. On a computer, no other package is needed (`pytorch_fid` is not there while you are graded),
# but mind three things: which functions of `torch.linalg` take a matrix that is not symmetric, and what
# numbers they return; that 500 faces have a covariance of rank 499 at most, so that of 2,048 features
# most eigenvalues are 0, up to rounding in either direction; and that a distance of 0 must not become $-10^{-14}$.

# %% nbgrader={"grade": false, "grade_id": "frechet_distance", "locked": false, "schema_version": 3, "solution": true, "task": false}
def frechet_distance(mu1: Tensor, sigma1: Tensor, mu2: Tensor, sigma2: Tensor) -> float:
    """The squared Fréchet distance of two Gaussians, the formula above (Dowson and Landau, 1982).

    Means [D] and covariances [D, D], float64; the covariances may be singular → a real number ≥ 0, also
    where rounding would make it negative. The arguments stay as they are.
    """
    ### BEGIN SOLUTION
    eigenvalues = torch.linalg.eigvals(sigma1 @ sigma2).real.clamp(min=0)
    covariances = sigma1.trace() + sigma2.trace() - 2 * eigenvalues.sqrt().sum()
    return max(0.0, ((mu1 - mu2).square().sum() + covariances).item())
    ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check_frechet_distance", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("frechet_distance", points=2)

# %% [markdown]
# ## Your faces' distance
#
# Now to the faces: the features of yours, and those of real faces that no network has seen, 50 at a time.

# %% nbgrader={"grade": false, "grade_id": "own_distance", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
n = len(samples)
extractor = profile.dataset.extractor()

def features(images: Tensor) -> Iterable[Tensor]:
    return (extractor(images[k : k + 50]).cpu() for k in range(0, len(images), 50))

real = feature_moments(features(unseen.images[n:]))
own_distance = frechet_distance(*feature_moments(features(samples)), *real)
print(f"your own function says {own_distance:.6g}")

# %% [markdown]
# `face_distance` gives the same number by another way (no eigenvalues, but singular values of the features themselves), and says how far
# it may be off.
#
# **Predict:** is the distance between 500 real faces and other real faces 0? And the distance of pure noise?

# %%
predict("real_distance")

# %% nbgrader={"grade": false, "grade_id": "distance", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
torch.manual_seed(8)
noise = torch.randint(256, samples.shape, dtype=torch.uint8)
distances = {
    "your faces": face_distance(profile, samples, unseen.images[n:]),
    "real faces": face_distance(profile, unseen.images[:n], unseen.images[n:]),
    "noise": face_distance(profile, noise, unseen.images[n:]),
}
for name, distance in distances.items():
    print(f"{name:10}  {distance}")
print(f"yours and labkit's differ by {abs(own_distance - distances['your faces'].value):.1g}")

# %% [markdown]
# The ± is an interval of 95 %: draw 500 faces of the same model again and again, and the numbers scatter around a
# mean, which lies in about 19 of 20 cases within ± of yours. Where one model's number lies inside the other's
# interval, do not say which is better.
#
# Below the bounds 15, 20, 30 and 40 a FID earns 16, 12, 8 and 4 points; a toy Fréchet distance has bounds of its own,
# which the check names. It draws faces of its own, with your `step` and your run.

# %% nbgrader={"grade": true, "grade_id": "check_face_quality", "locked": true, "points": 16, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
check("face_quality", points=16)

# %% [markdown]
# ## How many faces?
#
# **Predict:** the same model, but only 50 or 100 of its faces: will its distance be about the same, smaller, or larger?

# %%
predict("fewer_faces")

# %% nbgrader={"grade": false, "grade_id": "by_n", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
sizes = [size for size in (50, 100, 200, 350, 500) if size <= n]
by_n = {
    name: [face_distance(profile, images[:size], unseen.images[n:]) for size in sizes]
    for name, images in {"your faces": samples, "real faces": unseen.images[:n]}.items()
}
plot_distance_by_n(by_n)

# %% [markdown]
# Nothing about the model has changed, and yet the number falls. From few faces, mean and covariance are estimated
# with errors. These are 0 on average, but the formula squares the mean's, so that it always adds to the distance; and
# an error of the covariance makes the root smaller, which adds too. Even real faces lie several times as far away
# when there are 50 as when there are 500.
# So **a Fréchet distance without its $n$ says
# nothing**, and numbers with different $n$ cannot be compared. The kernel distance in the right panel (KID; Bińkowski et
# al., [2018](https://arxiv.org/abs/1801.01401)) has no such bias: its values scatter around the same number, ever more closely. (Around a
# number near 0 some are negative: then these faces show no difference.)
#
# > **Beware of numbers from elsewhere.** Papers count 10,000 or 50,000 faces against the training set. The labs that this
# > course goes back to used an Inception network retrained on three kinds of animals, 500 faces, and reference pictures
# > saved as small JPEGs: their 28.7 or 9.6 is on a scale of its own. Resizing and JPEG alone can move a FID by
# > several points (Parmar et al., [2022](https://arxiv.org/abs/2104.11222)), and so does the number of pictures.
#
# ## Did it copy the training faces?
#
# A model that copied its training set would have an excellent distance. So we look for each face's nearest neighbour
# among the training faces (mirrored ones too), and compare with how near *fresh* faces come.

# %% nbgrader={"grade": false, "grade_id": "copies", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
copies = find_copies(samples, training.images, unseen.images[:n])
nearest = copies.nearest.distances.argsort()[:10]  # the ten that come nearest
plot_rows({
    "drawn": samples[nearest],
    "nearest\nin training": training.images[copies.nearest.indices[nearest]],
})

# %% tags=["nbval-ignore-output"]
print(f"{int(copies.copied.sum())} of {n} faces are copies; fresh faces come as near as "
      f"{copies.threshold:.1f} grey levels, the nearest of yours {copies.nearest.distances.min():.1f}")

# %% [markdown]
# ## The report
#
# One page with all that somebody needs to judge your model, or to make it again. Write two or three sentences about it:
# what are you content with, and what would you try next?

# %%
conclusion = """
Write your two or three sentences here.
"""

# %% nbgrader={"grade": false, "grade_id": "report", "locked": true, "schema_version": 3, "solution": false, "task": false} tags=["nbval-ignore-output"]
page = write_report("results/report.html", f"Animal faces: {predictor} under {beta}", {
    "Faces": plot_images(samples[:48], columns=12),
    "Distance": {name: str(distance) for name, distance in distances.items()},
    "Distance and number of faces": plot_distance_by_n(by_n),
    "Loss": plot_losses({predictor: run.losses}),
    "Nearest training faces": plot_rows({
        "drawn": samples[nearest], "nearest": training.images[copies.nearest.indices[nearest]],
    }),
    "Settings": settings_table(profile, run, predictor, beta),
    "Conclusion": conclusion.strip(),
})
print(f"written to {page}: open it in a browser; `labkit submit` packs it with your notebooks")

# %%
recap("08_sample_and_fid")

# %% [markdown]
# ## From here to Stable Diffusion
#
# What lies between your model and those that draw what one tells them? Three ideas, on top of all that you have built:
#
# - **Fewer steps.** You ask the network once at every timestep. DDIM (Song et al., [2020](https://arxiv.org/abs/2010.02502))
#   lets the same network go a path without noise, on a tenth of the timesteps or fewer; solvers of differential equations
#   walk it more exactly still.
# - **Told what to draw.** The network is also told a class, or the words of a sentence, and *guidance* (Ho and Salimans,
#   [2022](https://arxiv.org/abs/2207.12598)) makes it listen.
# - **In a small space.** Stable Diffusion (Rombach et al., [2022](https://arxiv.org/abs/2112.10752)) draws no pixels: an
#   autoencoder turns 512 × 512 × 3 of them into 64 × 64 × 4 numbers, 48 times fewer, and back. In between works what you
#   know: in its first versions a UNet that guesses the noise, $T = 1000$, and lesson 5's *quad*
#   schedule, with the ends 0.00085 and 0.012.
#
# The first two are the subject of a Task 3 that is planned for this course. Task 4 will go straight: *flow matching*
# (Lipman et al., [2022](https://arxiv.org/abs/2210.02747)) trains on straight lines from noise to data. The paths
# that it learns still bend, but less, so that fewer steps are enough; straightened once more (Liu et al.,
# [2022](https://arxiv.org/abs/2209.03003)), nearly one.

# %%
from labkit.course.look_ahead import look_ahead

look_ahead("beyond")

# %% [markdown]
# ## What you have learned
#
# - Such a number depends on many choices: features, reference faces, $n$, resizing. Always write them beside it, with
#   the interval.
# - Copies are found by looking for them, not by a distance.
# - Settings belong to a result: without them nobody, you included, can make it again.
#
# You have built a diffusion model for images from scratch, and you know what it is worth.
