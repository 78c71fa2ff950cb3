"""Whole runs, from files to files with reports, beside two peers: speed, two workers over one, memory.

    python -m bench.corpora [TEXTS.jsonl[.zst]] [--pages PAGES.jsonl[.zst]] [--shards MB ...] [--json FILE]

Without files texts are written out of the seeds, and pages made of them. Rates count the processor's seconds, and of
several runs the fastest, because what slows a run down is the machine's other work.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from bench import texts
from bench.speed import ONE_CORE, python
from cleaner.errors import CleanerError
from cleaner.lab.records import read_records
from cleaner.lab.tables import markdown

Result = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return an exit code."""
    options = _options(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), options)
    except (CleanerError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n\n".join(_tables(found)))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Make the inputs in *folder* and run everything."""
    records = folder / "texts.jsonl"
    count = texts.write(texts.texts_of(options.texts, options.documents), records)
    _head(records, folder / "warm-texts.jsonl", 50)
    pages = list(islice(_pages(options.pages, records), options.pages_most))
    archive, in_folder = folder / "pages.warc.gz", folder / "pages"
    _write_archive(archive, pages)
    _write_archive(folder / "warm-pages.warc.gz", pages[:20])
    _write_folder(in_folder, pages)
    bytes_of_pages = sum(len(page.encode("utf-8", "surrogatepass")) for page in pages)
    return {
        "texts": {"documents": count, "megabytes": records.stat().st_size / 1e6},
        "pages": {"documents": len(pages), "megabytes": bytes_of_pages / 1e6},
        "records": _in_turns(["cleaner", "cleaner, rules alone", "datatrove"], records, options.repeats),
        "archive": _in_turns(["in memory", "cleaner"], archive, options.repeats),
        "batch": _batch(in_folder, options.repeats),
        "shards": [_shard(folder, records, size) for size in options.shards],
    }


def _in_turns(names: Sequence[str], path: Path, repeats: int) -> dict[str, Result]:
    """Run every name in turns and keep the fastest run of each."""
    best: dict[str, Result] = {}
    for _ in range(repeats):
        for name in names:
            result = _run(name, path)
            if name not in best or _spent(result) < _spent(best[name]):
                best[name] = result
    return best


def _run(name: str, path: Path, jobs: int = 1) -> Result:
    return dict(json.loads(python("-m", "bench.corpus_runs", name, str(path), str(jobs))))


def _shard(folder: Path, records: Path, megabytes: float) -> Result:
    """Run one worker and two over a file of so many megabytes."""
    shard = folder / "shard.jsonl"
    raw = records.read_bytes()
    with shard.open("wb") as out:
        while out.tell() < megabytes * 1e6:
            out.write(raw)
    _head(records, folder / "warm-shard.jsonl", 50)
    size = shard.stat().st_size / 1e6
    return {"megabytes": size, "one": _run("cleaner", shard), "two": _run("cleaner", shard, 2)}


def _batch(pages: Path, repeats: int) -> dict[str, Result]:
    """Time the command lines over a folder of pages, start included."""
    scripts = Path(sysconfig.get_path("scripts"))
    commands: dict[str, list[str | Path]] = {
        "cleaner": [sys.executable, "-m", "cleaner", "clean", pages, "-o"],
        "trafilatura": [scripts / "trafilatura", "--parallel", "1", "--input-dir", pages, "-o"],
    }
    best: dict[str, Result] = {}
    for _ in range(repeats):
        for name, command in commands.items():
            if not Path(command[0]).exists():
                best[name] = {"missing": "not installed"}
                continue
            result = _timed([*map(str, command), str(pages.with_name("clean"))])
            shutil.rmtree(pages.with_name("clean"), ignore_errors=True)
            if name not in best or result["seconds"] < best[name]["seconds"]:
                best[name] = result
    return best


def _timed(command: Sequence[str]) -> Result:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {"PATH": str(Path(sys.executable).parent), "HOME": tempfile.gettempdir(), **ONE_CORE}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:  # 1: a page could not be read
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")
    written = sum(1 for path in Path(command[-1]).rglob("*.txt"))
    return {"seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "written": written}


def _head(source: Path, target: Path, lines: int) -> None:
    with source.open("rb") as file, target.open("wb") as out:
        out.writelines(islice(file, lines))


def _pages(path: Path | None, records: Path) -> Iterator[str]:
    """Yield pages of a file with a field `html`, or made of the texts."""
    if path is not None:
        yield from (record["html"] for _, record in read_records(path))
        return
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Sport", "About"))
    for _, record in read_records(records):
        body = "".join(f"<p>{escape(line)}</p>\n" for line in record["text"].split("\n") if line)
        yield (
            f"<!doctype html><html lang=en><head><title>A page</title></head><body><nav><ul>{menu}</ul></nav>"
            f"<main><article>{body}</article></main><footer>© 2024 The Post</footer></body></html>"
        )


def _write_folder(folder: Path, pages: Iterable[str]) -> None:
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number:06}.html").write_bytes(page.encode("utf-8", "replace"))


def _write_archive(path: Path, pages: Iterable[str]) -> None:
    """Write pages as responses of a web archive, each a member of its own, as crawlers do."""
    with path.open("wb") as out:
        for number, page in enumerate(pages):
            body = page.encode("utf-8", "replace")
            content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.org/{number}\r\n"
                f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
                "WARC-Date: 2024-05-06T07:08:09Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            out.write(gzip.compress(head.encode("ascii") + content + b"\r\n\r\n", 6, mtime=0))


def _tables(found: dict[str, Any]) -> Iterator[str]:
    of_texts, of_pages = found["texts"], found["pages"]
    yield f"{of_texts['documents']:,} records, {of_texts['megabytes']:.1f} MB, JSONL to JSONL on one core"
    yield _rates(found["records"], of_texts)
    yield f"{of_pages['documents']:,} pages, {of_pages['megabytes']:.1f} MB: from a web archive, and in memory"
    yield _rates(found["archive"], of_pages)
    yield "The same pages as files in a folder, by the command lines, start included"
    yield _rates(found["batch"], of_pages)
    if found["shards"]:
        yield "One file of records, one worker and two"
        yield _growth(found["shards"])


def _rates(results: dict[str, Result], of: dict[str, float]) -> str:
    rows = []
    ours = _spent(results["cleaner"])
    for name, result in results.items():
        if "missing" in result:
            rows.append([name, result["missing"], "", "", ""])
            continue
        seconds = _spent(result)
        memory = f"{result['peak_mb']:.0f}" if "peak_mb" in result else ""
        rates = (f"{of['documents'] / seconds:,.0f}", f"{of['megabytes'] / seconds:.2f}")
        rows.append([name, *rates, f"{seconds / ours:.2f}x", memory])
    return markdown(["", "documents/s", "MB/s", "ours is faster by", "memory, MB"], rows)


def _spent(result: Result) -> float:
    """Return the seconds of a run and of all processes it began."""
    return float(result.get("seconds", 0) + result.get("worker_seconds", 0))


def _growth(shards: Sequence[Result]) -> str:
    head = [
        "MB",
        "one worker, s",
        "two: parent, s",
        "two: both workers, s",
        "faster by (processor)",
        "faster by (clock)",
        "memory: one, MB",
        "two: parent, MB",
        "two: a worker, MB",
    ]
    rows = []
    for shard in shards:
        one, two = shard["one"], shard["two"]
        rows.append(
            [
                f"{shard['megabytes']:.0f}",
                f"{one['seconds']:.1f}",
                f"{two['seconds']:.1f}",
                f"{two['worker_seconds']:.1f}",
                f"{one['seconds'] / max(two['seconds'], two['worker_seconds'] / 2):.2f}x",
                f"{one['wall_seconds'] / two['wall_seconds']:.2f}x",
                f"{one['peak_mb']:.0f}",
                f"{two['peak_mb']:.0f}",
                f"{two['worker_peak_mb']:.0f}",
            ]
        )
    return markdown(head, rows)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.corpora", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("texts", nargs="?", type=Path, help="JSONL with a `text` field; synthesised by default")
    parser.add_argument("--documents", type=int, default=8_000, help="how many texts at most")
    parser.add_argument("--pages", type=Path, help="JSONL with a `html` field; made of the texts by default")
    parser.add_argument("--pages-most", type=int, default=1_000, help="how many pages at most")
    parser.add_argument("--shards", type=float, nargs="*", default=[20, 80, 320], help="sizes in MB for two workers")
    parser.add_argument("--repeats", type=int, default=3, help="how often each run is timed, but those over shards")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
