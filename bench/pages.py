"""How good and how fast extractors are on whole pages, ours and peers, in one command.

    python -m bench.pages wcxb_dev.jsonl.zst andy_news2023.jsonl.zst --speed pages.jsonl.zst --cache build/peers

Data are page records with a gold text or snippets. Something of ours is added by naming it:
`--ours NAME=MODULE:FUNCTION`, where FUNCTION takes nothing and returns what makes text of HTML and a
language; `--lines NAME=MODULE:FUNCTION` the same for what makes of them lines with scores, which
adds the curve over all thresholds. `--apart` leaves out the pages of sites that a model has seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.extracting import outputs, spec
from bench.page_curve import curve_tables, page_curve, scorer
from bench.page_scores import Result, result, tables
from bench.speed import fastest
from cleaner.errors import CleanerError, InputError, MissingExtra, SettingError
from cleaner.lab.page_peers import PAGE_PEERS, PagePeer, installed, named
from cleaner.lab.pages import GoldPage, read_pages
from cleaner.lab.records import read_records
from cleaner.lab.tables import markdown

NOTE = (
    "Word F1: bags of words as WCXB counts them, mean over pages. 4-gram F1: of mean precision and mean recall, "
    "as the scrapinghub benchmark counts, with its bootstrapped standard deviation; it leaves pages without "
    "output out of the precision. Texts in scripts without spaces are compared by the character. A crash or a "
    "time-out counts as empty output."
)


@dataclass(frozen=True, slots=True)
class Source:
    """The pages of one file."""

    name: str
    pages: tuple[GoldPage, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return an exit code."""
    options = _options(arguments)
    try:
        seen = {page.group for path in options.apart for page in read_pages(path)}
        sources = [source for path in options.data if (source := _source(path, seen)).pages]
        peers = _chosen(options)
        quality = measured(sources, peers, options)
        figures = timed(peers, options.speed, options.rounds) if options.speed else {}
        print("\n\n".join([*_parts(sources, quality, options), *_speed_parts(peers, figures)]))
    except (CleanerError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(_record(peers, quality, figures), indent=2) + "\n", encoding="utf-8")
    return 0


def measured(
    sources: Sequence[Source], peers: Sequence[PagePeer], options: argparse.Namespace
) -> dict[str, dict[str, Result]]:
    """Run every peer that is installed over every source; say on stderr which is not."""
    found: dict[str, dict[str, Result]] = {source.name: {} for source in sources}
    pages = [page for source in sources for page in source.pages]
    for peer in peers if pages else ():
        try:
            texts = iter(outputs(peer, pages, limit=options.timeout, cache=options.cache))
        except MissingExtra as error:
            print(f"{peer.name} left out: {error}", file=sys.stderr)
            continue
        for source in sources:
            of_source = [next(texts) for _ in source.pages]
            found[source.name][peer.name] = result(source.pages, of_source, perfect=options.perfect)
    return found


