"""The rounds: propose remedies, try them, compare, keep what helped beyond noise."""
