"""For Ray Data: a class for `map_batches`, of which each actor makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.adapters.arrow import clean_arrow
from cleaner.adapters.columns import Columns

if TYPE_CHECKING:
    import pyarrow as pa


class CleanColumns(Columns):
    """Cleans Arrow batches: `dataset.map_batches(CleanColumns, batch_format="pyarrow", compute=…)`.

    Actors are asked for with `compute=ray.data.ActorPoolStrategy(size=2)`; what the columns are
    called and the settings go into `fn_constructor_kwargs`.
    """

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Return the batch with the text cleaned and the reports beside it."""
        return clean_arrow(self, batch)
