def frechet_distance(mu1, sigma1, mu2, sigma2):
    values, vectors = torch.linalg.eigh(sigma1)
    half = vectors * values.clamp(min=0).sqrt() @ vectors.T
    roots = torch.linalg.eigvalsh(half @ sigma2 @ half).clamp(min=0).sqrt()
    squared = ((mu1 - mu2) ** 2).sum() + torch.trace(sigma1 + sigma2) - 2 * roots.sum()
    return squared.clamp(min=0)
