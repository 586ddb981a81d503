"""NumPy throughout, the eigenvalues' size."""

import numpy as np


def frechet_distance(mu1, sigma1, mu2, sigma2):
    values = np.linalg.eigvals(np.array(sigma1) @ np.array(sigma2))
    trace = np.sqrt(np.abs(values)).sum()
    means = np.linalg.norm(np.array(mu1) - np.array(mu2)) ** 2
    return float(np.clip(means + np.trace(sigma1.numpy() + sigma2.numpy()) - 2 * trace, 0, None))
