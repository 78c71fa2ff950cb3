import pytest

from cleaner.document import Document
from cleaner.errors import InputError
from cleaner.split import decode_page, page_of, refuse_page, split, visible_text
from cleaner.split.markup import split_markup

PAGE = "<!doctype html><h1>Tides</h1><p>High <b>water</b> at nine.<script>run()</script>"


def test_each_kind_has_its_splitter():
    assert page_of(Document("a", PAGE)) == split(PAGE)
    assert page_of(Document("a", PAGE, "html")) == split_markup(PAGE)


@pytest.mark.parametrize("page", [PAGE, PAGE.encode(), PAGE.encode("utf-16")])
def test_the_visible_text_is_that_of_the_page(page):
    assert visible_text(page) == "Tides\n\nHigh water at nine."


def test_a_header_names_the_encoding():
    assert decode_page("<p>ą".encode("iso-8859-2"), "iso-8859-2") == "<p>ą"
    assert visible_text("<p>ą".encode("iso-8859-2"), "iso-8859-2") == "ą"


@pytest.mark.parametrize("call", [refuse_page, visible_text, lambda page: decode_page(page.encode("latin-1"))])
@pytest.mark.parametrize("page", ["%PDF-1.4", "\x89PNG\r\n\x1a\n"])
def test_what_is_no_page_is_refused(call, page):
    with pytest.raises(InputError, match="is a P"):
        call(page)
