"""The command line: which commands there are, and the one place where our errors end."""

from __future__ import annotations

import errno
import gc
from importlib import import_module
from typing import Any

import click

from cleaner.errors import CleanerError

COMMANDS: dict[str, tuple[str, str]] = {
    "clean": ("cleaner.cli.clean", "Strip boilerplate from files, folders or standard input."),
    "apply": ("cleaner.cli.apply", "Clean what --annotate wrote about, at a threshold chosen afterwards."),
    "explain": ("cleaner.cli.explain", "Show what was decided about every line of a document, and why."),
    "restore": ("cleaner.cli.restore", "Rebuild the original from clean text and its report."),
    "stats": ("cleaner.cli.stats", "Sum up reports: what was removed, by label, source, site and shard."),
    "view": ("cleaner.cli.view", "Write a page that shows what was removed from documents."),
    "review": ("cleaner.cli.review", "Correct what was decided about documents, in the browser."),
    "serve": ("cleaner.cli.serve", "Clean what programs on this machine send by HTTP."),
    "train": ("cleaner.cli.train", "Train a line model on labelled documents."),
    "adapt": ("cleaner.cli.adapt", "Adapt the shipped model to some labelled documents, in seconds."),
    "train-pages": ("cleaner.cli.train_pages", "Train a model for HTML on pages with gold texts."),
    "sites": ("cleaner.cli.sites", "Learn which lines sites repeat, merge and show what was learned."),
    "evaluate": ("cleaner.cli.evaluate", "Measure how well sites are cleaned that the model never saw."),
    "annotated": ("cleaner.cli.annotated", "Make labelled documents of pages and annotations of their lines."),
    "unlabelled": ("cleaner.cli.unlabelled", "Make texts of pages to train on without labels."),
}
"""Name of each command: the module that defines it under that name, and its line in the help.

A module is imported when its command runs, so that `cleaner --help` loads nothing heavy.
"""
_NEW_VALUES = 50_000
"""The garbage collector looks for cycles whenever so many values are new; at 700, Python's own
choice, it takes a tenth of a start."""


class LazyGroup(click.Group):
    """Commands that are imported on demand; a `CleanerError` becomes a message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Import the command *cmd_name*; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click's signature)
        """Write the table without importing what it names."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the only place where our own errors are turned into messages."""
        # Rules and texts are many small values without cycles: to look through them every 700 is idle.
        gc.set_threshold(_NEW_VALUES)
        try:
            return super().invoke(ctx)
        except CleanerError as error:
            raise click.ClickException("\n".join([str(error), *getattr(error, "__notes__", ())])) from error
        except OSError as error:
            # A reader that went away is click's to handle; a full disk behind a pipe ends here.
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cleaner")
def main() -> None:
    """Strip boilerplate and ad noise from article text, line by line, and report what went and why."""
