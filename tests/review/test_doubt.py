import json

import pytest

from cleaner import Cleaner, Document
from cleaner.corpus import Reading
from cleaner.errors import InputError
from cleaner.labels import Label
from cleaner.review import Most, gather
from cleaner.review.doubt import Judged, judged, ranked
from cleaner.review.doubt import _closeness as closeness
from cleaner.review.gathering import _Shelf, head_of, key_of


def one(name, close=(), odd=(), foreign=()):
    document = Document(name, "")
    decided = judged(Cleaner(rules_only=True), document).decided._replace(labels=tuple(foreign))
    return Judged(document, None, (), decided, tuple(close), tuple(odd) or (False,) * len(close))


def test_closeness_compares_odds():
    assert closeness(0.5, 0.5) == 1
    assert closeness(2 / 3, 0.5) == pytest.approx(0.5)
    assert closeness(1 / 3, 0.5) == pytest.approx(0.5)
    assert closeness(0, 0.8) < 0.001 > closeness(1, 0.8)


def order(*pool):
    return [pair[0].document.id for pair in ranked(pool)]


def test_documents_near_the_threshold_come_first():
    assert order(one("sure", [0, 0.1]), one("unsure", [0.9, 0.8]), one("half", [0.9, 0])) == ["unsure", "half", "sure"]


def test_documents_where_rules_and_model_differ_come_first():
    assert order(one("agreed", [0.1] * 3), one("differs", [0.1] * 3, [False, True, True])) == ["differs", "agreed"]


def test_documents_with_rare_labels_come_first():
    pool = [one("a", foreign=[Label.AD]), one("b", foreign=[Label.AD]), one("c", foreign=[Label.DONATION, Label.AD])]
    assert order(*pool) == ["c", "a", "b"]
    assert ranked(pool)[0][1].rarest is Label.DONATION


def test_long_documents_are_not_more_doubtful_for_their_length():
    assert order(one("long", [0.1] * 900), one("short", [0.2] * 5)) == ["short", "long"]


def test_a_rule_against_the_model_is_seen():
    sure = "The council met on Monday and voted to close the bridge, its mayor said in a long and calm speech."
    found = judged(Cleaner(threshold=0.9999), Document("a", f"{sure}\nAdvertisement\n{sure}"))
    assert found.odd == (False, True, False)
    assert found.is_doubtful(1)
    assert found.decided.labels == (Label.BODY, Label.AD, Label.BODY)


def test_without_a_model_nothing_differs():
    found = judged(Cleaner(rules_only=True), Document("a", "The council met.\nAdvertisement"))
    assert found.odd == (False, False)


def test_the_order_is_the_same_every_time(folder):
    keys = [[item.key for item in gather(Cleaner(), [folder], Reading(), most=Most(9)).items] for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 3


def test_no_more_is_read_than_asked_for(folder):
    pool = gather(Cleaner(), [folder], Reading(), most=Most(9, 2))
    assert (len(pool.items), pool.read, pool.more) == (2, 2, True)
    assert pool.choice() == "Shown are the first 2 documents; there are more (--read 0 reads all)."
    assert gather(Cleaner(), [folder], Reading(), most=Most(9, 3)).choice() == ""


def test_the_most_doubtful_of_all_are_kept_wherever_they_stand(tmp_path):
    sure = "The council met on Monday and voted to close the bridge, its mayor said in a long and calm speech."
    rows = [{"id": f"sure-{n:02}", "text": f"{sure}\n{sure}"} for n in range(40)]
    for at in (3, 38):
        rows[at] = {
            "id": f"doubtful-{at}",
            "text": f"{sure}\nAdvertisement\nMore to come from Tolna\nRead on: the pier",
        }
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    every = gather(Cleaner(), [path], Reading(), most=Most(99))
    few = gather(Cleaner(), [path], Reading(), most=Most(2))
    assert {item.judged.document.id for item in few.items} == {"doubtful-3", "doubtful-38"}
    assert [item.key for item in few.items] == [item.key for item in every.items[:2]]
    assert few.choice() == "Shown are the 2 most doubtful of 40 documents."
    part = gather(Cleaner(), [path], Reading(), most=Most(2, 30))
    assert part.choice().startswith("Shown are the 2 most doubtful of the first 30 documents; there are more")


def test_no_more_than_twice_the_limit_is_held():
    shelf = _Shelf(3)
    for number in range(50):
        shelf.put(one(f"{number:02}", [number / 50], foreign=[Label.AD]))
        assert len(shelf._held) <= 6
    assert [item.judged.document.id for item in shelf.items()] == ["49", "48", "47"]
    assert (shelf.read, shelf.items()[0].reasons.rarity) == (50, 1 / 50)


def test_what_cannot_be_read_is_left_out_and_told(folder):
    (folder / "page.html").write_bytes(b"%PDF-1.7")
    (folder / "rows.jsonl").write_text('{"text": 7}\n{"id": "row", "text": "The council met."}\n')
    pool = gather(Cleaner(), [folder], Reading(), most=Most(9))
    assert len(pool.items) == 4
    told = sorted(str(fault) for fault in pool.left_out)
    assert ["PDF" in told[0], "line 1" in told[1]] == [True, True]


def test_empty_documents_are_left_out_and_nothing_at_all_is_an_error(folder):
    (folder / "empty.txt").write_text("\n \n")
    pool = gather(Cleaner(), [folder], Reading(), most=Most(9))
    assert (len(pool.items), pool.left_out) == (3, ())
    with pytest.raises(InputError, match="no document with a line"):
        gather(Cleaner(), [folder / "empty.txt"], Reading(), most=Most(9))


def test_records_say_their_site_where_a_url_tells_it(tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [
        {"id": "1", "text": "The council met.", "url": "https://news.example.com/a"},
        {"id": "2", "text": "It voted."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pool = gather(Cleaner(), [path], Reading(), most=Most(9))
    heads = {item.judged.document.id: head_of(item.judged, "en") for item in pool.items}
    assert (heads["1"]["site"], heads["1"]["source"]) == ("news.example.com", "review")
    assert (heads["2"]["site"], heads["2"]["source"], heads["2"]["lang"]) == (None, "review:2", "en")


@pytest.mark.parametrize("url", ["http://[tide.example/a", "http://[::1", "not an address"])
def test_a_document_with_a_broken_address_is_a_site_of_its_own(url):
    head = head_of(judged(Cleaner(), Document("1", "The council met.", url=url)), "en")
    assert (head["site"], head["source"]) == (None, "review:1")


def test_a_text_that_changed_is_another_document():
    assert key_of(Document("a", "One.")) != key_of(Document("a", "Two."))
    assert key_of(Document("a", "\ud800")) == key_of(Document("a", "\ud800"))
