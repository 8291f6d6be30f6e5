"""What the README tells people to type works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"uv run (reactions [^`#\n]+)", README)))
WITHOUT_A_NETWORK = [one for one in COMMANDS if one.split() != ["reactions", "report"] and "DIR" not in one.split()]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("reactions")
    return subprocess.run(
        [program, *shlex.split(command)[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_readme_has_commands() -> None:
    assert "reactions report --prices sample" in {one.strip() for one in WITHOUT_A_NETWORK}


@pytest.mark.slow
@pytest.mark.parametrize("command", [one.strip() for one in WITHOUT_A_NETWORK])
def test_command(command: str, tmp_path: Path) -> None:
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_python_block() -> None:
    code = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    exec(compile("\n".join(code), "README.md", "exec"), names)  # noqa: S102  # our own README
    assert "events" in repr(names["result"])
