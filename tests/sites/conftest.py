import io

import pytest

from cleaner.sites import learn, load_memory


@pytest.fixture
def taught(tmp_path):
    """Learn from documents into a file, and read it; returns memory and bytes."""
    made = []

    def call(documents, **options):
        path = tmp_path / f"{len(made)}.sites"
        made.append(path)
        held = io.BytesIO()
        learn(documents, held.write, **options)
        path.write_bytes(held.getvalue())
        return load_memory(path)

    return call
