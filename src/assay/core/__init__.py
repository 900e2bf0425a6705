"""The words all rooms share: errors, plain records, device, seeds, atomic files."""
