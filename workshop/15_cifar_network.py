# %% [markdown]
# # 15. CIFAR-10: the course's convolutional network
#
# The course's activity 4.01: three convolutions of 10, 20 and 40 filters, each followed by ReLU and
# pooling; then 640-100-10 with dropout 0.2; Adam 0.001, batches of 100, 50 epochs. It gets 0.787 on
# training, 0.721 on validation and 0.7197 on test images.
#
# Where the Parquet file stands in for the archive, its photos are quality-75 JPEGs of the originals: expect
# a little less. There is no test file either, so the test part is drawn from the 50,000.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from course_data import sized
from course_images import CLASSES, CourseNetwork, accuracy, curves, parts, photos, trained

import assay

EPOCHS = sized(full=50, small=2)
table, kind = photos()

# %% [markdown]
# ## The parts
#
# 8:1:1, each class with its share in each part. The test part is not looked at before the last cell.

# %%
data = parts(table)
print({name: len(part.images) for name, part in data.items()})

# %% [markdown]
# ## The network
#
# Written as a class (in course_images.py), somebody has to know that 40 x 4 x 4 = 640 numbers arrive at the
# first linear layer. The shape calculus knows, and `assay.networks.CNN` asks it.

# %%
torch.manual_seed(0)
network = CourseNetwork()
print(network)
same = assay.networks.CNN((3, 32, 32), 10, widths=(10, 20, 40), dense=(100,), dropout=0.2, batch_norm=False)
print(same.shapes)
num_parameters = sum(weights.numel() for weights in network.parameters())
print(f"{num_parameters:,} parameters, and the CNN of one line has {same.shapes.parameters:,}")

# %% [markdown]
# ## The training
#
# `ImageRows` (in `parts`) says which images, which labels, and how bytes become numbers. The bytes of all
# images stay in memory; each batch is one indexed copy of them, centred. PIL, which the course's loader
# calls for each image in each epoch, was called once.

# %%
training = trained(network, data["train"], data["validation"], EPOCHS)
median = np.median([record["seconds"] for record in training.history])
print(f"{len(training.history)} epochs of {median:.1f} s, {training.settings.precision}; ", end="")
print(f"the weights of epoch {training.best_epoch} are kept")

# %%
figure = curves(training)
plt.close(figure)

# %%
scores = {name: accuracy(training.network, data[name]) for name in ("train", "validation")}
print(", ".join(f"{name} accuracy {value:.3f}" for name, value in scores.items()))

# %% [markdown]
# Which classes are hard? The share that is named right, and what the others are taken for most often.

# %%
part = data["validation"]
with torch.no_grad():
    said = torch.cat(
        [training.network(part.prepare(batch)).argmax(dim=1) for batch in part.images.batches(1_000)]
    )
confusion = torch.zeros(10, 10, dtype=torch.int64)
confusion.index_put_((part.targets, said), torch.tensor(1), accumulate=True)
for number, name in enumerate(CLASSES):
    others = confusion[number].clone()
    others[number] = 0
    right = confusion[number, number] / confusion[number].sum()
    print(f"{name:10} {right:6.1%} right, most often taken for {CLASSES[int(others.argmax())]}")

# %% [markdown]
# ## Once: the test images
#
# No choice was made by them, so this number holds for new photos of this kind. With 5,000 images, one more
# or fewer of a hundred is about its noise.

# %%
scores["test"] = accuracy(training.network, data["test"])
noise = 1.96 * (scores["test"] * (1 - scores["test"]) / len(data["test"].images)) ** 0.5
print(f"test accuracy {scores['test']:.3f} +- {noise:.3f}")

# %%
print(
    "course: 0.787 training, 0.721 validation, 0.7197 test after 50 epochs on the originals | "
    f"Assay, {EPOCHS} epochs on {kind}: {scores['train']:.3f}, {scores['validation']:.3f}, "
    f"{scores['test']:.3f} +- {noise:.3f}; {median:.1f} s an epoch"
)
