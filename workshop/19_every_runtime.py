# %% [markdown]
# # 19. One network, every runtime
#
# The course's activity 3.03: trace the credit network with `torch.jit.trace`, save it, load it in C++, and
# predict the example row again: class 1 both times. What is traced there is the network alone. Its 22 numbers
# were scaled before, by code that C++ doesn't have.
#
# Here the row goes in as the bank wrote it, and preparation and network travel together: as TorchScript, as
# its successor, as machine code, to ONNX Runtime, and into a C++ program that reads a CSV.

# %%
import io
import logging
import subprocess
import tempfile
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import onnxruntime
import polars as pl
import torch
from course_data import find, sized

import assay
from assay.bundle.bundle import Bundle
from assay.data.resample import class_weights
from assay.data.target import Target
from assay.export import export
from assay.export.compiler import missing_compiler
from assay.export.cpp import built_program

TARGET = "default payment next month"
source, is_real = find("credit")
NUMBERS = (
    "LIMIT_BAL", "EDUCATION", "MARRIAGE", "AGE", "PAY_0", *(f"PAY_{month}" for month in range(2, 7)),
    *(f"{what}{month}" for what in ("BILL_AMT", "PAY_AMT") for month in range(1, 7)),
)  # fmt: skip
kinds = {TARGET: "qualitative"} | dict.fromkeys(NUMBERS, "quantitative")
table = assay.read(source, target=TARGET, ignore=("ID", "SEX"), kinds=kinds)

# %% [markdown]
# ## The example row
#
# The course gives it scaled to 0 to 1, with four digits. Undone, it is one client in Taiwanese dollars and
# months of delay (the limit must have been 70,000).

# %%
SCALED = (
    0.0606, 0.5000, 0.3333, 0.4828, 0.4000, 0.4000, 0.4000, 0.4000, 0.4000, 0.4000, 0.1651,
    0.0869, 0.0980, 0.1825, 0.1054, 0.2807, 0.0016, 0.0000, 0.0033, 0.0027, 0.0031, 0.0021,
)  # fmt: skip
names = [column.name for column in table.features]
features = table.frame.select(names).to_numpy().astype(np.float64)
low, high = features.min(axis=0), features.max(axis=0)
client = dict(zip(names, np.round(low + np.array(SCALED) * (high - low)).astype(int).tolist(), strict=True))
print(client)

# %% [markdown]
# ## A bundle
#
# 22-50-2 on rows that were split first. Every column is a number here, scaled to 0 to 1 by the training
# rows, as in the course. The bundle holds that scaling, the network, and the schema of its input.

# %%
split = assay.split(table, seed=0)
train, validation = table.take(split.train), table.take(split.validation)
preparation = assay.Preparation.fit(train, scale="minmax")
target = Target.of(table, split.train)
torch.manual_seed(0)
network = assay.networks.MLP(preparation.num_outputs, 2, hidden=(50,))
training = assay.fit(
    network,
    (preparation.prepare(train), torch.from_numpy(target.encode(train.frame[TARGET]))),
    validation=(preparation.prepare(validation), torch.from_numpy(target.encode(validation.frame[TARGET]))),
    class_weights=class_weights(target.encode(train.frame[TARGET]), 2),  # the course copies the rarer class
    epochs=sized(full=50, small=3),
    patience=0,
)
bundle = Bundle(preparation, training.network, target)
print(bundle)
print(f"{preparation.num_outputs} inputs of {len(names)} columns")

# %% [markdown]
# ## Every runtime at once
#
# `export` (in a shell: `assay export STUDY`) writes the files, loads each one again in its own runtime, and
# compares: the rows given here, rows with a missing or unseen value in each column, extremes; in batches of
# 1, 2, 7 and 1,000. Were one of them further from the bundle than 1e-5, there would be no folder.
#
# It warns once, on behalf of PyTorch, that TorchScript is deprecated.

# %%
problem = missing_compiler()
targets = ["torchscript", "onnx"] if problem else ["cpp", "onnx"]  # cpp brings all that it can run
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    exported = export(
        bundle, Path(tempfile.mkdtemp()) / "export", targets, bundle.schema.encode(validation.frame[:500])
    )
