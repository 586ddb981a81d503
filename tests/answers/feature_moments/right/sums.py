"""Sums of features and of their products, in float64."""


def feature_moments(batches):
    n, total, products = 0, 0, 0
    for batch in batches:
        x = batch.double()
        n += len(x)
        total = total + x.sum(dim=0)
        products = products + x.T @ x
    mean = total / n
    return mean, (products - n * mean[:, None] * mean) / (n - 1)
