import json
from pathlib import Path

import pytest

from cleaner.lab.extractors import EXTRACTORS, language, lines_of

for _package in ("justext", "readability", "resiliparse", "trafilatura"):
    pytest.importorskip(_package)

BODY = json.loads((Path(__file__).parents[1] / "council.json").read_text("utf-8"))
PAGE = (
    "<html><head><title>Bridge</title></head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><div><article>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    + "<p>Share</p></article></div><footer>Imprint of the house</footer></body></html>"
)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("extractor", EXTRACTORS, ids=lambda extractor: extractor.name)
@pytest.mark.parametrize("lang", ["en", "xx"])
def test_every_extractor_finds_the_body(extractor, lang):
    lines = lines_of(extractor, PAGE, lang)
    assert set(BODY) <= set(lines)
    assert "Imprint of the house" not in lines


@pytest.mark.parametrize(
    ("html", "given", "lang"),
    [
        ("<html lang='de-AT'><body>", None, "de"),
        ("<html lang='de'><body>", "FR", "fr"),
        ("<p>No word of it", None, "en"),
        ("<!-- " + "x" * 20_000 + " --><html lang=pt>", None, "en"),
    ],
)
def test_a_page_is_in_the_language_it_names(html, given, lang):
    assert language(html, given) == lang
