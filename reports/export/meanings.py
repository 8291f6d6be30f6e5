"""What a word of the tables means: a column, or a flag."""

from __future__ import annotations

import pandas as pd

from events.arguments import one_of, text
from events.errors import ArgumentError, suggest
from events.flag import Flag
from reports.run.columns import (
    COLUMNS,
    COUNT,
    DAY,
    DOLLARS,
    FRACTION,
    NUMBER,
    SESSIONS,
    WORDS,
    Column,
    P,
)

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("id", WORDS, "the announcement: its day and a few words"),
    ("headline", WORDS, "what was announced, in a sentence"),
    ("tickers", WORDS, "its listed parties, joined by semicolons"),
    ("timing", WORDS, "part of the day in New York, as far as it is known"),
    ("not_before", DAY, "the earliest instant at which it can have been public"),
    ("not_after", DAY, "the latest instant at which it was public"),
    ("amount_qualifier", WORDS, "how the amount is to be read: exact, about, up_to, at_least"),
    ("confidence", WORDS, "verified against a source, or not"),
    ("first_day_end", SESSIONS,
     "last session of the 1-day window: 0, or 1 where the news came late in day 0"),
    ("regressor", WORDS, "what the coefficient belongs to"),
    ("alpha_se", FRACTION, "error of alpha, by least squares"),
    ("alpha_se_hc", FRACTION, "error of alpha under heteroskedasticity (HC3)"),
    ("alpha_se_hac", FRACTION, "error of alpha under autocorrelation too (Newey-West)"),
    ("beta_se", NUMBER, "error of beta, by least squares"),
    ("beta_se_hc", NUMBER, "error of beta under heteroskedasticity (HC3)"),
    ("beta_se_hac", NUMBER, "error of beta under autocorrelation too (Newey-West)"),
    ("durbin_watson", NUMBER, "Durbin-Watson of the estimation residuals; 2 is no autocorrelation"),
    ("ljung_box", NUMBER, "Ljung-Box statistic of the residuals"),
    ("ljung_box_p", P, "its p-value"),
    ("arch_lm", NUMBER, "Engle's statistic of volatility that clusters"),
    ("arch_lm_p", P, "its p-value"),
    ("jarque_bera", NUMBER, "Jarque-Bera statistic of residuals that are not normal"),
    ("jarque_bera_p", P, "its p-value"),
    ("skewness", NUMBER, "skewness of the residuals"),
    ("kurtosis", NUMBER, "kurtosis of the residuals; a normal one is 3"),
    ("estimate", FRACTION, "the effect the headline test tests: events weighed by their precision"),
    ("n", COUNT, "events of the estimate; of a single event the ordinary days of its fit"),
    ("std_error", FRACTION, "estimate over statistic"),
    ("p_value", P, "two-sided, of the headline test"),
    ("conf_low", FRACTION, "lower end of the 95% interval of that test"),
    ("conf_high", FRACTION, "upper end of the 95% interval of that test"),
    ("step", WORDS, "what part of the way from the announcement to the account"),
    ("n_bets", COUNT, "completed bets"),
)  # fmt: skip
IN_PYTHON = {row[0]: Column(*row) for row in _ROWS}
_FLAGS = {flag.value: flag.meaning for flag in Flag}
_KNOWN = {**IN_PYTHON, **COLUMNS}
# a table of coefficients uses two names of other tables for what has the unit of its regressor
_OF_COEFFICIENTS = {
    "value": Column("value", NUMBER, "the coefficient; alpha is a return a session"),
    "se": Column("se", NUMBER, "its error"),
}
_UNITS = {FRACTION: "fraction, 0.01 is 1%", DOLLARS: "US dollars"}


def explain(word: str) -> str:
    """What a column of a table, or a word in a column `flags`, means, with the column's unit.

    Raises `ArgumentError` for a word that is neither, with a near one.

    >>> explain("reduced_history")
    '60 to 119 sessions to estimate on'
    >>> explain("mde80")
    'smallest effect found with 80% power at the 5% level (fraction, 0.01 is 1%)'
    """
    text("word", word, "a column of a table, or one word of a column `flags`")
    if word in _FLAGS:
        return _FLAGS[word]
    if word in _KNOWN:
        found = _KNOWN[word]
        return f"{found.meaning} ({_UNITS.get(found.unit, found.unit)})"
    near = suggest(word, [*_FLAGS, *_KNOWN])
    raise ArgumentError(f"word: no flag and no column is called {word!r}{near}")


def describe(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table of ours, a row each.

    column, type (as pandas stores it), unit, meaning. A column that is not of this tool, such as an
    attribute of your own events, has no unit and says so.

    >>> import reactions as rx
    >>> rx.describe(rx.Catalog.bundled().to_frame()).loc[0, "meaning"]
    'the announcement: its day and a few words'
    """
    one_of("frame", frame, (pd.DataFrame,), "result.windows")
    known = _KNOWN
    if "regressor" in frame:
        known = {**_KNOWN, **_OF_COEFFICIENTS}
    other = Column("", "", "not a column of this tool: an attribute of yours")
    rows = [
        (str(name), str(kind), known.get(str(name), other)) for name, kind in frame.dtypes.items()
    ]
    return pd.DataFrame(
        [(name, kind, found.unit, found.meaning) for name, kind, found in rows],
        columns=["column", "type", "unit", "meaning"],
    )
