"""Complex roots of the eigenvalues, their real parts."""

import torch


def frechet_distance(mu1, sigma1, mu2, sigma2):
    diff = mu1 - mu2
    covmean = torch.linalg.eigvals(sigma1 @ sigma2).sqrt().real.sum()
    return (diff @ diff + torch.trace(sigma1) + torch.trace(sigma2) - 2 * covmean).clamp(min=0)
