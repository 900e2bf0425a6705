# %% [markdown]
# # 13. Credit: Assay's own run on the same data
#
# The same clients, the same 22 features. The rows are split before anything else, nothing is copied, and what
# is tried next follows from what is to blame.

# %%
import tempfile
from pathlib import Path

from course_data import find, sized

import assay

source, is_real = find("credit")
TARGET = "default payment next month"
folder = Path(tempfile.mkdtemp()) / "credit"

# %% [markdown]
# ROC AUC is asked for, not accuracy: always saying "no default" is right in 78 % of the rows, so accuracy
# says little here. `make workshop` tries three rounds of remedies; here it is the first network alone.

# %%
ROUNDS = sized(full=3, small=0)
study = assay.run(
    source,
    target=TARGET,
    out=folder,
    read={"ignore": ["ID", "SEX"]},
    metric="roc_auc",
    rounds=ROUNDS,
    learning_curve=bool(ROUNDS),
    training={"epochs": sized(full=200, small=8)},
)
diagnosis = study.diagnosis
print(diagnosis)

# %% [markdown]
# ## What was tried
#
# Each remedy is compared with the network that it changes, on the same validation rows and from the same
# seeds. `effect` is the change of the error with its interval; only what lies below zero as a whole is kept.

# %%
for line in study.ledger:
    effect = line["effect"]
    if effect["value"] is not None:
        ends = f"{effect['low']:+.4f} to {effect['high']:+.4f}"
        came_of_it = "kept" if line["kept"] else line["outcome"]
        print(f"{line['remedy']:22} {effect['value']:+.4f} ({ends}) {came_of_it}")
print("ended:", study.improvement.get("ended", "no rounds were asked for"))

# %% [markdown]
# ## Once, at the end: the test rows
#
# Nothing above has seen them. This is the number to compare with the course's 0.808, which was measured on
# rows that the network had partly learnt by heart.

# %%
metrics = study.test(source)
test = metrics["test"]
print(f"test ROC AUC {test['roc_auc']:.3f}, accuracy {test['accuracy']:.3f}")
print(f"balanced accuracy {test['balanced_accuracy']:.3f}, calibration error {test['calibration_error']:.3f}")

# %%
print(
    "course: test accuracy 0.808 on over-sampled rows, 0.69 to 0.71 balanced on clients never seen | "
    f"Assay: ROC AUC {test['roc_auc']:.3f}, accuracy {test['accuracy']:.3f} on sealed rows; "
    f"verdict: {diagnosis.verdict.value}"
)
