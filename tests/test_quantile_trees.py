import numpy as np

from data.schema import QUANTILES
from forecast.quantile_trees import fit

RNG = np.random.default_rng(0)


def test_the_spread_grows_where_the_changes_do_and_quantiles_never_cross() -> None:
    wide = RNG.random(4000) > 0.5
    y = RNG.uniform(-1, 1, 4000) * np.where(wide, 4.0, 1.0)
    x = np.column_stack([wide, RNG.random(4000)]).astype("float32")
    model = fit(x[:3000], y[:3000], x[3000:], y[3000:])
    narrow, broad = model.predict(np.array([10.0, 10.0]), np.array([[0, 0.5], [1, 0.5]]))
    np.testing.assert_allclose(narrow, 10 + 2 * (np.array(QUANTILES) - 0.5), atol=0.25)
    np.testing.assert_allclose(broad, 10 + 8 * (np.array(QUANTILES) - 0.5), atol=1.0)
    assert (np.diff(model.predict(np.zeros(1000), x[3000:]), axis=-1) >= 0).all()
