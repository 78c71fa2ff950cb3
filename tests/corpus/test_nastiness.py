"""A hundred thousand documents of every nastiness: counted, named where they are bad, and put back to the byte."""

import bz2
import gzip
import json
import lzma
import os
import random
import sys
import zlib
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.corpus import Reading, Settings, clean_corpus, plan_run, restore_files, rows

zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

LIMIT = 100_000
DOCUMENTS = 100_000
TEXTS = 3_000
CUT = 0.6

BODY = (
    "The city council of Halden voted on Monday to close the old bridge for repairs, officials said.",
    "Engineers had warned for years that the steel supports were badly corroded.",
    "Die Brücke bleibt bis Herbst gesperrt, sagte die Bürgermeisterin.",
    "ハルデン市議会は月曜日に橋を閉鎖することを決めた。",
    "x" * 300,
    "<p>Not <b>quite</b> a page &amp; not quite text</p>",
)
CRUFT = (
    "Advertisement",
    "Share this article",
    "READ: The bridge that fell",
    "Sign up for our newsletter",
    "()",
    "© 2024 Halden Post. All rights reserved.",
)
ODD = (
    "",
    " \t ",
    "\ufeff",
    "\u2028",
    "\x0b\x0c",
    "\x00",
    "\x1b[31mred",
    "\u202eevil",
    "e\u0301" * 9,
    "👩‍👩‍👧‍👦",
    "\ud83d",
    "\ude00\ud83d",
    "\\u0041",
    "a/b",
    '"',
    "\x85",
    "]" * 50,
)
BREAKS = ("\n", "\n\n", "\r\n", "\r", "\n \n")


def text(dice):
    """Return body, cruft and oddities in any order, with any line ends."""
    lines = [dice.choice(BODY) for _ in range(dice.randrange(4))]
    lines += [dice.choice(CRUFT) for _ in range(dice.randrange(3))]
    if dice.random() < 0.3:
        lines.append(dice.choice(ODD))
    dice.shuffle(lines)
    return dice.choice(BREAKS).join(lines)


def encodable(words):
    return words.encode("utf-8", "replace").decode("utf-8")


def plain(dice, number):
    return json.dumps({"id": f"d{number}", "text": text(dice)}).encode()


def spelled_out(dice, number):
    words = encodable(text(dice))
    return json.dumps({"n": [number, {"t": 1.0}], "text": words, "é": "ü"}, ensure_ascii=False).encode()


def oddly_escaped(dice, _number):
    words = json.dumps(text(dice)).replace("/", "\\/").replace("\\n", "\\u000A").replace("council", "coun\\u0063il")
    return b'{"text":' + words.encode() + b"}"


def stray_bytes(dice, _number):
    words = json.dumps(encodable(text(dice)), ensure_ascii=False).encode()
    stray = dice.choice((b"\xff", b"\xc3", b"\x80\xed\xa0\x80", b"\xf0\x9f\x98"))
    return b'{"k": "' + stray + b'", "text": ' + words[:-1] + stray + b'"}'


def same_id(dice, _number):
    return json.dumps({"id": dice.choice(("same", "", "a.jsonl:7", ":", "b:0")), "text": text(dice)}).encode()


def strange_keys(dice, number):
    record = {"": None, "id": number, "text_original": "x", "url": 5, "labels": [], "text": text(dice), "a\ud800": "\n"}
    return json.dumps(record, indent=dice.choice((None, " "))).replace("\n", " ").encode()


def spaced(dice, _number):
    return b' \t{ "x" : -0.0e-7 ,\t"text" :  ' + json.dumps(text(dice)).encode() + b' , "y":1E400 }  '


def twice(dice, _number):
    return b'{"text": "the first is nobody\'s", "text": ' + json.dumps(text(dice)).encode() + b"}"


def long_number(dice, _number):
    return b'{"n": ' + b"9" * 5_000 + b', "text": ' + json.dumps(text(dice)).encode() + b"}"


def nested(dice, _number):
    return b'{"n": ' + b"[" * 200 + b"]" * 200 + b', "text": ' + json.dumps(text(dice)).encode() + b"}"


def without_text(dice, number):
    return json.dumps({"text": None, "n": [number, None]}, indent=dice.choice((None, "\t"))).replace("\n", " ").encode()


def just_small_enough(dice, _number):
    line = json.dumps({"text": text(dice), "pad": ""}).encode()
    return line[:-2] + b"p" * (LIMIT - len(line)) + line[-2:]


