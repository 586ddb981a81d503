"""The commands that measure samples: fid and chamfer."""

from pathlib import Path
from typing import Annotated

import typer

from labkit.cli.app import OUT, JsonOption, command, print_json


@command
def fid(
    samples: Annotated[Path, typer.Argument(metavar="A", help="samples: a folder of images, or a .npz")],
    reference: Annotated[Path, typer.Argument(metavar="B", help="the reference: likewise")],
    json_: JsonOption = False,
    weights: Annotated[
        Path | None,
        typer.Option("--weights", help="pytorch-fid's Inception weights, where not in TORCH_HOME"),
    ] = None,
    batch_size: Annotated[int, typer.Option("--batch-size", min=1, help="images at a time")] = 50,
) -> None:
    """How far samples are from a reference: FID as pytorch-fid defines it, with interval, and KID.

    A .npz holds images (uint8 [N, 3, H, W]) or statistics (mu, sigma). On weights other than the published
    ones the number is no FID: --json then says frechet_distance and kernel_distance for fid and kid.

    Example: labkit fid results/samples.npz data/afhq/val
    """
    from labkit.metrics.frechet import Gaussian
    from labkit.metrics.image_distance import fid as distance
    from labkit.metrics.images import open_images

    a, b = open_images(samples), open_images(reference)
    extractor = None
    if not (isinstance(a, Gaussian) and isinstance(b, Gaussian)):
        from labkit.metrics.inception import Inception

        extractor = Inception(weights)
    result = distance(a, b, extractor, reference_name=str(reference), batch_size=batch_size)
    if json_:
        print_json(result.as_json())
    else:
        OUT.print(str(result), markup=False, highlight=False, soft_wrap=True)


@command
def chamfer(
    samples: Annotated[Path, typer.Argument(metavar="A", help="points [N, D]: .npz, .npy or .csv")],
    reference: Annotated[Path, typer.Argument(metavar="B", help="points [M, D]: likewise")],
    json_: JsonOption = False,
) -> None:
    """The Chamfer distance of two sets of points, as the sum that the course grades by.

    Example: labkit chamfer samples.npz swiss_roll.npz
    """
    from labkit.errors import CourseError
    from labkit.metrics.chamfer import chamfer_distance, read_points

    a, b = read_points(samples), read_points(reference)
    if a.shape[1] != b.shape[1]:
        raise CourseError(
            f"{samples} has points of {a.shape[1]} coordinates, {reference} of {b.shape[1]}. "
            "Give two sets of the same dimension."
        )
    value = chamfer_distance(a, b)
    if json_:
        print_json({"chamfer": value, "n": len(a), "reference_n": len(b), "reference": str(reference)})
    else:
        text = f"Chamfer distance {value:.4g} (n = {len(a):,} against {len(b):,} of {reference})"
        OUT.print(text, markup=False, highlight=False, soft_wrap=True)
