import hashlib
import io
import json
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.errors import ModelError
from cleaner.features import BITS, Gram, feature_names, fingerprint_of_features
from cleaner.model import Card, Linear, LineModel, load_model, save_model
from cleaner.model.storage import _seal


@pytest.fixture
def folder(tmp_path, saved):
    return Path(shutil.copytree(saved, tmp_path / "saved"))


def load(folder):
    return load_model(folder, (fingerprint_of_features(),))


def refused(folder):
    """Load a model that must be refused, and return the message, which must name the folder."""
    with pytest.raises(ModelError) as caught:
        load(folder)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def refusal_of(folder):
    """Return the message with which a model is refused, None if it is not."""
    try:
        load(folder)
    except ModelError as error:
        return str(error)
    return None


def rewrite_card(folder, **changes):
    """Change facts of the card and seal it again, as somebody who means it would."""
    path = folder / "card.json"
    record = json.loads(path.read_text("utf-8")) | changes
    record["card_sha256"] = _seal(Card.from_dict(record))
    path.write_text(json.dumps(record), "utf-8")


def sign(folder, content):
    """Put other weights into the folder and their digest onto the card."""
    (folder / "weights.npz").write_bytes(content)
    rewrite_card(folder, weights_sha256=hashlib.sha256(content).hexdigest())


def test_a_saved_model_is_loaded_as_it_was(tmp_path, parts, card):
    saved = save_model(tmp_path / "deep" / "saved", card, parts)
    loaded = load(tmp_path / "deep" / "saved")
    assert loaded.card == saved.card
    assert (loaded.digest, loaded.name) == (saved.digest, saved.name)
    for name, part in parts.items():
        for field, value in part._asdict().items():
            again = getattr(getattr(loaded, name), field)
            assert np.array_equal(again, value)
            assert np.asarray(again).dtype == np.asarray(value).dtype


