"""The kernel distance."""

from itertools import product

import numpy as np
import pytest

from labkit.metrics.frechet import StatisticsError
from labkit.metrics.kid import kid


def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (x @ y.T / x.shape[1] + 1) ** 3


def test_the_average_over_all_draws_is_the_true_value() -> None:
    rng = np.random.default_rng(0)
    p, q = rng.standard_normal((3, 4)), rng.standard_normal((3, 4)) + 0.5
    true = kernel(p, p).mean() + kernel(q, q).mean() - 2 * kernel(p, q).mean()
    draws = [kid(p[[i, j]], q[[k, m, n]])[0] for i, j, k, m, n in product(range(3), repeat=5)]
    assert np.mean(draws) == pytest.approx(true, rel=1e-12)


def test_pairs_are_counted_alike_whether_or_not_they_fit_one_block() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((1100, 3)).astype(np.float32), rng.standard_normal((1050, 3)) + 0.1
    xx, yy = kernel(x.astype(float), x.astype(float)), kernel(y, y)
    np.fill_diagonal(xx, 0)
    np.fill_diagonal(yy, 0)
    wanted = xx.sum() / (1100 * 1099) + yy.sum() / (1050 * 1049) - 2 * kernel(x.astype(float), y).mean()
    value, (low, high) = kid(x, y)
    assert value == pytest.approx(wanted, rel=1e-9)
    assert low < value < high


@pytest.mark.parametrize("shift", [0, 0.5])
def test_the_interval_holds_the_true_value(shift: float) -> None:
    rng = np.random.default_rng(0)
    dim = 4
    results = [
        kid(rng.standard_normal((60, dim)) + shift, rng.standard_normal((80, dim))) for _ in range(200)
    ]
    values = np.array([value for value, _ in results])
    true = values.mean() if shift else 0.0
    assert abs(values.mean() - true) < 4 * values.std() / np.sqrt(len(values))
    assert np.mean([low <= true <= high for _, (low, high) in results]) >= 0.9


def test_no_interval_from_a_handful_and_bad_input_named() -> None:
    assert kid(np.ones((19, 3)), np.ones((40, 3))) == (0.0, None)
    with pytest.raises(StatisticsError, match="at least 2"):
        kid(np.ones((1, 3)), np.ones((4, 3)))
    with pytest.raises(StatisticsError, match=r"\[n, D\]"):
        kid(np.ones((5, 3)), np.ones((4, 2)))
