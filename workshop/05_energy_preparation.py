# %% [markdown]
# # 5. Energy: looking, splitting, scaling
#
# A house in Belgium, a row every ten minutes for four and a half months: temperatures, humidities,
# weather, and what the appliances used (Wh). The course drops the date, checks kinds, missing values and
# outliers, scales, and splits.

# %%
import numpy as np
from course_data import find

import assay

source, is_real = find("energy")
table = assay.read(source, target="Appliances")
print(f"{len(table):,} rows x {len(table.columns)} columns")

# %% [markdown]
# ## Qualitative columns, missing values
#
# Once the date is a date and not a text, there is nothing qualitative here, and nothing is missing.

# %%
inspection = assay.inspect(table)
report = inspection.to_json()
kinds = [column.kind.value for column in table.columns]
print({kind: kinds.count(kind) for kind in sorted(set(kinds))})
print(
    "qualitative:",
    kinds.count("qualitative"),
    "| missing:",
    sum(c["missing"]["count"] for c in report["columns"]),
)

# %% [markdown]
# ## Outliers by three standard deviations
#
# The course's rule: more than 5 % outlying in a feature wants treatment. By hand for all columns at once,
# and by `assay.inspect`, which also counts what lies outside the 1st and 99th percentile.

# %%
numbers = table.without(["date", "Appliances"]).frame
features = numbers.to_numpy().astype(np.float64)
far = (np.abs(features - features.mean(axis=0)) > 3 * features.std(axis=0)).mean(axis=0)
for name, share in sorted(zip(numbers.columns, far, strict=True), key=lambda pair: -pair[1]):
    if share:
        print(f"  {name:12s} {share:.2%}")
print(f"largest share of outliers: {far.max():.2%}; under 5 %: {bool((far < 0.05).all())}")

# %% [markdown]
# What the course does not see: two columns are the same random numbers, and the rows stand in time.

# %%
for finding in inspection.findings:
    print(f"{finding.code} {finding.column or ''}: {finding.message}")

# %% [markdown]
# ## 60:20:20 by index, by library, and with the order kept

# %%
from sklearn.model_selection import train_test_split

shuffled = np.random.default_rng(0).permutation(len(table))
ends = [round(0.6 * len(table)), round(0.8 * len(table))]
by_index = np.split(shuffled, ends)
rest, library_test = train_test_split(np.arange(len(table)), test_size=0.2, random_state=0)
library_train, library_validation = train_test_split(rest, test_size=0.25, random_state=0)
split = assay.split(table, train_like=0)  # to compare equal sizes; more on that setting in the diagnosis
print("by index:  ", [len(part) for part in by_index])
print("by library:", [len(part) for part in (library_train, library_validation, library_test)])
print("by Assay:  ", list(split.sizes.values()), split.method)
for sentence in (*split.reasons, *split.warnings):
    print("  -", sentence)

# %% [markdown]
# ## Min-max scaling, from the training rows alone
#
# The course scales all rows and splits afterwards, so the range of the test rows is known in training: a
# small leak. Fitted on the training rows, some later rows lie outside [0, 1], which is the truth: spring
# is warmer than winter.

# %%
without_date = table.without(["date"])
train, validation = without_date.take(split.train), without_date.take(split.validation)
preparation = assay.Preparation.fit(train, scale="minmax")
scaled, later = preparation.prepare(train).numpy(), preparation.prepare(validation).numpy()
print(f"{scaled.shape[1]} inputs; training from {scaled.min():.3f} to {scaled.max():.3f}")
print(f"validation from {later.min():.3f} to {later.max():.3f}")

low, high = features[split.train].min(axis=0), features[split.train].max(axis=0)
outside = ((features[split.validation] < low) | (features[split.validation] > high)).any(axis=1).mean()
print(f"validation rows with a value that training never saw: {outside:.0%}")

# %%
print(
    f"course: (11841, 27), (3947, 27), (3947, 27), outliers all under 5 % | "
    f"Assay: {list(split.sizes.values())} rows, outliers at most {far.max():.1%}, "
    "and the order in time, which a random split hides"
)
