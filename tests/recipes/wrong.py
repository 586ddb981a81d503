"""What is wrong with an answer to predict_x0."""

from answers.mistakes import Mistakes

wrong = Mistakes("predict_x0", of="plain")

wrong("missing_root", "No root over ᾱ_t.", {"a.sqrt()": "a"})
wrong("wrong_sign", "Adds the noise once more.", {"x_t - ": "x_t + "})
wrong(
    "wrong_sign__and_a_root",
    "Both at once.",
    {"a.sqrt()": "a", "x_t - ": "x_t + "},
)
