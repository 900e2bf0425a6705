# %% [markdown]
# # 8. Credit: preparing for a classifier
#
# 30,000 credit-card clients in Taiwan, 2005: will they miss next month's payment? Here only the
# preparation, since this is where the course's later numbers are made, and where they go wrong.

# %%
import numpy as np
from course_data import find

import assay
from assay.data.resample import class_weights, resample
from assay.data.target import Target

source, is_real = find("credit")
TARGET = "default payment next month"
table = assay.read(source, target=TARGET, ignore=("ID", "SEX"))
print(f"{len(table):,} rows, {len(table.features)} features without ID and SEX")

# %% [markdown]
# ## Missing values, outliers, balance

# %%
report = assay.inspect(table).to_json()
print("missing values:", sum(column["missing"]["count"] for column in report["columns"]))
defaults = table.frame[TARGET].cast(int).to_numpy()
print(f"defaults: {defaults.sum():,} of {len(defaults):,}, {defaults.mean():.2%}")

values = table.frame.select([column.name for column in table.features]).to_numpy().astype(np.float64)
far = (np.abs(values - values.mean(axis=0)) > 3 * values.std(axis=0)).mean(axis=0)
names = [column.name for column in table.features]
worst = np.argsort(-far)[:3]
print("most outliers:", ", ".join(f"{names[number]} {far[number]:.1%}" for number in worst))

# %% [markdown]
# Codes are no amounts: Assay takes MARRIAGE and EDUCATION as what they are, and says why.

# %%
for column in table.columns:
    if column.likely_codes:
        print(f"  {column.name}: {column.kind}, {column.why}")

# %% [markdown]
# ## As the course does it: over-sample all rows, then split
#
# Each default is drawn again and again until there are as many as the others: 46,728 rows. Split these,
# and the copies of one client stand on both sides.

# %%
copies = resample(defaults, "over", seed=0)
print(f"over-sampled: {len(copies):,} rows")
shuffled = np.random.default_rng(0).permutation(copies)
ends = [round(0.6 * len(copies)), round(0.8 * len(copies))]
train_rows, _, test_rows = np.split(shuffled, ends)
known = np.isin(test_rows, train_rows)
print(
    f"test rows whose client stands in training: {known.mean():.1%}, "
    f"of the defaults {known[defaults[test_rows] == 1].mean():.1%}"
)

# %% [markdown]
# ## In order: split, prepare, and then over-sample the training rows alone
#
# The 22 features become more inputs: one for each code of EDUCATION and MARRIAGE, which have no order.

# %%
split = assay.split(table, seed=0)
print(split.sizes)
for reason in split.reasons:
    print("  -", reason)
train, validation = table.take(split.train), table.take(split.validation)
print(
    "defaults:",
    ", ".join(f"{defaults[rows].mean():.2%}" for rows in (split.train, split.validation, split.test)),
)

preparation = assay.Preparation.fit(train, scale="minmax")
print(f"{len(preparation.schema.columns)} features become {preparation.num_outputs} inputs")
target = Target.of(train, np.arange(len(train)))
classes = target.encode(train.frame[TARGET])
inputs = preparation.prepare(train)[resample(classes, "over", seed=0)]
print(
    f"prepared and over-sampled training rows: {tuple(inputs.shape)}, "
    f"from {inputs.min():.2f} to {inputs.max():.2f}"
)
honest = np.isin(split.test, split.train).mean()

# %% [markdown]
# Class weights do the same without copies: a default counts as much as three and a half of the others.

# %%
print("class weights:", class_weights(classes, 2).round(2).tolist())

# %%
print(
    "course: 22 features, 22.12 % defaults, 46,728 rows after over-sampling | "
    f"Assay: {len(table.features)} features, {defaults.mean():.2%}, and {known.mean():.0%} of the course's "
    f"test rows are known from training; here {honest:.0%}"
)
