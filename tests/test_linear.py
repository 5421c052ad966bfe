import numpy as np
import pytest

from forecast import linear, ridge

RNG = np.random.default_rng(0)
X = RNG.normal(size=(800, 4)).astype("float32")


def test_each_lead_has_its_own_law() -> None:
    y = np.stack([2 * X[:, 0] + 1, -X[:, 1]], axis=1)
    model = linear.fit(X[:600], y[:600], X[600:], y[600:])
    told = model.predict(np.array([[1.0, 3.0, 0.0, 0.0]]))
    np.testing.assert_allclose(told, [[3.0, -3.0]], atol=0.05)


def test_one_lead_is_what_the_ridge_of_the_baselines_tells() -> None:
    gappy = np.where(RNG.random(X.shape) < 0.1, np.nan, X)
    y = X[:, :1] + RNG.normal(size=(800, 1))
    ours = linear.fit(gappy[:600], y[:600], gappy[600:], y[600:]).predict(gappy[600:])
    theirs = ridge.fit(gappy[:600], y[:600, 0], gappy[600:], y[600:, 0]).predict(gappy[600:])
    np.testing.assert_allclose(ours[:, 0], theirs, atol=1e-3)


def test_noise_is_punished_more_than_a_law() -> None:
    wide = RNG.normal(size=(300, 100))
    law, noise = wide[:, 0], RNG.normal(size=300)
    y = np.stack([law, noise], axis=1)
    model = linear.fit(wide[:150], y[:150], wide[150:], y[150:])
    size = np.abs(model.weights[:-1]).max(axis=0)
    assert size[0] == pytest.approx(1, abs=0.15)
    assert size[1] < 0.05


def test_what_was_never_missing_is_missed_and_what_often_was_is_not() -> None:
    often = X.copy()
    often[::10, 1] = np.nan
    model = linear.fit(often[:600], X[:600, :1], often[600:], X[600:, :1])
    x = np.array([[1.0, np.nan, 1.0, 1.0], [np.nan, 1.0, 1.0, 1.0]])
    assert model.knows(x).tolist() == [True, False]
