"""Builds multi-layer perceptrons from a recipe, and knows every shape before a tensor exists."""
