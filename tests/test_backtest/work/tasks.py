"""Chunks that worker processes can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np


def drawn(shared: np.ndarray, chunk: int) -> float:
    rng = np.random.default_rng([1, chunk])
    return float(shared @ rng.standard_normal(len(shared)))


def dies_once(shared: Path, chunk: int) -> int:
    """Chunk 2 kills its worker the first time."""
    if chunk == 2 and not (shared / "died").exists():
        (shared / "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return chunk * chunk


def always_dies(shared: Any, chunk: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return chunk


def which_process(shared: np.ndarray, chunk: int) -> int:
    return os.getpid()


def wrong(shared: Any, chunk: int) -> int:
    raise ValueError(f"chunk {chunk} cannot be")
