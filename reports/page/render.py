"""The page: one HTML file with everything in it, and no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.draw.palette import TOKENS
from reports.page.sections import (
    announcements,
    answer,
    averages,
    choices,
    events,
    ledger,
    left_out,
    methods,
    press,
    provenance,
    quality,
    regression,
    strategies,
    studied,
    tests,
)
from reports.page.sections.base import Context
from reports.run.findings import Findings

_SECTIONS = (
    answer,
    studied,
    averages,
    tests,
    choices,
    regression,
    strategies,
    press,
    ledger,
    events,
    announcements,
    quality,
    left_out,
    methods,
    provenance,
)


def render(findings: Findings) -> str:
    """The whole page as text; the same findings give the same text."""
    context = Context(findings)
    scripts = (_plotly(), _theme(), _asset("page.js"))
    environment = _environment()
    return environment.get_template("page.html.j2").render(
        title=findings.experiment.title,
        simulated=context.simulated,
        sections=[section.build(context) for section in _SECTIONS],
        style=Markup(_asset("page.css")),  # noqa: S704 -- a file of this package
        scripts=[Markup(script) for script in scripts],  # noqa: S704 -- files of this package and of plotly
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
    environment.filters["is_link"] = lambda url: url.startswith(("https://", "http://"))
    return environment


def _as_json(value: Any) -> Markup:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 -- escaped here


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


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("</script", "<\\/script")
