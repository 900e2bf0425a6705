"""Draws from records what a person would rather look at: curves, gaps, confusion, a report page."""
