import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812
from torch.utils.flop_counter import FlopCounterMode

from assay.networks import CNN


class CourseNetwork(nn.Module):
    """Activity 4.03, as its description has it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 10, 3, 1, 1), nn.BatchNorm2d(10)
        self.conv2, self.norm2 = nn.Conv2d(10, 20, 3, 1, 1), nn.BatchNorm2d(20)
        self.conv3, self.norm3 = nn.Conv2d(20, 40, 3, 1, 1), nn.BatchNorm2d(40)
        self.linear1, self.norm4, self.linear2 = nn.Linear(640, 100), nn.BatchNorm1d(100), nn.Linear(100, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.max_pool2d(self.norm1(F.relu(self.conv1(x))), 2)
        x = F.max_pool2d(self.norm2(F.relu(self.conv2(x))), 2)
        x = F.max_pool2d(self.norm3(F.relu(self.conv3(x))), 2)
        return self.linear2(self.norm4(F.relu(self.linear1(x.view(-1, 640)))))


def course_cnn(**choices) -> CNN:
    return CNN((3, 32, 32), 10, widths=(10, 20, 40), dense=(100,), norm_position="after", **choices)


def test_the_course_network_is_one_recipe():
    theirs, ours = CourseNetwork(), course_cnn()
    with torch.no_grad():
        for mine, its in zip(ours.parameters(), theirs.parameters(), strict=True):
            mine.copy_(its)
    x = torch.randn(16, 3, 32, 32)
    torch.testing.assert_close(ours(x), theirs(x))
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x))


def test_the_course_network_without_norm_and_with_dropout():
    names = [type(module).__name__ for module in course_cnn(batch_norm=False, dropout=0.2).body]
    block = ["Conv2d", "ReLU", "MaxPool2d"]
    head = ["Flatten", "Dropout", "Linear", "ReLU", "Dropout", "Linear"]
    assert names == block * 3 + head


def test_its_report_has_the_costs_of_the_real_network():
    network = CNN((3, 40, 28), 7, widths=(8, 16), convs=(2,), dense=(20,), kernel=5).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 3, 40, 28))
    assert counter.get_total_flops() == 2 * network.shapes.multiply_adds
    assert sum(weight.numel() for weight in network.parameters()) == network.shapes.parameters


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 45, 30), (4, 9, 9)])
def test_nobody_computes_what_flatten_gives(shape):
    outputs = CNN(shape, 3, widths=(4, 4))(torch.randn(2, *shape))
    assert outputs.shape == (2, 3)


def test_batch_norm_before_the_activation_leaves_no_bias_to_learn():
    with_norm, without = CNN((3, 8, 8), 2, widths=(4,)), CNN((3, 8, 8), 2, widths=(4,), batch_norm=False)
    assert with_norm.body[0].bias is None
    assert without.body[0].bias is not None


def test_batch_norm_takes_its_settings():
    norm = CNN((3, 8, 8), 2, widths=(4,), norm_scale=False, norm_momentum=0.3).body[1]
    assert (norm.momentum, norm.weight.requires_grad, norm.bias.requires_grad) == (0.3, False, True)
