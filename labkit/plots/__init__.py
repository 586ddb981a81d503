"""Figures for the notebooks: one look, small, described in words, the same bytes from the same inputs."""

from labkit.plots.animation import animate_trajectory
from labkit.plots.curves import (
    plot_error_weights,
    plot_loss_by_time,
    plot_losses,
    plot_over_time,
    plot_schedules,
)
from labkit.plots.distances import plot_distance_by_n
from labkit.plots.explanations import plot_explanations
from labkit.plots.images import plot_images, plot_rows
from labkit.plots.points import plot_data_and_prior, plot_forward, plot_samples
from labkit.plots.score import plot_score_field

__all__ = [
    "animate_trajectory",
    "plot_data_and_prior",
    "plot_distance_by_n",
    "plot_error_weights",
    "plot_explanations",
    "plot_forward",
    "plot_images",
    "plot_loss_by_time",
    "plot_losses",
    "plot_over_time",
    "plot_rows",
    "plot_samples",
    "plot_schedules",
    "plot_score_field",
]
