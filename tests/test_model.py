import pytest
import torch

from forecast.model import LevelLSTM, ModelConfig, positive, quantiles

SIZES = ModelConfig(inputs=3, stations=2, horizon=5, hidden=4, near=2)


def test_quantiles_never_cross_whatever_the_network_says() -> None:
    raw = 20 * torch.randn(200, 9, generator=torch.Generator().manual_seed(0))
    assert (quantiles(raw).diff(dim=-1) >= 0).all()


def test_the_middle_quantile_is_the_median_that_the_network_says() -> None:
    made = quantiles(torch.tensor([3.0, 0, 0, 0, 0, 0, 0, 0, 0]))
    assert made.tolist() == [-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]  # positive(0) = 1


def test_a_step_is_positive_and_in_the_end_as_large_as_said() -> None:
    assert positive(torch.tensor(0.0)) == 1.0
    assert positive(torch.tensor(1.5)) == 2.0  # (1.5 + 2.5) / 2
    assert positive(torch.tensor(-1.5)) == 0.5


def test_a_new_network_expects_no_change() -> None:
    made = LevelLSTM(SIZES)(torch.randn(4, 6, 3), torch.tensor([0, 1, 0, 1]), last=2)
    assert made.shape == (4, 2, 5, 9)
    assert (made[..., 4] == 0).all()


def test_a_horizon_within_the_near_leads_needs_one_branch() -> None:
    short = LevelLSTM(ModelConfig(inputs=3, stations=2, horizon=2, hidden=4, near=2))
    assert [branch.leads for branch in short.branches] == [slice(0, 2)]


def test_far_leads_are_the_mean_of_their_branches() -> None:
    sizes = ModelConfig(inputs=3, stations=2, horizon=2, hidden=4, near=1, blind=(0.0, 0.5))
    lstm = LevelLSTM(sizes).eval()
    for branch, median in zip(lstm.branches, (5.0, 1.0, 3.0), strict=True):
        torch.nn.init.constant_(branch.head.bias, median)
    made = lstm(torch.zeros(1, 3, 3), torch.tensor([0]))
    assert made[0, 0, :, 4].tolist() == pytest.approx([5.0, 2.0])


def test_a_later_step_changes_no_earlier_forecast() -> None:
    lstm = LevelLSTM(SIZES).eval()
    for weight in lstm.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    x = torch.randn(1, 6, 3)
    changed = torch.cat([x[:, :5], 9 * x[:, 5:]], dim=1)
    before, after = (lstm(seen, torch.tensor([1]), last=3) for seen in (x, changed))
    assert torch.equal(before[:, :2], after[:, :2])
    assert not torch.equal(before[:, 2], after[:, 2])
