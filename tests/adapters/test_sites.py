"""A site memory in every front: a line goes because its site repeats it, and stays where the site is unknown."""

import io
import json
import subprocess
import sys

import pytest

from cleaner import Cleaner
from cleaner.adapters.columns import Columns
from cleaner.adapters.rows import clean_rows
from cleaner.errors import InputError, ModelError, SettingError
from cleaner.sites import learn
from tests.sites.papers import SLOGAN, article

pytest.importorskip("publicsuffixlist")

TEXTS = [article(number, footer=SLOGAN).body for number in range(90, 94)]
URLS = ["https://www.harbour.example/a/90", "https://other.example/a", None, "http://harbour.example"]
SITES = ["harbour.example", "Other", None, "Harbour.Example"]
SERVE = ["serve", "--port", "0", "--sites"]
GOES = [True, False, False, True]


def memory(path, site="harbour.example"):
    """Learn from sixty documents that end with the slogan."""
    held = io.BytesIO()
    learn((article(number, site, footer=SLOGAN) for number in range(60)), held.write)
    path.write_bytes(held.getvalue())
    return path


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return str(memory(tmp_path_factory.mktemp("sites") / "known.sites"))


def rows(**columns):
    return {"id": list("abcd"), "text": TEXTS, **columns}


def by_site(texts, reports):
    """Tell of which texts the slogan went, by the site memory."""
    gone = [
        [removal["text"].strip() for removal in record["removed"] if removal["source"] == "site"] for record in reports
    ]
    assert all(SLOGAN in text for text in TEXTS)
    assert [SLOGAN not in text for text in texts] == [SLOGAN in of_text for of_text in gone]
    return [SLOGAN in of_text for of_text in gone]


def in_rows(done):
    return by_site([row["text"] for row in done], [json.loads(row["report"]) for row in done])


def by_datasets(columns, **names):
    datasets = pytest.importorskip("datasets")
    from cleaner.adapters.datasets import CleanColumns

    return in_rows(datasets.Dataset.from_dict(columns).map(CleanColumns(**names), batched=True, batch_size=2).to_list())


def by_polars(columns, **names):
    pl = pytest.importorskip("polars")
    from cleaner.adapters.polars import clean_frame

    lazy = clean_frame(pl.LazyFrame(columns), **names)
    assert clean_frame(pl.DataFrame(columns), **names).equals(lazy.collect())
    return in_rows(lazy.collect().to_dicts())


def by_pandas(columns, **names):
    pd = pytest.importorskip("pandas")
    from cleaner.adapters.pandas import clean_frame

    return in_rows(clean_frame(pd.DataFrame(columns), **names).to_dict("records"))


def by_arrow(columns, **names):
    pa = pytest.importorskip("pyarrow")
    from cleaner.adapters.arrow import clean_arrow

    return in_rows(clean_arrow(Columns(**names), pa.table(columns)).to_pylist())


TABLES = [by_datasets, by_polars, by_pandas, by_arrow]


@pytest.mark.parametrize("clean", TABLES)
def test_the_line_goes_where_the_column_of_addresses_names_the_site(clean, known):
    assert clean(rows(url=URLS), url="url", sites=known) == GOES


@pytest.mark.parametrize("clean", TABLES)
def test_the_line_goes_where_the_column_of_sites_names_it(clean, known):
    assert clean(rows(paper=SITES), site="paper", sites=known) == GOES


@pytest.mark.parametrize("clean", TABLES)
def test_without_a_memory_the_line_stays(clean):
    assert not any(clean(rows(url=URLS), url="url"))


def test_a_name_of_a_site_comes_before_its_address(known):
    there, elsewhere = ["harbour.example"] * 2, [URLS[0]] * 2
    done = clean_rows(Cleaner(sites=known), TEXTS[:2], None, elsewhere, ["Other", None])
    assert [SLOGAN in row.text for row in done] == [True, False]
    done = clean_rows(Cleaner(sites=known), TEXTS[:2], None, ["https://other.example/"] * 2, there)
    assert [SLOGAN in row.text for row in done] == [False, False]


def test_a_memory_without_a_word_about_sites_is_refused(known):
    with pytest.raises(SettingError, match=r"column of addresses \(url=\)"):
        Columns(sites=known)
    with pytest.raises(SettingError, match=r"or that of sites \(site=\)"):
        next(clean_rows(Cleaner(sites=known), TEXTS))


