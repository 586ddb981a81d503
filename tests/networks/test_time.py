"""Layers that know the time."""

import torch

from labkit.networks import TimeEmbedding, TimeLinear


def test_embeddings_of_all_timesteps_differ() -> None:
    torch.manual_seed(0)
    embedding = TimeEmbedding(16, num_timesteps=1000)(torch.arange(1000))
    assert embedding.shape == (1000, 16)
    assert torch.pdist(embedding).min() > 1e-4


def test_time_scales_the_linear_layer_channel_by_channel() -> None:
    layer = TimeLinear(3, 5, num_timesteps=100)
    x, t = torch.randn(7, 3), torch.arange(7) * 9
    scale = layer(x, t) / layer.fc(x)
    torch.testing.assert_close(layer(2 * x, t) / layer.fc(2 * x), scale, rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(scale, layer.time_embedding(t), rtol=1e-3, atol=1e-5)
    assert not torch.allclose(layer(x, t), layer(x, t + 1))


def test_the_waves_are_no_weights() -> None:
    layer = TimeLinear(2, 4, num_timesteps=10)
    assert all("waves" not in name for name in layer.state_dict())
    assert layer.to("meta").time_embedding.waves.device.type == "meta"
