"""The command `reactions`: thin, and quick to answer.

Every command loads what it needs when it runs.
"""

from __future__ import annotations

import errno
import sys
from difflib import get_close_matches
from importlib import import_module

import click
from click.exceptions import NoArgsIsHelpError

from reports.process import note_interrupts, prepare, status_of_interrupt
from reports.streams import lost, usable_streams
from reports.terminal import say

# command -> (its module, of reports.commands unless named in full; what it does in a line)
COMMANDS = {
    "report": ("report", "Study, backtest, and write the page and the tables."),
    "study": ("study", "The event study alone: tables, and a summary here."),
    "backtest": ("backtest", "The strategies alone: tables, and a summary here."),
    "events": (
        "reports.commands.events.events",
        "The catalog: list, show, check, discover, due, add, import, schema, ledger.",
    ),
    "prices": ("prices", "Price data: fetch, factors, status, check, export."),
    "claims": ("claims", "Moves the press reported, recomputed."),
    "table": ("table", "A table for a paper from a run: chosen groups and windows."),
    "compare": ("compare", "What changed between two runs."),
    "verify": ("verify", "Run a study again and say what differs."),
    "mcp": ("reports.agent.command", "Answer an agent over standard input and output."),
}

_PATHS = (
    "--out", "--catalog", "--prices", "--store", "--pin", "--experiment", "--factors", "--from",
    "--to", "--against", "--strategy",
)  # fmt: skip
_OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
# what a path may be that nothing can be read from or written to, wherever it is opened
_OF_PATHS = (
    errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ELOOP, errno.EROFS, errno.ENOSPC,
    errno.EDQUOT, errno.EISDIR, errno.ENOTDIR, errno.EIO, errno.ETXTBSY, errno.ENXIO,
)  # fmt: skip


class Lazy(click.Group):
    """A group that knows its commands' names and imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The names, in the order of use."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 -- as above
        cmd_name: str,
    ) -> click.Command | None:
        """The command; its module is imported here."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        if "." in module:
            name = module
        else:
            name = f"reports.commands.{module}"
        command: click.Command = import_module(name).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one is near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from events.errors import suggest  # `events` takes a second to import

            raise click.UsageError(f"no command '{args[0]}'{suggest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 -- as above
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])


@click.group(
    cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="market-reactions", prog_name="reactions")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(debug: bool) -> None:
    """How markets react to AI-infrastructure announcements.

    Begin with: reactions report --prices sample
    """


def main(args: list[str] | None = None) -> None:
    """Run a command. Exit status: 0 done, 1 findings of a check, 2 wrong input, 130 interrupted."""
    given = sys.argv[1:] if args is None else args
    debug = "--debug" in given
    given = list(map(_as_read, given))
    may_spawn = (
        args is None and not debug
    )  # a new process runs the main script again, which a caller's may not be for
    prepare(debug=debug)
    with usable_streams():
        status = _run([one for one in given if one != "--debug"], debug=debug, may_spawn=may_spawn)
        gone = lost()
    sys.exit(_not_printed(gone, status) if gone else status)


def _run(given: list[str], *, debug: bool, may_spawn: bool) -> int:
    if may_spawn:  # the process is this command's own
        note_interrupts()
    stdout, stderr = sys.stdout, sys.stderr
    try:
        _check_given(given)
        return int(
            group.main(args=given, prog_name="reactions", standalone_mode=False, obj=may_spawn) or 0
        )
    except NoArgsIsHelpError as error:
        say(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.ClickException as error:
        told = error
        if isinstance(error, click.NoSuchOption):
            told = _near(error)
        return _say(told.format_message())
    except (KeyboardInterrupt, click.Abort):
        say("interrupted; nothing was left half-written", err=True)
        return status_of_interrupt()
    except SystemExit as error:  # no command ends so: click does on a broken pipe, or a strategy
        if sys.stdout is not stdout:  # click has put something mute in its place
            sys.stdout, sys.stderr = stdout, stderr
            return _told(BrokenPipeError(errno.EPIPE, "broken pipe"))
        return _say(f"a strategy's own code ended the program (exit {error.code}); take that out")
    except Exception as error:  # no traceback reaches a user
        if debug:
            raise
        return _told(error)


def _near(error: click.NoSuchOption) -> click.NoSuchOption:
    """The error with options that are near; click takes the dashes of all for likeness."""
    wanted, known = error.option_name.lstrip("-"), error.possibilities or ()
    near = [one for one in known if get_close_matches(wanted, [one.lstrip("-")])]
    return click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx)


def _told(error: Exception) -> int:
    if isinstance(error, ImportError):
        try:
            import backtest.whole  # noqa: F401  # whose `events` was found
        except ImportError as foreign:
            return _say(str(foreign))
    from events.errors import ReactionsError

    if isinstance(error, ReactionsError):
        return _say(str(error))
    if isinstance(error, OSError) and error.filename is None and error.errno in _OF_DISKS:
        return _say(f"a file cannot be written: {error.strerror}; make room, or name another place")
    if isinstance(error, OSError) and error.errno in _OF_PATHS and isinstance(error.filename, str):
        from reports.words import short

        return _say(f"{short(error.filename, 100)}: {error.strerror}; give another path")
    return _say(
        f"internal fault, {type(error).__name__}: {error}; run again with --debug and report it"
    )


def _not_printed(error: OSError, status: int) -> int:
    """Say that standard output took no more; a reader who has read enough is no error."""
    if error.errno == errno.EPIPE:
        say("the reader of the output has gone; the rest was not printed", err=True)
        return status
    return _say(
        f"the answer cannot be printed: {error.strerror}; give standard output another place"
    )


def _as_read(word: str) -> str:
    """A word as texts of files are read, accented letters composed; a path stays what it is."""
    if word.isascii() or word.startswith(tuple(f"{name}=" for name in _PATHS)):
        return word
    from pathlib import Path

    from events.record.text import composed

    if Path(word).exists():
        return word
    return composed(word)


def _check_given(given: list[str]) -> None:
    """Refuse what cannot be meant.

    An empty path stood for the current folder; no place to print to.
    """
    for option, value in zip(["", *given], [*given, "-"], strict=True):
        empty = not value.strip()
        if option.endswith("="):
            name = option.removesuffix("=")
        elif empty:
            name = option
        else:
            name = ""
        if name in _PATHS:
            raise click.UsageError(f"{name} '': is empty; name a path, or leave {name} out")
        if "\0" in value:
            raise click.UsageError(f"'{value[:60]}': holds a NUL, which no path or name has")
        if empty and not option.startswith("-"):  # a path or a name that stands by itself
            raise click.UsageError(f"'{value}' after '{option}': is empty; name what is meant")
    if sys.stdout is None:
        raise click.UsageError("standard output is closed; redirect it (> FILE) to be answered")


def _say(message: str) -> int:
    lines = [" ".join(line.split()) for line in message.splitlines()]
    say(f"error: {'; '.join(filter(None, lines))}", err=True)
    return 2