@pytest.mark.parametrize("engine", ["polars", "pandas"])
def test_a_series_says_of_no_site(engine, known):
    pytest.importorskip(engine)
    from importlib import import_module

    series = import_module(engine).Series(TEXTS)
    with pytest.raises(SettingError, match="a series alone has neither"):
        import_module(f"cleaner.adapters.{engine}").clean_series(series, sites=known)


def test_a_memory_that_is_missing_is_told_where_it_is_named(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        Columns(url="url", sites=tmp_path / "none.sites")


def test_another_memory_under_the_same_name_is_another_result(tmp_path):
    datasets = pytest.importorskip("datasets")
    from datasets.fingerprint import Hasher

    from cleaner.adapters.datasets import CleanColumns

    assert datasets
    path = tmp_path / "known.sites"
    prints = []
    for site in ("harbour.example", "harbour.example", "pier.example"):
        memory(path, site)
        prints.append(Hasher.hash(CleanColumns(url="url", sites=str(path))))
    assert prints[0] == prints[1] != prints[2]


def test_ray_takes_the_line(known, clean_on_ray):
    pa = pytest.importorskip("pyarrow")
    assert in_rows(clean_on_ray(pa.table(rows(url=URLS)), url="url", sites=known)) == GOES


def test_spark_takes_the_line_and_tells_a_column_that_is_not_there(known, spark):
    from cleaner.adapters.spark import clean_frame

    frame = spark.createDataFrame(list(zip("abcd", TEXTS, URLS, strict=True)), "id string, text string, url string")
    done = clean_frame(frame, id="id", url="url", sites=known).orderBy("id").collect()
    assert in_rows(done) == GOES
    with pytest.raises(InputError, match="no column is called 'address'; there are id, text, url"):
        clean_frame(frame, url="address", sites=known)


@pytest.mark.parametrize(("key", "values", "how"), [("url", URLS, {}), ("paper", SITES, {"site": "paper"})])
def test_datatrove_reads_the_metadata(known, key, values, how):
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from cleaner.adapters.datatrove import CleanDocuments

    documents = [
        Document(text, str(at), metadata={key: value})
        for at, (text, value) in enumerate(zip(TEXTS, values, strict=True))
    ]
    done = list(CleanDocuments(batch_size=3, sites=known, **how).run([*documents, Document(TEXTS[0], "none")]))
    reports = [json.loads(document.metadata["cleaner"]) for document in done]
    assert by_site([document.text for document in done], reports) == [*GOES, False]


def test_scikit_learn_takes_a_table_of_texts_and_addresses(known):
    pytest.importorskip("sklearn")
    pd = pytest.importorskip("pandas")
    from sklearn.base import clone

    from cleaner.adapters.sklearn import BoilerplateRemover

    remover = clone(BoilerplateRemover(sites=known, reports=True))
    table = pd.DataFrame({"text": TEXTS, "url": URLS})
    for given in (table, table.to_numpy(), list(zip(TEXTS, URLS, strict=True))):
        texts = remover.fit_transform(given)
        assert by_site(texts, [report.as_dict() for report in remover.reports_]) == GOES
    with pytest.raises(InputError, match="a table of two columns is meant"):
        remover.fit(TEXTS)
    with pytest.raises(ModelError, match="cannot be read"):
        BoilerplateRemover(sites="none.sites").fit(table)


def test_the_service_is_started_with_a_memory_and_told_the_sites(known):
    for package in ("fastapi", "uvicorn", "httpx"):
        pytest.importorskip(package)
    from tests.service.process import running

    with running("--sites", known) as service:
        for name, values in (("url", URLS), ("site", SITES)):
            items = [{"text": text, name: value} for text, value in zip(TEXTS, values, strict=True)]
            batch = service.post("/clean-many", {"documents": items}).json()["documents"]
            assert by_site([one["text"] for one in batch], [one["report"] for one in batch]) == GOES
            alone = [service.post("/clean", item).json() for item in items]
            assert [one["text"] for one in alone] == [one["text"] for one in batch]


def test_a_service_that_cannot_tell_sites_does_not_start(known):
    pytest.importorskip("fastapi")
    pytest.importorskip("uvicorn")
    code = f"import sys; sys.modules['publicsuffixlist'] = None; from cleaner.cli import main; main({[*SERVE, known]})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == (
        "Error: telling sites by their addresses needs an optional package; run: pip install 'cleaner[sites]'\n"
    )
