"""The loss, and how targets are shaped for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F  # noqa: N812  (the name that torch's own code uses)
from torch import Tensor

from assay.core.errors import DataError, InputError, RecipeError
from assay.training.tensors import check_finite

# B rows, M members of an ensemble, K classes or outputs.

CLASS_LOSSES = {"cross_entropy", "nll"}  # their targets are class numbers
_FITS_CLASSES = {
    "mse": "use cross_entropy for classes",
    "huber": "use cross_entropy for classes",
    "bce": "use cross_entropy, or give two classes one output (network.one_logit = true)",
}


class Objective:
    """A loss with the output's shape in mind, so that nothing is broadcast by accident.

    The loss is the mean over rows (and over outputs, for several). With class weights each row's loss is
    multiplied by the weight of its class; the mean still divides by the number of rows, so that the mean of
    an epoch is exact however the rows were batched.

    Args:
        loss: mse, huber, cross_entropy, nll or bce.
        output_shape: of one row: () or (1,) or (K,) and so on.
        class_weights: (K,) for cross_entropy and nll, (2,) for bce.
        dtype: in which outputs and targets are compared.
        label_smoothing: share of each training target that is spread evenly over the classes (Szegedy et
            al., 2016); only `training_loss` knows it, so that measured losses stay comparable.

    Raises:
        RecipeError: class weights or label smoothing for a regression loss, or weights of the wrong number.
    """

    def __init__(
        self,
        loss: str,
        output_shape: Sequence[int],
        class_weights: Tensor | None = None,
        dtype: torch.dtype = torch.float32,
        label_smoothing: float = 0.0,
    ) -> None:
        self.loss = loss
        self.output_shape = tuple(output_shape)
        self.class_weights = None if class_weights is None else class_weights.to(dtype)
        self.dtype = dtype
        self.label_smoothing = label_smoothing
        self.metric = "accuracy" if loss in CLASS_LOSSES | {"bce"} else "rmse"
        self._mean = _MEANS[loss]
        self._check()

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of a batch; `targets` as `adapt` gave them."""
        return self._mean(outputs, targets, self.class_weights)

    def training_loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of a batch that is trained on, its targets smoothed.

        An ensemble may give (B, M, K) instead of (B, K): each member then has its own loss, and their mean is
        the batch's. Classes may come as shares (B, K, ...) instead of class numbers (B, ...).
        """
        if outputs.dim() == len(self.output_shape) + 2:
            targets = targets.repeat_interleave(outputs.shape[1], dim=0)
            outputs = outputs.flatten(0, 1)
        loss, smoothing = self(outputs, targets), self.label_smoothing
        if not smoothing:
            return loss
        return (1 - smoothing) * loss + smoothing * self._mean_over_classes(outputs, targets)

    def _mean_over_classes(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss if each class were the target for as large a share as the others."""
        weights = self.class_weights
        if self.loss == "bce":
            row_weights = None if weights is None else torch.lerp(weights[0], weights[1], targets)
            return F.binary_cross_entropy_with_logits(outputs, torch.full_like(outputs, 0.5), row_weights)
        logs = outputs if self.loss == "nll" else F.log_softmax(outputs, dim=1)
        losses = -logs.mean(dim=1)
        if weights is None:
            return losses.mean()
        soft = targets.is_floating_point()
        row_weights = (targets * _by_class(weights, targets)).sum(dim=1) if soft else weights[targets]
        return (losses * row_weights).mean()

    def adapt(self, targets: Tensor, where: str) -> Tensor:
        """Targets in the shape and type that the loss needs.

        Raises:
            DataError: they cannot be: other shape, class number outside the outputs, not whole numbers.
            RecipeError: they are class numbers, and the loss compares each output with a quantity.
        """
        if self.loss in CLASS_LOSSES:
            return self._class_numbers(targets, where)
        values = targets.to(self.dtype)
        wanted = (len(targets), *self.output_shape)
        if tuple(values.shape) != wanted:
            if math.prod(wanted[1:]) != 1 or values.numel() != len(targets):
                raise self._shape_error(targets, where)
            values = values.reshape(wanted)
        check_finite(values, where, "target")
        if self.loss == "bce" and len(values) and not 0 <= float(values.min()) <= float(values.max()) <= 1:
            raise DataError(
                f"targets from {float(values.min()):g} to {float(values.max()):g}; "
                "the bce loss needs 0 and 1 (or shares between)",
                where=where,
            )
        return values

    def count(self, targets: Tensor) -> int:
        """How many targets a batch has, which its mean loss is over."""
        if self.loss in CLASS_LOSSES and targets.is_floating_point():
            return targets.numel() // self.output_shape[0]
        return targets.numel()

    def measure(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The metric's sum over a batch: right answers, or squared errors."""
        if self.loss in CLASS_LOSSES:
            return (outputs.argmax(dim=1) == targets).sum()
        if self.loss == "bce":
            return ((outputs > 0) == (targets > 0.5)).sum()
        return (outputs - targets).square().sum()

    def finish(self, total: float, count: int) -> float:
        """The metric from its sum over `count` targets."""
        return total / count if self.metric == "accuracy" else math.sqrt(total / count)

    def _class_numbers(self, targets: Tensor, where: str) -> Tensor:
        num_classes = self.output_shape[0]
        if targets.dim() == len(self.output_shape) + 1 and targets.shape[1] == 1:
            targets = targets.squeeze(1)
        if tuple(targets.shape[1:]) != self.output_shape[1:]:
            raise self._shape_error(targets, where)
        numbers = targets.long()
        if targets.is_floating_point() and not torch.equal(numbers.to(targets.dtype), targets):
            raise DataError(
                f"the {self.loss} loss needs class numbers, and the targets are not whole numbers",
                hint="use mse or huber for quantities",
                where=where,
            )
        outside = (numbers < 0) | (numbers >= num_classes)
        if bool(outside.any()):
            row = int(outside.nonzero()[0, 0])
            raise DataError(
                f"the target in row {row + 1} is class {int(numbers[outside][0])}; "
                f"the network's {num_classes} outputs stand for classes 0 to {num_classes - 1}",
                hint="number the classes from 0, or give the network more outputs",
                where=where,
            )
        return numbers

    def _shape_error(self, targets: Tensor, where: str) -> InputError:
        if self.loss not in CLASS_LOSSES and targets.dim() == 1 and not targets.is_floating_point():
            return RecipeError(
                f"training.loss = {self.loss!r} needs a target for each of the network's "
                f"{math.prod(self.output_shape)} outputs, and the targets are one class number a row",
                hint=_FITS_CLASSES[self.loss],
                where=where,
            )
        return DataError(
            f"targets of shape {tuple(targets.shape)} do not fit outputs of shape "
            f"{(len(targets), *self.output_shape)} under the {self.loss} loss",
            hint="classes need one number a row, quantities one for each output",
            where=where,
        )

    def _check(self) -> None:
        if self.loss in CLASS_LOSSES and (not self.output_shape or self.output_shape[0] < 2):
            raise RecipeError(
                f"the {self.loss} loss needs an output for each class, and the network gives one",
                hint="use the bce loss, or give the network 2 outputs; for quantities use mse",
            )
        if self.label_smoothing and self.metric != "accuracy":
            raise RecipeError(
                f"training.label_smoothing = {self.label_smoothing:g} was given, and the {self.loss} loss "
                "has no classes",
                hint="leave training.label_smoothing out",
            )
        if self.class_weights is None:
            return
        if self.metric != "accuracy":
            raise RecipeError(f"class weights were given, and the {self.loss} loss has no classes")
        wanted = 2 if self.loss == "bce" else self.output_shape[0]
        if tuple(self.class_weights.shape) != (wanted,):
            raise RecipeError(
                f"class weights of shape {tuple(self.class_weights.shape)} for {wanted} classes"
            )


def _cross_entropy(outputs: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    if weights is None:
        return F.cross_entropy(outputs, targets)
    return F.cross_entropy(outputs, targets, weight=weights, reduction="sum") / _num_rows(outputs)


def _nll(outputs: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    if targets.is_floating_point():
        shares = targets if weights is None else targets * _by_class(weights, targets)
        return -(shares * outputs).sum() / _num_rows(outputs)
    if weights is None:
        return F.nll_loss(outputs, targets)
    return F.nll_loss(outputs, targets, weight=weights, reduction="sum") / _num_rows(outputs)


def _by_class(weights: Tensor, shares: Tensor) -> Tensor:
    """(K,) weights as they multiply shares of classes (B, K, ...)."""
    return weights.view(-1, *[1] * (shares.dim() - 2))


def _num_rows(outputs: Tensor) -> int:
    return outputs.numel() // outputs.shape[1]


def _bce(outputs: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    row_weights = None if weights is None else torch.lerp(weights[0], weights[1], targets)
    return F.binary_cross_entropy_with_logits(outputs, targets, weight=row_weights)


_MEANS: dict[str, Callable[[Tensor, Tensor, Tensor | None], Tensor]] = {
    "mse": lambda outputs, targets, _: F.mse_loss(outputs, targets),
    "huber": lambda outputs, targets, _: F.huber_loss(outputs, targets),
    "cross_entropy": _cross_entropy,
    "nll": _nll,
    "bce": _bce,
}
