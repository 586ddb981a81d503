"""The root of one covariance on both sides of the other: a symmetric matrix."""

import torch


def _root(matrix):
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T


def frechet_distance(mu1, sigma1, mu2, sigma2):
    half = _root(sigma1)
    inner = torch.linalg.eigvalsh(half @ sigma2 @ half).clamp_min(0).sqrt().sum()
    squared = torch.sum((mu1 - mu2) ** 2) + torch.trace(sigma1 + sigma2) - 2 * inner
    return float(torch.relu(squared))
