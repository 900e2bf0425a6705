"""What a network is asked to do."""

from enum import StrEnum


class Task(StrEnum):
    """The kind of target: a quantity, one of two classes, or one of several."""

    REGRESSION = "regression"
    BINARY = "binary"
    MULTICLASS = "multiclass"

    @property
    def is_classification(self) -> bool:
        """Whether the target is a class."""
        return self is not Task.REGRESSION