def timed(peers: Sequence[PagePeer], pages: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """Time every peer on the same pages, unpacked first: that would be the peak of each one's memory."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "pages.jsonl"
        with plain.open("w", encoding="ascii") as out:
            for _, record in read_records(pages):
                out.write(json.dumps({key: record.get(key) for key in ("html", "lang")}) + "\n")
        return fastest("bench.page_speed", [spec(peer) for peer in peers], plain, rounds)


def _source(path: Path, seen: set[str]) -> Source:
    """Read the pages of a file but those of sites that were *seen*; say on stderr how many these are."""
    pages = tuple(read_pages(path))
    if not pages:
        raise InputError("holds no pages", path=path)
    others = tuple(page for page in pages if page.group not in seen)
    if seen:
        print(f"{path.name}: {len(pages) - len(others)} pages of known sites left out", file=sys.stderr)
    return Source(path.name.partition(".")[0], others)


def _chosen(options: argparse.Namespace) -> list[PagePeer]:
    known = [peer.name for peer in PAGE_PEERS]
    unknown = [name for name in options.only or () if name not in known]
    if unknown:
        raise SettingError(f"no peer {unknown[0]!r}; there are: {'; '.join(known)}")
    peers = [peer for peer in PAGE_PEERS if options.only is None or peer.name in options.only]
    return [*(named(name) for name in options.ours), *peers]


def _parts(sources: Sequence[Source], quality: dict[str, dict[str, Result]], options: argparse.Namespace) -> list[str]:
    parts = []
    for source in sources:
        sites = len({page.group for page in source.pages})
        parts.append(f"{source.name}: {len(source.pages)} pages of {sites} sites\n\n{tables(quality[source.name])}")
        if any(page.gold is not None for page in source.pages):
            curves = [scorer(given) for given in options.lines]
            parts += [curve_tables(name, page_curve(source.pages, lines_of)) for name, lines_of in curves]
    return [*parts, NOTE] if parts else []


def _speed_parts(peers: Sequence[PagePeer], figures: dict[str, dict[str, Any]]) -> list[str]:
    """Render speeds; ratios are to the first peer of the list."""
    if not figures:
        return []
    base = figures.get(PAGE_PEERS[0].name, {})
    head = ["", "pages/s", "MB/s", f"times {PAGE_PEERS[0].name}", "memory, MB", "over the pages, MB", "ready after, s"]
    head += ["cores", "failed"]
    rows = [_speed_row(peer.name, figures[spec(peer)], base, len(head)) for peer in peers]
    title = next((_speed_title(each) for each in figures.values() if "documents" in each), "")
    return [f"{title}\n\n{markdown(head, rows)}"]


def _speed_title(figures: dict[str, Any]) -> str:
    size = 1e3 * figures["megabytes"] / figures["documents"]
    return f"{figures['documents']} pages of {size:.0f} KB on one core, by processor time"


def _speed_row(name: str, figures: dict[str, Any], base: dict[str, Any], width: int) -> list[str]:
    if "missing" in figures:
        return [name, figures["missing"], *[""] * (width - 2)]
    ratio = f"{base['seconds'] / figures['seconds']:.2f}" if "seconds" in base else ""
    return [
        name,
        f"{figures['documents'] / figures['seconds']:,.1f}",
        f"{figures['megabytes'] / figures['seconds']:.2f}",
        ratio,
        f"{figures['peak_mb']:.0f}",
        f"{figures['peak_mb'] - figures['pages_mb']:.0f}",
        f"{figures['ready_seconds']:.2f}",
        f"{figures['seconds'] / figures['wall_seconds']:.2f}",
        str(figures["failed"]),
    ]


def _record(
    peers: Sequence[PagePeer], quality: dict[str, dict[str, Result]], figures: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    ran = {name for results in quality.values() for name in results}
    return {
        "peers": {peer.name: {"version": installed(peer), "call": peer.call} for peer in peers if peer.name in ran},
        "quality": {
            source: {name: each.as_dict() for name, each in results.items()} for source, results in quality.items()
        },
        "speed": {peer.name: figures[spec(peer)] for peer in peers if spec(peer) in figures},
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("data", nargs="*", type=Path, help="page records with `html`, and a gold text or snippets")
    parser.add_argument(
        "--apart", action="append", default=[], type=Path, metavar="PAGES", help="leave out the sites of these pages"
    )
    parser.add_argument("--speed", type=Path, metavar="PAGES", help="time everything on these pages too")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed; the fastest counts")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="keep peers' outputs here for the next run")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds after which a page is given up")
    parser.add_argument("--only", action="append", metavar="PEER", help="run this peer; more than once for several")
    parser.add_argument("--ours", action="append", default=[], metavar="NAME=MODULE:FUNCTION", help="measure this too")
    parser.add_argument("--lines", action="append", default=[], metavar="NAME=MODULE:FUNCTION", help="curves of lines")
    parser.add_argument(
        "--perfect", action="store_true", help="add what the best choice of each one's lines would reach"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(arguments)
    if not options.data and not options.speed:
        parser.error("name page records, or pages for --speed")
    return options


if __name__ == "__main__":
    sys.exit(main())
