"""Singular values of the product of the two roots."""

import torch


def frechet_distance(mu1, sigma1, mu2, sigma2):
    roots = []
    for sigma in (sigma1, sigma2):
        u, s, _ = torch.linalg.svd(sigma)
        roots.append(u * s.sqrt())
    trace = torch.linalg.matrix_norm(roots[0].T @ roots[1], ord="nuc")
    return max(0.0, float((mu1 - mu2).pow(2).sum() + sigma1.trace() + sigma2.trace() - 2 * trace))
