import pytest

from cleaner import Cleaner, Document
from cleaner.corpus.workers import clean_in_processes
from cleaner.errors import CleanerError

DOCUMENTS = [
    Document(str(number), f"Share this\nLine {number} of a text that is long enough.\n") for number in range(600)
]


def test_results_are_those_of_one_process_in_order():
    engine = Cleaner(rules_only=True)
    assert list(clean_in_processes(engine, DOCUMENTS, 2)) == list(engine.clean_many(DOCUMENTS))


def test_reading_stays_only_a_few_chunks_ahead():
    taken = []
    results = clean_in_processes(Cleaner(rules_only=True), (taken.append(n) or DOCUMENTS[0] for n in range(5_000)), 1)
    next(results)
    results.close()
    assert len(taken) < 1_000


def test_an_error_in_a_worker_arrives_as_ours(tmp_path):
    with pytest.raises(CleanerError, match=str(tmp_path)):
        list(clean_in_processes(Cleaner(model=tmp_path / "missing"), DOCUMENTS[:1], 1))
