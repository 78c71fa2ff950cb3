import pytest

from cleaner.lab.alignment import gold_of
from cleaner.lab.extractors import EXTRACTORS, WebPage, lines_of

for _package in ("justext", "readability", "resiliparse", "trafilatura"):
    pytest.importorskip(_package)

BODY = [
    f"The city council of Halden voted on day {day} to close the old bridge for repairs, and the mayor said that it "
    "would be open to the people of the town again before the winter has come, if the money holds out that long."
    for day in ("one", "two", "three", "four")
]
PAGE = (
    "<html><head><title>Bridge</title></head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><div><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    + "<p>Share</p></article></div><footer>Imprint of the house</footer></body></html>"
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda extractor: extractor.name)
@pytest.mark.parametrize("lang", ["en", "xx"])
def test_every_extractor_finds_the_body(extractor, lang):
    lines = lines_of(extractor, WebPage(PAGE, lang, gold_of("\n".join(BODY))))
    assert set(BODY) <= set(lines)
    assert ("Imprint of the house" in lines) == (extractor.kind == "page")


def test_the_container_is_sought_only_where_there_is_gold():
    (container,) = (extractor for extractor in EXTRACTORS if extractor.name == "container")
    assert lines_of(container, WebPage(PAGE, "en", gold_of("\n".join(BODY)))) == (*BODY, "Share")
    assert lines_of(container, WebPage(PAGE, "en", None)) == ()
    assert lines_of(container, WebPage(PAGE, "en", gold_of("Nothing of this page stands here at all"))) == ()
