# %% [markdown]
# # 18. Credit: save a network, load it, go on training
#
# The course saves its classifier as `torch.save({"input": 22, "state_dict": ...})`, keeps the class in a file
# `final_model.py`, and loads both in another notebook. The same here, and what it leaves open: the network
# stays in training mode there, so that dropout changes every answer, and nobody can go on training.

# %%
import tempfile
from itertools import pairwise
from pathlib import Path

import torch
from course_data import find, sized
from torch import nn

import assay
from assay.core.errors import BundleError
from assay.networks import MLP, from_checkpoint, load_weights

TARGET = "default payment next month"
EPOCHS = sized(full=40, small=4)
source, is_real = find("credit")
table = assay.read(source, target=TARGET, ignore=("ID", "SEX"))
split = assay.split(table, seed=0)
defaults = torch.tensor(table.frame[TARGET].cast(int).to_numpy())
features = torch.tensor(table.frame.select([column.name for column in table.features]).to_numpy()).double()
low, high = (ends(features[split.train], dim=0).values for ends in (torch.min, torch.max))
inputs = ((features - low) / (high - low)).float()  # 0 to 1, by the training rows
train, validation = ((inputs[rows], defaults[rows]) for rows in (split.train, split.validation))
folder = Path(tempfile.mkdtemp())
CHOICES = {"epochs": EPOCHS, "batch_size": 128, "learning_rate": 0.001, "patience": 0, "seed": 0}


def fresh() -> MLP:
    torch.manual_seed(0)
    return MLP(22, 2, (100, 100, 50, 50), dropout=0.1)


# %% [markdown]
# ## A training that is cut in the middle, and goes on
#
# With a `folder`, `assay.fit` keeps `checkpoint.pt`: weights, optimizer, learning rate, history. Here a hook
# stops the training half-way, as a closed notebook would.


# %%
class StopAfter:
    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch_end(self, trainer, record) -> None:
        if record["epoch"] == self.epoch:
            trainer.stop("the notebook was closed")


half = assay.fit(
    fresh(), train, validation=validation, folder=folder, hooks=[StopAfter(EPOCHS // 2)], **CHOICES
)
print(f"stopped after epoch {len(half.history)}: {half.stopped}")

# %% [markdown]
# `from_checkpoint` builds the network again: its kind and layers are in the file. It holds the best weights,
# in evaluation mode. `resume=True` goes on from the last epoch, and ends where a training in one go does.

# %%
network = from_checkpoint(folder / "checkpoint.pt")
print(network.kind, network.settings.hidden, "training mode:", network.training)
rest = assay.fit(network, train, validation=validation, folder=folder, resume=True, **CHOICES)
whole = assay.fit(fresh(), train, validation=validation, **CHOICES)
is_same = all(map(torch.equal, rest.network.state_dict().values(), whole.network.state_dict().values()))
print(f"epochs {len(rest.history)}; the same weights, bit by bit, as in one go: {is_same}")

# %% [markdown]
# ## As the course does it: a plain class, no Assay
#
# What `final_model.py` holds. `weights_only=True` reads tensors and plain values only; without it a file can
# run whatever its writer liked.

# %%
final = rest.network
torch.save({"input": 22, "state_dict": final.state_dict()}, folder / "final.pth")


class Classifier(nn.Module):
    def __init__(self, num_inputs: int) -> None:
        super().__init__()
        sizes = (num_inputs, 100, 100, 50, 50)
        layers: list[nn.Module] = []
        for width, next_width in pairwise(sizes):
            layers += [nn.Linear(width, next_width), nn.ReLU(), nn.Dropout(0.1)]
        self.body = nn.Sequential(*layers, nn.Linear(50, 2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x)


saved = torch.load(folder / "final.pth", weights_only=True)
plain = Classifier(saved["input"])
plain.load_state_dict(saved["state_dict"])

# %% [markdown]
# The course's example row, already scaled. Without `eval()`, as in the course, dropout answers differently
# each time; with it, the plain class answers what Assay's network answers.

# %%
ROW = (
    "0.0606 0.5000 0.3333 0.4828 0.4000 0.4000 0.4000 0.4000 0.4000 0.4000 0.1651 "
    "0.0869 0.0980 0.1825 0.1054 0.2807 0.0016 0.0000 0.0033 0.0027 0.0031 0.0021"
)
example = torch.tensor([list(map(float, ROW.split()))])
with torch.no_grad():
    forgotten = [plain(example).softmax(dim=1)[0, 1].item() for _ in range(5)]
    answers = [module.eval()(example).softmax(dim=1)[0, 1].item() for module in (final, plain)]
print("without eval():", " ".join(f"{answer:.3f}" for answer in forgotten))
print("with eval():   ", " ".join(f"{answer:.3f}" for answer in answers))

# %% [markdown]
# `load_weights` fills any module, Assay's or not, from any such file, and says what does not fit.

# %%
for num_inputs in (22, 23):
    try:
        load_weights(Classifier(num_inputs), folder / "final.pth")
        print(f"{num_inputs} inputs: loaded")
    except BundleError as error:
        print(f"{num_inputs} inputs: {error.message}")

# %% [markdown]
# ## A file from somewhere else
#
# A pickle names functions that loading calls. This one would call `print`; another might delete files.


# %%
class Foreign:
    def __reduce__(self):
        return print, ("this ran while loading",)


torch.save({"state_dict": Foreign()}, folder / "foreign.pth")
try:
    load_weights(Classifier(22), folder / "foreign.pth")
except BundleError as error:
    refused = error.message
    print(refused)

# %%
print(
    "course: torch.save of a dictionary, the class in final_model.py, dropout on in production | "
    f"Assay: built again from the checkpoint, went on bit by bit: {is_same}; "
    f"a plain class answers {answers[1]:.3f} as Assay's {answers[0]:.3f}; foreign code refused"
)
