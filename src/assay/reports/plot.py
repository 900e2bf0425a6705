"""A small SVG plot: lines stretch with the page, words keep their size, colours come from the page's style.

The picture fills its box. What is drawn as a path lives in an inner SVG that stretches; dots, bars and words
are placed in percent, so that they do not. Colours are CSS classes: light, dark and print have their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assay.reports.numbers import is_number
from assay.reports.scale import Scale, tick_texts

_SIDE = 1000  # the stretched layer's own units along each side

_FRAME = Markup(
    '<div class="plot {kind}"{style}><svg role="img" aria-label="{label}" width="100%" height="100%">'
    '{back}<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" '
    'aria-hidden="true" overflow="visible">{paths}</svg>{front}</svg></div>'
)


class Plot:
    """A picture of `height` pixels (None: as high as wide) over two scales; things are drawn in order."""

    def __init__(self, x: Scale, y: Scale, *, label: str, height: int | None = 260, kind: str = "") -> None:
        self.x = x
        self.y = y
        self._label = label
        self._height = height
        self._kind = kind if height is not None else f"square {kind}"
        self._back: list[Markup] = []
        self._paths: list[Markup] = []
        self._front: list[Markup] = []

    def axes(self, x_name: str = "", y_name: str = "", *, num_x: int = 5, num_y: int = 5) -> None:
        """Grid lines with their labels, and the axes' names."""
        for value, text in _labelled(self.y.ticks(num_y)):
            at = self._up(value)
            self._back.append(Markup('<line class="grid" x2="100%" y1="{0}%" y2="{0}%"/>').format(at))
            self._front.append(
                Markup('<text class="tick end" x="-8" y="{}%" dy="4">{}</text>').format(at, text)
            )
        for value, text in _labelled(self.x.ticks(num_x)):
            at = self._along(value)
            self._back.append(Markup('<line class="grid" y2="100%" x1="{0}%" x2="{0}%"/>').format(at))
            self._front.append(
                Markup('<text class="tick middle" x="{}%" y="100%" dy="18">{}</text>').format(at, text)
            )
        if x_name:
            self._front.append(
                Markup('<text class="axis end" x="100%" y="100%" dy="36">{}</text>').format(x_name)
            )
        if y_name:
            self._front.append(Markup('<text class="axis" x="0" y="-10">{}</text>').format(y_name))

    def line(self, xs: Sequence[object], ys: Sequence[object], kind: str) -> None:
        """A line through the points; it breaks where a value is not finite."""
        path, pen_down = [], False
        for x, y in zip(xs, ys, strict=True):
            if not (is_number(x) and is_number(y)):
                pen_down = False
                continue
            path.append(f"{'L' if pen_down else 'M'}{self._point(x, y)}")
            pen_down = True
        self._paths.append(Markup('<path class="line {}" d="{}"/>').format(kind, "".join(path)))

    def area(self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], kind: str) -> None:
        """A band between two lines."""
        upper = [self._point(x, y) for x, y in zip(xs, highs, strict=True)]
        lower = [self._point(x, y) for x, y in zip(xs, lows, strict=True)]
        path = "M" + "L".join(upper + lower[::-1]) + "Z"
        self._paths.append(Markup('<path class="area {}" d="{}"/>').format(kind, path))

    def boxes(self, boxes: Iterable[tuple[float, float, float, float]], kind: str) -> None:
        """Filled boxes (left, right, bottom, top) as one path: small, and it stretches."""
        path = []
        for left, right, bottom, top in boxes:
            x, y = self._point(left, top).split(" ")
            width = _short((self.x(right) - self.x(left)) * _SIDE)
            height = _short((self.y(top) - self.y(bottom)) * _SIDE)
            path.append(f"M{x} {y}h{width}v{height}h-{width}z")
        self._paths.append(Markup('<path class="area {}" d="{}"/>').format(kind, "".join(path)))

    def dot(self, x: float, y: float, kind: str, title: str = "", radius: float = 4) -> None:
        """A round mark that stays round."""
        self._front.append(
            Markup('<circle class="dot {}" cx="{}%" cy="{}%" r="{}"><title>{}</title></circle>').format(
                kind, self._along(x), self._up(y), _short(radius), title
            )
        )

    def upright(self, x: float, kind: str) -> None:
        """A line from bottom to top."""
        self._back.append(
            Markup('<line class="mark {1}" y2="100%" x1="{0}%" x2="{0}%"/>').format(self._along(x), kind)
        )

    def text(self, x: float, y: float, words: str, kind: str, *, dx: int = 0, dy: int = 0) -> None:
        """Words at a point, moved by pixels."""
        self._front.append(
            Markup('<text class="{}" x="{}%" y="{}%" dx="{}" dy="{}">{}</text>').format(
                kind, self._along(x), self._up(y), dx, dy, words
            )
        )

    def bar(self, low: float, high: float, kind: str, *, top: int, height: int, title: str = "") -> None:
        """A flat bar from value to value, `top` and `height` in pixels."""
        left, right = sorted((self._along(low), self._along(high)))
        self._front.append(
            Markup('<rect class="{}" x="{}%" width="{}%" y="{}" height="{}"><title>{}</title></rect>').format(
                kind, left, round(right - left, 2), top, height, title
            )
        )

    def whisker(self, low: float, high: float, *, top: int, title: str = "") -> None:
        """An interval as a thin line with ends, `top` in pixels."""
        self.bar(low, high, "whisker", top=top - 1, height=2, title=title)
        for end in (low, high):
            at = self._along(end)
            self._front.append(
                Markup('<line class="cap" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
                    at, top - 5, top + 5
                )
            )

    def drop(self, x: float, *, top: int, height: int) -> None:
        """A thin line down at a value, `top` and `height` in pixels."""
        self._back.append(
            Markup('<line class="drop" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
                self._along(x), top, top + height
            )
        )

    def spot(self, x: float, *, top: int, kind: str, title: str = "") -> None:
        """A round mark at a value, its middle `top` pixels down."""
        self._front.append(
            Markup('<circle class="dot {}" cx="{}%" cy="{}" r="5.5"><title>{}</title></circle>').format(
                kind, self._along(x), top, title
            )
        )

    def markup(self) -> Markup:
        """The picture as HTML."""
        style = Markup(' style="height:{}px"').format(self._height) if self._height is not None else ""
        joined = [Markup("").join(layer) for layer in (self._back, self._paths, self._front)]
        return _FRAME.format(
            kind=self._kind, style=style, label=self._label, back=joined[0], paths=joined[1], front=joined[2]
        )

    def _along(self, x: float) -> float:
        return round(100 * self.x(x), 2)

    def _up(self, y: float) -> float:
        return round(100 * (1 - self.y(y)), 2)

    def _point(self, x: float, y: float) -> str:
        return f"{_short(self.x(x) * _SIDE)} {_short((1 - self.y(y)) * _SIDE)}"


def _labelled(values: list[float]) -> Iterable[tuple[float, str]]:
    return zip(values, tick_texts(values), strict=True)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
