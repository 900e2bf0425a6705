# %% [markdown]
# # 17. CIFAR-10: batch normalisation
#
# The course's activity 4.03: the network and the augmentation of file 16, and after each ReLU of a
# convolution, and of the first linear layer, a batch norm; 100 epochs. It gets 0.819 on training, 0.780 on
# validation and 0.781 on test images.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import torch
from course_data import sized
from course_images import CourseNetwork, accuracy, curves, parts, photos, trained

import assay
from assay.data.images.augmentation import Augmentation, AugmentationSettings

EPOCHS = sized(full=100, small=2)
table, kind = photos()
data = parts(table)

# %% [markdown]
# ## What it does
#
# For each channel: less the mean over batch, height and width; divided by the standard deviation; then
# times a trained scale, plus a trained shift. By hand and by the layer:

# %%
torch.manual_seed(0)
values = 5 + 3 * torch.randn(100, 10, 8, 8)
norm = torch.nn.BatchNorm2d(10)
mean = values.mean(dim=(0, 2, 3), keepdim=True)
variance = values.var(dim=(0, 2, 3), keepdim=True, correction=0)
by_hand = (values - mean) / torch.sqrt(variance + norm.eps)
difference = (norm(values) - by_hand).abs().max().item()
print(f"largest difference: {difference:.1e}; running mean after one batch: {norm.running_mean[0]:.2f} of 5")

# %% [markdown]
# In evaluation it takes the running mean and variance instead, so that an image's prediction does not
# depend on its neighbours in the batch. Whoever forgets `network.eval()` gets other answers:

# %%
alone, together = norm(values[:1]), norm(values)[:1]
norm.eval()
evaluated = (norm(values[:1]) - norm(values)[:1]).abs().max().item()
in_training = (alone - together).abs().max().item()
print(
    f"one image alone and in a batch differ by {in_training:.2f} in training, {evaluated:.2f} in evaluation"
)

# %% [markdown]
# ## The network
#
# The same as one line of Assay. `norm_position` says on which side of the ReLU: the course puts it after,
# its authors (Ioffe and Szegedy, 2015) before, which is the default.

# %%
torch.manual_seed(0)
network = CourseNetwork(batch_norm=True)
same = assay.networks.CNN(
    (3, 32, 32), 10, widths=(10, 20, 40), dense=(100,), dropout=0.2, norm_position="after"
)
print(same.shapes)
num_parameters = sum(weights.numel() for weights in network.parameters())
print(f"{num_parameters:,} parameters, {2 * (10 + 20 + 40 + 100)} of them scales and shifts")

# %% [markdown]
# ## The training

# %%
changes = Augmentation(AugmentationSettings(flip=0.5, greyscale=0.1))
training = trained(network, replace(data["train"], augment=changes), data["validation"], epochs=EPOCHS)
figure = curves(training)
plt.close(figure)
scores = {name: accuracy(training.network, data[name]) for name in ("train", "validation")}
print(", ".join(f"{name} accuracy {value:.3f}" for name, value in scores.items()), f"after {EPOCHS} epochs")

# %% [markdown]
# ## Once: the test images

# %%
scores["test"] = accuracy(training.network, data["test"])
noise = 1.96 * (scores["test"] * (1 - scores["test"]) / len(data["test"].images)) ** 0.5
print(f"test accuracy {scores['test']:.3f} +- {noise:.3f}")

# %% [markdown]
# What next? By the course's numbers: people get about 0.94, so bias is 0.94 - 0.819 = 0.12 and variance
# 0.819 - 0.780 = 0.04. The network of 75,000 parameters is too small before it is too free: more filters,
# or residual blocks, and a better schedule come first. `assay run` on the same data begins there.

# %%
print(
    "course: 0.819 training, 0.780 validation, 0.781 test after 100 epochs on the originals | "
    f"Assay, {EPOCHS} epochs on {kind}: {scores['train']:.3f}, {scores['validation']:.3f}, "
    f"{scores['test']:.3f} +- {noise:.3f}"
)
