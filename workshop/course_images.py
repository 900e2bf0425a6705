"""What files 14 to 17 share: CIFAR-10 and its parts, the course's network, how it is trained and measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import polars as pl
import torch
from course_data import find, sized
from torch import Tensor, nn

import assay
from assay.data.images import read_images
from assay.training.image_source import ImageRows
from assay.training.training import Training

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

# B images of a batch, C channels, H by W pixels, K classes.


def photos() -> tuple[assay.Table, str]:
    """The 50,000 training images of CIFAR-10, or the first 600 of them; and in words what they are.

    The archive's own test part is left alone: who has the 50,000 only must draw a test part from them.
    """
    source, is_real = find("cifar10")
    most = sized(full=50_000, small=600)
    if isinstance(source, Path) and source.suffix != ".parquet":
        archive = read_images(source)
        return archive.table.take(archive.parts["train"][:most]), "the originals"
    frame = pl.read_parquet(source, n_rows=most) if isinstance(source, Path) else source.head(most)
    names = pl.Series(CLASSES).gather(frame["label"].cast(pl.Int64))
    table = assay.read(frame.with_columns(names.alias("label")))
    return table, "JPEGs of the originals" if is_real else "made-up stripes"


def labels_of(table: assay.Table) -> Tensor:
    """(N,) class numbers."""
    return torch.tensor([CLASSES.index(name) for name in table.frame["label"]])


def centred(images_BCHW: Tensor) -> Tensor:
    """uint8 0 to 255 -> float32 -1 to 1: the course's ToTensor and Normalize(0.5, 0.5) in one step."""
    return images_BCHW.to(torch.float32) / 127.5 - 1


def parts(table: assay.Table) -> dict[str, ImageRows]:
    """train, validation and test, 8:1:1 (40,000, 5,000 and 5,000), the same in each file."""
    split = assay.split(table, train=0.8, validation=0.1, test=0.1, seed=0)
    labels = labels_of(table)
    drawn = {"train": split.train, "validation": split.validation, "test": split.test}
    return {
        name: ImageRows(table.images.take(rows), labels[torch.from_numpy(rows)], centred)
        for name, rows in drawn.items()
    }


class CourseNetwork(nn.Module):
    """10-20-40 filters, then 100 and 10 units; gives logarithms of probabilities, which NLL loss takes.

    Args:
        batch_norm: normalise after each ReLU, as in activity 4.03.
    """

    def __init__(self, batch_norm: bool = False) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 10, 3, 1, 1)
        self.conv2 = nn.Conv2d(10, 20, 3, 1, 1)
        self.conv3 = nn.Conv2d(20, 40, 3, 1, 1)
        self.pool = nn.MaxPool2d(2, 2)
        self.linear1 = nn.Linear(40 * 4 * 4, 100)
        self.linear2 = nn.Linear(100, 10)
        self.dropout = nn.Dropout(0.2)
        self.norm1 = nn.BatchNorm2d(10) if batch_norm else nn.Identity()
        self.norm2 = nn.BatchNorm2d(20) if batch_norm else nn.Identity()
        self.norm3 = nn.BatchNorm2d(40) if batch_norm else nn.Identity()
        self.norm4 = nn.BatchNorm1d(100) if batch_norm else nn.Identity()

    def forward(self, x_BCHW: Tensor) -> Tensor:
        """(B, 3, 32, 32) -> (B, K)."""
        x = self.pool(self.norm1(torch.relu(self.conv1(x_BCHW))))
        x = self.pool(self.norm2(torch.relu(self.conv2(x))))
        x = self.pool(self.norm3(torch.relu(self.conv3(x))))
        x = self.dropout(x.flatten(1))
        x = self.dropout(self.norm4(torch.relu(self.linear1(x))))
        return torch.log_softmax(self.linear2(x), dim=1)


def trained(network: nn.Module, train: ImageRows, validation: ImageRows, epochs: int) -> Training:
    """The course's training: Adam at 0.001, batches of 100, a look at validation every 5 epochs.

    `assay.fit` computes in bf16 and channels-last where the machine is quicker so, and keeps the weights that
    were best on the validation images.
    """
    return assay.fit(
        network,
        train,
        validation=validation,
        loss="nll",
        optimizer="adam",
        learning_rate=0.001,
        batch_size=100,
        epochs=epochs,
        validate_every=5,
        patience=0,
    )


def accuracy(network: nn.Module, rows: ImageRows, changed: Callable[[Tensor], Tensor] | None = None) -> float:
    """Share of the images that are named right; `changed` alters them before, which nobody should do."""
    network.eval()
    right = 0
    with torch.no_grad():
        for numbers in torch.arange(len(rows.images)).split(1_000):
            images_BCHW = rows.images.batch(numbers)
            images_BCHW = images_BCHW if changed is None else changed(images_BCHW)
            right += int((network(rows.prepare(images_BCHW)).argmax(dim=1) == rows.targets[numbers]).sum())
    return right / len(rows.images)


def curves(training: Training) -> plt.Figure:
    """Loss by epoch, and the accuracy of the validation images where they were looked at."""
    figure, axes = plt.subplots(1, 2, figsize=(9, 3))
    seen = [record for record in training.history if "validation_loss" in record]
    axes[0].plot([r["epoch"] for r in training.history], [r["train_loss"] for r in training.history])
    axes[0].plot([r["epoch"] for r in seen], [r["validation_loss"] for r in seen], marker="o")
    axes[0].set(title="loss (NLL), training and validation", xlabel="epoch")
    axes[1].plot([r["epoch"] for r in seen], [r["validation_accuracy"] for r in seen], marker="o")
    axes[1].set(title="validation accuracy", xlabel="epoch")
    return figure
