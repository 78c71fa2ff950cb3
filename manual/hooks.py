"""What mkdocs calls while it builds: pages made of the program, parts of the README, links to files beside `docs`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from posixpath import dirname, normpath, relpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # mkdocs runs as a command, which does not see the folder it stands in

from manual.cards import cards_page  # noqa: E402
from manual.commands import commands_page  # noqa: E402
from manual.readme import section  # noqa: E402
from manual.rule_list import rules_page  # noqa: E402

_OUTSIDE = re.compile(r"\]\(((?:\.\./)+[^)#\s]+)\)")
_SECTION = re.compile(r"^<!-- README: (.+) -->$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made here, and the files beside `docs` that pages link to."""
    made = {
        "commands.md": commands_page(),
        "model-card.md": cards_page(ROOT / "models"),
        "rule-list.md": rules_page(),
        "evaluation/index.md": evaluations_page(ROOT / "docs" / "evaluation"),
    }
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    for name in sorted(_linked_outside(files)):
        files.append(File.generated(config, f"files/{name}.txt", abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 (mkdocs' signature)
    """Put parts of the README in where a page asks for them, and lead links out of `docs` to the copies."""
    here = page.file.src_uri

    def inside(link: re.Match[str]) -> str:
        name = _outside(here, link[1])
        return link[0] if name is None else f"]({relpath(f'files/{name}.txt', dirname(here) or '.')})"

    readme = (ROOT / "README.md").read_text("utf-8")
    whole = _SECTION.sub(lambda marker: section(readme, marker[1]), markdown)
    return _OUTSIDE.sub(inside, whole)


def evaluations_page(folder: Path) -> str:
    """Return the list of dated evaluations, the newest first."""
    dates = sorted((path.stem for path in folder.glob("[0-9]*.md")), reverse=True)
    rows = [f"- [{date}]({date}.md), all its numbers as [JSON]({date}.json)" for date in dates]
    return "\n".join(
        ["# Dated evaluations", "", "Each made by `make evaluate` on the day it is named for.", "", *rows, ""]
    )


def _linked_outside(files: Files) -> set[str]:
    found: set[str] = set()
    for file in files.documentation_pages():
        for target in _OUTSIDE.findall(file.content_string):
            name = _outside(file.src_uri, target)
            if name is not None and not (ROOT / name).is_file():
                raise PluginError(f"{file.src_uri}: the link {target} leads to no file")
            found |= {name} if name else set()
    return found


def _outside(page: str, target: str) -> str | None:
    """Return the file of the repository that a link of *page* leads to, None if it lies in `docs`."""
    name = normpath(f"docs/{dirname(page)}/{target}")
    return None if name.startswith("docs/") else name
