import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, RandomSampler, TensorDataset

from assay.core.errors import RecipeError
from assay.networks import MLP, Perceptron
from assay.training.fit import fit
from assay.training.loader_batches import RowBatches


def test_it_learns_classes(moons, fresh):
    train, validation = moons
    training = fit(fresh(dropout=0.0), train, validation=validation, epochs=60)
    last = training.history[training.best_epoch - 1]
    assert last["validation_accuracy"] > 0.8
    assert not training.network.training
    with torch.no_grad():
        outputs = training.network(torch.tensor(validation[0], dtype=torch.float32))
    right = (outputs.argmax(dim=1).numpy() == validation[1]).mean()
    assert right == pytest.approx(last["validation_accuracy"])


def test_the_best_weights_are_kept(moons, fresh):
    train, validation = moons
    training = fit(fresh(), train, validation=validation, epochs=200, patience=8, learning_rate=0.02)
    losses = [record["validation_loss"] for record in training.history]
    assert training.best_epoch == 1 + int(np.argmin(losses))
    assert len(losses) == training.best_epoch + 8
    assert training.stopped == "no better validation loss in 8 epochs"
    with torch.no_grad():
        outputs = training.network(torch.tensor(validation[0], dtype=torch.float32))
    loss = nn.functional.cross_entropy(outputs, torch.tensor(validation[1]))
    assert float(loss) == pytest.approx(min(losses), rel=1e-5)


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam", "adamw"])
def test_every_optimizer_finds_a_line(line, optimizer):
    network = MLP(2, 1)
    training = fit(network, line, epochs=60, optimizer=optimizer, learning_rate=0.03, weight_decay=0.0)
    assert training.history[-1]["train_loss"] < 0.01
    assert training.best_epoch == 60
    weight, bias = network.body[0].weight[0].tolist(), network.body[0].bias.item()
    assert [*weight, bias] == pytest.approx([2, -1, 0.5], abs=0.05)


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_regression_losses(line, loss):
    training = fit(MLP(2, 1), line, validation=line, epochs=60, loss=loss, learning_rate=0.03)
    assert min(record["validation_rmse"] for record in training.history) < 0.1


@pytest.mark.parametrize(
    ("loss", "outputs", "last"),
    [("cross_entropy", 2, nn.Identity), ("nll", 2, lambda: nn.LogSoftmax(dim=1)), ("bce", 1, nn.Identity)],
)
def test_class_losses_are_the_same_loss(moons, loss, outputs, last):
    train, validation = moons
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, outputs), last())
    given = fit(network, train, validation=validation, epochs=40, loss=loss, learning_rate=0.01)
    assert 0.2 < min(record["validation_loss"] for record in given.history) < 0.45
    assert given.history[-1]["validation_accuracy"] > 0.8
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, outputs), last())
    chosen = fit(network, train, epochs=1)
    assert chosen.settings.loss == loss  # by the network's outputs


def test_the_training_loss_is_the_mean_over_rows(line):
    """Learning rate ~0, so that the loss of every batch is that of the first weights; 300 = 7 x 41 + 13."""
    network = MLP(2, 1)
    inputs, targets = (torch.tensor(part, dtype=torch.float32) for part in line)
    expected = nn.functional.mse_loss(network(inputs).squeeze(1), targets).item()
    training = fit(network, line, epochs=1, batch_size=41, optimizer="sgd", learning_rate=1e-12)
    assert training.history[0]["train_loss"] == pytest.approx(expected, rel=1e-6)


def test_class_weights_move_the_border(moons, fresh):
    train, _ = moons
    shares = []
    for weights in ([1.0, 1.0], [1.0, 20.0]):
        network = fit(fresh(), train, epochs=20, class_weights=weights).network
        outputs = network(torch.tensor(train[0], dtype=torch.float32))
        shares.append(float((outputs.argmax(dim=1) == 1).float().mean()))
    assert shares[1] > shares[0] + 0.1


