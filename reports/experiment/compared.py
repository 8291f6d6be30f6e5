"""Two chosen groups, as an experiment and `--compare` write them: Method=cash,stock."""

from __future__ import annotations

from events.record.text import composed


def two_levels(written: str) -> str:
    """Refuse what does not name a column and two of its levels; outer blanks go.

    >>> two_levels("Method = cash, stock")
    'Method=cash,stock'
    """
    column, equals, levels = composed(written).partition("=")
    names = [one.strip() for one in levels.split(",")]
    if not (equals and column.strip() and len(names) == 2 and all(names)):
        raise ValueError(
            f"{written[:60]!r} does not name a column and two of its levels; "
            "write Method=cash,stock"
        )
    return f"{column.strip()}={','.join(names)}"


def parts(written: str) -> tuple[str, str, str]:
    """The column and its two levels.

    >>> parts("Method=cash,stock")
    ('Method', 'cash', 'stock')
    """
    column, _, levels = written.partition("=")
    first, _, second = levels.partition(",")
    return column, first, second
