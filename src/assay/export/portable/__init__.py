"""What reads raw rows and images where neither torch nor polars is installed; written out as one file."""
