"""Every public name says what it gives, and shows it in an example that runs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest

import reactions as rx
from backtest.study.donors.model import FromDonors
from backtest.study.normal.base import DailyModel, NormalModel

OURS = ("events", "backtest", "strategies", "reports", "reactions")
# What makes a class a model is told once, where the protocol is, and not in each model again.
OF_MODELS = {*vars(NormalModel), *vars(DailyModel), "solver", "refit", "words"}
# Their examples would take seconds: they load statsmodels, or compile.
SLOW = {"EventStudyResult.diagnostics", "EventStudyResult.single_tests"}


def is_ours(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).split(".")[0] in OURS


def function_of(member: object) -> Any:
    """The function behind a method or property; None for what is neither."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    if isinstance(member, classmethod | staticmethod):
        return member.__func__
    return member if inspect.isfunction(member) else None


def methods_of(name: str, kind: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, inherited ones of ours too."""
    is_model = kind is FromDonors or (kind is not NormalModel and hasattr(kind, "design"))
    for base in filter(is_ours, kind.__mro__):
        for own, member in vars(base).items():
            function = function_of(member)
            if own.startswith("_") or not is_ours(function):
                continue
            if not (is_model and own in OF_MODELS):
                yield f"{name}.{own}", function


def public() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in rx.__all__:
        thing = getattr(rx, name)
        if inspect.isfunction(thing):
            found[name] = thing
        elif inspect.isclass(thing):
            found[name] = thing
            for place, function in methods_of(name, thing):
                found.setdefault(place, function)
    return found


PUBLIC = public()


def docstring(thing: Any) -> str:
    return inspect.cleandoc(vars(thing).get("__doc__") or thing.__doc__ or "")


def examples(thing: Any) -> str:
    return "\n".join(re.findall(r"^\s*(?:>>>|\.\.\.) .*$", docstring(thing), re.M))


def is_shown(name: str) -> bool:
    """Whether a name has an example, or stands in that of its class."""
    owner, _, own = name.rpartition(".")
    if examples(PUBLIC[name]):
        return True
    return bool(owner) and re.search(rf"\.{own}\b", examples(PUBLIC[owner])) is not None


def test_the_facade_is_walked() -> None:
    assert {"EventStudy", "EventStudy.fit", "Prices.read", "Catalog.filter", "evaluate"} <= {
        *PUBLIC
    }
    assert {"EventStudyResult.windows", "EventStudyResult.paper_table"} <= {*PUBLIC}
    assert "MarketModel" in PUBLIC
    assert "MarketModel.fit" not in PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_name_shows_what_it_gives(name: str) -> None:
    assert name in SLOW or is_shown(name), f"{name}: no example, in its docstring or its class's"


@pytest.mark.parametrize("name", sorted(name for name in PUBLIC if "." not in name))
def test_a_name_of_the_facade_says_more_than_one_line(name: str) -> None:
    told = [line for line in docstring(PUBLIC[name]).splitlines() if line.strip()]
    assert len([line for line in told if not re.match(r"\s*(>>>|\.\.\.)", line)]) > 1, name


def test_an_example_that_is_left_out_is_left_out_for_a_reason() -> None:
    assert all(name in PUBLIC and not is_shown(name) for name in SLOW)
