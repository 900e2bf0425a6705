"""Looks at raw data, says what is wrong with it, splits it, and prepares it by a fitted transform."""
