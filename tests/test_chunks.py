import pytest

from cleaner.chunks import chunks, fault_of
from cleaner.document import Document
from cleaner.errors import InputError


def test_documents_come_in_order_in_chunks_of_bounded_size():
    documents = [Document(str(number), "x" * 300_000) for number in range(10)]
    found = list(chunks(iter(documents)))
    assert [document for chunk in found for document in chunk] == documents
    assert [len(chunk) for chunk in found] == [4, 4, 2]


def test_markup_counts_less_than_text():
    pages = [Document(str(number), "<p>" * 100_000, "html") for number in range(20)]
    assert [len(chunk) for chunk in chunks(iter(pages))] == [14, 6]


@pytest.mark.parametrize("end", ["\n", "\r", "\v", "\f", "\u2028", "\u2029"])
def test_short_lines_fill_a_chunk_before_their_characters_do(end):
    texts = [Document(str(number), f"a{end}" * 10_000) for number in range(20)]
    assert max(len(chunk) for chunk in chunks(iter(texts))) == 5


def test_empty_documents_fill_a_chunk_too():
    assert max(len(chunk) for chunk in chunks(Document(str(number), "") for number in range(3_000))) == 1_024


def test_what_came_before_a_fault_is_delivered_first():
    stream = chunks([Document("a", "x"), Document("b", None)])
    assert [document.id for document in next(stream)] == ["a"]
    with pytest.raises(InputError, match="document 'b'"):
        next(stream)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("a string", "str given where a Document is meant"),
        (Document("a", b"<p>"), r"bytes, not str; decode bytes first \(cleaner.decode_page does it for HTML\)"),
        (Document("a", "x", "pdf"), "no kind 'pdf'; there are text, html"),
        (Document("a", "%PDF-1.4", "html"), "document 'a': is a PDF; extract its text first"),
        (Document("a", "<p>" * 2_000_001, "html"), "has about 2,000,001 tags"),
        (Document("a", f"<pre>{'a' * 20}\n" + "\r\n" * 2_000_000, "html"), "has 2,000,001 line ends; pages up to"),
        (Document("a", "<pre>" + "a\n" * 500_001, "html"), "has more than 500,000 lines, which one page may have"),
        (Document("a", "<pre>" + "a&#10;" * 500_001, "html"), "has more than 500,000 lines, which one page may have"),
        (Document("a", "<p>a" * 500_001, "html"), "has more than 500,000 lines, which one page may have"),
        (Document("a", "a\n" * 500_001), "has more than 500,000 lines, which one text may have; cut it into several"),
        (Document("a", "a\r" * 10_000_000), "document 'a': has more than 500,000 lines"),
        (Document("a", "A few words. " * 500_001), "document 'a': has more than 500,000 lines"),
        (Document("a", ("A few words. " * 7 + "\n") * 80_000), "document 'a': has more than 500,000 lines"),
    ],
)
def test_a_fault_says_what_is_wrong(document, reason):
    with pytest.raises(InputError, match=reason):
        raise fault_of(document)


@pytest.mark.parametrize(
    "document",
    [
        Document("a", ""),
        Document("a", "%PDF-1.4"),
        Document("a", "", "html"),
        Document("a", "<p>a" * 500_000, "html"),
        Document("a", "<b>a</b>\n" * 600_000, "html"),
        Document("a", "a\n" * 500_000),
        Document("a", "A few words. " * 500_000),
        Document("a", "\n" * 20_000_000),
    ],
)
def test_what_can_be_cleaned_has_no_fault(document):
    assert fault_of(document) is None
