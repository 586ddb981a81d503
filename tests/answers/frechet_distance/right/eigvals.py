"""Eigenvalues of the product, which may be complex by rounding."""

import torch


def frechet_distance(mu1, sigma1, mu2, sigma2):
    eigenvalues = torch.linalg.eigvals(sigma1 @ sigma2)
    root = eigenvalues.real.clamp(min=0).sqrt().sum()
    distance = (mu1 - mu2).square().sum() + sigma1.trace() + sigma2.trace() - 2 * root
    return max(0.0, distance.item())
