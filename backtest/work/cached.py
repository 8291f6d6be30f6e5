"""`cached_property` without the lock of Python 3.11, which two threads would wait for in turns.

There one lock serves a property of all objects of a class, so that windows done beside each other
were done one after the other. Python 3.12 has none: two threads that ask the same object at once
may both work it out.
"""

from __future__ import annotations

import sys

if sys.version_info >= (3, 12):
    from functools import cached_property
else:
    from collections.abc import Callable
    from typing import Any, Generic, Self, TypeVar, overload

    Value = TypeVar("Value")

    class cached_property(Generic[Value]):  # noqa: N801 -- the name it stands in for
        """A property worked out when it is first asked for, and kept in the object's own names."""

        def __init__(self, function: Callable[[Any], Value]) -> None:
            self.func, self.__doc__ = function, function.__doc__

        def __set_name__(self, owner: type[Any], name: str) -> None:
            self.name = name

        @overload
        def __get__(self, instance: None, owner: type[Any]) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type[Any]) -> Value: ...
        def __get__(self, instance: object | None, owner: type[Any]) -> Self | Value:
            """The value, from now on found in the object itself."""
            if instance is None:
                return self
            known = vars(instance)
            if self.name not in known:
                known[self.name] = self.func(instance)
            value: Value = known[self.name]
            return value


__all__ = ["cached_property"]
