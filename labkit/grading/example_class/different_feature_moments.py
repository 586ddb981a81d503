def feature_moments(batches):
    features = torch.cat([batch.to(torch.float64) for batch in batches])
    return torch.mean(features, dim=0), torch.cov(features.T)
