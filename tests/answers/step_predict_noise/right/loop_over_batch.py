"""One image after the other."""

import torch


def step_predict_noise(schedule, x_t, t, net_out):
    images = []
    for x, s, eps in zip(x_t, t, net_out):
        mean = (x - schedule.betas[s] / (1 - schedule.alphas_cumprod[s]).sqrt() * eps) / schedule.alphas[
            s
        ].sqrt()
        images.append(mean + schedule.betas[s].sqrt() * torch.randn_like(x) if s > 0 else mean)
    return torch.stack(images)
