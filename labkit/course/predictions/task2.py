"""The questions of lessons 05 to 08."""

from labkit.course.predictions.question import Choice, Question

TASK2: dict[str, Question] = {
    "face_gone": Choice(
        lesson="05_noise_schedules",
        about="under which schedule a face is gone earlier",
        seen_in="explore_image_noise(",
        options=(
            "linear, by more than 100 steps",
            "linear, by a few steps only",
            "both at once, as their ends agree",
            "quad, as a parabola rises fast",
        ),
        right="linear, by more than 100 steps",
        because="Between the ends they share, quad adds less noise at every step: the ratio "
        "ᾱ_t / (1 − ᾱ_t) falls below 1 at t = 259 under linear, and under quad at 418.",
    ),
    "cosine_middle": Choice(
        lesson="05_noise_schedules",
        about="how much signal cosine leaves in the middle",
        seen_in="plot_schedules(",
        options=("a tenth", "a quarter", "half"),
        right="half",
        because="It was made to fall evenly on both sides of the middle: ᾱ_500 is 0.49 under cosine, and "
        "0.08 under linear, where most of the signal has gone by then.",
    ),
    "before_first": Choice(
        lesson="06_predictors",
        about="the posterior at t = 0",
        seen_in="alphas_cumprod_prev",
        options=(
            "ᾱ₋₁ = 0, so μ̃₀ = x_t and β̃₀ = β₀",
            "ᾱ₋₁ = 1, so μ̃₀ = x₀ and β̃₀ = 0",
            "ᾱ₋₁ = 1, so μ̃₀ = x_t and β̃₀ = 0",
        ),
        right="ᾱ₋₁ = 1, so μ̃₀ = x₀ and β̃₀ = 0",
        because="All of the signal is there before the first step; 1 − ᾱ₋₁ = 0 makes β̃₀ and the factor of "
        "x_t vanish, and the factor of x₀ is β₀/(1 − ᾱ₀) = 1.",
    ),
    "same_pictures": Choice(
        lesson="06_predictors",
        about="what a perfect network draws in three ways",
        seen_in="plot_rows(",
        options=(
            "the same, and new faces",
            "the same, out of the 24",
            "different ones, new faces",
            "different ones, out of the 24",
        ),
        right="the same, out of the 24",
        because="Noise, picture and mean follow from one another, so that three perfect answers lead to "
        "one step (where your three use the same variance); and in the world of this network no other "
        "faces exist.",
    ),
    "small_t": Choice(
        lesson="06_predictors",
        about="which losses come from small t, if all t err alike",
        seen_in="plot_error_weights(",
        options=("noise alone", "noise and mean", "mean alone", "x0 alone"),
        right="noise and mean",
        because="Of all the weight in the mean's loss 89 % lies on the first dozen of the 1,000 timesteps, "
        "of that in the noise's 82 %; x0's counts them all alike.",
    ),
    "no_idea": Choice(
        lesson="07_train_animal_faces",
        about="the loss of a network that knows nothing",
        seen_in="plot_losses(",
        options=(
            "noise 1, x0 1, mean 1",
            "noise 1, x0 0.2, mean 0.2",
            "noise 1, x0 0.2, mean below 0.01",
            "noise 0.2, x0 1, mean below 0.01",
        ),
        right="noise 1, x0 0.2, mean below 0.01",
        because="A network that knows nothing of the noise answers 0, and its loss is the variance of the "
        "noise, 1; in the same way a face gives 0.2. One that returns x_t as the mean has a loss below "
        "0.01. (Untrained, the mean's network answers 0 as well: its curve begins higher, and is down "
        "there within a few dozen steps.)",
    ),
    "worst_row": Choice(
        lesson="07_train_animal_faces",
        about="which predictor draws worst",
        seen_in="plot_rows(",
        options=("noise", "x0", "mean", "none, they agree"),
        right="mean",
        because="Typically its faces are the least settled: three perfect networks would agree, but the "
        "same small error in the output is not the same error in the face. (How different, question 2 "
        "below lets you compute.)",
    ),
    "without_weights": Choice(
        lesson="07_train_animal_faces",
        about="what gets worse without the weights",
        seen_in="plot_rows(",
        options=("the shapes", "the details", "neither"),
        right="the details",
        because="Typically eyes and stripes blur first: details are made at small t, and without the "
        "weights an error there counts no more than one at large t, where nobody can know the face.",
    ),
    "first_seen": Choice(
        lesson="07_train_animal_faces",
        about="under which schedule an animal shows first",
        seen_in="plot_rows(",
        options=("linear", "quad", "cosine", "under all at the same t"),
        right="cosine",
        because="Typically a face shows at the largest t under cosine, then quad, then linear: in the "
        "order of lesson 5's table, though one walk may differ from the next.",
    ),
    "real_distance": Choice(
        lesson="08_sample_and_fid",
        about="the distance of real faces from real faces",
        seen_in="face_distance(",
        options=(
            "exactly 0, and noise a little more",
            "above 0, and noise a little more",
            "above 0, and noise far more",
            "exactly 0, and noise far more",
        ),
        right="above 0, and noise far more",
        because="Two sets of real faces are not the same faces, and whatever differs between them by "
        "chance counts as distance; what differs between noise and faces is no chance.",
    ),
    "fewer_faces": Choice(
        lesson="08_sample_and_fid",
        about="the distance of fewer faces",
        seen_in="plot_distance_by_n(",
        options=("about the same", "smaller", "larger"),
        right="larger",
        because="From few faces mean and covariance are estimated badly, and an estimate's error counts as "
        "distance in whatever direction it goes.",
    ),
}
