import numpy as np

from forecast.boosting import fit

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (1500, 3))


def test_steps_that_no_linear_model_tells_are_learnt_by_trees_alone() -> None:
    y = np.where(np.abs(X[:, 0]) > 0.5, 1.0, -1.0)
    model = fit(X[:1000], y[:1000], X[1000:], y[1000:])
    assert model.base is None
    assert np.mean((model.predict(X[1000:]) - y[1000:]) ** 2) < 0.05 * np.mean(y**2)


def test_a_linear_law_is_left_to_the_ridge_and_holds_beyond_what_was_seen() -> None:
    y = 3 * X[:, 0]
    model = fit(X[:1000], y[:1000], X[1000:], y[1000:])
    assert model.base is not None
    far = np.array([[2.0, 0.0, 0.0]])
    np.testing.assert_allclose(model.predict(far), 6.0, atol=0.2)


def test_a_gap_is_no_obstacle() -> None:
    y = np.where(np.abs(X[:, 0]) > 0.5, 1.0, -1.0)
    gappy = np.where(RNG.random(X.shape) < 0.1, np.nan, X)
    model = fit(gappy[:1000], y[:1000], gappy[1000:], y[1000:])
    assert np.isfinite(model.predict(np.full((1, 3), np.nan))).all()


def test_the_same_cases_make_the_same_trees() -> None:
    y = X[:, 0] * X[:, 1]
    first, again = (fit(X[:1000], y[:1000], X[1000:], y[1000:]).predict(X) for _ in range(2))
    np.testing.assert_array_equal(first, again)
