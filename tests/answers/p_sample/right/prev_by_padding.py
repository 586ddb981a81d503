"""ᾱ_{t−1} made by padding ᾱ with a one, on copies in place."""

import torch
import torch.nn.functional as F


def p_sample(network, schedule, x_t, t):
    bars = F.pad(schedule.alphas_cumprod, (1, 0), value=1.0)
    now, before = bars[t + 1].unsqueeze(-1), bars[t].unsqueeze(-1)
    beta = 1 - now / before
    with torch.no_grad():
        x_prev = x_t.clone()
        x_prev -= network(x_t, t) * beta / (1 - now).sqrt()
        x_prev /= (1 - beta).sqrt()
        if (t > 0).all():
            x_prev += torch.randn_like(x_prev) * (beta * (1 - before) / (1 - now)).sqrt()
    return x_prev
