import pytest
import torch
from every_network import made, prepared_rows

from assay.networks import NetworkSettings
from assay.networks.embedding import NumberVectors
from assay.networks.number_embedding import EmbeddedNumbers


def numbers_of(rows, num_numbers=6, **choices):
    return EmbeddedNumbers.of(NetworkSettings(**choices), rows, num_numbers)


@pytest.mark.parametrize("kind", ["plr", "piecewise"])
def test_only_numbers_of_more_than_two_values_become_vectors(kind):
    assert numbers_of(prepared_rows(), number_embedding=kind).columns == (2, 3, 4, 5)


def test_none_becomes_one_when_none_was_asked_for_or_none_varies():
    assert numbers_of(prepared_rows()) is None
    assert numbers_of(torch.ones(9, 6), number_embedding="piecewise") is None


def test_edges_are_the_quantiles_of_the_training_rows():
    column = torch.arange(1001.0)[torch.randperm(1001)]
    (edges,) = numbers_of(column[:, None], 1, number_embedding="piecewise", bins=4).bins
    assert edges == (0, 250, 500, 750, 1000)


def test_equal_and_nearly_equal_quantiles_are_one_edge():
    column = torch.cat([torch.zeros(500), torch.tensor([1e-8, 1.0, 2.0]).repeat(100)])
    (edges,) = numbers_of(column[:, None], 1, number_embedding="piecewise", bins=32).bins
    assert edges == (0, 1, 2)


def test_a_piecewise_vector_is_linear_between_edges_and_bends_at_them():
    numbers = EmbeddedNumbers("piecewise", 3, (0,), ((0.0, 1.0, 4.0),))
    module = NumberVectors(1, numbers)
    with torch.no_grad():
        module.vectors.linear.weight.normal_()
    at = module(torch.tensor([[0.0], [0.5], [1.0], [2.5], [4.0]]))
    torch.testing.assert_close(at[1], (at[0] + at[2]) / 2)
    torch.testing.assert_close(at[3], (at[2] + at[4]) / 2)
    assert not torch.allclose(at[2] - at[0], (at[4] - at[2]) / 3, atol=1e-3)


def test_plain_numbers_come_first_as_they_are():
    rows = prepared_rows(20)
    module = NumberVectors(6, numbers_of(rows, number_embedding="plr", number_width=5))
    outputs = module(rows[:, :6])
    assert outputs.shape == (20, 2 + 4 * 5)
    assert torch.equal(outputs[:, :2], rows[:, :2])
    assert module.widths == [1, 1, 5, 5, 5, 5]


@pytest.mark.parametrize("scale", [1e-35, 1.0, 1e30])
@pytest.mark.parametrize("kind", ["plr", "piecewise"])
def test_numbers_of_any_size_give_finite_vectors(scale, kind):
    rows = prepared_rows()
    rows[:, :6] *= scale
    network = made(rows, number_embedding=kind, hidden=()).eval()
    assert torch.isfinite(network.embeddings(rows)).all()
    far = rows.clone()
    far[:, :6] *= 100
    assert torch.isfinite(network.embeddings(far)).all()


def test_the_bins_are_buffers_and_do_not_learn():
    network = made(prepared_rows(), number_embedding="piecewise")
    buffers = dict(network.named_buffers())
    assert "embeddings.numbers.vectors.impl.weight" in buffers
    assert not any("impl" in name for name, _ in network.named_parameters())
