"""The linear map that moves one cloud of colours onto another with the least movement in all (Monge-Kantorovich).

F. Pitie and A. Kokaram, "The linear Monge-Kantorovitch linear colour mapping", 2007.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from worker.contract.preview.oklab import Field

FLATTEST = 0.012**2  # least variance of Oklab that is moved from: noise of a flat spot is not blown up into strokes


@dataclass(frozen=True, slots=True)
class Cloud:
    """Mean (3,) and covariance (3, 3) of colours, float64."""

    mean: NDArray[np.float64] = field(repr=False)
    covariance: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Move:
    """x -> x @ matrix + shift; (3, 3) and (3,) float32."""

    matrix: Field = field(repr=False)
    shift: Field = field(repr=False)

    def __call__(self, colours: Field) -> Field:
        """(..., 3) moved."""
        return np.asarray(colours @ self.matrix + self.shift, np.float32)


def cloud_of(colours: Field) -> Cloud:
    """Statistics of (N, 3) colours, N >= 1."""
    wide = colours.astype(np.float64)
    mean = wide.mean(axis=0)
    away = wide - mean
    return Cloud(mean, away.T @ away / len(wide))


def move(source: Cloud, goal: Cloud) -> Move:
    """What takes colours of `source`'s mean and covariance to those of `goal`.

    A source flatter than FLATTEST in some direction keeps about as much spread there as it has.
    """
    root, inverse = _roots(source.covariance + FLATTEST * np.eye(3))
    middle, _ = _roots(root @ (goal.covariance + FLATTEST * np.eye(3)) @ root)
    matrix = inverse @ middle @ inverse  # symmetric, so it may stand on either side of a colour
    return Move(matrix.astype(np.float32), (goal.mean - source.mean @ matrix).astype(np.float32))


def _roots(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Square root of a symmetric positive matrix, and that root's inverse."""
    values, vectors = np.linalg.eigh(matrix)
    roots = np.sqrt(np.maximum(values, 1e-12))
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T
