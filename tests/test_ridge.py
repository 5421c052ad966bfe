import numpy as np

from forecast.ridge import PENALTIES, fit

RNG = np.random.default_rng(0)
X = RNG.normal(3.0, 2.0, (400, 2))
Y = 2 * X[:, 0] - X[:, 1] + 5


def test_a_linear_law_is_found_with_the_smallest_penalty() -> None:
    model = fit(X[:300], Y[:300], X[300:], Y[300:])
    np.testing.assert_allclose(model.predict(X[300:]), Y[300:], atol=0.05)


def test_pure_noise_is_punished_down_to_the_mean() -> None:
    noise = RNG.normal(7.0, 1.0, 60)
    model = fit(RNG.normal(size=(60, 30)), noise, RNG.normal(size=(500, 30)), np.full(500, 7.0))
    assert np.abs(model.weights[:-1]).max() < 60 / PENALTIES[-1]
    assert abs(model.predict(np.full((1, 30), np.nan))[0] - noise.mean()) < 0.01


def test_a_missing_feature_counts_as_an_average_one() -> None:
    model = fit(X[:300], Y[:300], X[300:], Y[300:])
    gap = np.array([[np.nan, 3.0]])
    average = np.array([[X[:300, 0].mean(), 3.0]])
    np.testing.assert_allclose(model.predict(gap), model.predict(average))


def test_that_a_reading_is_missing_can_itself_tell_something() -> None:
    x = np.where(np.arange(400) % 4 == 0, np.nan, 1.0)[:, None]
    y = np.where(np.isnan(x[:, 0]), 10.0, 0.0)  # e.g. the gauge fails in floods
    model = fit(x, y, x, y)
    np.testing.assert_allclose(model.predict(np.array([[np.nan], [1.0]])), [10, 0], atol=0.3)


def test_a_feature_that_never_varies_or_was_never_read_counts_for_nothing() -> None:
    dead = np.column_stack([X, np.full(400, 4.0), np.full(400, np.nan)])
    model = fit(dead[:300], Y[:300], dead[300:], Y[300:])
    wild = np.column_stack([X[300:], np.full(100, 99.0), np.full(100, np.nan)])
    np.testing.assert_allclose(model.predict(wild), Y[300:], atol=0.05)


def test_one_wild_reading_cannot_run_away_with_the_forecast() -> None:
    model = fit(X[:300], Y[:300], X[300:], Y[300:])
    wild, eight = model.predict(np.array([[1e6, 3.0], [X[:300, 0].mean() + 1e3, 3.0]]))
    assert wild == eight
    assert wild < 60
