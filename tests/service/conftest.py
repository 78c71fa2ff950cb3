import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")
pytest.importorskip("httpx")

from tests.service.process import running


@pytest.fixture(scope="session")
def service():
    with running() as started:
        yield started


@pytest.fixture
def start():
    """Start a service with options of its own: `with start("--documents", "3") as service`."""
    return running