GOOD = {
    plain: 40,
    spelled_out: 20,
    oddly_escaped: 10,
    stray_bytes: 6,
    same_id: 6,
    strange_keys: 6,
    spaced: 5,
    twice: 3,
    long_number: 0.3,
    nested: 1,
    without_text: 2,
    just_small_enough: 0.03,
}
BAD = {
    b"broken": 3,
    b'{"text": 5}': 3,
    b'{"text": ["a"]}': 3,
    b'{"text": {"text": "a"}}': 3,
    b'{"txt": "a"}': 3,
    b"{}": 3,
    b"[1]": 3,
    b'"text"': 3,
    b"5": 3,
    b"null": 3,
    b"\xff\xfe": 3,
    b"\x00": 3,
    b'{"text": "a\x00b"}': 3,
    b'{"text": "never closed': 3,
    b'{"text": "a"}{"text": "b"}': 3,
    b'{"text": "a",}': 3,
    b'{"text": "\\x"}': 3,
    b"{'text': 'a'}": 3,
    b"\x0b": 3,
    b"[" * 30_000: 0.2,
    b'{"text": "a", "n": ' + b'{"n": [' * 15_000: 0.2,
    b'{"text": "' + b"long " * (LIMIT // 5) + b'"}': 0.1,
    b'{"text": "' + b"very long " * (LIMIT // 4) + b'"}': 0.02,
}
BLANK = (b"", b" ", b"\t", b"\r", b" \t\r")


def line(dice, number):
    """Return a line and whether it is good, bad or blank."""
    kind = dice.random()
    if kind < 0.04:
        return dice.choices(list(BAD), BAD.values())[0], "bad"
    if kind < 0.06:
        return dice.choice(BLANK), "blank"
    make = dice.choices(list(GOOD), GOOD.values())[0]
    end = b"\r" if dice.random() < 0.1 and make is not just_small_enough else b""
    return make(dice, number) + end, "good"


def shard(dice, count):
    """Return so many lines, each with what it is."""
    lines = [line(dice, number) for number in range(count)]
    if lines and lines[0][1] == "good" and dice.random() < 0.5:
        lines[0] = b"\xef\xbb\xbf" + plain(dice, 0), "good"
    return lines


def joined(lines, *, end):
    return b"\n".join(lines) + (b"\n" if end else b"")


def members(raw, dice, compress):
    """Return *raw* packed in a few members, cut anywhere."""
    cuts = sorted(dice.randrange(len(raw)) for _ in range(3))
    return b"".join(compress(raw[low:high]) for low, high in zip([0, *cuts], [*cuts, len(raw)], strict=True))


def unpacked_as_far_as_it_goes(packed, new, errors):
    """Unpack byte for byte, apart from what is tested, up to where the data break off."""
    raw, worker = [], new()
    for at in range(0, len(packed), 512):
        rest = packed[at : at + 512]
        while rest:
            try:
                raw.append(worker.decompress(rest))
            except errors:
                return b"".join(raw)
            rest = b""
            if worker.eof:
                rest, worker = worker.unused_data, new()
    return b"".join(raw)


PACKED = {
    ".gz": (lambda raw: gzip.compress(raw, 1), lambda: zlib.decompressobj(31), zlib.error),
    ".zst": (zstd.compress, zstd.ZstdDecompressor, zstd.ZstdError),
    ".bz2": (lambda raw: bz2.compress(raw, 1), bz2.BZ2Decompressor, OSError),
    ".xz": (lambda raw: lzma.compress(raw, preset=0), lzma.LZMADecompressor, lzma.LZMAError),
}


class Nasty:
    """A folder of documents, and what has to become of each."""

    def __init__(self, folder, seed):
        self.folder, self.dice = folder, random.Random(seed)  # noqa: S311 (no secret)
        self.good = {}
        """Bytes that come back, by file: the good lines of records and the blank ones."""
        self.documents = {}
        """Number of good documents, by file."""
        self.bad = []
        """File and line of every reject, the line None for what is said of a whole file."""

    def path(self, name):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def records(self, name, count, *, whole=True):
        """Write a shard; unless it is *whole*, break it off inside a member."""
        dice, ending = self.dice, Path(name).suffix
        lines = shard(dice, count)
        raw = joined([one for one, _ in lines], end=dice.random() < 0.5)
        if ending in PACKED:
            compress, new, errors = PACKED[ending]
            raw = members(raw, dice, compress)
            if not whole:
                raw = raw[: int(CUT * len(raw))]
                left = unpacked_as_far_as_it_goes(raw, new, errors)
                assert left
                # A line that breaks off is none.
                lines = lines[: left.count(b"\n")]
        self.path(name).write_bytes(raw)
        self.documents[name] = sum(what == "good" for _, what in lines)
        self.bad += [(name, number) for number, (_, what) in enumerate(lines, 1) if what == "bad"]
        if not whole:
            self.bad.append((name, None))
        self.good[name] = [one for one, what in lines if what != "bad"]

    def text(self, name, raw, *, good):
        self.path(name).write_bytes(raw)
        if good:
            ending = Path(name).suffix
            self.documents[name] = 1
            _, new, errors = PACKED.get(ending, (None, None, None))
            self.good[name] = raw if new is None else unpacked_as_far_as_it_goes(raw, new, errors)
        else:
            self.bad.append((name, None))

    @property
    def count(self):
        return sum(self.documents.values()) + len(self.bad)


NAMES = ("{}.txt", "deep/er/{}.txt", "ä ö/{}.txt", "notes:{}.txt", os.fsdecode(b"\xff{}.txt"), "a\nb{}.txt", "{}.TXT")
NO_TEXT = (b"\0", b"a\0b", b"\xff\xfet\0", b"\xfe\xff\0t", b"\xff\xfe\0\0t\0\0\0", b"long " * (LIMIT // 5 + 1))
ODD_TEXT = (b"", b" ", b"\n", b"\r\n\r\n", b"\t\x0b", b"\xef\xbb\xbf", bytes(range(1, 256)) * 2)


def texts(nasty, count):
    """Write so many files that are one document each."""
    dice = nasty.dice
    for number in range(count):
        name = dice.choice(NAMES).format(number)
        raw = text(dice).encode("utf-8", "surrogatepass").replace(b"\0", b"")
        ending = dice.choice(list(PACKED))
        kind = dice.random()
        if kind < 0.1:
            nasty.text(name, dice.choice(NO_TEXT), good=False)
        elif kind < 0.2:
            nasty.text(name, dice.choice(ODD_TEXT), good=True)
        elif kind < 0.3:
            nasty.text(name + ending, members(raw + b"\n", dice, PACKED[ending][0]), good=True)
        elif kind < 0.4:
            nasty.text(name + ending, PACKED[ending][0](raw + b"more")[:-5], good=False)
        else:
            nasty.text(name, dice.choice((b"", b"", b"\xef\xbb\xbf", b"\xff")) + raw, good=True)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    made = Nasty(tmp_path_factory.mktemp("nasty") / "in", seed=5)
    texts(made, TEXTS)
    made.path("utf16.jsonl").write_bytes('{"text": "a"}\n'.encode("utf-16"))
    made.bad.append(("utf16.jsonl", None))
    made.records("empty.jsonl", 0)
    for ending in PACKED:
        made.records(f"broken/off.jsonl{ending}", 2_000, whole=False)
        made.records(f"packed/{ending[1:]}/a.jsonl{ending}", 12_000)
    made.records("plain/a.jsonl", 20_000)
    made.records("plain/b.ndjson", DOCUMENTS - made.count)
    while made.count < DOCUMENTS:
        made.records(f"more{made.count}.jsonl", DOCUMENTS - made.count)
    return made


@pytest.fixture(scope="module")
def cleaned(nasty):
    out = nasty.folder.with_name("out")
    settings = Settings(Reading(max_bytes=LIMIT, kind="text"))
    return out, clean_corpus(Cleaner(rules_only=True), plan_run([nasty.folder], str(out)), settings)


def test_counts_in_are_counts_out_and_rejects(nasty, cleaned):
    _, outcome = cleaned
    assert nasty.count >= DOCUMENTS
    assert outcome.total.documents + outcome.rejected == nasty.count
    assert (outcome.total.documents, outcome.rejected) == (sum(nasty.documents.values()), len(nasty.bad))


def test_every_bad_document_is_named_with_its_bytes_and_no_other_is(nasty, cleaned):
    out, _ = cleaned
    found, kept = [], {}
    for row in map(json.loads, (out / "rejects.jsonl").read_bytes().splitlines()):
        place = os.path.relpath(row["file"], nasty.folder), row["line"]
        found.append(place)
        kept[place] = row
        assert row["reason"]
    assert sorted(found, key=str) == sorted(nasty.bad, key=str)
    lines = (nasty.folder / "plain/a.jsonl").read_bytes().split(b"\n")
    for (name, number), row in kept.items():
        if name == "plain/a.jsonl" and row["raw"] is not None:
            assert row["raw"].rstrip("\n").encode() == lines[number - 1]


def test_every_good_document_has_one_report_in_order(nasty, cleaned):
    out, _ = cleaned
    counts = {}
    for report in [out / "report.jsonl", *out.rglob("*.report.jsonl")]:
        last = 0
        for row in rows(report):
            counts[row.file] = counts.get(row.file, 0) + 1
            assert not row.line or row.line > last
            last = row.line
    assert counts == {name: count for name, count in nasty.documents.items() if count}


def test_every_document_is_put_back_to_the_byte(nasty, cleaned):
    out, outcome = cleaned
    back = nasty.folder.with_name("back")
    restored = restore_files(out, [out], back)
    assert (restored.failed, restored.unknown) == ((), ())
    assert restored.documents == outcome.total.documents
    for name, good in nasty.good.items():
        raw = (back / name).read_bytes()
        ending = Path(name).suffix
        if ending in PACKED:
            raw = unpacked_as_far_as_it_goes(raw, *PACKED[ending][1:])
        if isinstance(good, bytes):
            assert raw == good, name
        else:
            assert raw in (joined(good, end=True), joined(good, end=False)), name
