import pytest

import assay.networks
from assay.core.task import Task
from assay.networks import build, first_network


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("rows", [10, 500, 5_000, 20_000, 300_000])
@pytest.mark.parametrize("inputs", [1, 22, 90, 2_000])
def test_every_size_gets_a_network_with_reasons(task, rows, inputs):
    outputs = {Task.REGRESSION: 1, Task.BINARY: 2, Task.MULTICLASS: 7}[task]
    settings, reasons = first_network(inputs, outputs, rows, task)
    assert {"inputs", "hidden", "outputs"} <= set(reasons)
    assert all(reasons.values())
    network = build(settings, num_inputs=inputs, num_outputs=outputs)
    assert network.num_outputs == outputs


def test_more_rows_carry_more_weights():
    sizes = []
    for rows in (200, 5_000, 200_000):
        settings, _ = first_network(20, 2, rows, Task.BINARY)
        network = build(settings, num_inputs=20, num_outputs=2)
        sizes.append(sum(weight.numel() for weight in network.parameters()))
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1]


def test_a_small_table_gets_hidden_units_between_inputs_and_outputs():
    settings, reasons = first_network(6, 2, 86, Task.BINARY)
    assert len(settings.hidden) == 1 and 2 <= settings.hidden[0] <= 6
    assert "86 training rows" in reasons["hidden"]


def test_public_names():
    for name in assay.networks.__all__:
        assert getattr(assay.networks, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'CNNN'"):
        _ = assay.networks.CNNN
