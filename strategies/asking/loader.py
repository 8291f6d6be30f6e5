"""A researcher's own strategy, from a file of theirs: `path.py:Name`."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from zlib import crc32

from events.errors import ReactionsError, suggest
from strategies import STRATEGIES
from strategies.asking.stranger import kept_apart
from strategies.base import Strategy
from strategies.errors import StrategyError

EXAMPLE = "strategies/example_own.py"
OWN = "own_strategy_"  # begins the name of the module that a user's file becomes
_end = os._exit


def find_strategy(spec: str) -> type[Strategy]:
    """The class that a registered name or `path.py:Name` stands for.

    A file is run to be read: trust it first. Raises `StrategyError` for each way a name or a file
    can be wrong.

    >>> find_strategy("drift").__name__
    'Drift'
    """
    if not is_own(spec):
        if spec in STRATEGIES:
            return STRATEGIES[spec]
        known = ", ".join(STRATEGIES)
        raise StrategyError(
            f"no strategy '{spec}'{suggest(spec, STRATEGIES)}; there are {known}, or path.py:Name"
        )
    path, _, name = spec.rpartition(":")
    if not path or not name:
        raise StrategyError(f"strategy '{spec}': write path.py:Name, the file and the class in it")
    return _checked(_module(Path(path)), name, Path(path).name)


def is_own(spec: str) -> bool:
    """Whether a strategy is named by a file, not by a registered name.

    >>> is_own("my.py:Mine"), is_own("drift")
    (True, False)
    """
    return ":" in spec or spec.endswith(".py")


def executor_for(kind: type[Strategy], executor: Executor | None) -> Executor | None:
    """The executor, if another process knows the class.

    A class of a user's file, or typed in, trades in this process.
    """
    known = kind.__module__ != "__main__" and not kind.__module__.startswith(OWN)
    if known:
        return executor
    return None


def _module(path: Path) -> ModuleType:
    if path.suffix != ".py":
        raise StrategyError(f"strategy file '{path}': not a Python file (.py)")
    if not path.is_file():
        raise StrategyError(f"strategy file '{path}': no such file")
    # two files of one name in two folders are two modules
    name = f"{OWN}{path.stem}_{crc32(str(path.resolve()).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise StrategyError(f"strategy file '{path}': cannot be read")
    module = importlib.util.module_from_spec(spec)
    told_of_ends(OWN)
    sys.modules[name] = module  # dataclasses look their module up here
    try:
        with kept_apart():
            spec.loader.exec_module(module)
    except SyntaxError as error:
        if error.lineno is None:
            line = ""
        else:
            line = f", line {error.lineno}"
        raise StrategyError(f"{path.name}{line}: {error.msg}") from None
    except SystemExit as error:
        raise StrategyError(
            f"{path.name}: ends the program while it is read (exit {error.code}); take that out"
        ) from None
    except Exception as error:  # whatever a stranger's file does wrong is told in one line
        raise StrategyError(f"{path.name}: {where(error, path)}") from error
    return module


def _checked(module: ModuleType, name: str, file: str) -> type[Strategy]:
    own = {key: value for key, value in vars(module).items() if isinstance(value, type)}
    own = {key: value for key, value in own.items() if value.__module__ == module.__name__}
    if name not in vars(module):
        raise StrategyError(
            f"{file} has no '{name}'{suggest(name, own)}; "
            f"its classes are {', '.join(own) or 'none'}"
        )
    kind = vars(module)[name]
    if not isinstance(kind, type):
        raise StrategyError(f"{file}: {name} is no class; see {EXAMPLE}")
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen:
        raise StrategyError(
            f"{file}: {name} is no frozen dataclass; write @dataclass(frozen=True) above it"
        )
    if not callable(getattr(kind, "orders", None)):
        raise StrategyError(
            f"{file}: {name} has no method orders(self, events, prices); see {EXAMPLE}"
        )
    called = getattr(kind, "name", None)
    if not isinstance(called, str) or not called or called.split() != [called]:
        raise StrategyError(f'{file}: {name} has no name; write name = "one_word" in it')
    return kind


def set_up(kind: type[Strategy], settings: Mapping[str, Any]) -> Strategy:
    """A strategy with its settings.

    Raises `StrategyError` for what a stranger's class refuses in its own way.
    """
    try:
        with kept_apart():
            return kind(**settings)
    except ReactionsError:
        raise
    except (Exception, SystemExit) as error:
        given = ", ".join(f"{name}={value!r:.60}" for name, value in settings.items())
        raise StrategyError(
            f"strategy {kind.name}{' with ' if given else ''}{given}: "
            f"{where(error) if isinstance(error, SystemExit) else ' '.join(str(error).split())}"
        ) from error


def file_of(strategy: Strategy) -> Path | None:
    """The file a strategy was written in; None where it was typed in."""
    written = getattr(sys.modules.get(type(strategy).__module__), "__file__", None)
    if written:
        return Path(written).resolve()
    return None


def where(error: BaseException, path: Path | None = None) -> str:
    """An error of a stranger's code in one line, with the line of its file."""
    told = f"{type(error).__name__}: {' '.join(str(error).split())}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename).name
        if path is None or file == path.name:
            return f"{told} (line {frame.lineno} of {file})"
    return told


def told_of_ends(own: str) -> None:
    """Make `os._exit` of a module whose name begins with `own` a `SystemExit`, which is told.

    From now on. Other code, and that of processes started by it, ends as it did.
    """

    def end(status: int) -> NoReturn:
        if str(sys._getframe(1).f_globals.get("__name__", "")).startswith(own):
            raise SystemExit(status)
        _end(status)

    os._exit = end
