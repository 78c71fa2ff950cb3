import gzip
import hashlib
import io
import json
import random
import string
import sys
import zlib

import brotli
import pytest
from backports import zstd
from fastwarc.warc import ArchiveIterator, has_valid_block_digest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as OtherIterator

from cleaner.corpus.codecs import packed
from cleaner.corpus.formats import warc
from cleaner.corpus.parts import Mark, Reading, Reject
from cleaner.corpus.sources import find
from cleaner.errors import MissingExtra

PAGE = "<!DOCTYPE html><html><body><p>The ferry café opens at nine.</p></body></html>"
LONG = "<p>" + " ".join(str(number * number) for number in range(9_000))
PACKED = gzip.compress(PAGE.encode())


def record(block, kind="conversion", content_type="text/plain", number=1, *, length=None, extra=""):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Target-URI: http://halden.example/{number}\r\nWARC-Date: 2026-03-01T00:00:00Z\r\n{extra}"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(body, content_type="text/html; charset=utf-8", number=1, encoding=""):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n{encoding}\r\n"
    return record(head.encode() + body, "response", "application/http; msgtype=response", number)


INFO = record(b"software: none\r\n", "warcinfo", "application/warc-fields", 0)
TEXTS = [record(f"Text {number} of the harbour.\n".encode(), number=number) for number in range(1, 7)]


def deflated(content):
    """As IIS sends it: RFC 1951 without the head and the sum of RFC 1950."""
    tool = zlib.compressobj(9, zlib.DEFLATED, -15)
    return tool.compress(content) + tool.flush()


def documents(found):
    return [entry.document.body for entry in found if not isinstance(entry, Reject) and entry.document]


def rejects(found):
    return [entry for entry in found if isinstance(entry, Reject)]


def read(data, check="raise"):
    """The records of *data* as fastwarc and as warcio read them; both must see the same."""
    first = []
    for found in ArchiveIterator(io.BytesIO(data), parse_http=False):
        headers = {name.lower(): value for name, value in found.headers.items()}
        first.append((headers, found.reader.read()))
    second = []
    for found in OtherIterator(io.BytesIO(data), no_record_parse=True, check_digests=check):
        headers = {name.lower(): value for name, value in found.rec_headers.headers}
        second.append((headers, found.raw_stream.read()))
    assert first == second
    return first


@pytest.mark.parametrize(
    ("ending", "codec"), [("", ""), (".gz", "gzip"), (".zst", "zstd"), (".bz2", "bzip2"), (".xz", "xz")]
)
def test_reads_texts_and_pages_and_carries_the_rest(files, tmp_path, ending, codec):
    """HTML responses and conversions are documents, a warcinfo and a request come out as they are."""
    request = record(b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request", 8)
    path = tmp_path / f"a.warc{ending}"
    path.write_bytes(
        b"".join(packed(one, codec) for one in [INFO, request, response(PAGE.encode(), number=9), TEXTS[0]])
    )
    found, _ = files.found(path)
    assert [entry.blank for entry in found] == [INFO, request, b"", b""]
    page, text = (entry.document for entry in found[2:])
    assert (page.id, page.kind, page.url, page.body) == ("<urn:uuid:9>", "html", "http://halden.example/9", PAGE)
    assert (text.id, text.kind, text.body) == ("<urn:uuid:1>", "text", "Text 1 of the harbour.\n")
    assert [entry.line for entry in found] == [1, 2, 3, 4]
    skipped, _ = files.found(path, Reading(others="skip"))
    assert [entry.line for entry in skipped] == [3, 4]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(PAGE.encode()), "Content-Encoding: gzip\r\n"),
        (zlib.compress(PAGE.encode()), "Content-Encoding: deflate\r\n"),
        (brotli.compress(PAGE.encode()), "Content-Encoding: br\r\n"),
        (zstd.compress(PAGE.encode()), "Content-Encoding: zstd\r\n"),
        (b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode()), "Transfer-Encoding: chunked\r\n"),
        (PAGE.encode(), "Content-Encoding: gzip\r\n"),
        (PAGE.encode(), "Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n"),
        (PAGE.encode(), "Transfer-Encoding: chunked\r\n"),
        (gzip.compress(PAGE.encode()), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        (PAGE.encode(), "Content-Encoding: unheard-of\r\n"),
        (deflated(PAGE.encode()), "Content-Encoding: deflate\r\n"),
        (deflated(PAGE.encode()) + b"junk", "Content-Encoding: deflate\r\n"),
        (PAGE.encode(), "Content-Encoding: deflate\r\n"),
        (PACKED, "Content-Encoding: x-gzip\r\n"),
        (PACKED + b"junk", "Content-Encoding: gzip\r\n"),
        (gzip.compress(PAGE[:30].encode()) + gzip.compress(PAGE[30:].encode()), "Content-Encoding: gzip\r\n"),
        (gzip.compress(PACKED), "Content-Encoding: gzip\r\n"),
        (PACKED, ""),
        (brotli.compress(PACKED), "Content-Encoding: gzip, br\r\n"),
        (PAGE.encode("utf-16"), "Content-Encoding: utf-8\r\n"),
    ],
)
def test_undoes_the_encodings_of_http(files, tmp_path, body, encoding):
    """A body is unpacked as its head says, also where the crawler had unpacked it already."""
    path = tmp_path / "a.warc"
    path.write_bytes(response(body, encoding=encoding))
    assert documents(files.found(path)[0]) == [PAGE]


