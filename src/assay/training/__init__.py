"""Fits a network to prepared data and writes a run; knows hooks, not screens."""
