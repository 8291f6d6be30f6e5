"""The page: one HTML file with everything in it, and no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.draw.chart import Chart
from reports.draw.palette import TOKENS, colours
from reports.draw.svg import svg
from reports.draw.tabular import columns
from reports.page.built import built
from reports.page.follow.packed import LETTERS, packed
from reports.page.headline import page_title
from reports.page.sections.base import Context
from reports.page.sections.windows_table import NOTE
from reports.run.findings import Findings
from reports.words import count, unbroken

_SCRIPTS = ("page.js", "draw.js", "fill.js", "more.js", "compare.js", "control.js")
_MAIN = "This part is of the main setting, {primary} and all events, whatever the control says."
_FIXED = {  # sections that follow no control, and what they say of it
    "counterfactuals": "This part does not follow the control: "
    "it holds the models against one another, over every window and all events, "
    "because one event has too few dates without news to judge a model by.",
    "regression": _MAIN,
    "strategies": _MAIN,
}


def render(findings: Findings) -> str:
    """The whole page as text; the same findings give the same text."""
    context = Context(findings)
    scripts = (_theme(), *map(_asset, _SCRIPTS))
    environment, drawn = _environment(), list[Chart]()

    def keep(chart: Chart) -> str:
        drawn.append(chart)
        return ""

    return environment.get_template("page.html.j2").render(
        keep=keep,
        packed=lambda: packed(context, drawn),
        letters=LETTERS,
        fixed={name: told.format(primary=context.primary) for name, told in _FIXED.items()},
        title=page_title(findings),
        simulated=context.simulated,
        source=context.source,
        window_note=NOTE,
        few=context.few,
        announcements=len(findings.catalog),
        printed=findings.experiment.printed,
        sections=built(findings),
        # files of this package
        style=Markup(_asset("page.css") + colours() + columns()),  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        policy=_policy(scripts),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_json"] = _as_json
    environment.filters["svg"] = _svg
    environment.filters["count"] = count
    environment.filters["unbroken"] = _unbroken
    environment.filters["dated"] = _dated
    environment.filters["is_link"] = lambda url: url.startswith(("https://", "http://"))
    return environment


def _svg(chart: Chart, width: int) -> Markup:
    return Markup(svg(chart, width))  # noqa: S704 -- escaped there


_WHOLE = re.compile(r"\b(?:\d{4}-\d\d-\d\d|\d+-(?:day|week|month|year))\b(?!-)")
_TEXT = re.compile(r"(<(?:p|li|dd|br|/strong|/em|/a)\b[^>]*>)([^<]+)")


def _unbroken(html: Markup) -> Markup:
    """HTML in which no line of running text ends within p and its value, a date or a 5-day."""
    told = _TEXT.sub(lambda found: found[1] + _apart(found[2]), unbroken(str(html)))
    return Markup(told)  # noqa: S704 -- escaped before


def _dated(html: Markup) -> Markup:
    return Markup(_apart(str(html)))  # noqa: S704 -- escaped before


def _apart(text: str) -> str:
    return _WHOLE.sub(r"<span class=d>\g<0></span>", text)


def _as_json(value: Any) -> Markup:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(text)  # noqa: S704 -- escaped here


def _policy(scripts: tuple[str, ...]) -> str:
    """A content-security policy that runs exactly these scripts and asks no host for anything."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _theme() -> str:
    return f"window.TOKENS={json.dumps(dict(TOKENS), separators=(',', ':'))};"


def _asset(name: str) -> str:
    return files("reports.page").joinpath("templates", name).read_text(encoding="utf-8")