@pytest.mark.parametrize("text", ["", "Kalt war es.", "Closed; come back.", "#3 of +9", "[c] {S} kilo"])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "utf-8", "gzip, br"])
def test_what_lies_unpacked_is_taken_as_it_is(files, tmp_path, text, coding):
    """Crawlers unpack pages and keep the head; no text is mistaken for packed data."""
    path = tmp_path / "a.warc"
    path.write_bytes(response(text.encode(), encoding=f"Content-Encoding: {coding}\r\n"))
    assert documents(files.found(path)[0]) == [text]


@pytest.mark.parametrize(
    ("body", "coding", "told"),
    [
        (b"\x0b\x02\x80abc\x03", "br", "packed with br, and its data are broken; fetch the page again"),
        (brotli.compress(PAGE.encode())[:-9], "br", "packed with br"),
        (zstd.compress(PAGE.encode())[:-9], "zstd", "packed with zstd"),
        (PACKED[:10] + b"\xff" * 9, "gzip", "packed with gzip, and its data are broken"),
        (PACKED[:10] + b"\xff" * 9, "identity", "packed with gzip"),
        (b"\xf8" + deflated(PAGE.encode()), "deflate", "packed with deflate"),
        (b"\x1f\x9d\x90abc", "compress", "packed with 'compress', which is not read; fetch the page again with"),
    ],
)
def test_packed_bytes_are_never_a_page(files, tmp_path, body, coding, told):
    """What cannot be unpacked is rejected with its place and a remedy, and its bytes are kept; images are carried."""
    path = tmp_path / "a.warc"
    image = response(body, "image/png", 2, f"Content-Encoding: {coding}\r\n")
    path.write_bytes(response(body, encoding=f"Content-Encoding: {coding}\r\n") + image + TEXTS[2])
    found, _ = files.found(path)
    (reject,) = rejects(found)
    assert reject.reason.startswith("record 1 at byte 0: the response is ")
    assert told in reject.reason
    assert body in reject.raw
    assert [entry.blank for entry in found[1:]] == [image, b""]


@pytest.mark.parametrize(
    ("packed_as", "coding"), [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (deflated, "deflate")]
)
def test_of_a_packed_page_that_breaks_off_there_is_what_came_before(files, tmp_path, packed_as, coding):
    """All but the last 64 packed bytes; the sum behind the data is no matter."""
    path = tmp_path / "a.warc"
    body = packed_as(LONG.encode())
    path.write_bytes(response(body[:9_000] + b"\xff" * 100, encoding=f"Content-Encoding: {coding}\r\n"))
    (page,) = documents(files.found(path)[0])
    assert page[:15_000] == LONG[:15_000]
    path.write_bytes(response(body[:-2] + b"??", encoding=f"Content-Encoding: {coding}\r\n"))
    (page,) = documents(files.found(path)[0])
    assert LONG.startswith(page[:-9])
    assert len(page) > len(LONG) - 1_000


