"""What is wrong with an answer to frechet_distance."""

from answers.mistakes import Mistakes

wrong = Mistakes("frechet_distance", of="eigvals")

SUM = "(mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * root"

wrong("missing_two", "No factor 2.", {"2 * root": "root"})
wrong(
    "mean_not_squared",
    "The norm of the means' difference.",
    {"(mu1 - mu2).square().sum()": "(mu1 - mu2).norm()"},
)
wrong("means_left_out", "No means.", {"(mu1 - mu2).square().sum() + ": ""})
wrong("traces_left_out", "One trace alone.", {" + sigma2.trace()": ""})
wrong("traces_left_out__both", "No traces.", {" + sigma1.trace() + sigma2.trace()": ""})
wrong(
    "root_left_out",
    "The trace of the product.",
    {"eigenvalues.real.clamp(min=0).sqrt().sum()": "eigenvalues.real.sum()"},
)
wrong("root_added", "A plus before the root.", {"- 2 * root": "+ 2 * root"})
wrong(
    "root_of_entries",
    "The root of each entry.",
    {
        (
            "eigenvalues = torch.linalg.eigvals(sigma1 @ sigma2)\n    root = eigenvalues.real"
        ): "root = (sigma1 @ sigma2).diagonal()"
    },
)
wrong(
    "root_of_entries__abs",
    "The root of each entry's size.",
    {
        (
            "eigenvalues = torch.linalg.eigvals(sigma1 @ sigma2)\n"
            "    root = eigenvalues.real.clamp(min=0).sqrt().sum()"
        ): "root = (sigma1 @ sigma2).abs().sqrt().trace()"
    },
)
wrong("root_of_trace", "The root of the trace.", {"real.clamp(min=0).sqrt().sum()": "real.sum().sqrt()"})
wrong(
    "roots_multiplied",
    "The product of the roots.",
    {
        "inner = torch.linalg.eigvalsh(half @ sigma2 @ half).clamp_min(0).sqrt().sum()": (
            "inner = (half @ _root(sigma2)).trace()"
        )
    },
    of="symmetric_root",
)
wrong(
    "product_taken_for_symmetric",
    "eigvalsh of the product.",
    {"eigvals(sigma1 @ sigma2)": "eigvalsh(sigma1 @ sigma2)"},
)
wrong(
    "product_taken_for_symmetric__upper",
    "eigvalsh of the product's upper half.",
    {"eigvals(sigma1 @ sigma2)": "eigvalsh(sigma1 @ sigma2, UPLO='U')"},
)
wrong(
    "singular_values_for_eigenvalues",
    "Singular values of the product.",
    {"eigvals(sigma1 @ sigma2)": "svdvals(sigma1 @ sigma2)"},
)
wrong(
    "covariances_as_vectors",
    "The squared norm of the covariances' difference.",
    {SUM: "(mu1 - mu2).square().sum() + (sigma1 - sigma2).square().sum()"},
)
wrong(
    "covariances_as_vectors__norm",
    "The norm of the covariances' difference.",
    {SUM: "(mu1 - mu2).square().sum() + (sigma1 - sigma2).norm()"},
)
wrong(
    "diagonal_only",
    "The distance of the single features.",
    {
        SUM: (
            "(mu1 - mu2).square().sum() + (sigma1.diagonal().sqrt() - "
            "sigma2.diagonal().sqrt()).square().sum()"
        )
    },
)
wrong("distance_not_squared", "The distance itself.", {"distance.item())": "distance.item()) ** 0.5"})
wrong(
    "complex_distance",
    "Keeps the complex type.",
    {
        "sqrt().real.sum()": "sqrt().sum()",
        "(diff @": "diff @",
        "covmean).clamp(min=0)": "covmean",
    },
    of="complex_roots",
)
wrong(
    "complex_distance__python",
    "Python's complex number.",
    {
        "sqrt().real.sum()": "sqrt().sum()",
        "clamp(min=0)": "item()",
    },
    of="complex_roots",
)
wrong(
    "fails_for_singular",
    "Roots of numbers that rounding made negative.",
    {"real.clamp(min=0).sqrt()": "real.sqrt()", "max(0.0, distance.item())": "distance.clamp(min=0)"},
)
wrong(
    "fails_for_singular__large_offset",
    "A tenth on every diagonal where one is singular.",
    {
        "    eigenvalues": (
            "    for sigma in (sigma1, sigma2):\n"
            "        if torch.linalg.matrix_rank(sigma) < len(sigma):\n"
            "            sigma1 = sigma1 + 0.1 * torch.eye(len(sigma))\n"
            "    eigenvalues"
        )
    },
)
wrong(
    "raised__cholesky",
    "Cholesky's factor, which singular covariances lack.",
    whole="""
import torch


def frechet_distance(mu1, sigma1, mu2, sigma2):
    one, other = torch.linalg.cholesky(sigma1), torch.linalg.cholesky(sigma2)
    trace = torch.linalg.svdvals(one.T @ other).sum()
    return max(0.0, float((mu1 - mu2).square().sum() + (sigma1 + sigma2).trace() - 2 * trace))
""",
)
wrong(
    "raised__inverse",
    "The root of a quotient, for which it inverts a covariance.",
    whole="""
import torch


def frechet_distance(mu1, sigma1, mu2, sigma2):
    if torch.linalg.matrix_rank(sigma2) < len(sigma2):
        raise torch.linalg.LinAlgError("singular")
    inverse = torch.linalg.inv(sigma2)
    root = torch.linalg.eigvals(sigma1 @ torch.linalg.inv(inverse)).real.clamp(min=0).sqrt().sum()
    return max(0.0, ((mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * root).item())
""",
)
wrong("negative_distance", "As it comes out.", {"max(0.0, distance.item())": "distance.item()"})
wrong(
    "negative_distance__sqrtm",
    "SciPy's root, as it comes out.",
    {"max(diff.dot(diff)": "diff.dot(diff)", "np.trace(covmean), 0)": "np.trace(covmean)"},
    of="scipy_sqrtm",
)
wrong("returns_none", "Returns nothing.", {"return ": "squared = "})
wrong("returns_tuple", "Both parts.", {"max(0.0, distance.item())": "distance.item(), root"})
wrong(
    "wrong_shape",
    "A number for each feature.",
    {
        "(mu1 - mu2).square().sum() + ": "(mu1 - mu2).square() + ",
        "max(0.0, distance.item())": "distance.clamp(min=0)",
    },
)
wrong(
    "wrong_shape__matrix",
    "A matrix.",
    {
        "sigma1.trace() + sigma2.trace()": "sigma1 + sigma2",
        "max(0.0, distance.item())": "distance.clamp(min=0)",
    },
)
wrong(
    "changes_its_input",
    "Adds to the diagonal in place.",
    {"    eigenvalues": "    sigma1 += 1e-9 * torch.eye(len(sigma1))\n    eigenvalues"},
)
wrong(
    "unnamed__mean_of_squares",
    "The mean of the squares.",
    {"(mu1 - mu2).square().sum()": "(mu1 - mu2).square().mean()"},
)
wrong(
    "unnamed__rounded",
    "Rounds to a digit.",
    {"max(0.0, distance.item())": "round(max(0.0, distance.item()), 1)"},
)
