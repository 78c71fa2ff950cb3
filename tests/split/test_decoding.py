import pytest

from cleaner.errors import InputError
from cleaner.split.decoding import decode_page
from cleaner.split.markup import split_markup

WORD = "Łódź"
DECLARED = {
    "nothing but UTF-8": WORD.encode(),
    "a byte-order mark against a declaration": b"\xef\xbb\xbf<meta charset=iso-8859-2>" + WORD.encode(),
    "UTF-16, little end first": b"\xff\xfe" + WORD.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + WORD.encode("utf-16-be"),
    "UTF-16 without a mark": f"<p>{WORD}".encode("utf-16-le"),
    "meta charset": b"<meta charset='iso-8859-2'>" + WORD.encode("iso-8859-2"),
    "meta http-equiv": b'<META content="text/html; charset=ISO-8859-2" http-equiv=x>' + WORD.encode("iso-8859-2"),
    "meta far down": b"<script>" + b"x" * 3_000 + b"</script><meta charset=windows-1250>" + WORD.encode("cp1250"),
    "an XML declaration": b'<?xml version="1.0" encoding="ISO-8859-2"?>' + WORD.encode("iso-8859-2"),
    "a forgotten declaration": b"<meta charset=iso-8859-1>" + WORD.encode(),
}


@pytest.mark.parametrize("how", DECLARED)
def test_encodings_are_found_as_browsers_do(how):
    assert decode_page(DECLARED[how]).endswith(WORD)


LABELS = [
    ("gb2312", "gb18030", "港务局"),
    ("Shift_JIS", "cp932", "港①"),
    ("euc-kr", "cp949", "똠"),
    ("big5", "big5hkscs", "港"),
    ("koi8-r", "koi8-r", "порт"),
    ("windows-1251", "cp1251", "порт"),
    ("iso-8859-1", "cp1252", "“€”"),
    ("tis-620", "cp874", "ท่า"),
]


@pytest.mark.parametrize(("label", "codec", "word"), LABELS)
def test_labels_mean_what_the_standard_says(label, codec, word):
    assert decode_page(word.encode(codec), charset=label) == word
    assert decode_page(f"<meta charset={label}>".encode() + word.encode(codec)).endswith(word)


def test_the_header_counts_more_than_the_page():
    assert decode_page(b"<meta charset=utf-8>\xb1", charset="iso-8859-2")[-1] == "ą"


@pytest.mark.parametrize("label", ["utf-7", "rot13", "unicode_escape", "idna", "zlib", "no-such", "x" * 40])
def test_labels_that_name_no_encoding_of_pages_are_passed_over(label):
    assert decode_page(b"<p>\\u0041 caf\xe9 +AGE-", charset=label) == "<p>\\u0041 café +AGE-"


def test_bytes_that_the_encoding_lacks_are_marked():
    assert decode_page(b"<meta charset=gbk>a\xff") == "<meta charset=gbk>a\ufffd"


BINARIES = {
    "pdftotext": b"%PDF-1.7\n%\xe2\xe3",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0",
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "GIF": b"GIF89a\1\0",
    "ZIP": b"PK\x03\x04\x14\0",
    "gunzip": b"\x1f\x8b\x08\0",
    "binary data": bytes(range(32)) * 40,
}


@pytest.mark.parametrize("remedy", BINARIES)
def test_what_is_no_page_is_refused_with_a_remedy(remedy):
    with pytest.raises(InputError, match=remedy):
        split_markup(BINARIES[remedy])
    with pytest.raises(InputError, match=remedy):
        split_markup(BINARIES[remedy].decode("latin-1"))


def test_a_page_is_split_the_same_from_bytes_and_from_text():
    raw = "<meta charset=windows-1252><p>Brücke – gesperrt".encode("cp1252")
    assert split_markup(raw) == split_markup(raw.decode("cp1252"))
