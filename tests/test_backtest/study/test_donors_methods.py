"""Each counterfactual against an enumeration or a formula written out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import nnls

from backtest.study.donors import interactive, principal, ridge, simplex
from backtest.study.running_sums import Floats

M, J, H = 60, 90, 8


def made(n_factors: int = 2, noise: float = 0.01, donors: int = J) -> tuple[Floats, Floats]:
    """A security (M + H,) and its donors (M + H, J) that load on the same hidden factors."""
    rng = np.random.default_rng(3)
    factors = 0.02 * rng.standard_normal((M + H, n_factors))
    x = factors @ rng.normal(1, 0.5, (n_factors, donors))
    y = factors @ np.linspace(1.0, 0.4, n_factors)
    return (
        y + noise * rng.standard_normal(M + H),
        x + noise * rng.standard_normal((M + H, donors)),
    )


@pytest.mark.parametrize("donors", [2, 7, 90])
def test_simplex_weights_are_those_of_all_donors_at_once(donors: int) -> None:
    y, x = made(donors=donors)
    away = (y[:, None] - x) / 0.02
    found, _ = nnls(np.vstack([away, np.full((1, donors), 9.0)]), np.append(np.zeros(M + H), 9.0))
    np.testing.assert_allclose(simplex.weights(y, x), found / found.sum(), atol=1e-6)


def test_simplex_weights_meet_the_conditions_of_a_minimum() -> None:
    y, x = made()
    w = simplex.weights(y, x)
    slope = -x.T @ (y - x @ w)
    level = slope[w > 0]
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()
    np.testing.assert_allclose(level, level[0], atol=1e-9)
    assert (slope >= level[0] - 1e-8).all()


def test_ridge_is_the_augmentation_written_out_and_its_penalty_the_best_left_out() -> None:
    y, x = made(noise=0.02, donors=12)
    y = (
        1.8 * x[:M, 0] - 0.8 * x[:M, 1] + 0.2 * (y[:M] - x[:M, 0])
    )  # outside what weights of the simplex can do
    x, ahead = x[:M], x[M:]
    found = ridge.solver(x, ahead)(y)
    w = simplex.weights(y, x)
    miss, centred = y - x @ w, x - x.mean(axis=1, keepdims=True)

    def augmented(penalty: float, keep: np.ndarray) -> Floats:
        part = centred[keep]
        gram = part.T @ part + penalty * np.eye(x.shape[1])
        return np.asarray(np.linalg.solve(gram, part.T @ miss[keep]))

    every = np.arange(M)
    largest = float(np.linalg.eigvalsh(centred @ centred.T)[-1])

    def left_out(penalty: float) -> float:
        errors = [miss[t] - centred[t] @ augmented(penalty, np.delete(every, t)) for t in range(M)]
        return float(np.sqrt(np.mean(np.square(errors))))

    penalties = largest * np.logspace(2, -3, 16)
    best = min(penalties, key=left_out)
    assert np.isfinite(found.penalty)
    assert found.penalty == pytest.approx(best)
    assert found.sigma == pytest.approx(left_out(best))
    assert found.weights is not None
    np.testing.assert_allclose(found.weights, w + augmented(best, every), atol=1e-9)
    assert found.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(found.after, ahead @ found.weights)


def test_an_infinite_penalty_is_the_simplex_control() -> None:
    rng = np.random.default_rng(5)
    x = 0.02 * rng.standard_normal((M + H, 30))
    y = x[:M, :2].mean(axis=1) + 0.001 * rng.standard_normal(M)
    plain = simplex.solver(x[:M], x[M:])(y)
    found = ridge.solver(x[:M], x[M:])(y)
    if np.isinf(found.penalty):
        np.testing.assert_allclose(found.after, plain.after)
        assert found.sigma == pytest.approx(plain.sigma)
    else:
        assert found.sigma < plain.sigma


@pytest.mark.parametrize("n_factors", [0, 1, 3])
def test_interactive_effects_without_noise_are_recovered(n_factors: int) -> None:
    y, x = made(max(n_factors, 1), noise=0.0)
    if n_factors == 0:
        x = np.repeat(x[:, :1], 20, axis=1) + np.linspace(-0.01, 0.01, 20)
        y = x[:, 0] + 0.004
    found = interactive.solver(x[:M], x[M:])(y[:M])
    np.testing.assert_allclose(found.after, y[M:], atol=1e-9)
    np.testing.assert_allclose(found.before, y[:M], atol=1e-9)


def test_the_number_of_factors_has_the_least_error_at_sessions_left_out() -> None:
    y, x = made(3, noise=0.006)
    found = interactive.solver(x[:M], x[M:])(y[:M])
    common = x.mean(axis=1)
    away = x - common[:, None]
    left, _, _ = np.linalg.svd(away - away.mean(axis=0), full_matrices=False)
    errors = []
    for k in range(7):
        basis = np.column_stack([np.ones(M), left[:M, :k]])
        target = y[:M] - common[:M]
        out = []
        for t in range(M):
            keep = np.delete(np.arange(M), t)
            b, *_ = np.linalg.lstsq(basis[keep], target[keep], rcond=None)
            out.append(target[t] - basis[t] @ b)
        errors.append(float(np.sqrt(np.mean(np.square(out)))))
    assert found.n_factors == int(np.argmin(errors)) > 0
    assert found.sigma == pytest.approx(min(errors))


def test_principal_components_are_least_squares_on_those_of_standardised_returns() -> None:
    y, x = made(2, noise=0.004)
    found = principal.solver(x[:M], x[M:])(y[:M])
    z = (x - x[:M].mean(axis=0)) / x[:M].std(axis=0)
    _, _, right = np.linalg.svd(z[:M], full_matrices=False)
    factors = z @ right[: found.n_factors].T
    basis = np.column_stack([np.ones(M + H), factors])
    b, *_ = np.linalg.lstsq(basis[:M], y[:M], rcond=None)
    assert found.n_factors == 2
    np.testing.assert_allclose(found.before, basis[:M] @ b, atol=1e-10)
    np.testing.assert_allclose(found.after, basis[M:] @ b, atol=1e-10)


def test_the_number_of_components_is_the_minimum_of_icp2_written_out() -> None:
    _, x = made(3, noise=0.01)
    z = (x[:M] - x[:M].mean(axis=0)) / x[:M].std(axis=0)
    u, s, v = np.linalg.svd(z, full_matrices=False)

    def criterion(k: int) -> float:
        left = z - (u[:, :k] * s[:k]) @ v[:k]
        return float(np.log((left**2).mean()) + k * (M + J) / (M * J) * np.log(min(M, J)))

    best = min(range(7), key=criterion)
    assert principal.solver(x[:M], x[M:])(x[:M, 0]).n_factors == best
    assert principal.number_of_factors(s[:6] ** 2, float((z**2).sum()), M, J) == best


@pytest.mark.parametrize("method", [simplex, ridge, interactive, principal])
def test_refitting_to_the_same_sessions_gives_the_same_fit(method: Any) -> None:
    y, x = made(noise=0.01, donors=20)
    found = method.solver(x[:M], x[M:M])(y[:M])
    np.testing.assert_allclose(method.refit(x[:M], found)(y[:M]), y[:M] - found.before, atol=1e-9)
