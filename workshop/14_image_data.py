# %% [markdown]
# # 14. Images as data, and the sizes of layers
#
# A photo of CIFAR-10 is 32 x 32 pixels, each with three numbers from 0 to 255: red, green and blue. The
# course loads the set by torchvision, divides by 255, centres, and hands it out in batches, a fifth of it
# for validation. Then it works out by hand what size convolutions and poolings give.
#
# Where the Parquet file stands in for the archive, its photos are quality-75 JPEGs of the originals, which
# loses a little: accuracies in files 15 to 17 then lie somewhat below the course's.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from course_images import labels_of, photos
from torch import nn
from torch.utils.data import DataLoader, Dataset, SubsetRandomSampler
from torchvision import transforms

import assay
from assay.core.errors import AssayError
from assay.data.images.preparation import ImagePreparation

table, kind = photos()
print(kind)
print(table.frame.head(3))
print(table.images)

# %%
figure, axes = plt.subplots(1, 8, figsize=(10, 1.6))
for number, axis in enumerate(axes):
    axis.imshow(table.images.original(number))
    axis.set(title=table.frame["label"][number])
    axis.axis("off")
plt.close(figure)

# %% [markdown]
# ## An image as a tensor
#
# torch wants the channels first: batch x channels x height x width. In a byte a number takes a quarter of
# the room that it takes as float32, so the set stays in bytes until a batch is needed.

# %%
pixels = table.images.batch(np.arange(len(table)))
floats = pixels.to(torch.float32)
print(f"{tuple(pixels.shape)}, {pixels.dtype}: {pixels.nbytes:,} bytes, as float32 {floats.nbytes:,}")
print(f"from {pixels.min()} to {pixels.max()}")

# %% [markdown]
# ## Dividing by 255, and centring
#
# Networks start with small weights and learn best from numbers around 0. Dividing by 255 gives 0 to 1; less
# 0.5, divided by 0.5 gives -1 to 1. Better than a fixed 0.5 are mean and standard deviation of each
# channel, measured on the training images alone.


# %%
def described(values: torch.Tensor) -> str:
    return f"{values.min():.2f} to {values.max():.2f}, mean {values.mean():.2f}, std {values.std():.2f}"


scaled = floats / 255
preparation = ImagePreparation.fit(table)
print("0 to 1:    ", described(scaled))
print("centred:   ", described((scaled - 0.5) / 0.5))
print("by channel:", described(preparation(pixels)))
print(preparation.steps[0]["did"])

# %% [markdown]
# ## The course's way: a Dataset, samplers, loaders
#
# A `Dataset` gives one image and its label by number, changed by its transform. A sampler says which
# numbers come in which order, and a loader makes batches. `torchvision.datasets.CIFAR10` is such a
# `Dataset`; it wants the archive, so here is one of our own.


# %%
class Photos(Dataset):
    """Photos as PIL images, as torchvision gives them, or what `transform` makes of them."""

    classes = sorted(set(table.frame["label"]))

    def __init__(self, transform=None) -> None:
        self.transform = transform
        self.labels = [self.classes.index(name) for name in table.frame["label"]]

    def __len__(self) -> int:
        return len(table)

    def __getitem__(self, number: int):
        image = table.images.original(number)
        return (image if self.transform is None else self.transform(image)), self.labels[number]


centred = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])
dataset = Photos(centred)
numbers = np.random.default_rng(0).permutation(len(dataset)).tolist()
num_validation = round(0.2 * len(dataset))
samplers = {
    "training": SubsetRandomSampler(numbers[num_validation:]),
    "validation": SubsetRandomSampler(numbers[:num_validation]),
}
loaders = {name: DataLoader(dataset, batch_size=100, sampler=sampler) for name, sampler in samplers.items()}
images, labels = next(iter(loaders["validation"]))
sizes = {name: len(loader) for name, loader in loaders.items()}
print("batches:", sizes, "| a batch:", tuple(images.shape), tuple(labels.shape), "|", described(images))

