"""Learn sites of Parquet on a local Ray and clean with that: `python sites_on_ray.py RAW SITES CLEAN BLOCKS BY`.

In a process of its own, as `on_ray.py`. BY is the setting that names the column of the sites, `url` or `site`.
"""

import sys

import ray
import ray.data

from cleaner.adapters.ray import CleanColumns, learn_sites

if __name__ == "__main__":
    raw, sites, clean, blocks, by = sys.argv[1:]
    ray.init("local", num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    rows = ray.data.read_parquet(raw).repartition(int(blocks)).materialize()
    learn_sites(rows, sites, **{by: by}, pieces=5)
    done = rows.map_batches(
        CleanColumns,
        fn_constructor_kwargs={"id": "id", by: by, "sites": sites},
        batch_format="pyarrow",
        batch_size=30,
        compute=ray.data.ActorPoolStrategy(size=2),
    )
    done.write_parquet(clean)
