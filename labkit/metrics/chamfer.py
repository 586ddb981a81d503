"""The Chamfer distance between two sets of points."""

from torch import Tensor


def chamfer_distance(samples: Tensor, reference: Tensor) -> float:
    """Sum of squared distances to the nearest neighbour, from each set to the other.

    `samples` [N, D] and `reference` [M, D], finite. It is a *sum*, as the lab defines it, so it grows
    with the number of points: the course always compares 2,048 with 2,048, where two draws of the
    swiss roll itself score about 0.38.

    Raises ValueError where the shapes do not fit or a coordinate is not finite.
    """
    if samples.ndim != 2 or reference.ndim != 2 or samples.shape[1] != reference.shape[1]:
        raise ValueError(f"expected [N, D] and [M, D], got {list(samples.shape)} and {list(reference.shape)}")
    if len(samples) == 0 or len(reference) == 0:
        raise ValueError("both sets need at least one point")
    if not (samples.isfinite().all() and reference.isfinite().all()):
        raise ValueError("a coordinate is NaN or infinite")
    # The plain form: the expansion |x|² − 2xy + |y|² loses the small distances that count here.
    ours, theirs = (points.detach().cpu().double() for points in (samples, reference))  # MPS has no float64
    squared = (ours[:, None] - theirs[None]).square().sum(dim=2)
    return float(squared.amin(dim=1).sum() + squared.amin(dim=0).sum())
