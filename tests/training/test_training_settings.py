import subprocess
import sys

import pytest
import torch

from assay.core.errors import MissingPartError, RecipeError
from assay.networks import MLP
from assay.training.fit import fit
from assay.training.optimizer import Schedule, make_optimizer
from assay.training.settings import TrainingSettings, batch_size, resolve


def test_rules_fill_what_is_absent_and_say_why():
    settings, reasons = resolve(TrainingSettings(), 18_000)
    assert settings.learning_rate and settings.batch_size and settings.weight_decay is not None
    assert set(reasons) == {"learning_rate", "batch_size", "weight_decay"} and all(reasons.values())
    given = TrainingSettings(learning_rate=0.5, batch_size=7, weight_decay=0.0)
    assert resolve(given, 18_000) == (given, {})


def test_batches_grow_with_the_rows():
    sizes = [batch_size(rows) for rows in (1, 50, 1_000, 20_000, 500_000, 10**8)]
    assert sizes == sorted(sizes)
    assert all(size & (size - 1) == 0 for size in sizes)
    assert sizes[0] >= 8 and sizes[-1] <= 4096


def test_reading_settings_loads_no_torch():
    code = "import sys, assay.training.settings, assay.networks.settings; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["none", "cosine", "step", "onecycle"])
def test_schedules(line, name):
    training = fit(MLP(2, 1), line, validation=line, epochs=30, schedule=name, learning_rate=0.05, patience=0)
    rates = [record["learning_rate"] for record in training.history]
    if name == "none":
        assert set(rates) == {0.05}
    elif name == "onecycle":
        assert rates[0] < 0.01 and max(rates) == pytest.approx(0.05, rel=0.1) and rates[-1] < 0.001
    else:
        assert rates[0] == pytest.approx(0.05) and rates == sorted(rates, reverse=True)
        assert rates[-1] < 0.026
    assert training.history[-1]["validation_loss"] < 0.1


def test_a_plateau_lowers_the_learning_rate():
    settings, _ = resolve(TrainingSettings(schedule="plateau", learning_rate=0.1, patience=6), 100)
    optimizer = make_optimizer(MLP(2, 1), settings)
    schedule = Schedule(optimizer, settings, num_steps=None)
    rates = []
    for loss in [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0]:
        schedule.after_step()
        schedule.after_epoch(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    assert rates == pytest.approx([0.1] * 5 + [0.03] * 2)


def test_a_schedule_of_steps_needs_their_number(line):
    class Endless(torch.utils.data.IterableDataset):
        def __iter__(self):
            for inputs, target in zip(*line, strict=True):
                yield torch.tensor(inputs).float(), torch.tensor(target).float()

    loader = torch.utils.data.DataLoader(Endless(), batch_size=50)
    assert len(fit(MLP(2, 1), loader, epochs=2).history) == 2
    with pytest.raises(RecipeError, match="cosine schedule counts steps, and the data loader has no length"):
        fit(MLP(2, 1), loader, epochs=2, schedule="cosine")


def test_bf16_trains_where_the_machine_has_it(line):
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        with pytest.raises(RecipeError, match="no bf16 arithmetic"):
            fit(MLP(2, 1, (8,)), line, epochs=1, precision="bf16", device="cpu")
        return
    training = fit(MLP(2, 1, (8,)), line, epochs=30, precision="bf16", learning_rate=0.01, device="cpu")
    assert training.history[-1]["train_loss"] < 0.5
    assert all(weight.dtype == torch.float32 for weight in training.network.parameters())
    exact = fit(MLP(2, 1, (8,)), line, epochs=30, precision="float32", learning_rate=0.01, device="cpu")
    assert exact.history != training.history


def test_a_missing_compiler_is_named(line, monkeypatch):
    def fails(function):
        def call(*values):
            raise RuntimeError("No working C++ compiler found in torch._inductor.config.cpp.cxx\nmore")

        return call

    monkeypatch.setattr(torch, "compile", fails)
    with pytest.raises(
        MissingPartError, match=r"does not work on this machine: No working C\+\+ compiler.*g\+\+"
    ):
        fit(MLP(2, 1), line, epochs=1, compile=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_compiled_networks_train_and_are_plain_afterwards(line):
    try:
        training = fit(MLP(2, 1, (8,)), line, validation=line, epochs=20, compile=True, learning_rate=0.02)
    except MissingPartError as error:
        pytest.skip(str(error))
    assert type(training.network) is MLP
    assert training.history[-1]["validation_loss"] < 0.5


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_cuda(line, precision):
    network = MLP(2, 1, (16,), dropout=0.1)
    training = fit(network, line, validation=line, epochs=30, device="cuda", precision=precision)
    assert training.history[-1]["validation_loss"] < training.history[0]["validation_loss"]
    assert next(network.parameters()).device.type == "cpu"