print(*sorted({str(warning.message) for warning in said if warning.category is FutureWarning}))
for runtime in exported.parity["runtimes"]:
    print(f"{runtime['name']:22} {runtime['absolute']:.1e} from the bundle at most")

# %% [markdown]
# ## TorchScript, and its successor
#
# `torch.jit.trace` runs the network once and writes down which operations it saw. `torch.export` does so
# too, but asks of each size whether it is fixed (columns) or open (rows), and refuses what it cannot record
# whole: a branch that depends on a value is an error there, and a silent wrong answer in a trace.
#
# What is written also differs. TorchScript is a program for an interpreter inside libtorch. An exported
# program is a graph, from which AOTInductor compiles machine code: C++ then runs a shared library.


# %%
def depends(x):
    return x + 1 if x.sum() > 0 else x - 1


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the tracer warns of it, and goes on
    traced = torch.jit.trace(depends, torch.ones(1))
print("traced, asked for -1:", traced(-torch.ones(1)).item(), "instead of", depends(-torch.ones(1)).item())


# %%
class Depends(torch.nn.Module):
    def forward(self, x):
        return depends(x)


logging.disable()  # torch prints what it saw before it refuses
try:
    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        torch.export.export(Depends(), (torch.ones(1),))
    refused = "not refused"
except RuntimeError as error:
    refused = type(error).__name__
logging.disable(logging.NOTSET)
print("exported:", refused)

# %% [markdown]
# ## The example row, in each
#
# A raw row is 22 float64 numbers. No line below knows that anything is scaled.

# %%
folder = exported.folder
raw = torch.from_numpy(bundle.schema.encode([client]))
with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # of TorchScript's end, said above
    scripted = torch.jit.load(folder / "network.torchscript.pt")
session = onnxruntime.InferenceSession(folder / "network.onnx", providers=["CPUExecutionProvider"])
answers = {
    "eager": bundle.network(raw).detach().numpy(),
    "TorchScript": scripted(raw).detach().numpy(),
    "ONNX Runtime": session.run(None, {"rows": raw.numpy()})[0],
}

# %% [markdown]
# The exported program, AOTInductor and C++ need a C++ compiler, since machine code is made. The C++ program
# is in `cpp/`, where `make` builds it. It takes the network's file and a CSV, with columns in any order.

# %%
if problem:
    print(f"C++ and AOTInductor are left out: {problem}")
else:
    answers["torch.export"] = torch.export.load(folder / "network.pt2").module()(raw).detach().numpy()
    package = torch._inductor.aoti_load_package(str(folder / "network.aoti.pt2"))
    answers["AOTInductor"] = package(raw).detach().numpy()
    pl.DataFrame([client]).select(names[::-1]).write_csv(folder.parent / "client.csv")
    program = built_program(folder / "cpp")
    for name in ("network.torchscript.pt", "network.aoti.pt2"):
        command = [program, folder / name, folder.parent / "client.csv"]
        done = subprocess.run(command, capture_output=True, check=True)
        row = pl.read_csv(done.stdout).select(pl.col("^probability_.*$")).to_numpy()
        answers[f"C++ with {name.split('.')[1].replace('aoti', 'AOTInductor')}"] = row

# %%
expected = answers["eager"]
for name, answer in answers.items():
    print(f"{name:22} class {answer.argmax()}, probability of default {answer[0, 1]:.9f}")
difference = max(float(np.abs(answer - expected).max()) for answer in answers.values())

# %% [markdown]
# `assay export STUDY --to browser` adds a page that runs the ONNX file in a browser, and `predict.py`
# beside it runs it where no torch is installed: docs/export.md.

# %%
print(
    "course: scaled by hand, traced, class 1 in Python and in C++ | "
    f"Assay, raw row in: class {expected.argmax()} in {len(answers)} runtimes, "
    f"at most {difference:.0e} apart; branches: {refused} at export"
)
