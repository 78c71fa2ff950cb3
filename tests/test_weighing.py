import numpy as np
import pytest

from cleaner import Cleaner, Document
from cleaner.weighing import weigh

TEXT = (
    "Harbour board meets on Monday\n\nThe harbour board of Tolna met on Monday and voted to close the old pier for the "
    "winter.\n\nSign up for our daily newsletter\n\n"
    "The mayor said that the repairs would begin in the spring of next year."
)
HTML = f"<html><body><main>{''.join(f'<p>{line}</p>' for line in TEXT.split(chr(10)) if line)}</main></body></html>"


@pytest.mark.parametrize(("kind", "body"), [("text", TEXT), ("html", HTML)])
def test_the_weights_explain_the_difference_between_two_lines(kind, body):
    engine, document = Cleaner(), Document("a", body, kind)
    page, *_ = engine.explain(document)
    weighed = weigh(engine, document, page, range(len(page.lines)))
    sums = [sum(weight.weight for weight in of_line.features) for of_line in weighed]
    assert len(sums) == 4
    assert int(np.argmax(sums)) == 2  # the newsletter
    assert sums[2] > sums[1]
    assert weighed[2].features[0].weight > 0
    assert any("newsletter" in part.gram.text for part in weighed[2].grams)


def test_the_weightiest_come_first_and_only_some_lines_are_weighed():
    engine, document = Cleaner(), Document("a", TEXT)
    page, *_ = engine.explain(document)
    (weighed,) = weigh(engine, document, page, [2])
    for sort in (weighed.features, weighed.grams):
        weights = [abs(one.weight) for one in sort]
        assert weights == sorted(weights, reverse=True)
    assert weighed == weigh(engine, document, page, [1, 2])[1]
    assert len(weighed.as_dict(2)["features"]) == 2


def test_rules_alone_weigh_nothing():
    engine, document = Cleaner(rules_only=True), Document("a", TEXT)
    assert weigh(engine, document, engine.explain(document)[0], [0]) == []
