"""Pages to measure."""

import pytest

from cleaner.features.outline import outline
from cleaner.split.markup import split_markup
from cleaner.stack import stack


@pytest.fixture
def marked():
    """Split pages, stack them and lay out their elements."""

    def lay(*sources):
        pages = [split_markup(source) for source in sources]
        laid = stack(pages)
        return pages, laid, outline(pages, laid)

    return lay
