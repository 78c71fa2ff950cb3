"""What is asked and answered, checked strictly and described in OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema

from cleaner.cleaning import Cleaner
from cleaner.document import Document
from cleaner.errors import SettingError
from cleaner.labels import LABELS, Label
from cleaner.loopback import Refusal
from cleaner.sites import SITE
from cleaner.split import kind_of

_TOLD = 5
"""Faults of one request that are told."""


def _string(value: object) -> str:
    # Pydantic's own strings cannot hold a lone surrogate, which scraped JSON has now and then.
    if not isinstance(value, str):
        raise ValueError("Input should be a valid string")  # noqa: TRY004 - pydantic gathers ValueError
    return value


Text = Annotated[Any, PlainValidator(_string), WithJsonSchema({"type": "string"})]
LabelName = Annotated[Label, Field(strict=False)]
LabelNames = Annotated[list[LabelName], Field(max_length=len(LABELS))]  # so that faults in it are few
Kind = Literal["auto", "text", "html"]


_URL = "Where it came from; a site memory takes the site from it."
_SITE = "What its site is called, for a site memory; the domain of its url if left out."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Settings(_Strict):
    """Settings of a request; what is left out is as the service was started."""

    mode: Literal["careful", "balanced", "thorough"] | None = Field(None, description="How much body may be lost.")
    keep: LabelNames | None = Field(None, description="Labels to keep although they go by default.")
    drop: LabelNames | None = Field(None, description="Labels to remove although they stay by default.")
    threshold: float | None = Field(None, ge=0, le=1, description="Remove from this score on, whatever the mode.")
    rules_only: bool | None = Field(None, description="Judge by the rules alone.")
    kind: Kind = Field("auto", description="What the texts are; by their looks if not said.")
    to: Literal["text", "markdown"] = Field("text", description="What the kept lines of HTML become.")
    links: bool = Field(default=False, description="Give the addresses of links in Markdown, seen from the url.")
    page_text: bool = Field(default=False, description="Give the visible text of HTML, in which its report has places.")

    def engine(self, default: Cleaner) -> Cleaner:
        """Return *default* with what this request asks for; raises `Refusal` where that contradicts itself."""
        if self.links and self.to != "markdown":
            reason = "links: these are the addresses that Markdown has, and no Markdown is asked for"
            raise Refusal(422, "contradiction", reason, 'add "to": "markdown", or leave links out', place="links")
        asked = {name: getattr(self, name) for name in ("mode", "keep", "drop", "threshold", "rules_only")}
        try:
            return replace(default, **{name: value for name, value in asked.items() if value is not None})
        except SettingError as error:
            raise Refusal(422, "contradiction", str(error), "change one of the settings") from None


class One(Settings):
    """One text or page."""

    text: Text = Field(description="The text, or the markup of a page.")
    id: Text = Field("", description="What the report calls it.")
    url: Text | None = Field(None, description=_URL)
    site: Text | None = Field(None, description=_SITE)

    def documents(self) -> list[Document]:
        """Return the document to clean."""
        return [_document(self, self.id, self.kind)]


class Item(_Strict):
    """One document of a batch."""

    text: Text = Field(description="The text, or the markup of a page.")
    id: Text | None = Field(None, description="What the report calls it; its number in the batch if left out.")
    kind: Kind | None = Field(None, description="What the text is, if not what the batch says.")
    url: Text | None = Field(None, description=_URL)
    site: Text | None = Field(None, description=_SITE)


class Batch(Settings):
    """Several documents with the same settings."""

    items: list[Item] = Field(alias="documents", description="Answered in the same order.")

    def documents(self) -> list[Document]:
        """Return the documents to clean."""
        return [
            _document(item, str(number) if item.id is None else item.id, item.kind or self.kind)
            for number, item in enumerate(self.items)
        ]


def _document(sent: One | Item, name: str, kind: str) -> Document:
    meta = {} if sent.site is None else {SITE: sent.site}
    return Document(name, sent.text, kind_of(sent.text) if kind == "auto" else kind, sent.url, meta)


def asked(model: type[One | Batch], value: Any) -> One | Batch:
    """Check what was sent; raises `Refusal` that names the places of the faults."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{_place(fault)}: {fault['msg'].removeprefix('Value error, ')}" for fault in faults[:_TOLD]]
    more = [f"and {len(faults) - _TOLD} more"] if len(faults) > _TOLD else []
    remedy = "GET /openapi.json describes what can be asked"
    raise Refusal(422, "invalid-request", "; ".join([*told, *more]), remedy, place=_place(faults[0]))


def _place(fault: Mapping[str, Any]) -> str:
    return ".".join(map(str, fault["loc"])) or "the body"


class Removed(BaseModel):
    """One removed stretch, in characters, end exclusive."""

    start: int
    end: int
    label: LabelName
    source: str
    score: float
    text: str


class ReportOf(BaseModel):
    """What was removed from one document; the same record that the command line writes."""

    id: str
    chars: int
    lines: int
    kept_chars: int
    removed: list[Removed]
    model: str | None
    mode: str
    note: str
    kind: str = "text"
    front: str | None = Field(None, description="What took the text out of the page, if that was not our part.")
    expected_f1: float | None = Field(None, description="How well what stays is expected to fit the body of the page.")


class Answer(BaseModel):
    """A cleaned document."""

    text: str
    report: ReportOf
    page_text: str | None = Field(None, description="Only where it was asked for, and only of HTML.")


class Fault(BaseModel):
    """What was wrong, and what to do."""

    code: str
    reason: str
    remedy: str
    place: str = Field(description="Where in the request, if the fault has a place.")


class ErrorAnswer(BaseModel):
    """A request that was not served."""

    error: Fault


class Unread(BaseModel):
    """A document of a batch that could not be cleaned, in its place among the others."""

    id: str
    error: Fault


class Answers(BaseModel):
    """A cleaned batch, in the order in which it came."""

    documents: list[Answer | Unread]


class Models(BaseModel):
    """Names of the models; None where the rules work alone."""

    text: str | None
    html: str | None


class Health(BaseModel):
    """A service that answers."""

    status: Literal["ok"]
    version: str
    models: Models
    held: int = Field(description="Requests that are waiting or being cleaned.")
    places: int = Field(description="How many of them can be held.")
