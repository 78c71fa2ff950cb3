"""Other people's pipelines: one small module for each engine, all through `Cleaner.clean_many`."""
