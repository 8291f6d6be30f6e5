"""What the README tells people to type works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.+?)```", README.replace("\\\n", " "), re.DOTALL)
COMMANDS = list(dict.fromkeys(re.findall(r"uv run (reactions [^#\n]+)", "\n".join(SHELL))))
NETWORK = re.compile(r"reactions report\s*$|--prices DIR|--if-changed|discover --ticker|--filings")


def test_the_readme_has_commands() -> None:
    assert any(one.startswith("reactions report --prices sample") for one in COMMANDS)


@pytest.mark.slow
def test_commands_one_after_another(tmp_path: Path) -> None:
    """In a shell, as a reader would.

    Those that want Yahoo or the reader's own files are left out.
    """
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in [one for one in COMMANDS if not NETWORK.search(one)]:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=here,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert (done.returncode, done.stderr) == (0, ""), command


def test_python_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    assert code
    names: dict[str, object] = {}
    monkeypatch.chdir(tmp_path)  # it saves a picture
    exec(compile("\n".join(code), "README.md", "exec"), names)  # noqa: S102  # our own README
    assert "events" in repr(names["result"])
