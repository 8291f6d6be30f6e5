"""Being told to end where Python cannot raise."""

from __future__ import annotations

import subprocess
import sys

import pytest


def said_by(code: str) -> tuple[list[str], str]:
    """The words a program of its own prints, and what it says beside them."""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return told.stdout.split(), told.stderr


def test_an_interrupt_in_a_callback_of_a_library_comes_again_without_a_word() -> None:
    code = """
import ctypes, signal, time
from reports.process import note_interrupts
note_interrupts()
def called_back():
    signal.raise_signal(signal.SIGINT)
    time.sleep(1)  # not reached
    print("went on")
try:
    ctypes.CFUNCTYPE(None)(called_back)()
    print("lost")
    time.sleep(20)
    print("slept")
except KeyboardInterrupt:
    print("heard")
"""
    assert said_by(code) == (["lost", "heard"], "")


@pytest.mark.parametrize("interrupted", [False, True])
def test_other_faults_in_a_callback_are_told_as_ever(interrupted: bool) -> None:
    code = f"""
import ctypes, signal
from reports.process import note_interrupts
note_interrupts()
try:
    if {interrupted}:
        signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    pass
ctypes.CFUNCTYPE(None)(lambda: 1 / 0)()
"""
    words, beside = said_by(code)
    assert words == []
    assert "ZeroDivisionError" in beside


def test_an_interrupt_nobody_noted_is_told_as_ever() -> None:
    code = """
import ctypes
from reports.process import note_interrupts
note_interrupts()
def called_back():
    raise KeyboardInterrupt
ctypes.CFUNCTYPE(None)(called_back)()
"""
    assert "KeyboardInterrupt" in said_by(code)[1]
