import io
import itertools
import os
import signal
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import Document
from cleaner.errors import SettingError
from cleaner.sites import learn, merge
from tests.sites.papers import FOOTER, article


def written(documents, **options):
    held = io.BytesIO()
    learn(documents, held.write, **options)
    return held.getvalue()


def merged(memories, **options):
    held = io.BytesIO()
    merge(memories, held.write, **options)
    return held.getvalue()


def line(memory, text, site="harbour.example"):
    return next((known for known in memory.known(site) if known.text == text), None)


def test_a_footer_is_known_with_its_documents_and_its_place(taught):
    memory = taught(article(number) for number in range(7))
    known = line(memory, FOOTER)
    assert (known.documents, known.top, known.end, known.below, known.above) == (7, 0.0, 1.0, "", None)
    assert list(memory.documents) == [7]
    assert not known.varies


def test_lines_of_one_document_only_are_forgotten(taught):
    memory = taught(article(number) for number in range(7))
    assert [known.text for known in memory.known("harbour.example")] == [FOOTER]


def test_a_documents_own_repeats_count_once(taught):
    song = Document("a", "La la la, the refrain goes\nA verse\n" * 50, url="https://song.example/")
    assert list(taught([song]).known("song.example")) == []
    assert line(taught([song, song]), "La la la, the refrain goes", "song.example").documents == 2


def test_what_stands_beside_a_line_is_known_when_it_is_always_the_same(taught):
    def sign_off(number):
        return Document(
            "a", f"News {article(number).body}\nThank you for reading\nUntil the next time", url="http://a.example"
        )

    memory = taught(map(sign_off, range(4)))
    last = line(memory, "Until the next time", "a.example")
    assert (last.above, last.below) == ("Thank you for reading", "")


def test_near_repeats_are_one_line(taught):
    documents = [
        article(at, footer=f"Sign up for our {town} newsletter") for at, town in enumerate(["Oslo", "Rome", "New York"])
    ]
    (known,) = taught(documents).known("harbour.example")
    assert known.documents == 3
    assert known.varies


def test_lines_on_several_sites_are_counted_by_sites(taught):
    documents = [article(number, f"paper{site}.example") for site in range(5) for number in range(2)]
    memory = taught(documents)
    assert int(memory.rows.documents[memory.rows.site == (1 << 32) - 1].max()) == 5


def test_documents_without_a_site_are_counted_and_left_out():
    learned = learn([article(1), Document("b", FOOTER), Document("c", FOOTER)], io.BytesIO().write)
    assert (learned.documents, learned.unnamed, learned.sites) == (1, 2, 1)


@pytest.mark.parametrize("whole", [False, True])
def test_little_memory_gives_the_same_bytes(whole):
    documents = [article(number, f"paper{number % 3}.example") for number in range(120)]
    assert written(documents, whole=whole, budget=4_000) == written(documents, whole=whole)


@given(st.permutations(range(12)))
@settings(max_examples=20)
def test_the_order_of_documents_changes_nothing(order):
    documents = [article(number % 5, f"paper{number % 2}.example") for number in range(12)]
    assert written([documents[at] for at in order]) == written(documents)


@pytest.fixture
def shards():
    return [
        [article(number, f"paper{number % (2 + shard)}.example") for number in range(6 + shard)] for shard in range(3)
    ]


@pytest.mark.parametrize("whole", [False, True])
def test_merging_in_any_order_and_grouping_gives_the_same_bytes(taught, shards, whole):
    memories = [taught(shard, whole=whole) for shard in shards]
    flat = {merged(order) for order in itertools.permutations(memories)}
    assert len(flat) == 1
    first, second, third = memories
    held = io.BytesIO()
    pair = merge([third, first], held.write)
    assert merged([pair, second]) in flat


def test_whole_shards_merged_are_what_one_run_learns(taught, shards):
    memories = [taught(shard, whole=True) for shard in shards]
    everything = [document for shard in shards for document in shard]
    assert merged(memories) == written(everything, whole=True)
    assert merged(memories, lean=True) == written(everything)


def test_updating_a_whole_memory_is_learning_at_once(taught, shards):
    known = taught(shards[0], whole=True)
    assert written(shards[1], known=known, whole=True) == written([*shards[0], *shards[1]], whole=True)


def test_updating_misses_at_most_one_document_of_each_earlier_run(taught):
    known = taught([article(0), article(1, footer="Another line to stand here once")])
    again = taught([article(2), article(3), article(4, footer="Another line to stand here once")], known=known)
    assert line(again, FOOTER).documents == 2
    assert line(again, "Another line to stand here once") is None
    assert again.documents.tolist() == [5]


def test_whole_and_lean_do_not_mix(taught):
    lean, whole = taught([article(1)]), taught([article(1)], whole=True)
    with pytest.raises(SettingError, match="same way"):
        merged([lean, whole])
    with pytest.raises(SettingError, match="same way"):
        written([article(2)], known=whole)
    with pytest.raises(SettingError, match="no site memory"):
        merged([])


HOSTILE = [
    Document("a", "one line\n" * 1_000_000, url="http://a.example"),
    Document("a", "word " * 2_000_000, url="http://a.example"),
    Document("a", "x" * 10_000_000, url="http://a.example"),
    Document("a", "\x00\ufeff\u2028\ud800 lone", url="http://a.example"),
    Document("a", "", url="http://a.example"),
    Document("a", "\n" * 100_000, url="http://a.example"),
    Document("a", "A line of text", url="http://" + "a" * 1_000_000),
    Document("a", "A line of text", meta={"site": "\n\ud800"}),
]


@pytest.mark.parametrize("document", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_documents_are_harmless(taught, document):
    memory = taught([document, document, article(1)])
    assert memory.rows.rows <= 20_000


def test_a_line_a_million_times_on_a_site_is_counted(taught):
    short = [Document("a", "Buy now at the shop", url="http://shop.example")] * 100_000
    assert line(taught(short), "Buy now at the shop", "shop.example").documents == 100_000


def test_a_million_sites_of_one_line_each_stay_small(taught):
    many = (Document("a", "Hello to the world", url=f"http://s{number}.example") for number in range(20_000))
    memory = taught(many)
    assert memory.rows.rows == 1
    assert len(memory.sites) == 20_000


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGKILL])
def test_killed_while_learning_it_leaves_nothing_half(tmp_path, signum):
    script = """
        import sys, time
        from pathlib import Path
        from cleaner.corpus import WholeFile
        from cleaner.document import Document
        from cleaner.sites import learn

        def documents():
            for number in range(10_000):
                yield Document("a", f"line one\\nline two {number}", url="http://a.example")
            print("far enough", flush=True)
            time.sleep(60)

        with WholeFile(Path(sys.argv[1])) as file:
            learn(documents(), file.write)
    """
    out = tmp_path / "known.sites"
    out.write_bytes(b"as before")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), out], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout.readline() == b"far enough\n"
        process.send_signal(signum)
        process.wait()
    assert out.read_bytes() == b"as before"