@pytest.mark.parametrize("charset", ["ISO-8859-1", '"iso-8859-1"', "windows-1252"])
def test_the_charset_of_http_decodes_the_page(files, tmp_path, charset):
    """A page is decoded by what its HTTP header says, if bytes are not UTF-8."""
    path = tmp_path / "a.warc"
    path.write_bytes(response(PAGE.encode("latin-1"), f"text/html; charset={charset}"))
    assert documents(files.found(path)[0]) == [PAGE]


def test_what_is_a_page(files, tmp_path):
    """By its type; without one by its looks. Images and the like are other records."""
    path = tmp_path / "a.warc"
    bare = b"HTTP/1.1 200 OK\r\n\r\n"
    made = [
        response(PAGE.encode(), "application/xhtml+xml"),
        response(b"\x89PNG\r\n", "image/png"),
        record(bare + PAGE.encode(), "response", "Application/HTTP"),
        record(bare + b"plain words", "response", "application/http"),
        record(b"halden.example. 60 IN A 127.0.0.1", "response", "text/dns"),
    ]
    path.write_bytes(b"".join(made))
    found, _ = files.found(path)
    assert [entry.document is not None for entry in found] == [True, False, True, False, False]


def test_pages_become_conversions(files, tmp_path):
    """The clean text of a page refers to its response, has its date, right lengths and digests, the same each run."""
    path = tmp_path / "a.warc.gz"
    page = record(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode(),
        "response",
        "application/http",
        extra="WARC-Warcinfo-ID: <urn:uuid:0>\r\nWARC-Identified-Content-Language: eng\r\n",
    )
    path.write_bytes(packed(INFO, "gzip") + packed(page, "gzip"))
    out = files.written(path, lambda _: "Clean café.\n")
    assert out == files.written(path, lambda _: "Clean café.\n")
    (info, _), (headers, block) = read(out)
    assert info["warc-type"] == "warcinfo"
    assert block.decode() == "Clean café.\n"
    identity = headers.pop("warc-record-id")
    assert identity.startswith("<urn:uuid:")
    assert identity != "<urn:uuid:1>"
    assert headers.pop("warc-block-digest").startswith("sha1:")
    assert headers == {
        "warc-type": "conversion",
        "warc-target-uri": "http://halden.example/1",
        "warc-date": "2026-03-01T00:00:00Z",
        "warc-refers-to": "<urn:uuid:1>",
        "warc-warcinfo-id": "<urn:uuid:0>",
        "warc-identified-content-language": "eng",
        "content-type": "text/plain",
        "content-length": "13",
    }


def test_each_record_is_a_member(files, tmp_path):
    """Packed output can be read at any record."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(TEXTS)))
    out = files.written(path, str.upper)
    members = []
    while out:
        member = zlib.decompressobj(31)
        members.append(member.decompress(out))
        out = member.unused_data
    assert len(members) == len(TEXTS)
    assert all(member.startswith(b"WARC/1.0\r\n") for member in members)


@pytest.mark.parametrize(
    "digest",
    [
        "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        f"sha256:{'0a' * 32}",
        "md5:00000000000000000000000000000000",
    ],
)
def test_changed_texts_have_right_digests(files, tmp_path, digest):
    """A digest is made anew by the algorithm and in the letters it had; other fields keep their places."""
    path = tmp_path / "a.wet"
    path.write_bytes(record(b"Some text.", extra=f"X-Kept: 1\r\nWARC-Block-Digest: {digest}\r\n"))
    out = files.written(path, str.upper)
    ((headers, block),) = read(out, check=False)  # warcio knows base 32 alone
    assert block == b"SOME TEXT."
    name, _, value = headers["warc-block-digest"].partition(":")
    if len(value) == 32 and name == "sha1":
        assert [has_valid_block_digest(found) for found in ArchiveIterator(io.BytesIO(out))] == [True]
    else:
        assert value == hashlib.new(name, block).hexdigest()
    names = [line.split(b":")[0] for line in out.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]]
    before = [line.split(b":")[0] for line in path.read_bytes().split(b"\r\n\r\n")[0].split(b"\r\n")[1:]]
    assert names == before


def test_what_is_added_stands_in_a_metadata_record(files, tmp_path):
    """Scores and the like follow their text as JSON in a record that refers to it."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(TEXTS[0], "gzip") + packed(response(PAGE.encode(), number=2), "gzip"))
    out = files.written(path, str.upper, added={"scores": [[0, 4, 0.5]], "note": "naïve"})
    text, about, page, more = read(out)
    assert [headers["warc-type"] for headers, _ in (text, about, page, more)] == ["conversion", "metadata"] * 2
    assert about[0]["warc-refers-to"] == text[0]["warc-record-id"]
    assert more[0]["warc-refers-to"] == page[0]["warc-record-id"]
    assert json.loads(about[1]) == {"scores": [[0, 4, 0.5]], "note": "naïve"}


