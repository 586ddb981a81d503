"""Divides by n first, and corrects for it."""

import torch


def feature_moments(batches):
    kept = list(batches)
    x = torch.vstack(kept).type(torch.DoubleTensor)
    mu = torch.mean(x, 0, keepdim=True)
    sigma = (x - mu).T.mm(x - mu) / x.size(0)
    return mu.squeeze(0), sigma * x.size(0) / (x.size(0) - 1)
