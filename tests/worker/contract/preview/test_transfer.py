"""Colours moved: planted statistics are found again, and the move is the least one."""

import numpy as np
import pytest

from worker.contract.preview.oklab import Field, to_oklab, to_rgb
from worker.contract.preview.transfer import FLATTEST, Cloud, cloud_of, move


def drawn(cloud: Cloud, count: int, seed: int) -> Field:
    """Colours with exactly the cloud's mean and covariance."""
    raw = np.random.default_rng(seed).normal(size=(count, 3))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / count)).T
    return (white @ np.linalg.cholesky(cloud.covariance).T + cloud.mean).astype(np.float32)


def some_cloud(seed: int) -> Cloud:
    rng = np.random.default_rng(seed)
    spread = rng.normal(size=(3, 3)) * 0.1
    return Cloud(rng.uniform(0.2, 0.8, 3), spread @ spread.T + 0.002 * np.eye(3))


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_mean_and_covariance_are_reached(seed: int) -> None:
    source, goal = some_cloud(seed), some_cloud(seed + 100)
    found = move(source, goal)
    moved = cloud_of(found(drawn(source, 5000, seed)))
    added = FLATTEST * (np.eye(3) - found.matrix @ found.matrix)  # both clouds are taken that much rounder
    assert np.allclose(moved.mean, goal.mean, atol=1e-4)
    assert np.allclose(moved.covariance, goal.covariance + added, atol=1e-5)


def test_the_move_is_symmetric_and_positive_so_no_lesser_one_exists() -> None:
    matrix = move(some_cloud(1), some_cloud(2)).matrix
    assert np.allclose(matrix, matrix.T, atol=1e-5)
    assert np.linalg.eigvalsh(matrix.astype(np.float64)).min() > 0


def test_a_cloud_moved_onto_itself_stays() -> None:
    cloud = some_cloud(3)
    colours = drawn(cloud, 100, 0)
    assert np.allclose(move(cloud, cloud)(colours), colours, atol=1e-4)


def test_a_flat_spot_is_not_blown_up() -> None:
    flat = Cloud(np.full(3, 0.5), np.eye(3) * 1e-8)
    goal = Cloud(np.full(3, 0.3), np.eye(3) * 0.2**2)
    assert np.linalg.eigvalsh(move(flat, goal).matrix.astype(np.float64)).max() < 20


def test_every_grey_and_many_colours_come_back_from_oklab() -> None:
    rng = np.random.default_rng(0)
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    colours = np.concatenate([greys, rng.integers(0, 256, (4000, 3)).astype(np.uint8)])
    back = to_rgb(to_oklab(colours))
    assert np.abs(back.astype(int) - colours).max() <= 1


def test_oklab_has_the_published_values() -> None:
    red, white = to_oklab(np.array([[255, 0, 0], [255, 255, 255]], np.uint8))
    assert np.allclose(red, [0.6280, 0.2249, 0.1258], atol=1e-3)
    assert np.allclose(white, [1, 0, 0], atol=1e-3)
