"""The course's convolutional network and its loop, written from their description.

Three convolutions (10, 20, 40 filters of 3 x 3), ReLU, batch normalisation and 2 x 2 max-pooling after each,
640-100-10 with dropout 0.2; PIL transforms image by image (flip 0.5, greyscale 0.1, to tensor, centred),
batches of 100, Adam 0.001, negative log-likelihood. One thing is kinder than the course: validation images
are not augmented.
"""

from __future__ import annotations

import statistics
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from cifar.images import Part

_CENTRED = [transforms.ToTensor(), transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))]
_AUGMENTED = [transforms.RandomHorizontalFlip(0.5), transforms.RandomGrayscale(0.1)]


class PillowImages(Dataset[tuple[torch.Tensor, int]]):
    """As torchvision's CIFAR10 does it: an array of images, each made a PIL image when it is asked for."""

    def __init__(self, part: Part, augmented: bool) -> None:
        self._part = part
        self._transform = transforms.Compose((_AUGMENTED if augmented else []) + _CENTRED)

    def __len__(self) -> int:
        return len(self._part.labels)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = transforms.functional.to_pil_image(self._part.images[index])
        return self._transform(image), int(self._part.labels[index])


class CourseNetwork(nn.Module):
    """10-20-40 with batch normalisation after each ReLU; log-probabilities out."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(3, 10, 3, 1, 1), nn.BatchNorm2d(10)
        self.conv2, self.norm2 = nn.Conv2d(10, 20, 3, 1, 1), nn.BatchNorm2d(20)
        self.conv3, self.norm3 = nn.Conv2d(20, 40, 3, 1, 1), nn.BatchNorm2d(40)
        self.linear1, self.norm4, self.linear2 = nn.Linear(640, 100), nn.BatchNorm1d(100), nn.Linear(100, 10)
        self.pool, self.dropout = nn.MaxPool2d(2, 2), nn.Dropout(0.2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, 3, 32, 32) -> (B, 10)."""
        x = self.pool(self.norm1(functional.relu(self.conv1(x))))
        x = self.pool(self.norm2(functional.relu(self.conv2(x))))
        x = self.pool(self.norm3(functional.relu(self.conv3(x))))
        x = self.dropout(x.flatten(1))
        x = self.dropout(self.norm4(functional.relu(self.linear1(x))))
        return functional.log_softmax(self.linear2(x), dim=1)


def accuracy(network: nn.Module, loader: DataLoader[tuple[torch.Tensor, int]]) -> float:
    """Share of the loader's images that are named right, in evaluation mode."""
    network.eval()
    with torch.no_grad():
        right = sum(int((network(x).argmax(1) == y).sum()) for x, y in loader)
    return right / len(loader.dataset)  # type: ignore[arg-type]


def run_epoch(
    network: nn.Module, loader: DataLoader[tuple[torch.Tensor, int]], optimizer: torch.optim.Adam
) -> float:
    """The course's epoch, the loss fetched after every batch; returns its seconds."""
    started = time.perf_counter()
    network.train()
    losses = []
    for images, labels in loader:
        optimizer.zero_grad()
        loss = functional.nll_loss(network(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    np.mean(losses)  # the course prints it
    return time.perf_counter() - started


def train(data: dict[str, Part], epochs: int, seed: int) -> dict[str, float]:
    """The course's training.

    Returns:
        "seconds" of all epochs, "median_epoch" (seconds), and the accuracies on "validation" and "test".
    """
    torch.manual_seed(seed)
    loaders = {
        name: DataLoader(
            PillowImages(part, augmented=name == "train"), batch_size=100, shuffle=name == "train"
        )
        for name, part in data.items()
    }
    network = CourseNetwork()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
    seconds = []
    for epoch in range(1, epochs + 1):
        seconds.append(run_epoch(network, loaders["train"], optimizer))
        if epoch % 5 == 0:
            reached = accuracy(network, loaders["validation"])
            print(f"  the course's loop, epoch {epoch}: validation accuracy {reached:.4f}", flush=True)
    return {
        "seconds": sum(seconds),
        "median_epoch": statistics.median(seconds),
        "validation": accuracy(network, loaders["validation"]),
        "test": accuracy(network, loaders["test"]),
    }
