import bz2
import csv
import gzip
import io
import os
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.corpus.formats import table
from cleaner.corpus.formats.table_rows import cells, grammar, rows, value
from cleaner.corpus.parts import Mark, Part, Reading, Reject
from cleaner.errors import InputError

MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


def documents(found):
    return [entry.document.body for entry in found if not isinstance(entry, Reject) and entry.document]


def rejects(found):
    return [entry for entry in found if isinstance(entry, Reject)]


def read(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, strict=True))


def written(made, **dialect):
    out = io.StringIO(newline="")
    csv.writer(out, **dialect).writerows(made)
    return out.getvalue().encode()


def put(tmp_path, data, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_rows_are_documents(files, tmp_path):
    """The header names the fields; ids and addresses come from columns of these names, or from the row."""
    path = put(tmp_path, b'id,url,n,text\r\nx1,http://a.example/,7,"One, two\nand ""three"""\r\n,,8,Plain words\r\n')
    header, first, second = files.found(path)[0]
    assert (header.document, header.line, header.blank) == (None, 0, b"id,url,n,text\r\n")
    assert first.document.id == "x1"
    assert first.document.url == "http://a.example/"
    assert first.document.body == 'One, two\nand "three"'
    assert (second.document.id, second.document.url, second.line) == ("a.csv:2", None, 2)
    assert table.fields(first, "body") == {
        "id": "x1",
        "url": "http://a.example/",
        "n": "7",
        "body": first.document.body,
    }


def test_only_the_text_changes(files, tmp_path):
    """Other cells keep their bytes, quoted or not, and so do line ends, the mark and bytes that are not UTF-8."""
    before = b'\xef\xbb\xbf"a",text,b\r\n"1",plain,\xff\r\n\r\n2,"quoted ""so""",5" disk\n3,,"x\ny"\r'
    after = b'\xef\xbb\xbf"a",text,b\r\n"1",PLAIN,\xff\r\n\r\n2,"QUOTED ""SO""",5" disk\n3,,"x\ny"\r'
    assert files.written(put(tmp_path, before), str.upper) == after


def test_a_text_gets_the_quotes_it_needs(files, tmp_path):
    """A bare cell is quoted where its new text could not be read otherwise; an only cell is never an empty line."""
    path = put(tmp_path, b"n,text\n1,a\n2,b\n3,c\n4,d\n")
    texts = {"a": "x,y", "b": "x\ny", "c": '"x"', "d": '5" disk'}
    out = files.written(path, lambda text: texts.get(text, text))
    assert out == b'n,text\n1,"x,y"\n2,"x\ny"\n3,"""x"""\n4,5" disk\n'
    assert [row[1] for row in read(out)[1:]] == list(texts.values())
    assert files.written(put(tmp_path, b"text\na\n"), lambda _: "") == b'text\n""\n'
    assert files.written(put(tmp_path, b"text\tn\na\t1\n", "a.tsv"), lambda _: "") == b"text\tn\n\t1\n"


def test_added_fields_are_columns(files, tmp_path):
    """The header names them once; lists and objects are JSON."""
    path = put(tmp_path, b"n,text\r\n1,words\r\n2,more")
    added = {"text_original": 'say "so", then', "scores": [[0, 5, 0.5]], "labels": ["é"]}
    out = files.written(path, str.upper, added=added)
    assert out.count(b"text_original") == 1
    assert read(out) == [
        ["n", "text", "text_original", "scores", "labels"],
        ["1", "WORDS", 'say "so", then', "[[0, 5, 0.5]]", '["é"]'],
        ["2", "MORE", 'say "so", then', "[[0, 5, 0.5]]", '["é"]'],
    ]


def test_html_in_one_column_becomes_text_in_another(files, tmp_path):
    """The column of the pages gets the name of the clean text."""
    path = put(tmp_path, b'id,"page"\n1,"<p>a</p>"\n')
    reading = Reading(html_field="page")
    (_, entry), _ = files.found(path, reading)
    assert (entry.document.kind, entry.document.body) == ("html", "<p>a</p>")
    assert table.fields(entry, "text") == {"id": "1", "text": "<p>a</p>"}
    assert files.written(path, lambda _: "a", reading) == b'id,"text"\n1,"a"\n'
    (reject,) = files.found(put(tmp_path, b"page,text\na,b\n"), reading)[0]
    assert 'has a column "text" beside "page"' in reject.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_finds_the_delimiter_by_the_header(files, tmp_path, delimiter):
    """The one by which the header has the text; the output has it too."""
    data = written([["id", "text", "a,b"], ["1", "x;y|z,\t.", "u"]], delimiter=delimiter)
    path = put(tmp_path, data)
    assert documents(files.found(path)[0]) == ["x;y|z,\t."]
    assert read(files.written(path, str.upper), delimiter)[1] == ["1", "X;Y|Z,\t.", "u"]


@pytest.mark.parametrize(("name", "pack"), [("a.csv.gz", gzip.compress), ("a.tsv.bz2", bz2.compress)])
def test_packed_tables(files, tmp_path, name, pack):
    """They are read and written as others; where the data break off, whole rows before are read."""
    data = b"text\n" + b"".join(b"row %d of the harbour\n" % number for number in range(9_000))
    path = put(tmp_path, pack(data), name)
    assert len(documents(files.found(path)[0])) == 9_000
    unpack = gzip.decompress if name.endswith("gz") else bz2.decompress
    assert unpack(files.written(path)) == data
    broken = put(tmp_path, pack(data)[: len(pack(data)) // 2], name)
    found, made = files.found(broken)
    texts = documents(found)
    assert texts == [f"row {number} of the harbour" for number in range(len(texts))]
    assert "data are broken after byte" in rejects(found)[-1].reason
    for number, part in enumerate(made[:-1]):
        assert files.found(broken, start=part.after)[1] == made[number + 1 :]


HEAD = b"n,text\n"
BAD = {
    "too few cells": (b"2\n", "has 1 cells, where the header has 2"),
    "too many cells": (b"2,b,c,d\n", "has more cells, where the header has 2"),
    "text behind a quote": (b'2,"b"c\n', "has text behind the closing quote of cell 2"),
    "NUL": (b"2,a\0b\n", 'holds NUL bytes in "text"'),
    "too long": (b'2,"' + b"long\n" * 300_000 + b'"\n', "over the limit of 1 MB"),
    "too long and bare": (b"2," + b"long " * 300_000 + b"\n", "over the limit of 1 MB"),
    "too long by many": (b'2,"' + b'""\n' * 1_400_000 + b'",,","\r\n', "has 4.2 MB, over the limit of 1 MB"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_faults_are_named_and_survived(files, tmp_path, name, ending):
    """A bad row is a reject; those before and behind it are read."""
    bad, reason = BAD[name]
    data = HEAD + b"1,first\n" + bad + b"3,third\n4,fourth"
    path = put(tmp_path, gzip.compress(data) if ending else data, f"a.csv{ending}")
    found, made = files.found(path, Reading(max_bytes=1_000_000))
    assert documents(found) == ["first", "third", "fourth"]
    (reject,) = rejects(found)
    assert reason in reject.reason
    assert f"row 2 at byte {len(HEAD) + 8}" in reject.reason
    assert (reject.line, reject.raw) == (2, None if "long" in name else bad)
    for number, part in enumerate(made):
        assert files.found(path, Reading(max_bytes=1_000_000), part.after)[1] == made[number + 1 :]


@pytest.mark.parametrize("behind", [1, 300_000])
def test_a_quote_that_is_never_closed_costs_its_line(files, tmp_path, behind):
    """Whether what follows fits in memory or not."""
    rest = b"".join(b'%d,"",\n' % number for number in range(behind))
    for ending, pack in (("", bytes), (".gz", gzip.compress)):
        path = put(tmp_path, pack(b'n,text,x\n1,a,\n2,"broken,\n' + rest), f"a.csv{ending}")
        found, made = files.found(path, Reading(max_bytes=1_000_000))
        assert len(documents(found)) == behind + 1
        (reject,) = rejects(found)
        assert "opens a quote that is never closed" in reject.reason
        assert reject.line == 2
        marks = [part.after for part in made]
        assert marks == sorted(set(marks))
        for number, part in enumerate(made):
            assert files.found(path, Reading(max_bytes=1_000_000), part.after)[1] == made[number + 1 :]


def test_a_pipe_is_not_read_anew_behind_a_quote_that_is_never_closed(files, tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    rows = b"".join(b'%d,"",\n' % number for number in range(10_000))
    writer = Thread(target=(tmp_path / "a.csv").write_bytes, args=(b'n,text,x\n1,a,\n2,"broken,\n' + rows,))
    writer.start()
    found, _ = files.found(tmp_path / "a.csv", Reading(max_bytes=10_000))
    writer.join()
    assert len(documents(found)) == 1
    assert [reject.reason for reject in rejects(found)] == [
        "row 2 at byte 14: opens a quote that is never closed",
        "the rows behind the open quote cannot be read anew from a pipe; save the table as a file",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"id,body\n1,x\n", 'has no column "text" (columns: "id", "body"); name the right one with --text-field'),
        (b"text,text\n1,x\n", 'has more than one column "text"'),
        ("text\nx\n".encode("utf-16"), "is UTF-16 text"),
        ("text\nx\n".encode("utf-16-le"), "holds NUL bytes in its header"),
        (b'"text\n1\n', "has no header that ends"),
        (b"x" * 200_000, "has no header that ends"),
    ],
)
def test_a_file_without_a_good_header_is_refused(files, tmp_path, data, reason):
    """It is one reject, which says why."""
    (reject,), _ = files.found(put(tmp_path, data))
    assert reason in reject.reason
    assert reject.line is None


def test_empty_files_and_bare_headers(files, tmp_path):
    """Of nothing comes nothing, of a header the header."""
    assert files.found(put(tmp_path, b"")) == ([], [])
    for data in (b"text", b"id,text\r\n", b"text\n2,2\n"):
        assert files.written(put(tmp_path, data)) == data.removesuffix(b"2,2\n")


def test_the_header_stands_before_rows_behind_a_fault(files, tmp_path):
    """Also if the first row cannot be read at all."""
    path = put(tmp_path, b"n,text\n1," + b"x" * 2_000_000 + b"\n2,b\n")
    assert files.written(path, reading=Reading(max_bytes=1_000_000)) == b"n,text\n2,b\n"


def test_parts_do_not_end_inside_quotes(files, tmp_path):
    """Rows of many lines stay whole; parts have about a megabyte."""
    text = "A line of the text,\nand one more.\n" * 600
    data = written([["text", "n"], *([f"{number}\n{text}", 'a "b'] for number in range(200))])
    found, made = files.found(put(tmp_path, data))
    assert documents(found) == [f"{number}\n{text}" for number in range(200)]
    assert len(made) == 4


def test_rows_that_begin_where_a_read_ends(files, tmp_path):
    """What is read at a time is no border: line ends and quotes may fall apart there."""
    for size in range(131_060, 131_080):
        data = b'text,n\r\n"' + b"x" * size + b'""y",1\r\n"z""",2\r\n'
        found, _ = files.found(put(tmp_path, data))
        assert documents(found) == ["x" * size + '"y', 'z"']
        assert files.written(put(tmp_path, data)) == data
        long, _ = files.found(put(tmp_path, data), Reading(max_bytes=100_000))
        assert documents(long) == ['z"']


_CELLS = st.text(st.sampled_from('ab"",\n\r;\té\0'), max_size=6)
_DATA = st.text(st.sampled_from('ab"""",,\n\r\n'), max_size=40)


@MANY
@given(_DATA)
def test_reads_what_the_csv_module_reads(data):
    """Rows, cells and faults are those of Python's reader in strict mode."""
    known = grammar(b",")
    raw = data.encode()
    mine = []
    at = 0
    for row in rows(raw, known):
        at += len(row)
        try:
            found = [value(row[begin:end]).decode() for begin, end in cells(row, known)]
            theirs = next(csv.reader(io.StringIO(row.decode(), newline=""), strict=True))
            assert found == theirs or (found == [""] and theirs == [])
        except InputError:
            with pytest.raises(csv.Error):
                list(csv.reader(io.StringIO(row.decode(), newline=""), strict=True))
            return
        mine.append(found)
    if at < len(raw):
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(raw[at:].decode(), newline=""), strict=True))
    elif raw:
        theirs = list(csv.reader(io.StringIO(data, newline=""), strict=True))
        assert mine == [row or [""] for row in theirs]


@MANY
@given(
    st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=8),
    st.sampled_from([*((csv.QUOTE_ALL, end) for end in ("\n", "\r\n", "\r")), (csv.QUOTE_MINIMAL, "\r\n")]),
    st.sampled_from([",", "\t"]),
)
def test_changed_and_changed_back(files, tmp_path_factory, made, style, delimiter):
    """The csv module reads what was meant, and the way back leads to the same bytes."""
    folder = tmp_path_factory.mktemp("t")
    name = "a.csv" if delimiter == "," else "a.tsv"
    quoting, end = style  # with another end, minimal quoting leaves out quotes that its reader needs
    clean = [tuple(cell.replace("\0", "") for cell in row) for row in made]
    dialect = {"quoting": quoting, "lineterminator": end, "delimiter": delimiter}
    data = written([["a", "text", "b"], *clean], **dialect)
    path = put(folder, data, name)
    assert files.written(path) == data
    out = files.written(path, lambda text: f"{text}, and\nmore")
    assert [row[1] for row in read(out, delimiter)[1:]] == [f"{row[1]}, and\nmore" for row in clean]
    changed = files.written(path, lambda text: f"{text}x")
    assert read(changed, delimiter)[1:] == [[row[0], f"{row[1]}x", row[2]] for row in clean]
    if quoting == csv.QUOTE_ALL or not any(mark in row[1] for row in clean for mark in '",\n\r\t'):
        back = put(folder, changed, f"clean-{name}")
        assert files.written(back, lambda text: text.removesuffix("x")) == data


@MANY
@given(st.binary(max_size=80) | _DATA.map(str.encode), st.sampled_from([30, 1_000_000]))
def test_anything_is_survived_and_marks_hold(files, tmp_path_factory, data, limit):
    """Every byte comes out, as a row or a reject, and any mark gives the rest."""
    path = put(tmp_path_factory.mktemp("t"), b"n,text\n" + data)
    reading = Reading(max_bytes=limit)
    found, made = files.found(path, reading)
    assert [entry.line for entry in found] == list(range(len(found)))
    for number, part in enumerate(made):
        assert isinstance(part, Part)
        assert files.found(path, reading, Mark(*part.after))[1] == made[number + 1 :]
    if limit > len(data):
        bytes_out = b"".join(
            one.raw if isinstance(one, Reject) else one.blank if one.document is None else one.record.raw
            for one in found
        )
        assert bytes_out == b"n,text\n" + data
