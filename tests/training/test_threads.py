import pytest
import torch

from assay.networks import MLP
from assay.training.fit import fit


class Threads:
    def __init__(self):
        self.seen = set()

    def on_epoch_end(self, trainer, record):
        self.seen.add(torch.get_num_threads())


@pytest.fixture
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_a_small_network_keeps_to_one_thread(line, three_threads):
    threads = Threads()
    fit(MLP(2, 1, (8,)), line, epochs=2, hooks=[threads], device="cpu")
    assert threads.seen == {1} and torch.get_num_threads() == 3


def test_a_large_one_does_not(line, three_threads):
    threads = Threads()
    fit(MLP(2, 1, (128, 128)), line, epochs=1, batch_size=300, hooks=[threads], device="cpu")
    assert threads.seen == {3}
