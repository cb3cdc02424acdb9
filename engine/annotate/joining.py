"""Clusters joined pairwise, the cheapest pair first: Ward's cost (1963), less where no border is seen."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
SHARP = 2.0  # times the mean difference of neighbours, at which a border counts in full


class Joining:
    """The clusters of the moment; a cluster is known by the index of one of its members."""

    def __init__(self, rows: Matrix, weights: Matrix, beside: Matrix) -> None:
        """Each of N (N, D) rows is a cluster, with (N,) weights and (N, N) lengths of common borders, all copied."""
        self.label = np.arange(len(rows))
        self._centre, self._weight = rows.copy(), weights.copy()
        self._border = beside.copy()
        apart = np.sqrt(np.maximum(_squared(rows), 0))
        self._contrast = beside * apart  # summed along the border
        seen = self._contrast.sum() / max(beside.sum(), 1e-12)
        self._sharp = max(SHARP * seen, 1e-12)
        self._alive = np.ones(len(rows), bool)
        self._cost = self._ward(_squared(rows), weights[:, None], weights) * self._seen(self._border, self._contrast)
        np.fill_diagonal(self._cost, np.inf)
        self._best = self._cost.argmin(1)
        self._least = self._cost.min(1)

    def cheapest(self) -> tuple[float, int, int]:
        """What joining the cheapest pair costs, and the pair."""
        one = int(self._least.argmin())
        return float(self._least[one]), one, int(self._best[one])

    def join(self, one: int, other: int) -> None:
        """Make `other` part of `one`."""
        weight, centre = self._weight, self._centre
        centre[one] = (weight[one] * centre[one] + weight[other] * centre[other]) / (weight[one] + weight[other])
        weight[one] += weight[other]
        self._alive[other] = False
        self.label[self.label == other] = one
        for matrix in (self._border, self._contrast):
            matrix[one] += matrix[other]
            matrix[:, one] = matrix[one]
            matrix[one, one] = 0
            matrix[other] = matrix[:, other] = 0
        fresh = self._ward(((centre - centre[one]) ** 2).sum(1), weight, weight[one])
        fresh = fresh * self._seen(self._border[one], self._contrast[one])
        fresh[~self._alive] = fresh[one] = np.inf
        self._cost[one] = self._cost[:, one] = fresh
        self._cost[other] = self._cost[:, other] = np.inf
        nearer = fresh < self._least
        self._best[nearer], self._least[nearer] = one, fresh[nearer]
        # Whose cheapest partner was one of the two has to look again.
        for row in np.flatnonzero((self._best == one) | (self._best == other) | (np.arange(len(fresh)) == one)):
            self._best[row] = self._cost[row].argmin()
            self._least[row] = self._cost[row, self._best[row]]
        self._least[other] = np.inf

    @staticmethod
    def _ward(squared: Matrix, one: Matrix, other: Matrix) -> Matrix:
        cost: Matrix = squared * (one * other / (one + other))
        return cost

    def _seen(self, border: Matrix, contrast: Matrix) -> Matrix:
        """In [0, 1]: how sharp the border is; 1 where there is none, so that likeness alone decides."""
        sharp = contrast / np.maximum(border, 1e-9) / self._sharp
        return np.where(border > 0, np.minimum(sharp, 1.0), 1.0)


def _squared(rows: Matrix) -> Matrix:
    """(N, N) squared distances."""
    length = (rows**2).sum(1)
    found: Matrix = np.maximum(length[:, None] + length - 2 * rows @ rows.T, 0)
    return found
