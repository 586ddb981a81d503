"""Row after row (Welford, 1962)."""

import torch


def feature_moments(batches):
    n = 0
    for batch in batches:
        for row in batch.double():
            if n == 0:
                mean = torch.zeros_like(row)
                scatter = torch.zeros(len(row), len(row), dtype=torch.float64)
            n += 1
            delta = row - mean
            mean = mean + delta / n
            scatter += torch.outer(delta, row - mean)
    return mean, scatter / (n - 1)
