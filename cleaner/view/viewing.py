"""The visual report: one page that holds everything it needs and opens from disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.corpus import WholeFile, ranked, refuse_overwriting, reports_in
from cleaner.errors import InputError, MissingExtra
from cleaner.labels import LABELS
from cleaner.notebook import legible
from cleaner.sites import load_memory
from cleaner.view.charts import HEAPS, scores_chart, shares_chart, time_chart
from cleaner.view.embedding import digest, json_for_page
from cleaner.view.originals import Originals
from cleaner.view.overview import KINDS, Overview, periods
from cleaner.view.sample import Sample, payload

_PAGE = Path(__file__).with_name("page")
_MOST = 40
"""Rows of a table of sources, sites or lines."""
_OF_SITE = 10
"""Lines shown of each site that repeats some."""
BUDGET = 8_000_000
"""Characters of documents that a page holds."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """What a page was made of."""

    documents: int
    shown: int
    without_text: int
    """Documents among those shown whose text was not found: of these the removals alone are shown."""
    faults: tuple[str, ...] = ()
    """What could not be read beside the reports."""


class Bar(NamedTuple):
    """A row of a table with a bar."""

    name: str
    number: int
    chars: int
    share: float
    """Length of the bar, 0 to 1."""


def view_reports(
    reports: Sequence[Path],
    out: Path,
    *,
    clean: Sequence[Path] = (),
    text_field: str = "text",
    budget: int = BUDGET,
    sites: Path | None = None,
) -> Viewed:
    """Write the page *out* about *reports*, or the reports in folders.

    *clean* are the files or folders with their clean texts, or with the originals: one for all, or
    one for each report; without, they are looked for beside the reports. At most *budget*
    characters of documents are put in; the totals are over all. *sites* is a site memory, to show what it
    knows of the lines that went for being repeated.

    Raises `MissingExtra` without the extra `view`, `InputError` or `ReportError` for what is no report,
    `ModelError` for what is no site memory, `OutputError` where *out* is one of the files that are read.
    """
    if len(clean) not in {0, 1, len(reports)}:
        raise InputError(f"{len(clean)} clean texts for {len(reports)} reports; give one, or one for each")
    template, memory = _template(), None if sites is None else load_memory(sites)
    files = _files(reports, clean)
    given = [path for path in (*clean, *filter(None, [sites])) if path.is_file()]
    refuse_overwriting([out], [*(report for report, _ in files), *given])
    overview, sample, faults = Overview(), Sample(budget), []
    for report, text in files:
        originals = Originals(report, text, text_field)
        for found in originals.walk():
            sample.add(overview.tally.documents, found)
            overview.add(found.report, found.site, found.date)
        faults += originals.faults
        refuse_overwriting([out], originals.texts)
    shown = sample.documents()
    viewed = Viewed(overview.tally.documents, len(shown), sum(not one.whole for one in shown), tuple(faults))
    data = payload(shown, [label.value for label in LABELS])
    names = [path.name for path, _ in files]
    repeated = list(overview.repeated.top(_MOST, _OF_SITE, memory))
    told = {"overview": overview, "viewed": viewed, "complete": sample.complete, "names": names, "repeated": repeated}
    page = template.render(**told, **_settings(overview, data))
    with WholeFile(out) as file:
        file.write(page.encode("utf-8"))
    return viewed


def _files(reports: Sequence[Path], clean: Sequence[Path]) -> list[tuple[Path, Path | None]]:
    """Pair each report with where its texts are said to lie; one named twice, be it by its folder, comes once."""
    texts: list[Path | None] = [*clean] * len(reports) if len(clean) == 1 else [*clean] or [None] * len(reports)
    named: dict[Path, tuple[Path, Path | None]] = {}
    for path, text in zip(reports, texts, strict=True):
        for report in reports_in([path]):
            named.setdefault(report.resolve(), (report, text))
    return list(named.values())


@cache
def _template() -> Any:
    try:
        import jinja2
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtra("the visual report", "view") from error
    del mpl
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever is put into the page passes here first.
        finalize=lambda value: legible(value) if type(value) is str else value,
    )
    environment.filters |= {"n": lambda count: f"{count:,}", "percent": lambda share: f"{share:.1%}"}
    return environment.get_template("report.html")


def _settings(overview: Overview, data: dict[str, Any]) -> dict[str, Any]:
    """Return all that the template fills in beside the totals themselves."""
    from markupsafe import Markup

    style, script = (_PAGE.joinpath(f"report.{ending}").read_text("utf-8") for ending in ("css", "js"))
    over_time = periods(overview.days)
    charts = {"shares": shares_chart(overview), "scores": scores_chart(overview)}
    if len(over_time) > 1:
        charts["time"] = time_chart(over_time)
    return {
        "data": Markup(json_for_page(data)),  # noqa: S704 (escaped for where it stands)
        "style": Markup(style),  # noqa: S704 (our own file)
        "script": Markup(script),  # noqa: S704 (our own file)
        "style_digest": digest(style),
        "script_digest": digest(script),
        "charts": {name: Markup(svg) for name, svg in charts.items()},  # noqa: S704 (numbers and dates alone)
        "over_time": over_time,
        "kinds": KINDS,
        "heaps": list(zip(KINDS, HEAPS, strict=True)),
        "labels": list(_labels(overview)),
        "sources": list(_sources(overview)),
        "sites": list(_sites(overview)),
        "lines": overview.lines.top(_MOST),
        "most": _MOST,
    }


def _labels(overview: Overview) -> Iterator[Bar]:
    chars = overview.tally.removed_chars
    longest = max(chars.values(), default=0) or 1
    for label, _ in sorted(chars.items(), key=lambda item: (-item[1], item[0])):
        yield Bar(label.value, overview.tally.stretches[label], chars[label], chars[label] / longest)


def _sources(overview: Overview) -> Iterator[Bar]:
    counts = ranked(overview.tally.sources)
    for source, count in counts[:_MOST]:
        yield Bar(source, count, 0, count / counts[0][1])


def _sites(overview: Overview) -> Iterator[Bar]:
    for site, of_site in overview.sites.top(_MOST)[0]:
        yield Bar(site, of_site.documents, of_site.chars, of_site.share)
