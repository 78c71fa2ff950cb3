import shutil

import pytest
from hypothesis import settings

# Machines that run tests are shared: a slow example says nothing about the code.
settings.register_profile("search", deadline=None)
# The same examples in every run: what passed before a change is sent in passes after it. `make search` draws new ones.
settings.register_profile("steady", parent=settings.get_profile("search"), derandomize=True)
settings.load_profile("steady")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --no-first-run --disable-component-update "
    "--disable-sync"
)


# Of a module, not of the session: while it runs, no other test can have an event loop.
@pytest.fixture(scope="module")
def chromium():
    """A browser of the system; tests that need one are skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this system")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()
