# %% [markdown]
# # 4. The perceptron
#
# The first artificial neuron (Rosenblatt, 1958): weigh the inputs, add them up, answer 1 above a
# threshold. Shall I go to the concert? The weather counts 4, company 2, the music 2, and it takes more
# than 5 to leave the sofa.

# %%
import itertools

import torch

from assay.networks import MLP, Perceptron

neuron = Perceptron([4, 2, 2], threshold=5)
bad_weather = torch.tensor([0.0, 1.0, 1.0])
print("weather 0, company 1, music 1 ->", int(neuron(bad_weather)))

# %% [markdown]
# All eight evenings: good weather is necessary here, and not enough.

# %%
evenings = torch.tensor(list(itertools.product([0.0, 1.0], repeat=3)))
for evening, answer in zip(evenings.int().tolist(), neuron(evenings).int().tolist(), strict=True):
    print(*evening, "->", answer)

# %% [markdown]
# ## What became of it
#
# The threshold has no slope, so no gradient can train it. Put a sigmoid in its place and it is a network
# with no hidden layer: with the same weights, and the threshold as bias, it says the same, and how sure
# it is.

# %%
smooth = MLP(3, 1)
with torch.no_grad():
    smooth.body[0].weight.copy_(torch.tensor([[4.0, 2.0, 2.0]]))
    smooth.body[0].bias.fill_(-5.0)
    probability = torch.sigmoid(smooth(evenings)).squeeze(1)
print("it goes with probability", [round(value, 2) for value in probability.tolist()])
print("the same answers:", torch.equal(probability > 0.5, neuron(evenings).bool()))

# %% [markdown]
# ## What it can't do
#
# A single layer draws one straight line. *Either* company *or* music, but not both (XOR), needs two; one
# hidden layer has them. The widths are rules of thumb, and so is trying more than one start.

# %%
import assay

xor_inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
xor_targets = torch.tensor([0, 1, 1, 0])


def accuracy_after_training(hidden: tuple[int, ...]) -> float:
    torch.manual_seed(0)
    network = MLP(2, 2, hidden, activation="tanh")
    assay.fit(network, (xor_inputs, xor_targets), learning_rate=0.05, batch_size=4, epochs=150)
    with torch.no_grad():
        return (network(xor_inputs).argmax(dim=1) == xor_targets).float().mean().item()


print(f"XOR, no hidden layer:      {accuracy_after_training(()):.0%} right")
print(f"XOR, one hidden layer of 8: {accuracy_after_training((8,)):.0%} right")

# %%
print(f"course: output 0 | Assay: output {int(neuron(bad_weather))}, and the line from there to a network")
