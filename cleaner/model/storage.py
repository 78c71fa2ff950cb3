"""Models on disk: a folder with `card.json` and `weights.npz`, checked before use, no pickle."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import ModelError
from cleaner.labels import LABELS
from cleaner.model.card import Card
from cleaner.model.line_model import Blend, Calibration, LineModel
from cleaner.model.linear import Linear
from cleaner.model.network import Network
from cleaner.model.trees import Forest

_CARD = "card.json"
_WEIGHTS = "weights.npz"
_SEAL = "card_sha256"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zlib.error, zipfile.BadZipFile)
_PARTS: Mapping[str, type[Any]] = {
    "first": Linear,
    "second": Forest,
    "calibration": Calibration,
    "names": Linear,
    "naming": Forest,
    "network": Network,
    "blend": Blend,
    "correction": Linear,
    "renaming": Linear,
}
_OPTIONAL = frozenset({"naming", "network", "blend", "correction", "renaming"})


_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS: Mapping[str, tuple[str, ...]] = {"text": ("lines",), "html": ("pages", "lines")}
"""By kind of document, the shipped models that can judge it, the best first."""


def find_model(kind: str = "text") -> Path | None:
    """Return the folder of the shipped model for *kind*: inside an installed package, else beside the source."""
    for name in _FOLDERS[kind]:
        for models in (_PACKAGE / "models", _PACKAGE.parent / "models"):
            if (models / name / _CARD).is_file():
                return models / name
    return None


@cache
def load_model(folder: Path, fingerprints: tuple[str, ...]) -> LineModel:
    """Load and check a model once per process.

    *fingerprints* are those of today's features, of the kinds of model that will do. Raises `ModelError`
    when the folder holds no model, when card or weights were altered or damaged, or when it was
    made for other features.
    """
    try:
        record = json.loads((folder / _CARD).read_bytes())
        card = Card.from_dict(record)
        content = (folder / _WEIGHTS).read_bytes()
    except OSError as error:
        raise ModelError(f"no model here ({error.strerror}); train one with `cleaner train`", path=folder) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"the card is damaged ({error!r}); install or train the model again", path=folder) from error
    if record.get(_SEAL) != _seal(card):
        raise ModelError("the card was altered; install or train the model again", path=folder)
    digest = hashlib.sha256(content).hexdigest()
    if digest != card.weights_sha256:
        raise ModelError("the weights are not those of the card; install or train the model again", path=folder)
    if card.fingerprint not in fingerprints or card.labels != tuple(LABELS):
        raise ModelError(
            "made for other features than this version's; train it again with `cleaner train`", path=folder
        )
    try:
        return LineModel(card, digest, **_unpack(content))
    except _UNREADABLE as error:
        raise ModelError(f"the weights cannot be read ({error!r})", path=folder) from error


def save_model(folder: Path, card: Card, parts: Mapping[str, Any]) -> LineModel:
    """Write card and weights, the card last; *card* gets the digest of the weights.

    The same parts give the same bytes: the archive carries no dates.
    """
    content = _pack(parts)
    digest = hashlib.sha256(content).hexdigest()
    signed = Card.from_dict(card.as_dict() | {"weights_sha256": digest})
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / _WEIGHTS, content)
    record = {**signed.as_dict(), _SEAL: _seal(signed)}
    _replace(folder / _CARD, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
    return LineModel(signed, digest, **parts)


def _seal(card: Card) -> str:
    """Digest the facts of a card, so that a changed threshold is noticed."""
    return hashlib.sha256(json.dumps(card.as_dict(), sort_keys=True).encode()).hexdigest()


def _pack(parts: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for part, value in parts.items():
            for name, array in value._asdict().items():
                entry = zipfile.ZipInfo(f"{part}.{name}.npy")
                entry.compress_type = zipfile.ZIP_DEFLATED
                raw = io.BytesIO()
                np.lib.format.write_array(raw, np.asarray(array), allow_pickle=False)
                archive.writestr(entry, raw.getvalue())
    return buffer.getvalue()


def _unpack(content: bytes) -> dict[str, Any]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {
            part: sort(**{name: _plain(arrays[f"{part}.{name}"]) for name in sort._fields})
            for part, sort in _PARTS.items()
            if part not in _OPTIONAL or f"{part}.{sort._fields[0]}" in arrays
        }


def _plain(array: NDArray[Any]) -> Any:
    return array.item() if array.ndim == 0 else array


def _replace(path: Path, content: bytes) -> None:
    whole = path.with_name(path.name + ".part")
    whole.write_bytes(content)
    whole.replace(path)
