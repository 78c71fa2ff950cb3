import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.corpus.decoding import as_bytes, as_pair, decode, decode_loosely, encode, joints, take_apart
from cleaner.errors import InputError

MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")


@settings(deadline=None)
@given(st.binary().filter(lambda raw: b"\0" not in raw and not raw.startswith(MARKS)))
def test_any_bytes_come_out_as_they_went_in(raw):
    assert encode(decode(raw).text) == raw


def test_stray_bytes_are_counted():
    assert decode("zwölf".encode("latin-1") + "–ü".encode()).stray == 1


def test_byte_order_mark_and_line_ends_stay():
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n").text == "\ufeffa\r\nb\rc\n"


@pytest.mark.parametrize("mark", MARKS)
def test_other_encodings_are_refused_with_the_command_that_converts_them(mark):
    with pytest.raises(InputError, match=r"a\.txt: is UTF-(16|32) text; convert it first: iconv -f UTF-"):
        decode(mark + b"a\0b\0", "a.txt")


def test_binary_data_are_refused_with_the_place():
    with pytest.raises(InputError, match=r"a\.bin, byte 3: holds NUL bytes"):
        decode(b"abc\0", "a.bin")


def test_bytes_that_join_when_read_again_are_taken_apart():
    meant = "café \udcc3" + "\udca9 au lait \udce2\udc82" + "\udcac"
    read = decode_loosely(encode(meant)).text
    places = joints(meant, read, as_bytes)
    assert read == "café é au lait €"
    assert places == (5, 15)
    assert take_apart(read, places, as_bytes) == meant


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([b"\xc3", b"\xa9", b"\xe2", b"\x82\xac", b"\xf0\x9f", b"\x98", b"\x80", b"a", b"\xc3\xa9"])
    )
)
def test_pieces_that_were_decoded_apart_can_be_taken_apart_again(pieces):
    meant = "".join(decode_loosely(piece).text for piece in pieces)
    read = decode_loosely(encode(meant)).text
    assert take_apart(read, joints(meant, read, as_bytes), as_bytes) == meant


def test_surrogates_that_pair_up_in_json_are_taken_apart():
    meant = "a\ud83d" + "\ude00b"
    read = "a\U0001f600b"
    assert joints(meant, read, as_pair) == (1,)
    assert take_apart(read, (1,), as_pair) == meant


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"%PDF-1.7\nno zero byte", "is a PDF; extract its text first"),
        (gzip.compress(b"The council met." * 50, mtime=0), "is compressed with gzip; unpack it first: gunzip"),
        (b"PK\x03\x04\0\0", "is a ZIP archive"),
    ],
)
def test_what_is_no_text_is_named_by_what_it_is(raw, what):
    with pytest.raises(InputError, match=what):
        decode(raw, "a.txt")


def test_a_text_may_begin_as_a_file_of_another_sort():
    assert decode(b"RIFF was a band.").text == "RIFF was a band."
