"""The marks of a drawing: lines, bands, dots with intervals, bars, steps and cells as SVG."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from reports.draw.scales import Scale
from reports.words import percent

DASHES = {"solid": "", "dash": "7 4", "dot": "2 3", "dashdot": "7 3 2 3", "longdash": "11 4"}
_SHOWN = re.compile(r"%\{(x|y|customdata|delta)(?::([^}]*))?\}")
_DIGITS = re.compile(r"\.(\d)%$")
_HALF = 0.4  # of the room of a bar
_MANY = 12  # points, of which none is read off alone
_UNSEEN = 0.4  # pixels that a line may be off
_Place = tuple[float, float]


def marks(trace: Mapping[str, Any], x: Scale, y: Scale) -> Iterator[str]:
    """The elements of one trace."""
    if trace["type"] == "histogram":
        yield from _bars(x, y, *binned(trace), trace, full=True)
    elif trace["type"] == "bar":
        yield from _bars(x, y, trace["x"], trace["y"], trace)
    elif trace["type"] == "waterfall":
        yield from _steps(trace, x, y)
    elif trace["type"] == "heatmap":
        yield from _cells(trace, x, y)
    elif trace.get("fill") == "toself":
        told = _path(trace["x"], trace["y"], x, y)
        if told:
            yield f'<path{fill(trace["fillcolor"])} d="{told}Z"/>'
    elif trace["mode"] == "lines":
        look = trace["line"]
        dash = DASHES[look.get("dash", "solid")]
        more = ""
        if dash:
            more = f' stroke-dasharray="{dash}"'
        told = _path(trace["x"], trace["y"], x, y)
        if told:
            yield f'<path class="l {stroke(look["color"])[0]}"{more} d="{told}"/>'
    elif not _is_diamonds(trace):
        yield from _dots(trace, x, y)


def fill(token: str) -> str:
    """The attributes that fill with a token, `@c0/0.2`."""
    name, _, opacity = token[1:].replace("/0.", "/.").partition("/")
    return f' class="f-{name}"' + (f' fill-opacity="{opacity}"' if opacity else "")


def stroke(token: str) -> tuple[str, str]:
    """The class and further attributes that draw with a token."""
    name, _, opacity = token[1:].replace("/0.", "/.").partition("/")
    return f"s-{name}", f' stroke-opacity="{opacity}"' if opacity else ""


def binned(trace: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """The middles and the counts of a histogram's bins."""
    values = [value for value in trace["x"] if value is not None and math.isfinite(value)]
    if not values:
        return [], []
    low, n = min(values), int(trace["nbinsx"])
    width = (max(values) - low) / n or 1.0
    counts = [0.0] * n
    for value in values:
        counts[min(int((value - low) / width), n - 1)] += 1
    return [low + (i + 0.5) * width for i in range(n)], counts


def f(value: float, digits: int = 1) -> str:
    """A pixel with a digit after the point where it needs one.

    And none before it where that is 0.
    """
    text = f"{value:.{digits}f}".removesuffix(".0")
    if text.startswith(("0.", "-0.")):
        text = text.replace("0", "", 1)
    if text == "-0":
        return "0"
    return text


def _path(xs: Sequence[Any], ys: Sequence[Any], x: Scale, y: Scale) -> str:
    """The points of a line, lifted where a value is missing; of many points, on whole pixels."""
    if len(xs) > _MANY:
        digits = 0
    else:
        digits = 1
    places = zip(map(x.at, xs), map(y.at, ys), strict=True)
    out: list[str] = []
    for there, run in groupby(places, lambda place: all(map(math.isfinite, place))):
        if there:
            points = [(round(one, digits), round(other, digits)) for one, other in run]
            out.append(_stretch(points, digits))
    return "".join(out).replace(" -", "-")


def _stretch(points: list[tuple[float, float]], digits: int) -> str:
    """A stretch without gaps: where it begins, and its steps from corner to corner."""
    corners = _corners(points)
    left, top = corners[0]
    begun = f"M{f(left, digits)} {f(top, digits)}"
    steps = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        steps.append(f"{f(x1 - x0, digits)} {f(y1 - y0, digits)}")
    if steps:
        return f"{begun}l{' '.join(steps)}"
    return begun


