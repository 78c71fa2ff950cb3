"""For Ray Data: a class for `map_batches`, of which each actor makes one, and site memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.adapters.arrow import clean_arrow
from cleaner.adapters.columns import Columns
from cleaner.adapters.site_learning import MEMORY, PIECE, SiteColumns
from cleaner.sites import Memory

if TYPE_CHECKING:
    import pyarrow as pa
    from ray.data import Dataset


class CleanColumns(Columns):
    """Cleans Arrow batches: `dataset.map_batches(CleanColumns, batch_format="pyarrow", compute=…)`.

    Actors are asked for with `compute=ray.data.ActorPoolStrategy(size=2)`; what the columns are
    called and the settings go into `fn_constructor_kwargs`.
    """

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Return the batch with the text cleaned and the reports beside it.

        Raises `InputError` for a batch that is not Arrow's, and where the reports would take the place of a column.
        """
        return clean_arrow(self, batch)


def learn_sites(dataset: Dataset, out: str | Path, text: str = "text", **names: Any) -> Memory:
    """Learn what the sites in *dataset* repeat into the file *out* on the driver, as `cleaner sites learn` does.

    It runs at once, and gives the same bytes whatever the blocks are. *names* are `url`, `site` and what
    else `SiteColumns` takes; `CleanColumns` uses the file as its setting `sites`.

    Raises `SettingError` without a column that tells sites, `InputError` where no document does.
    """
    columns = SiteColumns(text, **names)

    def learned(block: pa.Table) -> pa.Table:
        return _table(columns.learn([block]))

    def merged(pieces: pa.Table) -> pa.Table:
        return _table(columns.merge([pieces]))

    # A block at a time: the fewer memories, the less of them is the same.
    pieces = dataset.select_columns(columns.read).map_batches(learned, batch_format="pyarrow", batch_size=None)
    memories = pieces.groupby(PIECE).map_groups(merged, batch_format="pyarrow")
    return columns.finish((row[MEMORY] for row in memories.iter_rows()), out)


def _table(batches: Iterable[pa.RecordBatch]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_batches(batches)
