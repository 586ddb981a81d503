import math


def cosine_betas(num_train_timesteps, s=0.008):
    def left(u):
        return math.cos((u / num_train_timesteps + s) / (1 + s) * math.pi / 2) ** 2

    return torch.tensor([min(1 - left(i + 1) / left(i), 0.999) for i in range(num_train_timesteps)])
