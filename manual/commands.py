"""The command line, as click knows it, into a page."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc

import click

from cleaner.cli import main

_HEAD = """# Commands

Made from the program's own help, which `cleaner COMMAND --help` prints too. Exit codes: 0 done, 1 something could
not be read or written, or Ctrl-C, 2 wrong usage, 3 a model fell below its floors (`cleaner evaluate --gate`).
"""


def commands_page() -> str:
    """Return every command with its usage, its help and its options."""
    return "\n".join([_HEAD, *_chapters(click.Context(main, info_name="cleaner"), main)])


def _chapters(above: click.Context, group: click.Group) -> Iterator[str]:
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        if command is None or command.hidden:
            continue
        context = click.Context(command, info_name=name, parent=above)
        yield _chapter(context, command)
        if isinstance(command, click.Group):
            yield from _chapters(context, command)


def _chapter(context: click.Context, command: click.Command) -> str:
    title = context.command_path
    usage = command.get_usage(context).removeprefix("Usage: ")
    options = [option for option in command.get_params(context) if isinstance(option, click.Option)]
    told = [_option(*record) for option in options if (record := option.get_help_record(context))]
    level = "#" * len(title.split())
    return "\n".join([f"{level} {title}\n\n```text\n{usage}\n```\n\n{cleandoc(command.help or '')}\n", *told])


def _option(names: str, text: str) -> str:
    """Write an entry of a definition list, which a narrow screen shows better than a table."""
    return f"`{names}`\n:   {' '.join(text.split())}\n"
