"""Mutants that compute the same, or another right answer: each with the reason."""

# ruff: noqa: E501 — a name quotes the line as it stands

SHAPE = "only the shape of this argument counts, or how many dimensions it has, and that is the same"
SYMMETRIC = "the noise is as likely as its negative"
ONE_DEVICE = "the tests run on a CPU, where all tensors are on the same device anyway"
BOTH_WAYS = "a squared error is the same both ways, and so are its gradients"
ALL_ALIKE = "all t of a batch are equal, so that the last one tells as much as the first"
REMARKED = "float32 inside is off by 3e-5 at most: it passes, with a remark"
EITHER_WAY = "a square, and the larger of two, are the same either way round"
AS_MANY = "an average has as many weights and buffers as its network"
ANY_NUMBER = "a number is a number, whether a float or a tensor"
REASONS = (SHAPE, SYMMETRIC, ONE_DEVICE, BOTH_WAYS, ALL_ALIKE, REMARKED, EITHER_WAY, AS_MANY, ANY_NUMBER)

EQUIVALENT: dict[str, dict[str, str]] = {
    "q_sample": {
        "alpha_bar = extract(schedule.alphas_cumprod, t, x0)  |  x0 → noise": SHAPE,
    },
    "p_sample": {
        "alpha = extract(schedule.alphas, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → alpha": SHAPE,
        "if t[0] == 0:  |  0 → -1": ALL_ALIKE,
        "return mean + beta.sqrt() * torch.randn_like(x_t)  |  mean + beta.sqrt() * torch.randn_like(x_t) → mean - beta.sqrt() * torch.randn_like(x_t)": SYMMETRIC,
        "return mean + beta.sqrt() * torch.randn_like(x_t)  |  x_t → mean": SHAPE,
    },
    "p_sample_loop": {
        "device = schedule.betas.device  |  schedule.betas → schedule.alphas": ONE_DEVICE,
        "device = schedule.betas.device  |  schedule.betas → schedule.alphas_cumprod": ONE_DEVICE,
        "device = schedule.betas.device  |  schedule.betas → schedule.alphas_cumprod_prev": ONE_DEVICE,
        "x_t = torch.randn(shape, device=device)  |  torch.randn(shape, device=device) → torch.randn(shape)": ONE_DEVICE,
        "x_t = p_sample(network, schedule, x_t, torch.full(shape[:1], t, device=device))  |  torch.full(shape[:1], t, device=device) → torch.full(shape[:1], t)": ONE_DEVICE,
    },
    "compute_loss": {
        "t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)  |  torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device) → torch.randint(schedule.num_train_timesteps, (len(x0),))": ONE_DEVICE,
        "return F.mse_loss(network(x_t, t), noise)  |  F.mse_loss(network(x_t, t), noise) → F.mse_loss(noise, network(x_t, t))": BOTH_WAYS,
    },
    "add_noise": {
        "alpha_bar = extract(schedule.alphas_cumprod, t, x0)  |  x0 → eps": SHAPE,
    },
    "cosine_betas": {
        "done = torch.arange(num_train_timesteps + 1, dtype=torch.float64) / num_train_timesteps  |  torch.arange(num_train_timesteps + 1, dtype=torch.float64) → torch.arange(num_train_timesteps + 1)": REMARKED,
    },
    "get_loss_noise": {
        "t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)  |  torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device) → torch.randint(schedule.num_train_timesteps, (len(x0),))": ONE_DEVICE,
        "return F.mse_loss(network(x_t, t), eps)  |  F.mse_loss(network(x_t, t), eps) → F.mse_loss(eps, network(x_t, t))": BOTH_WAYS,
    },
    "get_loss_x0": {
        "t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)  |  torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device) → torch.randint(schedule.num_train_timesteps, (len(x0),))": ONE_DEVICE,
        "return F.mse_loss(network(x_t, t), x0)  |  F.mse_loss(network(x_t, t), x0) → F.mse_loss(x0, network(x_t, t))": BOTH_WAYS,
    },
    "get_loss_mean": {
        "t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)  |  torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device) → torch.randint(schedule.num_train_timesteps, (len(x0),))": ONE_DEVICE,
        "beta, alpha = (extract(schedule.betas, t, x0), extract(schedule.alphas, t, x0))  |  x0 → x_t": SHAPE,
        "beta, alpha = (extract(schedule.betas, t, x0), extract(schedule.alphas, t, x0))  |  x0 → x_t again": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x0)  |  x0 → x_t": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x0)  |  x0 → beta": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x0)  |  x0 → alpha": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x0)  |  x0 → alpha_bar": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x0)  |  x0 → x_t": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x0)  |  x0 → beta": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x0)  |  x0 → alpha": SHAPE,
        "return F.mse_loss(network(x_t, t), mean / (1 - alpha_bar))  |  F.mse_loss(network(x_t, t), mean / (1 - alpha_bar)) → F.mse_loss(mean / (1 - alpha_bar), network(x_t, t))": BOTH_WAYS,
    },
    "step_predict_noise": {
        "beta, alpha = (extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t))  |  x_t → net_out": SHAPE,
        "beta, alpha = (extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t))  |  x_t → net_out again": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → alpha": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → alpha_bar": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → alpha": SHAPE,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  mean + variance.sqrt() * torch.randn_like(x_t) → mean - variance.sqrt() * torch.randn_like(x_t)": SYMMETRIC,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  x_t → net_out": SHAPE,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  x_t → mean": SHAPE,
    },
    "step_predict_x0": {
        "beta, alpha = (extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t))  |  x_t → net_out": SHAPE,
        "beta, alpha = (extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t))  |  x_t → net_out again": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → alpha": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → alpha_bar": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → beta": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → alpha": SHAPE,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  mean + variance.sqrt() * torch.randn_like(x_t) → mean - variance.sqrt() * torch.randn_like(x_t)": SYMMETRIC,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  x_t → net_out": SHAPE,
        "return mean + variance.sqrt() * torch.randn_like(x_t)  |  x_t → mean": SHAPE,
    },
    "step_predict_mean": {
        "alpha_bar = extract(schedule.alphas_cumprod, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → net_out": SHAPE,
        "alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)  |  x_t → alpha_bar": SHAPE,
        "variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * extract(schedule.betas, t, x_t)  |  x_t → net_out": SHAPE,
        "variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * extract(schedule.betas, t, x_t)  |  x_t → alpha_bar": SHAPE,
        "variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * extract(schedule.betas, t, x_t)  |  x_t → alpha_bar_prev": SHAPE,
        "return net_out + variance.sqrt() * torch.randn_like(x_t)  |  net_out + variance.sqrt() * torch.randn_like(x_t) → net_out - variance.sqrt() * torch.randn_like(x_t)": SYMMETRIC,
        "return net_out + variance.sqrt() * torch.randn_like(x_t)  |  x_t → net_out": SHAPE,
    },
    "ema_update": {
        "for averaged, trained in zip(average.parameters(), network.parameters(), strict=True):  |  zip(average.parameters(), network.parameters(), strict=True) → zip(average.parameters(), network.parameters())": AS_MANY,
        "for averaged, trained in zip(average.buffers(), network.buffers(), strict=True):  |  zip(average.buffers(), network.buffers(), strict=True) → zip(average.buffers(), network.buffers())": AS_MANY,
    },
    "feature_moments": {
        "n, total, products = (n + len(x), total + x.sum(dim=0), products + x.T @ x)  |  x → batch": SHAPE,
    },
    "frechet_distance": {
        "return max(0.0, ((mu1 - mu2).square().sum() + covariances).item())  |  max(0.0, ((mu1 - mu2).square().sum() + covariances).item()) → max(((mu1 - mu2).square().sum() + covariances).item(), 0.0)": EITHER_WAY,
        "return max(0.0, ((mu1 - mu2).square().sum() + covariances).item())  |  ((mu1 - mu2).square().sum() + covariances).item() → (mu1 - mu2).square().sum() + covariances": ANY_NUMBER,
        "return max(0.0, ((mu1 - mu2).square().sum() + covariances).item())  |  mu1 - mu2 → mu2 - mu1": EITHER_WAY,
    },
}