def _corners(places: Sequence[_Place]) -> Sequence[_Place]:
    """The places without which the line would run elsewhere, by Douglas and Peucker (1973)."""
    if len(places) < 3:
        return places
    (x0, y0), (x1, y1) = places[0], places[-1]
    wide, tall = x1 - x0, y1 - y0
    long = math.hypot(wide, tall)
    off = [
        abs(wide * (y - y0) - tall * (x - x0)) / long if long else math.hypot(x - x0, y - y0)
        for x, y in places[1:-1]
    ]
    most = max(off)
    if most <= _UNSEEN:
        return (places[0], places[-1])
    at = off.index(most) + 1
    return (*_corners(places[: at + 1])[:-1], *_corners(places[at:]))


def _hover(trace: Mapping[str, Any], i: int) -> str:
    """The words of one mark as its title element, for a pointer that rests on it."""
    template = trace.get("hovertemplate", "").split("<extra>")[0]
    if not template or "customdata" not in trace:
        return ""

    def shown(found: re.Match[str]) -> str:
        value = trace["x" if found[1] == "delta" else found[1]][i]
        if not found[2]:
            if isinstance(value, str):
                return value
            return str(value).replace("-", "−")
        digits = _DIGITS.search(found[2])
        if digits:
            return percent(value, int(digits[1]))
        return format(value, found[2])

    text = html.unescape(_SHOWN.sub(shown, template))
    return f"<title>{html.escape(text, quote=False)}</title>"


def _one(value: Any, i: int) -> str:
    return str(value if isinstance(value, str) else value[i])


def _interval(low: float, high: float, y: float, colour: str) -> str:
    """A line between the ends of an interval, with a stroke across each."""
    line, more = stroke(colour)
    ends = "".join(f"M{f(at)} {f(y - 3)}v6" for at in (low, high))
    return f'<path class="i {line}"{more} d="M{f(low)} {f(y)}H{f(high)}{ends}"/>'


def _dots(trace: Mapping[str, Any], x: Scale, y: Scale) -> Iterator[str]:
    look, error = trace["marker"], trace.get("error_x")
    radius, shape = look.get("size", 6) / 2, look.get("symbol", "circle")
    full: dict[str, list[str]] = {}
    for i, (px, py) in enumerate(zip(map(x.at, trace["x"]), map(y.at, trace["y"]), strict=True)):
        if not (math.isfinite(px) and math.isfinite(py)):
            continue
        colour = _one(look["color"], i)
        if error is not None and math.isfinite(error["array"][i]):
            low = x.at(trace["x"][i] - error["arrayminus"][i])
            high = x.at(trace["x"][i] + error["array"][i])
            yield _interval(low, high, py, error["color"] if error.get("own") is None else colour)
        if shape == "circle-open":
            name, more = stroke(colour)
            place = f'cx="{f(px)}" cy="{f(py)}" r="{f(radius)}"'
            yield f'<circle class="o {name}"{more} {place}>{_hover(trace, i)}</circle>'
        else:
            told = f'<circle cx="{f(px)}" cy="{f(py)}" r="{f(radius)}">{_hover(trace, i)}</circle>'
            full.setdefault(fill(colour), []).append(told)
    yield from (f"<g{colour}>{''.join(dots)}</g>" for colour, dots in full.items())


