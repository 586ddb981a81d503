"""What is wrong with an answer to feature_moments."""

from answers.mistakes import Mistakes

wrong = Mistakes("feature_moments", of="collected")

MEAN = "features.mean(dim=0), torch.cov(features.T)"
CENTRED = "centred = features - features.mean(dim=0)\n    "

wrong("divided_by_n", "The biased covariance.", {"features.T)": "features.T, correction=0)"})
wrong("divided_by_n__sums", "Sums, divided by n.", {"/ (n - 1)": "/ n"}, of="sums")
wrong("divided_by_n__merged", "Merged, divided by n.", {"/ (n - 1)": "/ n"}, of="merged")
wrong("not_averaged", "The scatter.", {" / (n - 1)": ""}, of="merged")
wrong("not_averaged__mean", "The sum for the mean.", {"mean(dim=0)": "sum(dim=0)"})
wrong(
    "mean_of_batch_means",
    "Means of batches, averaged.",
    whole="""
import torch


def feature_moments(batches):
    kept = [batch.double() for batch in batches]
    mean = torch.stack([batch.mean(dim=0) for batch in kept]).mean(dim=0)
    return mean, torch.cov(torch.cat(kept).T)
""",
)
wrong(
    "covariance_of_batches",
    "Covariances of batches, averaged.",
    whole="""
import torch


def feature_moments(batches):
    kept = [batch.double() for batch in batches]
    covariances = [torch.cov(batch.T, correction=0) for batch in kept]
    return torch.cat(kept).mean(dim=0), torch.stack(covariances).mean(dim=0)
""",
)
wrong(
    "covariance_of_batches__weighed",
    "Covariances of batches, weighed by their rows.",
    {" + torch.outer(shift, shift) * n * b / total": ""},
    of="merged",
)
wrong("not_centred", "Second moments.", {" - n * mean[:, None] * mean": ""}, of="sums")
wrong(
    "not_centred__over_n",
    "Second moments over n.",
    {"(products - n * mean[:, None] * mean) / (n - 1)": "products / n"},
    of="sums",
)
wrong("correlation_for_covariance", "Correlations.", {"torch.cov": "torch.corrcoef"})
wrong(
    "variances_only", "Variances in a matrix.", {"torch.cov(features.T)": "torch.diag(features.var(dim=0))"}
)
wrong("variances_only__vector", "Variances in a vector.", {"torch.cov(features.T)": "features.var(dim=0)"})
wrong("covariance_of_rows", "Rows for variables.", {"features.T": "features"})
wrong("covariance_of_rows__numpy", "NumPy's default.", {", rowvar=False": ""}, of="numpy_cov")
wrong(
    "one_batch_only",
    "The last batch alone.",
    {"torch.cat([batch.double() for batch in batches])": "list(batches)[-1].double()"},
)
wrong(
    "one_batch_only__return_in_loop",
    "The return stands in the loop.",
    whole="""
import torch


def feature_moments(batches):
    for batch in batches:
        if len(batch) > 1:
            features = batch.double()
            return features.mean(dim=0), torch.cov(features.T)
""",
)
wrong(
    "reads_twice",
    "One pass for the mean, one for the covariance.",
    whole="""


def feature_moments(batches):
    n, total = 0, 0
    for batch in batches:
        n, total = n + len(batch), total + batch.double().sum(dim=0)
    mean, scatter = total / n, 0
    for batch in batches:
        centred = batch.double() - mean
        scatter = scatter + centred.T @ centred
    return mean, scatter / (n - 1)
""",
)
wrong(
    "reads_twice__counts_first",
    "Counts the batches first.",
    {"    features": "    n = sum(len(batch) for batch in batches)\n    features"},
)
wrong(
    "precision_lost",
    "Computes in float32, converts in the end.",
    {"batch.double()": "batch", MEAN: "features.mean(dim=0).double(), torch.cov(features.T).double()"},
)
wrong(
    "precision_lost__sums",
    "Sums in float32.",
    {
        "x = batch.double()": "x = batch",
        "mean = total / n": "total, products = total.double(), products.double()\n    mean = total / n",
    },
    of="sums",
)
wrong(
    "not_float64", "Returns float32.", {MEAN: "features.mean(dim=0).float(), torch.cov(features.T).float()"}
)
wrong(
    "not_float64__covariance",
    "The covariance as float32.",
    {"torch.cov(features.T)": "torch.cov(features.T).float()"},
)
wrong("moments_swapped", "The covariance first.", {MEAN: "torch.cov(features.T), features.mean(dim=0)"})
wrong("wrong_shape", "The mean as a row.", {"mean(dim=0)": "mean(dim=0, keepdim=True)"})
wrong("wrong_shape__over_everything", "One mean for all features.", {"mean(dim=0)": "mean()"})
wrong("returns_other", "Tells n too.", {MEAN: MEAN + ", len(features)"})
wrong(
    "returns_other__dictionary",
    "Returns a dictionary.",
    {MEAN: '{"mean": features.mean(dim=0), "covariance": torch.cov(features.T)}'},
)
wrong("returns_none", "Returns nothing.", {"return ": "moments = "})
wrong(
    "raised__length",
    "Asks an iterator for its length.",
    {"    features": "    n = len(batches)\n    features"},
)
wrong(
    "raised__index",
    "Takes the batches for a list.",
    {"torch.cat([batch.double() for batch in batches])": "batches[0].double()"},
)
wrong(
    "not_finite",
    "Unbiased covariances of single rows.",
    {
        "centred.T @ centred\n            continue": "torch.cov(x.T) * (b - 1)\n            continue",
        "scatter + centred.T @ centred": "scatter + torch.cov(x.T) * (b - 1)",
    },
    of="merged",
)
wrong(
    "changes_its_input",
    "Centres the batches in place.",
    whole="""
import torch


def feature_moments(batches):
    kept = list(batches)
    features = torch.cat([batch.double() for batch in kept])
    mean = features.mean(dim=0)
    scatter = sum((batch - mean).T.double() @ (batch - mean) for batch in map(torch.Tensor.double, kept))
    for batch in kept:
        batch -= mean
    return mean, scatter / (len(features) - 1)
""",
)
wrong("unnamed__n_minus_2", "Two less than n.", {"/ (n - 1)": "/ (n - 2)"}, of="merged")
wrong(
    "unnamed__shift_not_shared",
    "The shift counts by the rows of the batch.",
    {"shift, shift) * n * b / total": "shift, shift) * b"},
    of="merged",
)
