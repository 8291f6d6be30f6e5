"""What every process of a command begins with."""

from __future__ import annotations

import gc
import os


def prepare(*, debug: bool = False) -> None:
    """Set the process up for many small computations.

    And keep other people's warnings from users.
    """
    os.environ.setdefault(
        "OMP_NUM_THREADS", "1"
    )  # many small matrices: threads cost more than they bring
    gc.set_threshold(
        50_000
    )  # by default (700) a tenth of a report goes into looking for garbage there is little of
    if not debug:
        import logging
        import warnings

        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
