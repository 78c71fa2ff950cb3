"""The road: documents in, cleaned documents out, in chunks, one engine for every front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, SupportsFloat

import numpy as np

from cleaner.assembly import assemble
from cleaner.chunks import chunks, fault_of
from cleaner.document import Document, Metadata, Page, Span, Verdict
from cleaner.errors import InputError, SettingError
from cleaner.extraction import FRONTS, extracted, metadata_of
from cleaner.features import fingerprint_of_features
from cleaner.judge import Policy, note
from cleaner.labels import KEPT, LABELS, Label
from cleaner.model import LineModel, find_model, load_model
from cleaner.page_notes import note_on_page
from cleaner.parting import BETAS
from cleaner.report import Cleaned, Judgement, Report
from cleaner.rules import load_rules, rules_digest
from cleaner.sites import SITE, Memory, digest_of, load_memory, site_of
from cleaner.split import HTML, KINDS, TEXT, kind_of, page_of
from cleaner.sweep import Judged, Judges, sweep

MODES = ("careful", "balanced", "thorough")
_NOWHERE = (
    "a site memory helps only where it is known which site a text is of: give its address (url=) or the name of its "
    "site (site=); among many, make it a Document with its url"
)
_UNPLACED = "no-site: neither an address nor a site is given, so the site memory did not help"
_FLOOR = 0.02
"""Lines below this score are not asked what they would be if they went."""
_NOMINAL = 0.5
"""The threshold where none is set: rules have no calibrated scale, and pages find their own."""


@dataclass(frozen=True, slots=True)
class Cleaner:
    r"""Settings of a run; the model and the rules are loaded once per process, not held here.

    >>> Cleaner().clean("Advertisement\nThe bridge was closed on Monday after an inspection.").text
    'The bridge was closed on Monday after an inspection.'

    Raises `SettingError` for a setting that makes no sense.
    """

    mode: str = "balanced"
    """`careful`, `balanced` or `thorough`: how much body may be lost to remove more of the rest."""
    keep: tuple[str, ...] = ()
    """Labels to keep although they are removed by default."""
    drop: tuple[str, ...] = ()
    """Labels to remove although they are kept by default."""
    threshold: float | None = None
    """Probability from which on a line is removed; overrides the mode's."""
    model: str | Path | None = None
    """Folder of a model; None for the shipped one."""
    rules_only: bool = False
    """Let the rules work alone, without any model."""
    kind: str | None = None
    """`text` or `html`: what bare strings are; None to tell by their looks. A `Document` has its own."""

    front: str | None = None
    """`trafilatura`: have it take the text out of HTML, and clean what it leaves; needs the extra `trafilatura`."""
    metadata: bool = False
    """Put title, author, date, site and language of HTML into the reports; needs the extra `trafilatura`."""
    sites: str | Path | None = None
    """File of a site memory (`cleaner sites learn`): lines that a site repeats go more easily. What is cleaned must
    say of which site it is: a `Document` by its `url` or `meta["site"]`, and where it does not, its report notes it."""

    def __post_init__(self) -> None:
        """Check the settings, and make lists of labels tuples so that equal settings hash equal."""
        object.__setattr__(self, "keep", _labels(self.keep))
        object.__setattr__(self, "drop", _labels(self.drop))
        if self.mode not in MODES:
            raise SettingError(f"no mode {self.mode!r}; there are {', '.join(MODES)}")
        at: Any = 0.0 if self.threshold is None else self.threshold
        if not (isinstance(at, SupportsFloat) and 0 <= float(at) <= 1):
            raise SettingError(f"a threshold is a probability from 0 to 1, not {self.threshold!r}")
        if self.kind not in (None, *KINDS):
            raise SettingError(f"no kind {self.kind!r}; there are {', '.join(KINDS)}")
        if self.front not in (None, *FRONTS):
            raise SettingError(f"no front {self.front!r}; there are {', '.join(FRONTS)}")
        if both := set(self.keep) & set(self.drop):
            raise SettingError(f"cannot both keep and drop {', '.join(sorted(both))}")

    def clean(
        self,
        text: str,
        id: str = "",  # noqa: A002 - the record field is called id
        *,
        url: str | None = None,
        site: str | None = None,
    ) -> Cleaned:
        """Clean one text or page; an empty one gives an empty result with a note.

        A site memory knows its site by the name *site*, or else by its address *url*.

        Raises `InputError` when *text* is not a string, `SettingError` for a site memory without either.
        """
        return next(self.clean_many([_document(self, text, id, url, site)]))

    def clean_many(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Clean documents lazily and in order; how they are batched changes nothing in the results."""
        for document, judged in self._judged(documents):
            yield self._assemble(document, judged)

    def judge_many(self, documents: Iterable[Document]) -> Iterator[Judgement]:
        """Clean documents as `clean_many` does, and tell of every line what it would be if it went."""
        for document, judged in self._judged(documents, floor=_FLOOR):
            cleaned = self._assemble(document, judged)
            yield Judgement(cleaned, judged.page.lines, judged.by_name())

    def _judged(self, documents: Iterable[Document], floor: float | None = None) -> Iterator[tuple[Document, Judged]]:
        self.line_model()  # one that is missing is told before the first document is read
        self.site_memory()
        _hold_on_to_memory()
        for chunk in chunks(documents):
            yield from zip(chunk, self._judge(chunk, floor), strict=True)

    def explain(self, document: Document) -> tuple[Page, tuple[Verdict, ...], dict[int, tuple[Span, ...]]]:
        """Return the lines of a document, a verdict on each, and the foreign spans inside kept lines."""
        if fault := fault_of(document):
            raise fault
        judged = next(self._judge([document]))
        return judged.page, judged.verdicts, judged.spans

    @property
    def keeps(self) -> frozenset[Label]:
        """The labels that stay in the text under these settings."""
        return (KEPT | {Label(name) for name in self.keep}) - {Label(name) for name in self.drop}

    def described(self) -> dict[str, Any]:
        """Return everything that the results depend on but the documents, for a manifest: settings, models, rules."""
        models = {kind: self.line_model(kind) for kind in KINDS}
        told = {name: value for name, value in asdict(self).items() if name not in {"model", "keep", "drop", "sites"}}
        return {
            **told,
            "keep": list(self.keep),
            "drop": list(self.drop),
            "models": {kind: None if model is None else model.name for kind, model in models.items()},
            "rules": rules_digest(),
            "sites": None if self.sites is None else digest_of(Path(self.sites)),
        }

    def line_model(self, kind: str = TEXT) -> LineModel | None:
        """Return the model that judges documents of *kind*, None when the rules work alone.

        A model for text given in the settings judges both kinds; one for HTML leaves plain text
        to the shipped model.

        Raises `ModelError` for a damaged or foreign model, and for a given folder without one.
        """
        if self.rules_only:
            return None
        if self.model is not None:
            given = load_model(Path(self.model), tuple(map(fingerprint_of_features, KINDS)))
            if given.kind == TEXT or kind == HTML:
                return given
        folder = find_model(kind)
        return None if folder is None else load_model(folder, _fingerprints(kind))

    def site_memory(self) -> Memory | None:
        """Return what is known of sites; raises `ModelError` for a file that is missing or damaged."""
        return None if self.sites is None else load_memory(Path(self.sites))

    def policy(self, kind: str = TEXT) -> Policy:
        """Return what decides over documents of *kind* under these settings; raises as `line_model` does."""
        model = self.line_model(kind)
        paged = model is not None and model.kind == HTML
        if self.threshold is not None:
            return Policy(float(self.threshold), self.keeps, not paged)
        if model is None:
            return Policy(_NOMINAL, self.keeps)
        if paged:
            return Policy(_NOMINAL, self.keeps, company=False, beta=BETAS[self.mode])
        milder = MODES.index(self.mode) - 1
        return Policy(
            model.threshold(self.mode),
            self.keeps,
            milder=replace(self, mode=MODES[milder]).policy(kind) if milder >= 0 else None,
        )

    def _judge(self, documents: Sequence[Document], floor: float | None = None) -> Iterator[Judged]:
        """Split and judge a chunk, each kind by itself; the results come in the order of the documents."""
        if self.front is not None:
            documents = [extracted(document) if document.kind == HTML else document for document in documents]
        judged = {
            kind: sweep([document for document in documents if document.kind == kind], self._judges(kind), floor)
            for kind in {document.kind for document in documents}
        }
        for document in documents:
            yield next(judged[document.kind])

    def _judges(self, kind: str) -> Judges:
        return Judges(self.line_model(kind), load_rules(), self.site_memory(), self.policy(kind))

    def _assemble(self, document: Document, judged: Judged) -> Cleaned:
        page, verdicts, spans, model, expected, _ = judged
        kind = document.kind
        removed = assemble(page, verdicts, spans)
        front = self.front if kind == HTML else None
        of_html = kind == HTML and front is None  # what a front has taken out is a page of plain text
        chars = len(page.text)
        kept = chars - sum(removal.end - removal.start for removal in removed)
        report = Report(
            id=document.id,
            chars=chars,
            lines=len(page.lines),
            removed=removed,
            model=model,
            mode=self.mode,
            note=(note_on_page(page, kept, expected) if of_html else note(chars, kept, front))
            or self._unplaced(document, page),
            kind=kind,
            front=front,
            metadata=self._metadata(document, page) if self.metadata and kind == HTML else None,
            expected_f1=expected,
        )
        text = report.replay(page.text)
        return Cleaned(text, report, page, document) if of_html else Cleaned(text, report)

    def _unplaced(self, document: Document, page: Page) -> str:
        """Say that the site memory could not help."""
        return _UNPLACED if self.sites is not None and page.lines and not site_of(document) else ""

    def _metadata(self, document: Document, page: Page) -> Metadata:
        facts = page.facts if self.front is None else page_of(document).facts
        return metadata_of(document.body, document.url, facts)


def _fingerprints(kind: str) -> tuple[str, ...]:
    """Return those of the models that can judge *kind*; a model for text can judge HTML too."""
    return (fingerprint_of_features(),) if kind == TEXT else tuple(map(fingerprint_of_features, KINDS))


@cache
def _hold_on_to_memory() -> None:
    """Have glibc keep the memory of one chunk's arrays for the next chunk's.

    At first it hands large blocks back to the system as soon as they are free, and fetching them
    anew, page by page, costs a quarter of a run. Freeing one block of its upper limit, never
    touched, raises that threshold (mallopt(3), M_MMAP_THRESHOLD). Elsewhere it does nothing.
    """
    np.empty((1 << 25) - (1 << 16), np.uint8)


def _labels(names: Any) -> tuple[str, ...]:
    if isinstance(names, str):
        names = names.split(",") if names else ()
    names = tuple(names) if isinstance(names, Iterable) else (names,)
    unknown = [name for name in names if name not in set(LABELS)]
    if unknown:
        raise SettingError(f"no label {unknown[0]!r}; there are {', '.join(LABELS)}")
    return tuple(Label(name).value for name in names)


def _document(
    engine: Cleaner,
    text: Any,
    id: str,  # noqa: A002 - the record field is called id
    url: str | None = None,
    site: str | None = None,
) -> Document:
    """Return a bare text as a document of the engine's kind, or of the kind that it looks like."""
    if engine.sites is not None and not url and not site:
        raise SettingError(_NOWHERE)
    kind = engine.kind or (kind_of(text) if isinstance(text, str) else TEXT)
    return Document(id, text, kind, url, {SITE: site} if site else {})


def clean(text: str, *, url: str | None = None, site: str | None = None, **settings: Any) -> Cleaned:
    r"""Clean one text or HTML page with the shipped model; *settings* are those of `Cleaner`.

    *url* is where it came from and *site* what its site is called; with the setting `sites` one of them must be given.

    What surely is HTML is read as HTML (see `cleaner.split.kind_of`), unless the setting `kind` says otherwise.

    >>> clean("Share this\nThe council met on Monday and voted to close the bridge.").text
    'The council met on Monday and voted to close the bridge.'

    Raises `InputError` when *text* is not a string, `SettingError` for a setting that makes no sense.
    """
    return Cleaner(**settings).clean(text, url=url, site=site)


def clean_many(documents: Iterable[Document | str], **settings: Any) -> Iterator[Cleaned]:
    """Clean documents lazily and in order; bare strings get their number as id.

    >>> [cleaned.text for cleaned in clean_many(["Advertisement", "The council met on Monday."])]
    ['', 'The council met on Monday.']

    Raises, once it is reached, `InputError` for what is neither a `Document` nor a string, and `SettingError` for a
    string where there is a site memory: which site is it of?
    """
    if isinstance(documents, str | bytes):
        raise InputError("one text given where many are meant; use cleaner.clean")
    engine = Cleaner(**settings)
    named = (
        _document(engine, document, str(number)) if isinstance(document, str) else document
        for number, document in enumerate(documents)
    )
    return engine.clean_many(named)