def test_fields_for_json(files, tmp_path):
    """A record as JSON has what its header says, and nothing that it does not."""
    path = tmp_path / "a.wet"
    path.write_bytes(
        record(b"Words.", extra="WARC-Identified-Content-Language: nor\r\n") + record(b"x").replace(b"WARC-Date", b"X")
    )
    first, second = files.found(path)[0]
    assert warc.fields(first, "body") == {
        "id": "<urn:uuid:1>",
        "url": "http://halden.example/1",
        "date": "2026-03-01T00:00:00Z",
        "body": "Words.",
        "content_type": "text/plain",
        "language": "nor",
    }
    assert list(warc.fields(second, "text")) == ["id", "url", "text", "content_type"]


def test_ids_fall_back_to_the_address_and_the_row(files, tmp_path):
    """A record without an id is called by its address, one without that by its row."""
    path = tmp_path / "a.wet"
    nameless = TEXTS[0].replace(b"WARC-Record-ID", b"X-Other")
    path.write_bytes(nameless + nameless.replace(b"WARC-Target-URI", b"X-More"))
    assert [entry.document.id for entry in files.found(path)[0]] == ["http://halden.example/1", "a.wet:2"]


# Faults: each is named with its record and byte, and what stands around it is read.

CUT = TEXTS[1][:150]
BAD = {
    "length too great": (TEXTS[1].replace(b"Content-Length: 23", b"Content-Length: 99"), "the Content-Length is wrong"),
    "length too small": (TEXTS[1].replace(b"Content-Length: 23", b"Content-Length: 9"), "the Content-Length is wrong"),
    "length beyond the file": (TEXTS[1].replace(b"Content-Length: 23", b"Content-Length: 99999"), "breaks off after"),
    "absurd length": (TEXTS[1].replace(b"Content-Length: 23", b"Content-Length: 999999999999999"), "over the limit"),
    "negative length": (TEXTS[1].replace(b"Content-Length: 23", b"Content-Length: -3"), "no valid Content-Length"),
    "no length": (TEXTS[1].replace(b"Content-Length", b"X-Length"), "no valid Content-Length"),
    "no type": (TEXTS[1].replace(b"WARC-Type", b"X-Type"), "no WARC-Type"),
    "garbage": (b"\x00\xffnothing\r\n\r\n\x07", "does not begin with a WARC header"),
    "header breaks off": (CUT, "breaks off within the WARC header"),
    "header without end": (b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000, "has no end within 65536 bytes"),
    "no HTTP headers": (record(PAGE.encode(), "response", "application/http"), "has no HTTP headers"),
    "PDF as HTML": (response(b"%PDF-1.4 ..."), "is a PDF"),
    "UTF-16 text": (record("\ufeffwords".encode("utf-16-le")), "is UTF-16 text"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("codec", ["", "gzip"])
def test_faults_are_named_and_survived(files, tmp_path, name, codec):
    """A bad record is a reject; those before and behind it are read, and so is its row known."""
    bad, reason = BAD[name]
    path = tmp_path / ("a.wet.gz" if codec else "a.wet")
    path.write_bytes(packed(TEXTS[0] + bad + TEXTS[2] + TEXTS[3], codec))
    found, _ = files.found(path)
    assert documents(found) == [f"Text {number} of the harbour.\n" for number in (1, 3, 4)]
    (reject,) = rejects(found)
    assert reason in reject.reason
    assert f"record 2 at byte {len(TEXTS[0])}" in reject.reason
    assert (reject.file, reject.line, reject.raw) == (str(path), 2, bad)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
@pytest.mark.parametrize("fault", ["truncated", "damaged", "garbage before", "emptied"])
def test_broken_members_are_survived(files, tmp_path, codec, fault):
    """Of a broken member no record is lost but its own."""
    members = [packed(one + b"", codec) for one in TEXTS]
    harm = {
        "truncated": lambda member: member[:-30],
        "damaged": lambda member: member[:20] + bytes(byte ^ 0x5A for byte in member[20:-20]) + member[-20:],
        "garbage before": lambda member: b"\x1f\x8b\x08 garbage \x28\xb5\x2f\xfd garbage" + member,
        "emptied": lambda member: member[:12],
    }[fault]
    path = tmp_path / f"a.wet.{'gz' if codec == 'gzip' else 'zst'}"
    path.write_bytes(b"".join([*members[:2], harm(members[2]), *members[3:]]))
    found, made = files.found(path)
    kept = [1, 2, 4, 5, 6] if fault != "garbage before" else [1, 2, 3, 4, 5, 6]
    assert documents(found) == [f"Text {number} of the harbour.\n" for number in kept]
    assert rejects(found)
    assert all(f"the {codec} data are broken" in reject.reason for reject in rejects(found))
    for number, part in enumerate(made):
        assert files.found(path, start=part.after)[1] == made[number + 1 :]


@pytest.mark.parametrize("codec", ["gzip", "zstd", "bzip2", "xz"])
def test_a_file_that_breaks_off_is_read_up_to_there(files, tmp_path, codec):
    """The last member is cut short; what was whole before it is read and the fault is named."""
    ending = {"gzip": "gz", "zstd": "zst", "bzip2": "bz2", "xz": "xz"}[codec]
    path = tmp_path / f"a.wet.{ending}"
    path.write_bytes(b"".join(packed(one, codec) for one in TEXTS)[: -len(packed(TEXTS[5], codec)) // 2])
    found, _ = files.found(path)
    assert documents(found) == [f"Text {number} of the harbour.\n" for number in range(1, 6)]
    assert f"the {codec} data are broken" in rejects(found)[-1].reason


def test_zeros_between_members_are_padding(files, tmp_path):
    """Gzip files may be padded."""
    path = tmp_path / "a.wet.gz"
    path.write_bytes(b"\0\0\0".join(packed(one, "gzip") for one in TEXTS) + b"\0" * 500)
    found, _ = files.found(path)
    assert len(documents(found)) == len(TEXTS) == len(found)


def test_broken_members_longer_than_what_is_read_at_a_time(files, tmp_path):
    """The search for the next member goes on over any number of reads."""
    noise = random.Random(7).randbytes(700_000)  # noqa: S311 (nothing secret)
    large = packed(record(noise, "resource", "application/octet-stream"), "gzip")
    for cut in (1_000, 300_000, 600_000):
        path = tmp_path / f"{cut}.wet.gz"
        path.write_bytes(packed(TEXTS[0], "gzip") + large[:cut] + large[cut + 40_000 :] + packed(TEXTS[1], "gzip"))
        found, _ = files.found(path)
        assert documents(found) == ["Text 1 of the harbour.\n", "Text 2 of the harbour.\n"]
        assert "the gzip data are broken" in rejects(found)[0].reason


@pytest.mark.parametrize("size", [5_000, 60_000, 300_000])
def test_behind_a_broken_member_of_zstd_large_ones_are_found(files, tmp_path, size):
    """Nothing of a block is unpacked before all of it is there."""
    dice = random.Random(7)  # noqa: S311 (nothing secret)
    texts = ["".join(dice.choices(string.ascii_lowercase + " ", k=size)) for _ in range(4)]
    members = [packed(record(text.encode()), "zstd") for text in texts]
    members[1] = members[1][: len(members[1]) // 2]
    (tmp_path / "a.wet.zst").write_bytes(b"".join(members))
    found, _ = files.found(tmp_path / "a.wet.zst")
    assert documents(found) == [texts[0], texts[2], texts[3]]


def test_a_zstd_dictionary_in_front(files, tmp_path):
    """Archives packed with a dictionary, itself packed or not, are read."""
    samples = [record(f"{number} of the harbour {number * 7}".encode() * 9, number=number) for number in range(300)]
    dictionary = zstd.train_dict(samples, 4_000)
    for content in (dictionary.dict_content, zstd.compress(dictionary.dict_content)):
        path = tmp_path / "a.wet.zst"
        members = [zstd.compress(one, zstd_dict=dictionary) for one in TEXTS]
        path.write_bytes(b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content + b"".join(members))
        assert len(documents(files.found(path)[0])) == len(TEXTS)
    path.write_bytes(b"\x5d\x2a\x4d\x18" + (9).to_bytes(4, "little") + b"no dictio")
    (reject,) = files.found(path)[0]
    assert "dictionary" in reject.reason


def test_records_over_the_limit_are_not_kept(files, tmp_path):
    """Neither a record too long nor a page that unpacks to more than the limit is read into memory."""
    path = tmp_path / "a.warc"
    bomb = response(gzip.compress(b"<p>" + b" " * 5_000_000), number=3, encoding="Content-Encoding: gzip\r\n")
    path.write_bytes(TEXTS[0] + record(b"x" * 3_000_000, number=2) + bomb + TEXTS[1])
    found, _ = files.found(path, Reading(max_bytes=1_000_000))
    first, second = rejects(found)
    assert "has 3.0 MB, over the limit of 1 MB" in first.reason
    assert first.raw is None
    assert "once unpacked" in second.reason
    assert len(documents(found)) == 2


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_empty_files(files, tmp_path, name):
    """A file of nothing holds nothing and becomes nothing."""
    path = tmp_path / name
    path.write_bytes(b"")
    assert files.found(path) == ([], [])
    assert files.written(path) == b""


def test_line_feeds_alone_end_the_lines_of_a_header(files, tmp_path):
    """Old tools wrote no carriage returns; such records are read, and come out as they are."""
    path = tmp_path / "a.wet"
    path.write_bytes(b"".join(TEXTS).replace(b"\r\n", b"\n"))
    assert len(documents(files.found(path)[0])) == len(TEXTS)
    assert files.written(path) == path.read_bytes()


def test_the_last_record_gets_the_line_ends_it_lacks(files, tmp_path):
    """What is written behind it must not run into it."""
    path = tmp_path / "a.wet"
    path.write_bytes(TEXTS[0] + TEXTS[1].removesuffix(b"\r\n\r\n"))
    assert files.written(path) == TEXTS[0] + TEXTS[1]


def test_ids_that_come_twice_are_read_twice(files, tmp_path):
    """Doubled records stay apart."""
    path = tmp_path / "a.wet"
    path.write_bytes(TEXTS[0] * 2)
    assert [entry.line for entry in files.found(path)[0]] == [1, 2]


def test_a_broken_page_shows_what_there_is(files, tmp_path):
    """A chunked page that breaks off is read up to there."""
    body = PAGE.replace("</p>", "</p>" + "<p>More of it.</p>" * 90).encode()
    chunked = {"encoding": "Transfer-Encoding: chunked\r\n"}
    path = tmp_path / "a.warc"
    broken = response(b"%x\r\n%b\r\n%x\r\nhalf" % (len(body), body, 900), **chunked)
    path.write_bytes(broken + response(b"2000\r\n<html>", **chunked))
    found, _ = files.found(path)
    (text,) = documents(found)
    assert len(text) > 1_000
    assert body.decode().startswith(text)
    assert "cannot be decoded" in rejects(found)[0].reason


def test_header_values_cannot_add_lines(files, tmp_path):
    """A folded value comes out on one line."""
    path = tmp_path / "a.warc"
    folded = response(PAGE.encode()).replace(b"/1\r\nWARC-Date", b"/1\r\n WARC-Type: x\r\nWARC-Date")
    path.write_bytes(folded)
    (written,) = ArchiveIterator(io.BytesIO(files.written(path, str.upper)))
    assert [value for name, value in written.headers.items() if name == "WARC-Type"] == ["conversion"]


def test_says_what_to_install(files, tmp_path, monkeypatch):
    """Without fastwarc the first part already fails, with the command that mends it."""
    path = tmp_path / "a.warc"
    path.write_bytes(TEXTS[0])
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(MissingExtra, match=r"reading web archives .*cleaner\[corpora\]"):
        files.found(path)


_BLOCKS = st.one_of(
    st.binary(max_size=80), st.sampled_from([b"", b"\r\n\r\n", b"\r\n\r\nWARC/1.0\r\nWARC-Type: x\r\n", TEXTS[0]])
)
_KINDS = st.sampled_from([("conversion", "text/plain"), ("resource", "image/png"), ("metadata", "application/json")])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_BLOCKS, _KINDS), max_size=12), st.sampled_from(["", ".gz", ".zst"]), st.booleans())
def test_carried_to_the_byte(files, tmp_path_factory, blocks, ending, alone):
    """Whatever records hold, unchanged ones come out as they were, packed one by one or together."""
    path = tmp_path_factory.mktemp("w") / f"a.warc{ending}"
    made = [record(block, *kind, number) for number, (block, kind) in enumerate(blocks)]
    codec = find_codec(path)
    path.write_bytes(b"".join(packed(one, codec) for one in made) if alone else packed(b"".join(made), codec))
    found, _ = files.found(path)
    # Text that begins with the mark of UTF-16 is refused.
    refused = {reject.line for reject in rejects(found)}
    kept = [one for number, one in enumerate(made, 1) if number not in refused]
    assert files.written(path) == b"".join(packed(one, codec) for one in kept)


def find_codec(path):
    path.touch()
    return find([path])[0].codec


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_changed_and_changed_back(files, tmp_path_factory, texts):
    """Clean records with the restored texts are the records that came in."""
    folder = tmp_path_factory.mktemp("w")
    path, clean = folder / "a.wet", folder / "clean.wet"
    bare = [record(text.encode("utf-8", "replace"), number=number) for number, text in enumerate(texts)]
    path.write_bytes(b"".join(bare))
    path.write_bytes(files.written(path, lambda text: text + "x"))
    original = path.read_bytes()
    clean.write_bytes(files.written(path, lambda text: f"{text} and more"))
    assert files.written(clean, lambda text: text.removesuffix(" and more")) == original


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_is_survived_and_marks_hold(files, tmp_path_factory, data):
    """Bytes changed, cut out and put in at random: every record is read or named, and any mark gives the rest."""
    ending = data.draw(st.sampled_from(["", ".gz", ".zst"]))
    path = tmp_path_factory.mktemp("w") / f"a.warc{ending}"
    codec = find_codec(path)
    raw = bytearray(b"".join(packed(one, codec) for one in [INFO, *TEXTS, response(PAGE.encode(), number=7)]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    path.write_bytes(raw)
    found, made = files.found(path)
    assert [entry.line for entry in found if entry.line] == list(range(1, len(found) + 1))
    for number, part in enumerate(made):
        assert files.found(path, start=part.after)[1] == made[number + 1 :]


def test_parts_are_cut_by_size(files, tmp_path):
    """Parts have about a megabyte, whatever their packing, and begin where marks say."""
    made = [record(f"Number {number}. ".encode() * 3_000, number=number) for number in range(150)]
    for name, codec in (("a.wet", ""), ("b.wet.gz", "gzip")):
        path = tmp_path / name
        path.write_bytes(b"".join(packed(one, codec) for one in made))
        found, parts = files.found(path)
        assert len(documents(found)) == 150
        assert 4 <= len(parts) <= 6
        for number, part in enumerate(parts):
            assert files.found(path, start=Mark(*part.after))[1] == parts[number + 1 :]
