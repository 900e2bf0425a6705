# %% [markdown]
# # 1. Tensors and autograd
#
# A **tensor** is an array with a rank (number of axes) and a shape (length of each). A network is a
# function from tensors to tensors, and **autograd** is the book-keeping that says how its result changes
# with its inputs.

# %%
import torch

# %% [markdown]
# ## Rank 1, 2, 3

# %%
vector = torch.tensor([0.1, 1, 0.9, 0.7, 0.3])
matrix = torch.tensor([[0, 0.2, 0.7, 0.9, 0.4], [0.5, 0.3, 0.1, 0.8, 0.6]])
cube = torch.tensor([[[0.3, 0.6], [1, 0]], [[0.3, 0.6], [0, 1]], [[0.2, 0.4], [0.9, 0.5]]])
for tensor in (vector, matrix, cube):
    print(f"rank {tensor.ndim}, shape {tuple(tensor.shape)}, {tensor.dtype}")

# %% [markdown]
# The same on a GPU, where there is one. `resolve_device` picks it, and says so when one is asked for in
# vain.

# %%
from assay.core.device import resolve_device

device = resolve_device("auto")
print("on", cube.to(device).device.type)

# %% [markdown]
# ## Autograd
#
# For $s = \sum_i (a_i + b_i)^2$ the derivative is $\partial s / \partial a_i = 2(a_i + b_i)$. Only `a`
# asks for it.

# %%
a = torch.tensor([5.0, 3.0], requires_grad=True)
b = torch.tensor([1.0, 4.0])
((a + b) ** 2).sum().backward()
print("gradient of a:", a.grad.tolist())
print("by hand:      ", (2 * (a + b)).tolist())
print("gradient of b:", b.grad)

# %% [markdown]
# Believe no gradient: a small step either way must give the same slope. This is how the maths of Assay is
# tested.

# %%
slope = [
    (((a + step + b) ** 2).sum() - ((a - step + b) ** 2).sum()).item() / 2e-2
    for step in (torch.tensor([1e-2, 0]), torch.tensor([0, 1e-2]))
]
print("by differences:", [round(value, 2) for value in slope])

# %%
print("course: [12, 14] | Assay: the same, checked against the formula and against differences")