def test_the_same_parts_give_the_same_bytes(tmp_path, parts, card):
    for name in ("one", "two"):
        save_model(tmp_path / name, card, parts)
    for file in ("card.json", "weights.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_saving_leaves_nothing_but_the_model(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "weights.npz"]


def test_saving_replaces_an_older_model(folder, parts, card):
    newer = save_model(folder, card, parts | {"calibration": parts["calibration"]._replace(margins=np.arange(3))})
    assert load(folder).digest == newer.digest


def test_a_model_is_loaded_once_a_process(folder):
    assert load(folder) is load(folder)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_flipped_bit_in_the_weights_is_refused(folder, share):
    content = bytearray((folder / "weights.npz").read_bytes())
    content[int(share * len(content))] ^= 1
    (folder / "weights.npz").write_bytes(content)
    refused(folder)


CARD_FLIPS = ["weights_sha256", "fingerprint", "labels", "thresholds"]


@pytest.mark.parametrize("key", CARD_FLIPS)
def test_a_flipped_bit_in_what_the_card_must_say_is_refused(folder, key):
    content = bytearray((folder / "card.json").read_bytes())
    at = next(
        at for at in range(content.index(key.encode()) + len(key) + 2, len(content)) if content[at] in b"0123ABab"
    )
    content[at] ^= 1
    (folder / "card.json").write_bytes(content)
    refused(folder)


@pytest.mark.parametrize("missing", [["card.json"], ["weights.npz"], ["card.json", "weights.npz"]])
def test_missing_files_are_refused(folder, missing):
    for name in missing:
        (folder / name).unlink()
    assert "cleaner train" in refused(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    refused(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    refused(tmp_path / "file")


def test_a_folder_in_place_of_the_weights_is_refused(folder):
    (folder / "weights.npz").unlink()
    (folder / "weights.npz").mkdir()
    refused(folder)


def test_a_model_for_other_features_is_refused(folder):
    with pytest.raises(ModelError, match="other features"):
        load_model(folder, ("0" * 16,))


def test_a_model_for_other_labels_is_refused(folder):
    rewrite_card(folder, labels=["body", "advert"])
    assert "cleaner train" in refused(folder)


GARBAGE = {
    "nothing": b"",
    "no json": b"{",
    "not utf-8": b'{"name": "\xff"}',
    "null": b"null",
    "a number": b"1",
    "a list": b"[]",
    "a string": b'"card"',
    "an empty object": b"{}",
    "nulls": json.dumps(dict.fromkeys(("name", "features", "labels", "data", "fingerprint", "thresholds"))).encode(),
    "very deep": b"[" * 100_000,
}


@pytest.mark.parametrize("sort", GARBAGE)
def test_a_card_of_garbage_is_refused(folder, sort):
    (folder / "card.json").write_bytes(GARBAGE[sort])
    assert "card" in refused(folder)


def packed(arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def arrays_of(folder):
    with np.load(folder / "weights.npz") as arrays:
        return dict(arrays)


class Trap:
    """An object that does harm when it is unpickled."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was opened",)


def test_the_trap_works():
    with pytest.raises(pytest.fail.Exception, match="was opened"):
        pickle.loads(pickle.dumps(Trap()))  # noqa: S301 - the trap itself


@pytest.mark.parametrize("name", ["first.weights", "second.scale", "calibration.margins"])
def test_a_pickle_in_signed_weights_is_not_opened(folder, name):
    sign(folder, packed(arrays_of(folder) | {name: np.array([Trap()], object)}))
    refused(folder)


def test_a_pickle_as_signed_weights_is_not_opened(folder):
    sign(folder, pickle.dumps(Trap()))
    refused(folder)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9, 0.9999])
def test_cut_off_weights_are_refused_even_if_signed(folder, share):
    content = (folder / "weights.npz").read_bytes()
    sign(folder, content[: int(share * len(content))])
    refused(folder)


def test_damaged_weights_are_refused_even_if_signed(saved, tmp_path):
    content = (saved / "weights.npz").read_bytes()
    whole = arrays_of(saved)
    refusals = 0
    for at in range(0, len(content) - 4, len(content) // 40):
        folder = Path(shutil.copytree(saved, tmp_path / str(at)))
        sign(folder, content[:at] + bytes(byte ^ 0xFF for byte in content[at : at + 4]) + content[at + 4 :])
        refusal = refusal_of(folder)
        if refusal is None:  # the damage hit what nobody reads, such as a date in the archive's directory
            assert all(np.array_equal(array, whole[name]) for name, array in arrays_of(folder).items())
        else:
            assert str(folder) in refusal
            refusals += 1
    assert refusals > 20


def test_weights_with_a_part_missing_are_refused_even_if_signed(folder):
    arrays = arrays_of(folder)
    del arrays["names.bias"]
    sign(folder, packed(arrays))
    refused(folder)


def test_weights_that_are_no_arrays_are_refused_even_if_signed(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in arrays_of(folder):
            archive.writestr(f"{name}.npy", b"no array")
    sign(folder, buffer.getvalue())
    refused(folder)


def test_a_cleaner_tells_of_a_damaged_model(folder):
    (folder / "weights.npz").write_bytes(b"")
    with pytest.raises(ModelError, match="saved"):
        Cleaner(model=folder).clean("Text.")


def test_a_cleaner_works_with_a_model_of_ones_own(folder):
    cleaned = Cleaner(model=str(folder)).clean("The board met on Monday.\nAdvertisement\nIt went home.")
    assert cleaned.report.model == load(folder).name


def test_a_correction_is_kept_beside_the_parts_and_changes_the_margins(tmp_path, parts, card):
    weights = np.zeros((1 << BITS, 1), np.int16)
    weights[7] = 3
    correction = Linear(weights, np.array([0.5]), np.array([0.0]))
    save_model(tmp_path / "m", card, {**parts, "correction": correction})
    model = load_model(tmp_path / "m", (card.fingerprint,))
    assert model.correction is not None
    assert np.array_equal(model.correction.weights, weights)
    gram = Gram(np.array([7, 8], np.uint32), np.array([0, 1, 2]))
    measured = np.zeros((len(feature_names()), 2), np.float32)
    plain = LineModel(card, "", **parts).margins(measured, [gram], None)
    assert (model.margins(measured, [gram], None) - plain).tolist() == [round(1.5 * 2**20), 0]