class Rows(Dataset):
    """Rows that are made one by one."""

    def __init__(self, inputs, classes):
        self.inputs, self.classes = inputs.astype(np.float32), classes

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, index):
        return self.inputs[index], self.classes[index]


def kinds_of_data(rows):
    tensors = torch.tensor(rows[0], dtype=torch.float32), torch.tensor(rows[1])
    return {
        "arrays": rows,
        "lists": (rows[0].tolist(), rows[1].tolist()),
        "tensors": tensors,
        "tensor data set": TensorDataset(*tensors),
        "data set": Rows(*rows),
        "data loader": DataLoader(Rows(*rows), batch_size=32, shuffle=True),
        "loader with a generator": DataLoader(
            TensorDataset(*tensors), batch_size=32, shuffle=True, generator=torch.Generator()
        ),
    }


@pytest.mark.parametrize("kind", list(kinds_of_data((np.zeros((1, 1)), np.zeros(1)))))
def test_every_kind_of_data_trains_and_repeats_itself(moons, fresh, same, kind):
    train, validation = (kinds_of_data(rows)[kind] for rows in moons)
    choices = {"epochs": 4, "batch_size": 32, "learning_rate": 0.01}
    first = fit(fresh(), train, validation=validation, **choices)
    assert first.history[-1]["validation_loss"] < first.history[0]["validation_loss"]
    again = fit(fresh(), *[kinds_of_data(moons[0])[kind]], validation=validation, **choices)
    assert same(first.network, again.network)
    assert not same(first.network, fit(fresh(), train, validation=validation, seed=1, **choices).network)


