"""Ask a strategy of a user's file in an interpreter that has never seen the future.

One interpreter is started; it reads the file and splits itself (fork) for each question, so that
what a strategy keeps in its module, its class or anywhere in memory is gone before the next one.
Where a process cannot be split (Windows), one is started for each question.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pandas as pd

from backtest.prices import Prices
from events.files.ending import end_with
from events.files.held import working_folder
from strategies.asking.foresight import Moment, asked_twice
from strategies.asking.loader import file_of, find_strategy, set_up, where
from strategies.asking.stranger import Orders
from strategies.base import Strategy
from strategies.errors import StrategyError

_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from strategies.asking.fresh import serve; serve(sys.argv[2], int(sys.argv[3]))"
)
_QUESTION, _ANSWER = "question", "answer"


def ask_afresh(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moments: Sequence[Moment | None]
) -> list[tuple[Orders, Orders]]:
    """Both answers at each moment (None: all is shown). Raises `StrategyError` where it fails.

    `strategy` comes from a file; it is set up again from its class and fields.
    """
    one_by_one = [[moment] for moment in moments]
    rounds = one_by_one
    if hasattr(os, "fork"):
        rounds = [list(moments)]
    return [answer for some in rounds for answer in _round(strategy, events, prices, some)]


def _round(
    strategy: Strategy, events: pd.DataFrame, prices: Prices, moments: list[Moment | None]
) -> list[tuple[Orders, Orders]]:
    fields: Any = dataclasses.fields(strategy)  # type: ignore[arg-type]  # the loader checked it
    settings = {one.name: getattr(strategy, one.name) for one in fields if one.init}
    spec = f"{file_of(strategy)}:{type(strategy).__qualname__}"
    with working_folder("ask") as folder:
        question = pickle.dumps((spec, settings, events, prices, moments))
        (folder / _QUESTION).write_bytes(question)
        done = subprocess.run(  # noqa: S603  # this very interpreter, no shell
            [sys.executable, "-c", _START, json.dumps(sys.path), str(folder), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
        answer = folder / _ANSWER
        if answer.is_file():
            said = answer.read_bytes()
        else:
            said = pickle.dumps([])
    found = pickle.loads(said)  # noqa: S301  # written by the process just started
    if found and isinstance(found[-1], str):
        raise StrategyError(found[-1])
    if len(found) < len(moments):
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no word"]
        raise StrategyError(
            f"strategy {strategy.name} ended the process it was asked in: {last[0]:.200}; "
            "it must only return orders"
        )
    return list(found)


def serve(folder: str, parent: int) -> None:
    """The other side: answer the question in a folder there.

    Up to the first failure (a line of text).
    """
    end_with(parent)
    question = (Path(folder) / _QUESTION).read_bytes()
    spec, settings, events, prices, moments = pickle.loads(question)  # noqa: S301  # the caller's
    with redirect_stderr(sys.stdout):  # what the file prints is not what ended this process
        strategy = set_up(find_strategy(spec), settings)
    answers: list[Any] = []
    for moment in moments:
        answer = _split(strategy, events, prices, moment)
        if answer is None:
            break
        answers.append(answer)
        if isinstance(answer, str):
            break
    (Path(folder) / _ANSWER).write_bytes(pickle.dumps(answers))


def _split(strategy: Strategy, events: pd.DataFrame, prices: Prices, moment: Moment | None) -> Any:
    """The answer of a copy of this process, which ends with it; None where it ended without one."""
    if not hasattr(os, "fork"):
        return _answer(strategy, events, prices, moment)
    out, into = os.pipe()
    here = os.getpid()
    child = os.fork()
    if not child:
        try:
            end_with(here)
            with os.fdopen(into, "wb") as pipe:
                pickle.dump(_answer(strategy, events, prices, moment), pipe)
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else None  # noqa: S301  # from a copy of this process


def _answer(strategy: Strategy, events: pd.DataFrame, prices: Prices, moment: Moment | None) -> Any:
    """Both answers, or what went wrong in one line."""
    try:
        with redirect_stderr(sys.stdout):
            return asked_twice(strategy, events, prices, moment)
    except StrategyError as error:
        return str(error)
    except (Exception, SystemExit) as error:
        if moment is None:
            when = ""
        else:
            when = " without future prices"
        return f"strategy {strategy.name} fails{when}: {where(error, file_of(strategy))}"
