# %% [markdown]
# # 11. Error analysis by hand, and the way to "80 %"
#
# A network is not good enough. Larger, or more regular? Error analysis answers by arithmetic, and the
# course teaches it well: compare the errors with the lowest that anyone can reach.

# %%
import numpy as np
import torch
from course_data import find, sized

import assay
from assay.core.task import Task
from assay.data.resample import resample

# %% [markdown]
# ## By hand
#
# The course's case: the best that can be done (Bayes error, given) is 15 % wrong. The network is wrong on
# 28.4 % of the training rows and 29 % of the validation rows.

# %%
floor, training_error, validation_error = 0.15, 0.284, 0.29
bias = training_error - floor
variance = validation_error - training_error
print(f"bias     = {training_error} - {floor} = {bias:.3f}")
print(f"variance = {validation_error} - {training_error} = {variance:.3f}")
print("high bias" if bias > variance else "high variance")

# %% [markdown]
# (The course prints 0.014 for the variance; the difference of its numbers is 0.006. The verdict is the
# same.)
#
# ## The same by Assay, with the noise
#
# 0.006 of 9,346 rows: is that anything? Whoever measures on other rows gets another number. The bootstrap
# says how far it would move.


# %%
def predictions(num_rows: int, num_wrong: int) -> assay.Predictions:
    truth = np.zeros(num_rows, dtype=np.int64)
    said_wrong = np.arange(num_rows) < num_wrong
    output = np.where(said_wrong[:, None], [0.2, 0.8], [0.8, 0.2])
    return assay.Predictions(Task.BINARY, truth, output, ("pays", "defaults"))


diagnosis = assay.diagnose(
    predictions(28_036, round(0.284 * 28_036)),
    predictions(9_346, round(0.29 * 9_346)),
    bayes_error=0.15,
)
print(diagnosis)

# %% [markdown]
# The bias is there beyond doubt; the variance is within its noise. So: a larger network, a longer
# training.
#
# ## What the course does next, and what it was worth
#
# It tries larger networks, keeps the one with the best validation accuracy, and reports 0.802. Its rows
# were over-sampled before they were split, so a network that learns rows by heart is paid for it. We
# measure each of its networks twice: on all validation rows, as the course does, and on those whose
# client it never saw.

# %%
TARGET = "default payment next month"
source, is_real = find("credit")
table = assay.read(source, target=TARGET, ignore=("ID", "SEX"))
features = table.frame.select([column.name for column in table.features]).to_numpy().astype(np.float64)
defaults = table.frame[TARGET].cast(int).to_numpy()
copies = resample(defaults, "over", seed=0)
inputs, truth = features[copies], defaults[copies]
inputs = (inputs - inputs.min(axis=0)) / (inputs.max(axis=0) - inputs.min(axis=0))
shuffled = np.random.default_rng(0).permutation(len(truth))
train, validation, _ = np.split(shuffled, [round(0.6 * len(truth)), round(0.8 * len(truth))])
unseen = validation[~np.isin(copies[validation], copies[train])]
print(f"{len(validation):,} validation rows, of {len(unseen):,} the client is not in training")


# %%
def balanced(network: torch.nn.Module, rows: np.ndarray) -> float:
    """The mean of both classes' accuracies; over-sampled rows are half and half, those never seen are not."""
    with torch.no_grad():
        said = network(torch.tensor(inputs[rows], dtype=torch.float32)).argmax(dim=1).numpy()
    right = said == truth[rows]
    return float((right[truth[rows] == 0].mean() + right[truth[rows] == 1].mean()) / 2)


def tried(hidden: tuple[int, ...], dropout: float, epochs: int) -> dict[str, float]:
    torch.manual_seed(0)
    training = assay.fit(
        assay.networks.MLP(22, 2, hidden, dropout=dropout),
        (torch.tensor(inputs[train], dtype=torch.float32), torch.tensor(truth[train])),
        validation=(torch.tensor(inputs[validation], dtype=torch.float32), torch.tensor(truth[validation])),
        optimizer="adam",
        learning_rate=0.001,
        batch_size=128,
        epochs=epochs,
        patience=0,
    )
    parts = {"training": train, "validation": validation, "never seen": unseen}
    return {name: balanced(training.network, rows) for name, rows in parts.items()}


# %% [markdown]
# The course's steps: longer, deeper, wider, wider with dropout (it gives the last one 4,000 epochs). Here
# each gets fewer epochs; `make workshop` gives them hundreds. The best weights on the leaky validation
# rows are kept, as the course would choose.

# %%
steps = {
    "three layers of 10": ((10, 10, 10), 0.0, sized(full=300, small=3)),
    "four layers of 10": ((10, 10, 10, 10), 0.0, sized(full=300, small=0)),
    "four layers of 50": ((50, 50, 50, 50), 0.0, sized(full=300, small=0)),
    "100-100-50-50, dropout 0.1": ((100, 100, 50, 50), 0.1, sized(full=300, small=10)),
}
results = {name: tried(*step) for name, step in steps.items() if step[2]}
print(f"{'balanced accuracy':28} training  validation  never seen")
for name, result in results.items():
    print(f"{name:28} {result['training']:8.3f}  {result['validation']:10.3f}  {result['never seen']:10.3f}")

# %% [markdown]
# The larger the network, the further the second column runs ahead of the third. The third hardly moves:
# the way to "80 %" is the way into the leak. File 12 finds that leak without being told, and file 13
# improves the network on rows that were split first.

# %%
first, last = results["three layers of 10"], results["100-100-50-50, dropout 0.1"]
print(
    "course: bias 0.134, variance 0.014, then 0.802 with 100-100-50-50 | "
    f"Assay: bias {bias:.3f}, variance {variance:.3f}; from {first['validation']:.3f} to "
    f"{last['validation']:.3f}, on clients never seen from {first['never seen']:.3f} to "
    f"{last['never seen']:.3f}"
)
