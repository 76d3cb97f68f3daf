"""Which models there are, and which of them fit a scene."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from satfusion_qgis.inference.library import ModelLibrary
from satfusion_qgis.inference.suitability import band_order, reason_against
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import Method, SceneInfo
from satfusion_qgis.tasks.model_card import ModelCard

VISIBLE = (("blue", 490), ("green", 560), ("red", 665), ("near infrared", 842))
NETWORK = Method("net", "Net", "pansharpening", "A network.", "", "", runtime="engine")


def card_data(name: str = "net-4", bands: Any = VISIBLE, ratio: float = 4, **changes: Any) -> dict[str, Any]:
    listed = [{"name": band, "wavelength_nm": centre, "width_nm": 60} for band, centre in bands]
    return {
        "format": 1,
        "id": name,
        "title": name,
        "method": "net",
        "task": "pansharpening",
        "configuration": {},
        "inputs": [{"role": "MS", "bands": listed}, {"role": "PAN", "bands": [{"name": "PAN"}]}],
        "output": {"bands": len(listed)},
        "ratio": {"min": ratio, "max": ratio, "trained": ratio},
        "halo": 4,
        "files": [],
        "licence": "MIT",
        **changes,
    }


def card_of(**changes: Any) -> ModelCard:
    return ModelCard.from_data(card_data(**changes), Path("models"))


def scene(bands: int = 4, ratio: float = 4.0, wavelengths: tuple[float, ...] = (), pan_bands: int = 1) -> SceneInfo:
    return SceneInfo(
        bands={"MS": bands, "PAN": pan_bands},
        items={"MS": 1, "PAN": 1},
        ratio={"MS": (ratio, ratio), "PAN": (1.0, 1.0)},
        wavelengths_nm={"MS": wavelengths} if wavelengths else {},
    )


def test_a_scene_that_fits() -> None:
    assert reason_against(card_of(), scene()) is None
    assert reason_against(card_of(), scene(ratio=4.00025)) is None
    assert reason_against(card_of(), scene(wavelengths=(482, 561.5, 654.5, 865))) is None


def test_reasons_against() -> None:
    names = "blue, green, red, near infrared"
    assert reason_against(card_of(), scene(bands=3)) == f"is for 4 bands ({names}), but MS has 3"
    assert reason_against(card_of(), scene(ratio=2)) == "is for a ratio of 4, but MS has pixels 2 times the size"
    assert reason_against(card_of(), scene(pan_bands=2)) == "is for 1 bands (PAN), but PAN has 2"
    infrared = reason_against(card_of(), scene(wavelengths=(865, 1608, 2200, 560)))
    assert infrared == f"is for 4 bands ({names}), but MS has bands at 865, 1608, 2200, 560 nm"


def test_bands_in_another_order_are_found_by_wavelength() -> None:
    item = card_of().input("MS")
    assert band_order(item, scene(wavelengths=(665, 560, 490, 842))) == (2, 1, 0, 3)
    assert band_order(item, scene()) == (0, 1, 2, 3)
    assert band_order(item, scene(wavelengths=(490, 490, 490, 490))) is None


def library(folder: Path, *cards: dict[str, Any]) -> ModelLibrary:
    for data in cards:
        (folder / data["id"]).mkdir(parents=True)
        (folder / data["id"] / "card.json").write_text(json.dumps(data), encoding="utf-8")
    return ModelLibrary([folder, folder / "missing"])


def test_library(tmp_path: Path) -> None:
    models = library(tmp_path, card_data("b"), card_data("a", ratio=2), card_data("bad", halo=-1))
    assert [card.id for card in models.cards()] == ["a", "b"]
    assert len(models.faults()) == 1 and "has halo -1" in models.faults()[0]
    assert models.find("b").id == "b"
    assert models.find(str(tmp_path / "a")).id == "a"
    with pytest.raises(InputError, match="no model 'c'; known are: a, b, or the folder"):
        models.find("c")
    with pytest.raises(InputError, match="has halo -1"):
        models.find(str(tmp_path / "bad"))


def test_the_first_folder_hides_later_ones(tmp_path: Path) -> None:
    library(tmp_path / "shipped", card_data("a", title="shipped"))
    library(tmp_path / "own", card_data("a", title="own"), card_data("b"))
    both = ModelLibrary([tmp_path / "shipped", tmp_path / "own"])
    assert [(card.id, card.title) for card in both.cards()] == [("a", "shipped"), ("b", "b")]


def test_the_model_that_fits(tmp_path: Path) -> None:
    near = card_data("near", ratio=4)
    wide = card_data("wide", ratio=3)
    wide["ratio"] = {"min": 2, "max": 5, "trained": 3}
    models = library(tmp_path, near, wide, card_data("other", method="another"))
    assert models.fitting(NETWORK, scene(ratio=4)).id == "near"
    assert models.fitting(NETWORK, scene(ratio=3)).id == "wide"
    with pytest.raises(InputError, match=r"no weights for Net fit this scene: near is for 4 bands .*; wide is for"):
        models.fitting(NETWORK, scene(bands=8))


def test_no_model_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there are no weights for Net yet; fit one to this scene"):
        ModelLibrary([tmp_path]).fitting(NETWORK, scene())


SATFUSION = Method("satfusion", "SatFusion", "multi_image_pansharpening", "A network.", "", "", runtime="engine")


def satfusion_card(name: str, **changes: Any) -> dict[str, Any]:
    data = card_data(name, method="satfusion", task="multi_image_pansharpening", **changes)
    data["inputs"][0] = {**data["inputs"][0], "role": "REVISITS", "min_count": 2, "max_count": 8}
    return data


def revisits(items: int = 5, ratio: float = 4.0, bands: int = 4) -> SceneInfo:
    return SceneInfo(
        bands={"REVISITS": bands, "PAN": 1},
        items={"REVISITS": items, "PAN": 1},
        ratio={"REVISITS": (ratio, ratio), "PAN": (1.0, 1.0)},
    )


@pytest.mark.parametrize("items", [1, 2, 8, 30])
def test_any_number_of_revisits_fits(items: int) -> None:
    card = ModelCard.from_data(satfusion_card("a"), Path("models"))
    assert reason_against(card, revisits(items)) is None
    assert reason_against(card, revisits(items, 4.06)) is None
    against = reason_against(card, revisits(items, 3))
    assert against == "is for a ratio of 4, but REVISITS has pixels 3 times the size"
    finer = ModelCard.from_data({**satfusion_card("a"), "task": "super_resolution"}, Path("models"))
    assert reason_against(finer, revisits(items, 2)) == "is for a ratio of 4, but RATIO is 2"
    assert reason_against(card, revisits(0)) is not None


def test_the_parts_that_are_asked_for(tmp_path: Path) -> None:
    plain = satfusion_card("plain")
    other = satfusion_card("other", configuration={"encoder": "trmisr", "sharpener": "u2net"})
    models = library(tmp_path, plain, other)

    def chosen(**parameters: str) -> str:
        return models.fitting(SATFUSION, revisits(), parameters).id

    assert chosen() == chosen(ENCODER="any", SHARPENER="any") == "other"
    assert chosen(ENCODER="highresnet") == chosen(SHARPENER="pannet") == "plain"
    assert chosen(ENCODER="trmisr", SHARPENER="u2net") == "other"
    said = r"no weights for SatFusion fit this scene: other has the encoder trmisr, but ENCODER is rams; plain has the "
    with pytest.raises(InputError, match=said + r".*fit one to these revisits \(adapt_satfusion\)"):
        chosen(ENCODER="rams")
