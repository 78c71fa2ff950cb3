"""Parts of the README, so that what stands there is not written down a second time."""

from __future__ import annotations

import re

_DOCS = re.compile(r"\]\(docs/([^)]*)\)")


def section(readme: str, title: str) -> str:
    """Return what stands in the README below the heading `## title`; links are made to hold in `docs`.

    Raises `ValueError` when there is no such heading.
    """
    head = f"\n## {title}\n"
    if head not in readme:
        raise ValueError(f"the README has no section {title!r}; a page of docs/ asks for it")
    text = readme.split(head, 1)[1].split("\n## ", 1)[0].strip()
    text = _DOCS.sub(lambda link: f"]({link[1]}/index.md)" if "." not in link[1] else f"]({link[1]})", text)
    return text.replace("\n### ", "\n## ").removeprefix("#")
