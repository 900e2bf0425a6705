# %% [markdown]
# # 2. A single layer on dummy data
#
# One linear layer and a sigmoid: ten features in, a number between 0 and 1 out. This is the smallest
# network, and the three parts of every training are here: a prediction, a loss, a step against the
# gradient.

# %%
import torch
from torch import nn

import assay

torch.manual_seed(9)
inputs = torch.randn(20, 10)
targets = torch.randint(0, 2, (20, 1)).float()
network = nn.Sequential(nn.Linear(10, 1), nn.Sigmoid())
print(network)

# %% [markdown]
# ## The loop by hand

# %%
optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
losses = []
for iteration in range(20):
    loss = nn.functional.mse_loss(network(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if iteration % 5 == 0 or iteration == 19:
        print(f"iteration {iteration + 1:2d}  loss {loss.item():.3f}")

# %% [markdown]
# ## The same with `assay.fit`
#
# It takes any `nn.Module`, trains it in place and gives back the history. One batch of 20 rows is one
# iteration an epoch, so the losses are the same ones.

# %%
torch.manual_seed(9)
torch.randn(20, 10), torch.randint(0, 2, (20, 1))  # the same numbers as above are drawn before the weights
network = nn.Sequential(nn.Linear(10, 1), nn.Sigmoid())
training = assay.fit(
    network, (inputs, targets), optimizer="adam", learning_rate=0.01, loss="mse", batch_size=20, epochs=20
)
fitted = [record["train_loss"] for record in training.history]
difference = max(abs(one - other) for one, other in zip(losses, fitted, strict=True))
print(f"largest difference between the two: {difference:.1e}")

# %% [markdown]
# ## What did it learn?
#
# Nothing: the targets are coin flips. On 1,000 fresh flips the loss is no better than that of always
# saying 0.5, which is 0.25. A falling training loss alone proves nothing: that is what the split is for.

# %%
fresh_inputs, fresh_targets = torch.randn(1000, 10), torch.randint(0, 2, (1000, 1)).float()
with torch.no_grad():
    fresh = nn.functional.mse_loss(network(fresh_inputs), fresh_targets).item()
print(f"training loss {fitted[-1]:.3f}, on fresh rows {fresh:.3f}, always 0.5: 0.250")

# %%
print(
    f"course: 0.252 -> 0.207 | Assay: {fitted[0]:.3f} -> {fitted[-1]:.3f}, "
    f"and {fresh:.3f} on new rows: no better than chance"
)
