"""How much memory a study will take, said before the work and not by a killed process after it."""

from __future__ import annotations

from pathlib import Path

from backtest.errors import StudyError

# Measured: the peak of fit and tests over what was there before, bytes.
_HORIZON = 40  # an event and session of the horizon, with one regressor
_CELLS = 90  # a security and session of the panel: running sums, lines
_PAIRS = 10  # a pair of securities: correlation and products in single precision
_DAYS = 20  # of a whole run: an event and session of the horizon of each study
_WINDOWS = 1_200  # of a whole run: an event and window of each study, in tables and placebos
_SHARE = 0.9  # of what is free that may be taken


def estimate(n_events: int, n_securities: int, n_rows: int, horizon: int) -> int:
    """Bytes that fitting and testing will take at their peak, beyond the prices themselves.

    Estimation windows are read some thousands of events at a time, and their length is no matter.

    >>> round(estimate(1_000_000, 3_000, 2_520, 31) / 2**30, 1)
    1.9
    """
    return n_events * horizon * _HORIZON + n_securities * (n_rows * _CELLS + n_securities * _PAIRS)


def estimate_run(n_events: int, horizon: int, n_windows: int, n_studies: int) -> int:
    """Bytes that a whole run takes at its peak beyond the prices: its studies and their tables.

    Daily tables are written some thousands of events at a time and never held.

    >>> round(estimate_run(1_000_000, 31, 3, 1) / 2**30, 1)
    3.9
    """
    return n_events * n_studies * (horizon * _DAYS + n_windows * _WINDOWS)


def available() -> int | None:
    """Bytes of memory that are free for this process; None where the system does not say."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
        group = Path("/sys/fs/cgroup")
        most = (group / "memory.max").read_text("ascii").strip()
        if most != "max":
            found.append(int(most) - int((group / "memory.current").read_text("ascii")))
    except (OSError, ValueError, IndexError):
        pass  # another system, or no limit: what was found counts
    return min(found, default=None)


def refuse_what_does_not_fit(needed: int, n_events: int, free: int | None) -> None:
    """Raise `StudyError` with the estimate where a study needs more memory than there is.

    >>> refuse_what_does_not_fit(8 * 2**30, 1_000_000, 4 * 2**30)
    Traceback (most recent call last):
    backtest.errors.StudyError: 1,000,000 events need about 8.0 GB of memory, ...
    """
    if free is not None and needed > free * _SHARE:
        raise StudyError(
            f"{n_events:,} events need about {needed / 2**30:.1f} GB of memory, "
            f"and {free / 2**30:.1f} GB are free; "
            "study fewer at a time, or shorten the horizon"
        )
