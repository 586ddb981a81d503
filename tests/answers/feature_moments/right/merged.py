"""Merges mean and scatter of each batch into those of all before (Chan et al., 1983)."""

import torch


def feature_moments(batches):
    n, mean, scatter = 0, None, None
    for batch in batches:
        x = batch.to(torch.float64)
        b, mu = len(x), x.mean(dim=0)
        centred = x - mu
        if n == 0:
            n, mean, scatter = b, mu, centred.T @ centred
            continue
        shift, total = mu - mean, n + b
        scatter = scatter + centred.T @ centred + torch.outer(shift, shift) * n * b / total
        mean = mean + shift * b / total
        n = total
    return mean, scatter / (n - 1)