def test_same_seed_same_weights_and_the_callers_generator_stays(moons, fresh, same):
    train, validation = moons
    first = fit(fresh(batch_norm=True), train, validation=validation, epochs=5, seed=3)
    network = fresh(batch_norm=True)
    torch.manual_seed(99)  # what the caller did with random numbers before decides nothing
    before = torch.get_rng_state()
    second = fit(network, train, validation=validation, epochs=5, seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    assert same(first.network, second.network)
    other = fit(fresh(batch_norm=True), train, validation=validation, epochs=5, seed=4)
    assert not same(first.network, other.network)


class Counter:
    """Notes how many rows each step has, and how many times each row came."""

    def __init__(self, network) -> None:
        self.sizes, self.rows = [], []
        network.register_forward_pre_hook(self.note)

    def note(self, module, given) -> None:
        if module.training:
            self.sizes.append(len(given[0]))
            self.rows += given[0][:, 0].tolist()


@pytest.mark.parametrize("kind", ["arrays", "data set", "data loader"])
def test_a_last_row_alone_joins_the_batch_before(fresh, kind):
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((65, 4)).astype(np.float32), rng.integers(0, 2, 65)
    network = fresh(batch_norm=True)
    counter = Counter(network)
    fit(network, kinds_of_data(rows)[kind], epochs=1, batch_size=32)
    assert counter.sizes == [32, 33]
    assert sorted(counter.rows) == sorted(rows[0][:, 0].tolist())


@pytest.mark.parametrize("owner", ["sampler", "batch sampler", "batch sampler's own"])
def test_a_samplers_own_generator_is_seeded(moons, fresh, same, owner):
    dataset = kinds_of_data(moons[0])["tensor data set"]

    def trained(seed):
        generator = torch.Generator().manual_seed(seed)  # where the caller left it decides nothing
        sampler = RandomSampler(dataset, generator=generator)
        if owner == "sampler":
            loader = DataLoader(dataset, batch_size=32, sampler=sampler)
        elif owner == "batch sampler":
            loader = DataLoader(dataset, batch_sampler=BatchSampler(sampler, 32, drop_last=False))
        else:
            loader = DataLoader(dataset, batch_sampler=RowBatches(len(dataset), 32))
            loader.batch_sampler.generator = generator
        return fit(fresh(), loader, validation=loader, epochs=2)

    first, second = trained(1), trained(2)
    assert same(first.network, second.network)
    assert first.history[-1]["validation_loss"] == second.history[-1]["validation_loss"]


def test_clipping_bounds_the_step(line):
    network = MLP(2, 1)
    before = [weight.detach().clone() for weight in network.parameters()]
    fit(network, line, epochs=1, batch_size=300, optimizer="sgd", learning_rate=1.0, clip_norm=0.01)
    moved = [(weight - old).flatten() for weight, old in zip(network.parameters(), before, strict=True)]
    assert torch.cat(moved).norm().item() == pytest.approx(0.01, rel=1e-3)


def test_frozen_weights_stay(moons, fresh):
    network = fresh()
    network.body[0].requires_grad_(False)
    before = network.body[0].weight.clone()
    fit(network, moons[0], epochs=2)
    assert torch.equal(network.body[0].weight, before)


def test_time_is_kept_and_the_epoch_that_it_cut_is_marked(moons, fresh, monkeypatch):
    """A clock that goes on by a second at each step: 400 rows are 8 steps, and 20 s are up in the third."""
    now = [0.0]
    step = torch.optim.AdamW.step
    monkeypatch.setattr("assay.training.trainer.time.perf_counter", lambda: now[0])
    monkeypatch.setattr(
        torch.optim.AdamW, "step", lambda self: (now.__setitem__(0, now[0] + 1), step(self))[1]
    )
    training = fit(fresh(), moons[0], validation=moons[1], batch_size=50, max_seconds=20)
    assert training.stopped == "the time of 20 s is up; resume with more time to go on"
    assert training.can_go_on and training.seconds == 20
    assert [record.get("partial") for record in training.history] == [None, None, True]
    assert training.history[-1]["rows"] == 200 and "rows" not in training.history[0]
    assert [record["seconds_left"] for record in training.history] == [12, 4, 0]
    whole = fit(fresh(), moons[0], batch_size=50, epochs=9, max_seconds=16)
    assert [record.get("partial") for record in whole.history] == [None, None]


def test_a_training_whose_time_was_up_goes_on_with_more(moons, fresh, tmp_path):
    choices = {"epochs": 6, "folder": tmp_path}
    cut = fit(fresh(), moons[0], max_seconds=1e-6, **choices)
    assert len(cut.history) == 1 and cut.history[0]["partial"]
    again = fit(fresh(), moons[0], resume=True, max_seconds=1000, **choices)
    assert len(again.history) == 6 and again.stopped == "all 6 epochs done" and not again.can_go_on


def test_one_epoch_is_one(moons, fresh):
    assert fit(fresh(), moons[0], epochs=1).stopped == "the one epoch is done"
    wrong = moons[1][0], 1 - moons[1][1]
    training = fit(fresh(), moons[0], validation=wrong, patience=1, learning_rate=0.1)
    assert training.stopped == "no better validation loss in 1 epoch"


def test_a_network_without_anything_to_train(line):
    with pytest.raises(RecipeError, match="Perceptron has no weights that take a gradient"):
        fit(Perceptron([1, 1], threshold=0), (line[0], (line[1] > 0).astype(float)), epochs=1)


class Listener:
    def __init__(self):
        self.heard = []

    def on_start(self, trainer):
        self.heard.append("start")

    def on_epoch_end(self, trainer, record):
        self.heard.append(record["epoch"])
        record["noted"] = np.float32(0.5)
        if record["epoch"] == 3:
            trainer.stop("heard enough")

    def on_end(self, trainer):
        self.heard.append("end")


def test_hooks_hear_add_and_stop(moons, fresh, tmp_path):
    listener = Listener()
    training = fit(fresh(), moons[0], epochs=50, hooks=[object(), listener], folder=tmp_path)
    assert listener.heard == ["start", 1, 2, 3, "end"]
    assert training.stopped == "heard enough"
    assert [record["noted"] for record in training.history] == [0.5] * 3
    assert type(training.history[0]["noted"]) is float
