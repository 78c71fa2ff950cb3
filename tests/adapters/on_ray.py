"""Clean Parquet into Parquet on a local Ray: `python on_ray.py RAW CLEAN NAMES`.

NAMES are those of columns, and settings, in JSON. In a process of its own, as Ray's scheduling
waits for ever when its driver is pytest.
"""

import json
import sys

import ray
import ray.data

from cleaner.adapters.ray import CleanColumns

if __name__ == "__main__":
    raw, clean, names = sys.argv[1:]
    # Two processors are for the actors, which do not share theirs; the others read and write.
    ray.init("local", num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    # Else Ray may make one block of the files, which one actor cleans alone.
    rows = ray.data.read_parquet(raw).repartition(target_num_rows_per_block=100)
    done = rows.map_batches(
        CleanColumns,
        fn_constructor_kwargs=json.loads(names),
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=2),
    )
    done.write_parquet(clean)
