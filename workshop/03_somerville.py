# %% [markdown]
# # 3. Somerville: a single layer on real answers
#
# 143 citizens of Somerville gave six marks from 1 to 5 to their city; `D` says whether they are happy.
# The course trains on all rows and reports the loss on the same rows. We do that first, and then
# honestly.

# %%
import numpy as np
import torch
from course_data import find
from torch import nn

import assay
from assay.data.target import Target

source, is_real = find("somerville")
table = assay.read(source, target="D")
print(len(table), "rows;", ", ".join(f"{column.name} {column.kind}" for column in table.columns))

# %% [markdown]
# ## As the course does it: Adam 0.01, 100 iterations, all rows

# %%
torch.manual_seed(0)
network = nn.Sequential(nn.Linear(6, 1), nn.Sigmoid())
answers = torch.tensor(table.frame.drop("D").to_numpy(), dtype=torch.float32)
happy = torch.tensor(table.frame["D"].cast(int).to_numpy(), dtype=torch.float32).unsqueeze(1)
optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
losses = []
for iteration in range(100):
    loss = nn.functional.mse_loss(network(answers), happy)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if iteration % 10 == 0 or iteration == 99:
        print(f"iteration {iteration + 1:3d}  loss {loss.item():.3f}")

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(5, 3))
axes.plot(losses)
axes.axhline(0.25, linestyle=":", color="grey", label="always saying 0.5")
axes.set(xlabel="iteration", ylabel="MSE")
axes.legend()
# %% [markdown]
# The loss falls by almost half, and yet 0.244 is hardly below 0.25, the loss of a network that says 0.5
# to everybody.

# %% [markdown]
# ## Honestly: split, prepare, fit, and ask the rows that were held out

# %%
split = assay.split(table, seed=0)
print(split.sizes)
for sentence in (*split.reasons, *split.warnings):
    print("  -", sentence)

train, validation = table.take(split.train), table.take(split.validation)
preparation = assay.Preparation.fit(train)
target = Target.of(train, np.arange(len(train)))
parts = [(preparation.prepare(part), target.encode(part.frame["D"])) for part in (train, validation)]

torch.manual_seed(0)
network = assay.networks.MLP(preparation.num_outputs, 2)
training = assay.fit(network, parts[0], validation=parts[1], learning_rate=0.01)
print(f"stopped after {len(training.history)} epochs ({training.stopped}); best: {training.best_epoch}")

# %%
for name, (inputs, truth) in zip(("training", "validation"), parts, strict=True):
    with torch.no_grad():
        right = (network(inputs).argmax(dim=1).numpy() == truth).mean()
    margin = 1.96 * np.sqrt(right * (1 - right) / len(truth))
    majority = max(truth.mean(), 1 - truth.mean())
    print(f"{name}: {right:.0%} right (+- {margin:.0%}), always the same answer: {majority:.0%}")
    if name == "validation":
        verdict = f"{right:.0%} +- {margin:.0%} right on held-out rows (always the same: {majority:.0%})"

# %%
print(
    f"course: MSE 0.410 -> 0.245 on its own rows | "
    f"Assay: {losses[0]:.3f} -> {losses[-1]:.3f} there, and {verdict}"
)
