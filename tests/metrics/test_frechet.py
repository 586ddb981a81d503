"""The Fréchet distance against closed forms and many digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct

from labkit.metrics.frechet import (
    Gaussian,
    RunningGaussian,
    StatisticsError,
    frechet_distance,
    jackknife,
    nuclear_norm,
)


def normal(n: int, dim: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, dim))


def orthonormal(dim: int) -> np.ndarray:
    """[D, D]; all its columns but the first sum to 0."""
    return dct(np.eye(dim), norm="ortho").copy()


@given(st.integers(0, 1000), st.sampled_from([(50, 8), (5, 8)]))
def test_equal_covariances_leave_the_squared_distance_of_the_means(seed: int, shape) -> None:
    x, shift = normal(*shape, seed), normal(1, shape[1], seed + 1)
    a, b = Gaussian.from_features(x), Gaussian.from_features(x + shift)
    assert frechet_distance(a, b) == pytest.approx(np.square(shift).sum(), rel=1e-9)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=8))
def test_diagonal_covariances(pairs: list[tuple[float, float]]) -> None:
    a, b = np.array(pairs).T
    mean = np.arange(len(a), dtype=float)
    distance = frechet_distance(
        Gaussian.from_statistics(mean, np.diag(a)), Gaussian.from_statistics(mean + 2, np.diag(b))
    )
    assert distance == pytest.approx(np.square(np.sqrt(a) - np.sqrt(b)).sum() + 4 * len(a), abs=1e-5)


def in_many_digits(x: np.ndarray, y: np.ndarray) -> float:
    """The definition, in 60 digits: tr √(Σ₁Σ₂) from the eigenvalues of √Σ₁ Σ₂ √Σ₁."""
    with mpmath.workdps(60):

        def statistics(rows):
            rows = mpmath.matrix(rows.tolist())
            n, dim = rows.rows, rows.cols
            mean = [mpmath.fsum(rows[i, j] for i in range(n)) / n for j in range(dim)]
            centred = mpmath.matrix(n, dim)
            for i in range(n):
                for j in range(dim):
                    centred[i, j] = rows[i, j] - mean[j]
            return mean, centred.T * centred / (n - 1)

        (mean_x, cov_x), (mean_y, cov_y) = statistics(x), statistics(y)
        values, vectors = mpmath.eigsy(cov_x)
        root = vectors * mpmath.diag([mpmath.sqrt(abs(v)) for v in values]) * vectors.T
        eigenvalues = mpmath.eigsy(root * cov_y * root, eigvals_only=True)
        trace = mpmath.fsum(mpmath.sqrt(abs(v)) for v in eigenvalues)
        dim = len(mean_x)
        traces = mpmath.fsum(cov_x[i, i] + cov_y[i, i] for i in range(dim))
        means = mpmath.fsum((a - b) ** 2 for a, b in zip(mean_x, mean_y, strict=True))
        return float(means + traces - 2 * trace)


@pytest.mark.parametrize(("n", "m"), [(5, 6), (5, 30), (30, 40)])
def test_agrees_with_60_digits_from_features_and_from_statistics(n: int, m: int) -> None:
    scale = 10.0 ** -np.arange(0, 3, 0.25)
    x, y = normal(n, 12, 1) * scale, 0.3 + normal(m, 12, 2) * scale
    wanted = in_many_digits(x, y)
    a, b = Gaussian.from_features(x), Gaussian.from_features(y)
    a_known, b_known = (
        Gaussian.from_statistics(z.mean(axis=0), np.cov(z, rowvar=False), len(z)) for z in (x, y)
    )
    for one, other in [(a, b), (a, b_known), (a_known, b), (a_known, b_known)]:
        assert frechet_distance(one, other) == pytest.approx(wanted, rel=1e-9)
        assert frechet_distance(other, one) == pytest.approx(wanted, rel=1e-9)
    unknown = Gaussian.from_statistics(x.mean(axis=0), np.cov(x, rowvar=False))
    assert frechet_distance(unknown, b) == pytest.approx(wanted, rel=1e-9)


def test_500_samples_in_2048_dimensions_against_a_closed_form() -> None:
    """Singular covariances of rank 498, turned against each other by known angles in 249 planes.

    In each plane the product of the factors is diag(a)·R(θ)·diag(b), whose nuclear norm is
    √(‖·‖² + 2 |det|). The spectrum falls over six decades.
    """
    n, dim, rank = 500, 2048, 498
    basis, samples = orthonormal(dim), orthonormal(n)[:, 1 : rank + 1]
    a, b = 10.0 ** -np.linspace(0, 6, rank), 3 * 10.0 ** -np.linspace(0, 6, rank)[::-1].copy()
    angle = np.linspace(0.1, 3, rank // 2)
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = basis[:, 1 : rank + 1 : 2], basis[:, 2 : rank + 1 : 2]
    turned = np.empty((dim, rank))
    turned[:, 0::2], turned[:, 1::2] = first * cos + second * sin, second * cos - first * sin
    mean = basis[:, 0]
    scale = np.sqrt(n - 1)
    x = scale * (samples * a) @ basis[:, 1 : rank + 1].T
    y = scale * (samples * b) @ turned.T + mean

    a1, a2, b1, b2 = a[0::2], a[1::2], b[0::2], b[1::2]
    squared = cos**2 * (a1**2 * b1**2 + a2**2 * b2**2) + sin**2 * (a1**2 * b2**2 + a2**2 * b1**2)
    trace = np.sqrt(squared + 2 * a1 * a2 * b1 * b2).sum()
    wanted = 1 + np.square(a).sum() + np.square(b).sum() - 2 * trace
    one, other = Gaussian.from_features(x), Gaussian.from_features(y)
    assert frechet_distance(one, other) == pytest.approx(wanted, rel=1e-9)
    assert frechet_distance(one, one) < 1e-9


@pytest.mark.parametrize("decades", [0, 1, 12])
def test_nuclear_norm_of_a_large_matrix(decades: int) -> None:
    """Where the short way through the Gram matrix is exact enough, and where it is not."""
    basis = orthonormal(1100)
    values = 10.0 ** -np.linspace(0, decades, 1100)
    matrix = (basis * values) @ np.roll(basis, 1, axis=0).T
    assert nuclear_norm(matrix) == pytest.approx(values.sum(), rel=1e-11)


@given(st.integers(0, 1000), st.sampled_from([(2, 20), (19, 20), (21, 20), (200, 20)]))
def test_zero_on_itself_however_singular(seed: int, shape) -> None:
    x = normal(*shape, seed)
    x[:, :3] = 5  # constant features
    x[:, 4] = x[:, 5]
    one = Gaussian.from_features(x)
    given_as_statistics = Gaussian.from_statistics(one.mean, one.covariance)
    for a in (one, given_as_statistics):
        for b in (one, given_as_statistics):
            assert 0 <= frechet_distance(a, b) < 1e-9


def test_samples_that_are_all_the_same() -> None:
    a, b = Gaussian.from_features(np.zeros((30, 4))), Gaussian.from_features(np.ones((3, 4)))
    assert frechet_distance(a, b) == pytest.approx(4)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 40), min_size=2, max_size=6), st.floats(0, 1e6))
def test_batches_give_the_statistics_of_the_whole(sizes: list[int], offset: float) -> None:
    x = (offset + normal(sum(sizes), 5)).astype(np.float32)
    running = RunningGaussian()
    for batch in np.split(x, np.cumsum(sizes)[:-1]):
        running.update(batch)
    exact = x.astype(np.float64)
    gaussian = running.finish()
    assert gaussian.n == len(x)
    np.testing.assert_allclose(gaussian.mean, exact.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(gaussian.covariance, np.cov(exact, rowvar=False), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("n", "dim"), [(40, 60), (200, 20)])
def test_the_interval_holds_the_expected_value_19_times_in_20(n: int, dim: int) -> None:
    scale = np.exp(-np.arange(dim) / 10)
    rng = np.random.default_rng(0)
    reference = Gaussian.from_features(rng.standard_normal((300, dim)) * scale)
    values, intervals = [], []
    for _ in range(200):
        x = 1.2 * rng.standard_normal((n, dim)) * scale + 0.1
        values.append(frechet_distance(Gaussian.from_features(x), reference))
        intervals.append(jackknife(x, reference, values[-1]))
    low, high = np.array(intervals).T
    expected = np.mean(values)
    assert 0.90 <= np.mean((low <= expected) & (expected <= high)) <= 0.99


def test_no_interval_from_a_handful() -> None:
    assert jackknife(normal(19, 3), Gaussian.from_features(normal(50, 3)), 1.0) is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Gaussian.from_features(np.zeros((1, 3))), "at least 2"),
        (lambda: Gaussian.from_features(np.zeros(3)), "at least 2"),
        (lambda: Gaussian.from_features(np.full((3, 5), np.nan)), "NaN or infinite"),
        (lambda: Gaussian.from_features(np.full((9, 5), np.inf)), "NaN or infinite"),
        (lambda: RunningGaussian().finish(), "at least 2"),
        (lambda: Gaussian.from_statistics(np.zeros(3), np.eye(2)), "mean"),
        (lambda: Gaussian.from_statistics(np.zeros(3), np.eye(3) * np.nan), "NaN or infinite"),
        (lambda: Gaussian.from_statistics(np.zeros(3), np.eye(3), 1), "n = 1"),
        (lambda: Gaussian.from_statistics(np.zeros(2), np.eye(2, dtype=complex)), "floating"),
        (lambda: Gaussian.from_statistics(np.zeros(2), np.array([[1.0, 1], [0, 1]])), "not symmetric"),
        (lambda: Gaussian.from_statistics(np.zeros(2), np.array([[1.0, 2], [2, 1]])), "negative"),
        (
            lambda: frechet_distance(
                Gaussian.from_features(normal(9, 3)), Gaussian.from_features(normal(9, 4))
            ),
            "different networks",
        ),
    ],
)
def test_what_is_no_gaussian_is_named(make, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        make()
