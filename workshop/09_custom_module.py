# %% [markdown]
# # 9. A custom module, and the same network in Sequential
#
# The course writes a network of its own class for the first time: 10 inputs, 5 hidden units with ReLU, 2
# outputs with softmax. It prints it, and that is all. Here both ways of writing it stand side by side, with
# the same weights, so that you can see that they are one network.

# %%
import torch
from torch import nn

import assay

# %% [markdown]
# ## As a class
#
# `__init__` makes the layers, which registers their weights; `forward` says in which order rows pass through.


# %%
class Classifier(nn.Module):
    def __init__(self, num_inputs: int) -> None:
        super().__init__()
        self.hidden = nn.Linear(num_inputs, 5)
        self.output = nn.Linear(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.output(torch.relu(self.hidden(x))), dim=1)


torch.manual_seed(0)
custom = Classifier(10)
print(custom)

# %% [markdown]
# ## As a sequence

# %%
sequence = nn.Sequential(nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 2), nn.Softmax(dim=1))
print(sequence)

# %% [markdown]
# The weights have other names (`hidden.weight`, `0.weight`) and the same shapes in the same order. Copied
# over, they give the same probabilities.

# %%
weights = custom.state_dict()
sequence.load_state_dict(dict(zip(sequence.state_dict(), weights.values(), strict=True)))
rows = torch.rand(20, 10)
with torch.no_grad():
    difference = (custom(rows) - sequence(rows)).abs().max().item()
num_parameters = sum(parameter.numel() for parameter in custom.parameters())
print(f"largest difference of {rows.shape[0]} rows: {difference}")
print(f"parameters: {num_parameters} = 10 x 5 + 5 + 5 x 2 + 2")

# %% [markdown]
# When to write which: Sequential where rows pass straight through; a class as soon as something branches, is
# used twice, or takes another argument.
#
# ## Why Assay's networks end without softmax
#
# A class is chosen by the largest output, before softmax as after it. The loss wants the logarithm of the
# probability, and softmax in float32 rounds a small one to 0, whose logarithm is minus infinity.
# `cross_entropy` takes the outputs as they are (logits) and stays exact.

# %%
logits = torch.tensor([[0.0, 200.0]])
truth = torch.tensor([0])
by_hand = -torch.log(torch.softmax(logits, dim=1))[0, truth].item()
exact = nn.functional.cross_entropy(logits, truth).item()
print(f"loss by way of softmax: {by_hand}, by cross_entropy: {exact}")

network = assay.networks.MLP(10, 2, hidden=(5,))
print(network)

# %%
print(
    "course: a module 10-5-2 is printed | "
    f"Assay: class and Sequential differ by {difference}; {num_parameters} parameters; "
    f"cross_entropy gives {exact:.0f} where softmax gives {by_hand}"
)
