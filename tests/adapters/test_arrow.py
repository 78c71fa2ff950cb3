"""Tables and batches of Arrow."""

import pytest

pytest.importorskip("pyarrow")

import pyarrow as pa

from cleaner.adapters.arrow import clean_arrow
from cleaner.adapters.columns import Columns
from cleaner.errors import InputError

TEXT = "Share this\nThe council met on Monday and voted to close the bridge."
CLEAN = "The council met on Monday and voted to close the bridge."


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
@pytest.mark.parametrize("sort", [pa.Table, pa.RecordBatch])
def test_the_type_of_strings_stays_and_so_do_order_and_nulls(kind, sort):
    texts = pa.array([TEXT, None], getattr(pa, kind)())
    done = clean_arrow(Columns(), sort.from_arrays([texts, pa.array([1, 2])], ["text", "n"]))
    assert isinstance(done, sort)
    assert done.schema.names == ["text", "n", "report"]
    assert done.schema.field("text").type == texts.type
    assert done.column("text").to_pylist() == [CLEAN, None]


def test_encoded_texts_and_columns_of_nulls_become_strings():
    encoded = pa.table({"text": pa.array([TEXT, TEXT]).dictionary_encode()})
    assert clean_arrow(Columns(report=None), encoded).column("text").to_pylist() == [CLEAN] * 2
    nulls = clean_arrow(Columns(report="text2"), pa.table({"text": pa.nulls(2)}))
    assert nulls.schema.types == [pa.string(), pa.string()]


def test_an_empty_batch_has_the_columns_of_a_full_one():
    empty = pa.table({"text": pa.array([], pa.string())})
    full = pa.table({"text": [TEXT]})
    assert clean_arrow(Columns(), empty).schema == clean_arrow(Columns(), full).schema


def test_reports_take_the_place_of_no_column():
    table = pa.table({"text": [TEXT], "report": ["mine"]})
    with pytest.raises(InputError, match=r"there is a column 'report' already.*report="):
        clean_arrow(Columns(), table)
    assert clean_arrow(Columns(report="cleaned"), table).schema.names == ["text", "report", "cleaned"]


@pytest.mark.parametrize("batch", [{"text": TEXT}, {"text": [TEXT]}])
def test_other_batches_are_refused_with_what_asks_for_arrow(batch):
    with pytest.raises(InputError, match=r'dict is given.*batch_format="pyarrow".*mapInArrow'):
        clean_arrow(Columns(), batch)
