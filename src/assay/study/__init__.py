"""The loop: resolves the recipe, runs it, keeps the study folder."""
