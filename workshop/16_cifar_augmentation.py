# %% [markdown]
# # 16. CIFAR-10: augmentation, and where it does not belong
#
# The course's activity 4.02: the network of file 15, the training images mirrored with probability 0.5 and
# made grey with probability 0.1, 100 epochs. It gets 0.754 on test images.
#
# Its validation images go through the same transforms, since both loaders share one data set. What does
# that do to the number?

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import torch
from course_data import sized
from course_images import CourseNetwork, accuracy, curves, parts, photos, trained

from assay.data.images.augmentation import Augmentation, AugmentationSettings

EPOCHS = sized(full=100, small=2)
table, kind = photos()
data = parts(table)

# %% [markdown]
# ## What the network gets to see
#
# The same five images, drawn four times. The label stays true each time, and no epoch is like another. A
# whole batch is changed at once, as bytes.

# %%
changes = Augmentation(AugmentationSettings(flip=0.5, greyscale=0.1))
torch.manual_seed(0)
five = data["train"].images.batch(np.arange(5))
figure, axes = plt.subplots(4, 5, figsize=(5, 4))
for row in axes:
    for axis, image in zip(row, changes.changed(five), strict=True):
        axis.imshow(image.permute(1, 2, 0).numpy())
        axis.axis("off")
plt.close(figure)

# %% [markdown]
# ## The training
#
# `augment` belongs to the training rows. `assay.fit` calls it for training batches only: whoever gives it
# with validation rows, changes nothing.

# %%
torch.manual_seed(0)
training = trained(
    CourseNetwork(), replace(data["train"], augment=changes), data["validation"], epochs=EPOCHS
)
figure = curves(training)
plt.close(figure)
scores = {name: accuracy(training.network, data[name]) for name in ("train", "validation")}
print(", ".join(f"{name} accuracy {value:.3f}" for name, value in scores.items()), f"after {EPOCHS} epochs")

# %% [markdown]
# ## Validation images augmented, as the course does
#
# The same network, measured on the validation images as they are, and ten times on changed ones. Nothing
# else differs.

# %%
torch.manual_seed(1)
draws = [accuracy(training.network, data["validation"], changes.changed) for _ in range(10)]
print(f"as they are: {scores['validation']:.4f}, each time")
print(f"augmented:   {np.mean(draws):.4f} on average, {min(draws):.4f} to {max(draws):.4f} by luck")

# %% [markdown]
# Which of the two changes is it? Each alone, and so strong that it reaches every image:

# %%
mirrored = accuracy(training.network, data["validation"], Augmentation(AugmentationSettings(flip=1)).changed)
grey = accuracy(training.network, data["validation"], Augmentation(AugmentationSettings(greyscale=1)).changed)
print(f"all mirrored: {mirrored:.4f}, all grey: {grey:.4f}")

# %% [markdown]
# Two things are wrong with the augmented number. It is about other images than those to come: a tenth of
# them without colour. And it is drawn anew whenever it is measured: which epoch looks best is partly luck.
# Here the harm is small: mirror images are as easy as the photos, and grey ones, which are harder by far,
# are few. With stronger augmentation it is not. The gap between training and validation, by which bias and
# variance are told apart, is bent as well.
#
# ## Once: the test images

# %%
scores["test"] = accuracy(training.network, data["test"])
noise = 1.96 * (scores["test"] * (1 - scores["test"]) / len(data["test"].images)) ** 0.5
print(f"test accuracy {scores['test']:.3f} +- {noise:.3f}")

# %%
print(
    "course: 0.754 test after 100 epochs, validation augmented as well | "
    f"Assay, {EPOCHS} epochs on {kind}: validation {scores['validation']:.4f} as it is, {np.mean(draws):.4f} "
    f"({min(draws):.4f} to {max(draws):.4f}) augmented; test {scores['test']:.3f} +- {noise:.3f}"
)
