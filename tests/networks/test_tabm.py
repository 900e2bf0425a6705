import pytest
import torch
from every_network import made, prepared_rows

from assay.networks import TabM


def members_of(network, rows):
    """(B, M, K) in training mode, without dropout."""
    return network.train()(rows)


def test_in_training_each_member_answers_and_in_evaluation_their_mean_probability():
    rows = prepared_rows(30)
    network = made(rows, kind="tabm", hidden=(8, 8), dropout=0)
    members = members_of(network, rows)
    assert members.shape == (30, 4, 3)
    torch.testing.assert_close(members.exp().sum(dim=2), torch.ones(30, 4))
    torch.testing.assert_close(network.eval()(rows).exp(), members.exp().mean(dim=1))


def test_the_mean_of_values_for_a_quantity():
    rows = prepared_rows(30)
    network = made(rows, num_outputs=1, kind="tabm", hidden=(8,), dropout=0)
    members = members_of(network, rows)
    torch.testing.assert_close(network.eval()(rows), members.mean(dim=1))


def test_the_logit_of_the_mean_probability_for_one_logit():
    rows = prepared_rows(30)
    network = made(rows, num_outputs=2, kind="tabm", hidden=(8,), dropout=0, one_logit=True)
    assert network.num_outputs == 1
    members = members_of(network, rows)
    torch.testing.assert_close(network.eval()(rows).sigmoid(), members.sigmoid().mean(dim=1))
    huge = network._mean(torch.tensor([[[200.0], [300.0]], [[-200.0], [-300.0]]]))
    assert torch.isfinite(huge).all()


def test_members_differ_from_the_start_and_share_their_matrices():
    rows = prepared_rows(30)
    for numbers in ("none", "piecewise"):
        network = made(rows, kind="tabm", hidden=(8, 8), number_embedding=numbers)
        answers = members_of(network, rows)
        assert (answers[:, 0] - answers[:, 1]).abs().max() > 1e-3
        assert network.backbone.blocks[0][0].weight.dim() == 2


@pytest.mark.parametrize(("dropout", "name"), [(0.2, "Dropout"), (0.0, "Identity")])
def test_dropout_is_assays_own(dropout, name):
    network = TabM(3, 2, (8,), members=2, dropout=dropout)
    block = network.backbone.blocks[0]
    assert type(block[2]).__name__ == name
    assert type(block[2]).__module__ != "torch.nn.modules.dropout"
