import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.corpus.job import Writing
from cleaner.corpus.plan import plan_run
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus

ENGINE = Cleaner(rules_only=True)
# Cruft between the halves of a character, which become one when it goes.
PIECES = [b"Advertisement", b"(Source: Reuters)", b"word", b"Share this", b"\n", b"\r\n", b"\xc3", b"\xa9", b"\xff"]
raw_texts = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=12).map(b"".join)


def there_and_back(folder, name):
    plan = plan_run([folder / name], str(folder / "clean" / name))
    clean_corpus(ENGINE, plan, Settings(writing=Writing(original="text_original")))
    restore_files(plan.out, plan.reports, folder / "back" / name)
    return folder / "clean" / name, folder / "back" / name


@settings(max_examples=40)
@given(st.lists(raw_texts, min_size=1, max_size=4), st.sampled_from(["a.parquet", "a.arrow"]))
def test_every_text_comes_back_to_the_byte(tmp_path_factory, texts, name):
    folder = tmp_path_factory.mktemp("columns")
    table = pa.table({"n": [[number] for number in range(len(texts))], "text": texts})
    if name == "a.parquet":
        pq.write_table(table, folder / name)
    else:
        with pa.ipc.new_stream(folder / name, table.schema) as writer:
            writer.write_table(table)
    clean, back = there_and_back(folder, name)
    read = pq.read_table if name == "a.parquet" else lambda path: pa.ipc.open_stream(path).read_all()
    assert read(clean)["text_original"].to_pylist() == texts
    assert read(back).equals(table)


@pytest.mark.parametrize("half", [b"\xc3", b"\xe2\x82"])
def test_halves_that_met_are_taken_apart(tmp_path, half):
    other = b"\xa9" if half == b"\xc3" else b"\xac"
    body = b"The council met on Monday and voted to close the bridge over the river.\n"
    texts = [
        body
        + b"It met in the caf"
        + half
        + b"(Source: Reuters)"
        + other
        + b" on Tuesday and went on for hours, officials said.\n"
    ]
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet")
    clean, back = there_and_back(tmp_path, "a.parquet")
    assert half + other in pq.read_table(clean)["text"].to_pylist()[0]
    assert pq.read_table(back)["text"].to_pylist() == texts


def test_scores_have_their_type_where_no_text_has_lines(tmp_path):
    for name, text in (("full", "A line of the body."), ("empty", "")):
        pq.write_table(pa.table({"text": [text]}), tmp_path / f"{name}.parquet")
        plan = plan_run([tmp_path / f"{name}.parquet"], str(tmp_path / f"clean-{name}.parquet"))
        clean_corpus(ENGINE, plan, Settings(writing=Writing(line_scores="quality")))
    full, empty = (pq.read_schema(tmp_path / f"clean-{name}.parquet") for name in ("full", "empty"))
    assert empty.field("quality").type == full.field("quality").type == pa.list_(pa.list_(pa.float64()))
