"""Each runtime that an exported network is run in: raw rows in, its output back."""
