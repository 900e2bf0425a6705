import torch

from assay.networks.embedding import Embeddings, embedding_width


def test_width_grows_slowly_and_ends():
    widths = [embedding_width(n) for n in (1, 2, 10, 100, 1_000, 1_000_000)]
    assert widths == sorted(widths) and widths[0] >= 1 and widths[-1] == 50


def test_numbers_pass_and_codes_become_vectors():
    embeddings = Embeddings(3, (4,), width=2)
    x = torch.tensor([[0.5, -1.0, 3.0], [2.0, 1.0, 1.0]])
    out = embeddings(x)
    (table,) = embeddings.tables
    assert out.shape == (2, embeddings.num_outputs) == (2, 4)
    assert torch.equal(out[:, :2], x[:, :2])
    assert torch.equal(out[:, 2:], table.weight[[3, 1]])


def test_an_unseen_category_is_zero_and_stays_so_without_rows():
    embeddings = Embeddings(1, (5,))
    (table,) = embeddings.tables
    assert not table.weight[0].any() and table.weight[1:].any()
    optimizer = torch.optim.AdamW(embeddings.parameters(), lr=0.1)
    embeddings(torch.tensor([[1.0], [2.0]])).square().sum().backward()
    optimizer.step()
    assert not table.weight[0].any()


def test_a_missing_category_in_training_is_learned():
    embeddings = Embeddings(1, (5,))
    embeddings(torch.tensor([[0.0]])).sum().backward()
    assert embeddings.tables[0].weight.grad[0].any()
