"""The site builds with nothing amiss, and what is made of the program is complete."""

import json
import re
import subprocess
import sys
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import click
import pytest
from markdown_it import MarkdownIt

import cleaner
from cleaner.cli import main
from cleaner.labels import LABELS
from cleaner.rules import RuleSet, load_rules
from cleaner.rules.loading import _KEYS, parse_rules
from manual.commands import commands_page
from manual.doctests import fenced
from manual.readme import section

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


class Loads(HTMLParser):
    """Collects what a page has the browser fetch by itself."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.found += [named.get("src")] + ([named.get("href")] if tag == "link" else [])


def test_no_page_fetches_anything_from_elsewhere(site):
    loads = Loads()
    for page in site.rglob("*.html"):
        loads.feed(page.read_text("utf-8"))
    assert "assets/road.svg" in loads.found
    assert [url for url in loads.found if url and re.match(r"(\w+:)?//", url)] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(site, chromium, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    tab = chromium.new_page(color_scheme=scheme)
    found = {}
    for name in ("index", "how-it-decides", "results", "python", "view"):
        tab.goto((site / f"{name}.html").as_uri())
        faults = axe.run(tab).response["violations"]
        found[name] = [one["id"] for one in faults if one["impact"] in ("serious", "critical")]
    tab.close()
    assert [name for name, faults in found.items() if faults] == [], found


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture
def home(site):
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_search_finds_pages_and_asks_nobody_else(home, chromium):
    tab, faults = chromium.new_page(), []
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda request: None if request.url.startswith((home, "data:")) else faults.append(request.url))
    tab.goto(f"{home}index.html")
    # What is typed before the index is read is not heard.
    ready = tab.locator(".md-search-result__meta").filter(has_not_text="Initializing").first
    ready.wait_for(state="attached", timeout=120_000)
    tab.locator(".md-search__input").first.press_sequentially("threshold")
    found = tab.locator(".md-search-result__item a[href*='modes.html']").first
    found.wait_for(state="attached", timeout=120_000)
    tab.close()
    assert faults == []


def test_files_beside_the_docs_that_pages_link_to_come_along(site):
    copy = site / "files" / "examples" / "pipelines" / "Makefile.txt"
    assert copy.read_bytes() == (ROOT / "examples" / "pipelines" / "Makefile").read_bytes()
    assert "../files/examples/pipelines/Makefile.txt" in (site / "pipelines" / "make-and-hooks.html").read_text("utf-8")


def test_the_results_are_those_of_the_readme(site):
    shown = (site / "results.html").read_text("utf-8")
    rows = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| **cleaner, ")]
    cells = {cell.strip() for row in rows for cell in row.strip("|").split("|")[1:]}
    assert rows
    assert [cell for cell in cells if cell not in shown] == []


@pytest.mark.parametrize("name", ["lines", "pages"])
def test_the_model_card_is_that_of_the_shipped_model(site, name):
    card = json.loads((ROOT / "models" / name / "card.json").read_text("utf-8"))
    shown = (site / "model-card.html").read_text("utf-8")
    assert f"{name}@{card['weights_sha256'][:12]}" in shown
    assert all(f"{card['counts'][label]:,}" in shown for label in LABELS)


def test_every_rule_is_listed_with_its_reason(site):
    shown = (site / "rule-list.html").read_text("utf-8")
    assert [rule.id for rule in load_rules().rules if f"<code>{rule.id}</code>" not in shown] == []
    assert "<code>ad.label</code>" in shown


@pytest.mark.parametrize("name", [*cleaner.__all__, "InputError", "BoilerplateRemover", "CleanColumns", "clean_frame"])
def test_every_public_name_is_described(site, name):
    assert re.search(rf'id="cleaner[a-z_.]*\.{name}"', (site / "python.html").read_text("utf-8"))


def test_doctests_are_shown_as_code(site):
    assert fenced("Adds.\n\n>>> 1 + 1\n2") == "Adds.\n\n```pycon\n>>> 1 + 1\n2\n```"
    assert "<blockquote>" not in (site / "python.html").read_text("utf-8")


def options(above, group):
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        context = click.Context(command, info_name=name, parent=above)
        yield (
            context.command_path,
            {opt for param in command.params if isinstance(param, click.Option) for opt in param.opts},
        )
        if isinstance(command, click.Group):
            yield from options(context, command)


@pytest.mark.parametrize(("path", "opts"), [*options(click.Context(main, info_name="cleaner"), main)])
def test_every_command_and_option_is_in_the_reference(path, opts):
    chapter = re.split(rf"^#+ {path}$", commands_page(), flags=re.MULTILINE)[1].split("\n## ")[0]
    assert [opt for opt in opts if not re.search(rf"`[^`]*{opt}\b", chapter)] == []


def test_a_section_that_the_readme_does_not_have_stops_the_build():
    with pytest.raises(ValueError, match="no section 'Weather'"):
        section("# a\n\n## Tides\n\nHigh.\n", "Weather")


def test_links_of_the_readme_are_made_to_hold_in_the_docs():
    readme = "# a\n\n## Tides\n\n[all](docs/evaluation), [one](docs/sites.md#numbers)\n\n### Low\n\n## Next\n"
    assert section(readme, "Tides") == "[all](evaluation/index.md), [one](sites.md#numbers)\n\n## Low"


def blocks(page, language):
    tokens = MarkdownIt().parse((DOCS / page).read_text("utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


@pytest.mark.parametrize("page", ["index.md", "reports.md"])
def test_the_python_of_a_page_prints_what_the_page_says(page, tmp_path):
    code = "\n".join(blocks(page, "python"))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "".join(blocks(page, "text"))


def test_the_report_shown_is_the_one_that_is_written():
    (shown,) = blocks("reports.md", "json")
    dirty = "Share this\nThe council met on Monday and voted to close the bridge."
    assert {**json.loads(shown), "model": None} == {
        **cleaner.Cleaner().clean(dirty, "a.txt").report.as_dict(),
        "model": None,
    }


def test_the_rule_shown_does_what_its_lines_say():
    (shown,) = blocks("rules.md", "toml")
    (rule,) = parse_rules(shown, file="rules.md")
    alone = RuleSet([rule])
    assert all(alone.hits(line) for line in rule.hits)
    assert not any(alone.hits(line) for line in rule.misses)


def test_every_key_of_a_rule_and_every_label_is_explained():
    rules = (DOCS / "rules.md").read_text("utf-8")
    assert [key for key in _KEYS if f"| `{key}` |" not in rules] == []
    headings = re.findall(r"^## ([a-z]+)$", (DOCS / "labels.md").read_text("utf-8"), re.MULTILINE)
    assert headings == [label.value for label in LABELS]
