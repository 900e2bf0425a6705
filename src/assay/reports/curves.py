"""The training's curves: losses by epoch with the best one marked, and the learning rate."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from assay.reports.numbers import is_number, number
from assay.reports.plot import Plot
from assay.reports.scale import Scale

_MOST_POINTS = 1000  # more than a screen has pixels would only make the page heavy

History = list[dict[str, Any]]


def loss_curves(history: History, best_epoch: Any = None) -> Markup:
    """Training and validation loss by epoch; empty when no epoch has a loss."""
    shown = _thinned(history)
    epochs = [record.get("epoch") for record in shown]
    train = [record.get("train_loss") for record in shown]
    validation = [record.get("validation_loss") for record in shown]
    if not any(map(is_number, train + validation)):
        return Markup()
    best = next((record for record in history if record.get("epoch") == best_epoch), {})
    plot = Plot(
        _along(epochs), Scale.over(train + validation, wide_is_log=True),
        label=_words(history, best), height=300,
    )  # fmt: skip
    plot.axes("epoch", "loss")
    if is_number(best.get("epoch")):
        plot.upright(best["epoch"], "best")
    plot.line(epochs, train, "train")
    plot.line(epochs, validation, "validation")
    _mark(plot, best, "train")
    _mark(plot, best, "validation")
    if len(history) == 1:  # one point makes no line
        _mark(plot, history[0], "train")
        _mark(plot, history[0], "validation")
    return plot.markup()


def learning_rate(history: History) -> Markup:
    """The learning rate by epoch; empty when it is not known or never changes."""
    shown = _thinned(history)
    epochs = [record.get("epoch") for record in shown]
    rates = [record.get("learning_rate") for record in shown]
    known = [rate for rate in rates if is_number(rate)]
    if len(set(known)) < 2:
        return Markup()
    words = f"Learning rate by epoch, from {number(known[0])} to {number(known[-1])}"
    plot = Plot(_along(epochs), Scale.over(rates, zero=True), label=words, height=70, kind="below")
    plot.axes("", "learning rate", num_y=2)
    plot.line(epochs, rates, "rate")
    return plot.markup()


def _along(epochs: list[Any]) -> Scale:
    """From the first to the last epoch, without air."""
    known = [epoch for epoch in epochs if is_number(epoch)]
    return Scale(min(known), max(known)) if len(set(known)) > 1 else Scale.over(known)


def _thinned(history: History) -> History:
    step = -(-len(history) // _MOST_POINTS) if history else 1
    shown = history[::step]
    return shown if not history or shown[-1] is history[-1] else [*shown, history[-1]]


def _mark(plot: Plot, record: dict[str, Any], part: str) -> None:
    epoch, loss = record.get("epoch"), record.get(f"{part}_loss")
    if is_number(epoch) and is_number(loss):
        plot.dot(epoch, loss, part, f"epoch {epoch}: {part} loss {number(loss)}")


def _words(history: History, best: dict[str, Any]) -> str:
    words = f"Loss by epoch, {len(history)} epochs."
    for part, name in (("train", "Training"), ("validation", "Validation")):
        first, last = history[0].get(f"{part}_loss"), history[-1].get(f"{part}_loss")
        if is_number(first) and is_number(last):
            words += f" {name} loss from {number(first)} to {number(last)}."
    if is_number(best.get("validation_loss")):
        words += f" Best validation loss {number(best['validation_loss'])} at epoch {best['epoch']}."
    return words