def diamonds(drawn: Iterable[tuple[Mapping[str, Any], Scale, Scale]]) -> Iterator[str]:
    """Diamonds of all traces, those of the same words as one element.

    News of several tickers is told once.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for trace, x, y in drawn:
        if not _is_diamonds(trace):
            continue
        r = round(trace["marker"].get("size", 6) / 2 * 1.25)
        for i, place in enumerate(zip(map(x.at, trace["x"]), map(y.at, trace["y"]), strict=True)):
            if all(map(math.isfinite, place)):
                told = f"M{f(place[0] - r, 0)} {f(place[1], 0)}l{r}-{r} {r} {r}-{r} {r}z"
                colour = fill(_one(trace["marker"]["color"], i))
                found.setdefault(colour, {}).setdefault(_hover(trace, i), []).append(told)
    for colour, said in found.items():
        each = (f'<path d="{"".join(told)}">{words}</path>' for words, told in said.items())
        yield f"<g{colour}>{''.join(each)}</g>"


def _is_diamonds(trace: Mapping[str, Any]) -> bool:
    return bool(trace.get("marker", {}).get("symbol") == "diamond")


def _bars(
    x: Scale,
    y: Scale,
    xs: Sequence[Any],
    ys: Sequence[Any],
    trace: Mapping[str, Any],
    *,
    full: bool = False,
) -> Iterator[str]:
    """Upright bars; those that carry words one by one, others as a single path."""
    places = [x.number(one) for one in xs]
    gap = min((b - a for a, b in pairwise(places)), default=1.0)
    half = (0.48 if full else _HALF) * (gap or 1.0)
    zero, drawn = y.at(0.0), []
    for i, value in enumerate(ys):
        if value is None or not math.isfinite(value):
            continue
        middle, top = x.at(places[i]), y.at(value)
        if "customdata" in trace:
            colour = fill(_one(trace["marker"]["color"], i))
            left, right = x.at(places[i] - half), x.at(places[i] + half)
            told = f"M{f(left)} {f(zero)}V{f(top)}H{f(right)}V{f(zero)}Z"
            yield f'<path{colour} d="{told}">{_hover(trace, i)}</path>'
        else:
            if round(top - zero):
                drawn.append((round(middle), round(top - zero)))
    if drawn:  # thick strokes of whole pixels: a third of the letters of rectangles
        look, more = stroke(trace["marker"]["color"])
        wide = f(x.at(places[0] + half) - x.at(places[0] - half))
        steps = [f"M{drawn[0][0]} {f(zero)}v{drawn[0][1]}"]
        for (before, back), (place, tall) in pairwise(drawn):
            steps.append(f"m{place - before} {-back}v{tall}".replace(" -", "-"))
        yield f'<path class="{look}"{more} stroke-width="{wide}" d="{"".join(steps)}"/>'


def _steps(trace: Mapping[str, Any], x: Scale, y: Scale) -> Iterator[str]:
    """A waterfall on its side, with each value beside its bar."""
    end = 0.0
    for label, value, measure in zip(trace["y"], trace["x"], trace["measure"], strict=True):
        if measure == "absolute":
            start = 0.0
        else:
            start = end
        if measure == "absolute":
            part = "totals"
        elif value > 0:
            part = "increasing"
        else:
            part = "decreasing"
        end, middle = start + value, y.at(label)
        left, right = sorted((x.at(start), x.at(end)))
        colour = fill(trace[part]["marker"]["color"])
        yield (
            f'<rect{colour} x="{f(left)}" y="{f(middle - 9)}" '
            f'width="{f(right - left)}" height="18"/>'
        )
        yield f'<text x="{f(right + 4)}" y="{f(middle + 4)}">{percent(value, 2)}</text>'


def waterfall_ends(trace: Mapping[str, Any]) -> list[float]:
    """Every value a waterfall reaches."""
    end, found = 0.0, [0.0]
    for value, measure in zip(trace["x"], trace["measure"], strict=True):
        end = value if measure == "absolute" else end + value
        found.append(end)
    return found


def _cells(trace: Mapping[str, Any], x: Scale, y: Scale) -> Iterator[str]:
    """Cells in two hues about zero, each with its value."""
    every = (value for row in trace["z"] for value in row)
    known = [abs(value) for value in every if value is not None and math.isfinite(value)]
    most = max(known, default=0.0) or 1.0
    low, high = trace["colorscale"][0][1], trace["colorscale"][-1][1]
    width, height = abs(x.at(1) - x.at(0)) - 2, abs(y.at(1) - y.at(0)) - 2
    for i, row in enumerate(trace["z"]):
        for j, value in enumerate(row):
            if value is None or not math.isfinite(value):
                continue
            px, py = x.at(float(j)), y.at(float(i))
            hue = f"{high if value > 0 else low}/{0.55 * abs(value) / most:.2f}"
            yield (
                f'<rect{fill(hue)} x="{f(px - width / 2)}" y="{f(py - height / 2)}" '
                f'width="{f(width)}" height="{f(height)}"/>'
                f'<text class="m k" x="{f(px)}" y="{f(py + 4)}">{percent(value, 2)}</text>'
            )
