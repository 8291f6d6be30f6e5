"""`reactions compare`: what changed between two runs."""

from __future__ import annotations

from pathlib import Path

import click

from reports.terminal import json_option, say, say_json


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path), metavar="OUT1")
@click.argument("second", type=click.Path(path_type=Path), metavar="OUT2")
@click.option("--exit-code", "judged", is_flag=True, help="Exit status 1 where anything changed.")
@json_option
def command(first: Path, second: Path, *, judged: bool, as_json: bool) -> int:
    """Say what changed between two runs: experiment, catalog, prices, and the abnormal
    returns themselves.
    """  # noqa: D205  # one paragraph of help
    from reports.earlier.compare import compare, differ

    lines, changed = list(compare(first, second)), differ(first, second)
    if as_json:
        say_json({"changed": changed, "lines": lines})
    else:
        for line in lines:
            say(line)
    return int(judged and bool(changed))