# %% [markdown]
# One transform for both loaders: that is how the course comes to augment its validation images (file 16).
#
# ## The same by `assay.read`
#
# It takes the `Dataset` as it is, a Parquet file, the archive, or a folder with one folder a class. Each
# image is decoded once; what is not readable is named now and not in epoch 7. The pixels stay bytes, and
# centring is the preparation's job, which knows the training images only. The split gives each class its
# share in each part, and keeps a test part back.

# %%
same = assay.read(Photos())
same_pixels = torch.equal(same.images.batch(np.arange(len(same))), pixels)
same_labels = torch.equal(labels_of(same), labels_of(table))
print(same.images, "| the same pixels:", same_pixels, "| the same labels:", same_labels)
split = assay.split(same, seed=0)
print(split.sizes, "|", "; ".join(split.reasons))

# %% [markdown]
# A `Dataset` that has normalised already is refused: nobody could tell what its numbers mean.

# %%
try:
    assay.read(dataset)
    refused = ""
except AssayError as error:
    refused = str(error)
print(refused)

# %% [markdown]
# ## Sizes: exercise 4.01
#
# (W - F + 2P)/S + 1, rounded down: side W, filter F, padding P, stride S. As many channels as filters. By
# `assay.shapes`, and by a real layer on a real tensor:

# %%
cases = [
    ("64x64x3", "conv 1 k3", nn.Conv2d(3, 1, 3), "62x62x1"),
    ("32x32x3", "conv 10 k5 p2", nn.Conv2d(3, 10, 5, padding=2), "32x32x10"),
    ("128x128x1", "conv 5 k5 s3", nn.Conv2d(1, 5, 5, stride=3), "42x42x5"),
    ("64x64x1", "conv 1 k8 p3 s3", nn.Conv2d(1, 1, 8, padding=3, stride=3), "21x21x1"),
]


def through(layer: nn.Module, size: str) -> str:
    """The size, as height x width x channels, that a layer makes of an empty image."""
    height, width, channels = map(int, size.split("x"))
    out_channels, *sides = layer(torch.zeros(1, channels, height, width)).shape[1:]
    return "x".join(map(str, (*sides, out_channels)))


answers = []
for size, words, layer, course in cases:
    report = assay.shapes(size, [words])
    answers.append((str(report.output), through(layer, size), course))
    print(f"{size:10} {words:16} {report.layers[0].formula:34} {report.output!s:10} torch {answers[-1][1]}")

# %% [markdown]
# ## A whole stack: exercise 4.02
#
# Pooling of 2 halves both sides and keeps the channels. The report also says what the layers hold and cost,
# and how much of the image one number at the end has seen.

# %%
stack = assay.shapes("256x256x3", ["conv 16 k3 s1 p1", "pool 2", "conv 8 k7 s1 p3", "pool 2"])
layers = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1), nn.MaxPool2d(2), nn.Conv2d(16, 8, 7, 1, 3), nn.MaxPool2d(2))
answers.append((str(stack.output), through(layers, "256x256x3"), "64x64x8"))
num_parameters = sum(weights.numel() for weights in layers.parameters())
print(stack)
print(f"parameters of the real layers: {num_parameters:,}")

# %% [markdown]
# A layer that does not fit says which number to change:

# %%
try:
    assay.shapes("28x28x1", ["conv 8 k3 p1", "pool 4", "pool 4", "pool 4"])
    misfit = ""
except AssayError as error:
    misfit = str(error)
print(misfit)

# %%
agreed = sum(ours == real == course for ours, real, course in answers)
print(
    f"course: 62x62x1, 32x32x10, 42x42x5, 21x21x1; 64x64x8 | Assay: {agreed} of {len(answers)} as the "
    f"course and torch say; {len(dataset):,} {kind}, the same pixels by assay.read: {same_pixels}"
)
