"""Parses, calls one room, prints, sets the exit status."""
