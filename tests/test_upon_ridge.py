import numpy as np

from forecast import upon_ridge
from forecast.scaling import Scaling


def scaling(change: list[float]) -> Scaling:
    """Return one station whose change has these standard deviations by lead."""
    none = np.zeros((1, 1))
    rows = np.array([change])
    return Scaling(("own",), none, none, none + 1, rows, none[0], none[0], np.inf * rows)


def test_what_is_left_is_the_change_less_what_the_ridge_told() -> None:
    change = np.array([[[2.0, 3.0]]])  # scaled
    told = np.array([[[0.5, 0.4]]])  # m
    left = upon_ridge.left(change, told, scaling([0.5, 0.2]))
    np.testing.assert_allclose(left, [[[1.0, 1.0]]])


def test_where_the_ridge_is_silent_all_is_left() -> None:
    told = np.array([[[np.nan, np.nan]]])
    np.testing.assert_array_equal(
        upon_ridge.left(np.array([[[2.0, 3.0]]]), told, scaling([0.5, 0.2])), [[[2.0, 3.0]]]
    )


def test_what_was_left_and_what_the_ridge_told_add_up_again() -> None:
    change, told = np.array([[[2.0, 3.0]]]), np.array([[[0.5, 0.4]]])
    known = scaling([0.5, 0.2])
    left = upon_ridge.left(change, told, known)[..., None]
    np.testing.assert_allclose(upon_ridge.added(left, told, known)[..., 0], change)


def test_the_lstm_sees_the_ridge_at_the_anchors_scaled_and_whether_it_tells_anything() -> None:
    features = np.zeros((1, 2, 1), dtype="float32")
    told = np.array([[[0.5, 9.0, 0.2], [np.nan, np.nan, np.nan]]])  # leads 1, 2, 3
    seen = upon_ridge.seen(features, told, scaling([0.5, 1.0, 0.1]))
    expected = [[0, np.arcsinh(1), np.arcsinh(2), 1], [0, 0, 0, 0]]
    np.testing.assert_allclose(seen[0], expected, rtol=1e-6)


def test_without_a_companion_nothing_changes() -> None:
    given = np.ones((1, 2, 3), dtype="float32")
    known = scaling([1.0, 1.0, 1.0])
    assert upon_ridge.seen(given, None, known) is given
    assert upon_ridge.left(given, None, known) is given
    assert upon_ridge.added(given, None, known) is given
