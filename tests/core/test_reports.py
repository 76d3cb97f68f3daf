"""Reports: well-formed, self-contained, escaped, translatable; tables that come back as they went."""

from __future__ import annotations

import base64
import csv
import html.parser
import io
import re
import xml.etree.ElementTree as ElementTree
import zlib
from typing import Any

import numpy as np
import pytest

from satfusion_qgis.assessment.reference import score
from satfusion_qgis.assessment.report.charts import nice_ticks, shown
from satfusion_qgis.assessment.report.pictures import Detail, Pictures, display_bands, value_ranges
from satfusion_qgis.assessment.report.png import ERRORS, coloured, png
from satfusion_qgis.assessment.report.reference import reference_report
from satfusion_qgis.assessment.report.tables import reference_table

VOID = {"meta", "img", "br"}


class Checker(html.parser.HTMLParser):
    """Checks that every element is closed in order, and collects addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("src", "href", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def check_page(page: str) -> Checker:
    """The page is well-formed, needs nothing from outside, and its drawings are well-formed too."""
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert not checker.seen & {"script", "link", "iframe", "object", "svg"}
    assert "@import" not in page and "url(" not in page
    for address in checker.addresses:
        kind, _, data = address.partition(";base64,")
        content = base64.b64decode(data, validate=True)
        if kind == "data:image/svg+xml":
            ElementTree.fromstring(content)
            inner = re.findall(rb'href="([^"]*)"', content)
            assert all(one.startswith(b"data:image/png;base64,") for one in inner)
        else:
            assert kind == "data:image/png" and content.startswith(b"\x89PNG")
    return checker


def pair(bands: int = 4, rows: int = 70, columns: int = 90) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    reference = np.abs(rng.standard_normal((bands, rows, columns)).cumsum(axis=2)) + 5
    return reference, reference + rng.normal(0, 0.3, reference.shape)


def pictures_of(reference: np.ndarray, test: np.ndarray, valid: np.ndarray | None = None) -> Pictures:
    ranges = value_ranges(np.concatenate([reference.reshape(len(reference), -1)], axis=1))
    return Pictures(reference.shape[1:], ranges, display_bands(len(reference)), view=40)


@pytest.mark.parametrize("bands", [1, 2, 4, 13])
def test_the_report_is_whole(bands: int) -> None:
    reference, test = pair(bands)
    names = [f"Band <{number}> & co" for number in range(bands)]
    scores = {**score(reference, test, 4, band_names=names, units="W/m² <x>"), "border": 2, "fused": "a&b.tif"}
    pictures = pictures_of(reference, test)
    pictures.add(reference, test, None, 0, 0)
    views = pictures.result((Detail("reference", reference[:1]), Detail("fused", test[:1])))
    page = check_page(reference_report(scores, views, tr=lambda text: f"«{text}»"))
    for name in names:
        assert name in page.text
    assert "W/m² <x>" in page.text
    assert "a&b.tif" in page.text
    assert "«ERGAS»" in page.text and "«Scores of each band»" in page.text
    assert len(page.addresses) == 3 + 1 + 2 + 1 + bands


def test_a_report_without_pictures_and_with_missing_scores() -> None:
    constant = np.full((1, 40, 40), 3.0)
    page = check_page(reference_report(score(constant, constant, 4)))
    assert "\u2013" in page.text


def test_table_comes_back_as_it_went() -> None:
    reference, test = pair()
    scores = score(reference, test, 4, band_names=["a,b", 'c"d', "e", "f"], units="DN")
    rows = list(csv.DictReader(io.StringIO(reference_table(scores))))
    assert [row["name"] for row in rows] == ["a,b", 'c"d', "e", "f", "all"]
    for row, band in zip(rows, scores["bands"]):
        for key in ("rmse", "mae", "bias", "psnr", "ssim", "uqi", "scc", "cc", "r2", "reference_mean"):
            assert float(row[key]) == band[key], key
        assert row["ergas"] == ""
    for key, value in scores["all"].items():
        assert float(rows[-1][key]) == value, key


def test_views_do_not_depend_on_windows() -> None:
    reference, test = pair()
    valid = np.random.default_rng(1).random(reference.shape[1:]) < 0.8
    valid[:20, :20] = False
    whole, parts = pictures_of(reference, test), pictures_of(reference, test)
    whole.add(reference, test, valid, 0, 0)
    for rows in (slice(0, 33), slice(33, 70)):
        for columns in (slice(0, 50), slice(50, 90)):
            part = np.s_[..., rows, columns]
            parts.add(reference[part], test[part], valid[part], rows.start, columns.start)
    one, two = whole.result(), parts.result()
    for name in ("reference", "test", "error", "histograms"):
        assert np.allclose(getattr(one, name), getattr(two, name), rtol=1e-12, equal_nan=True), name
    assert one.step == 3
    assert one.histograms.sum() == 4 * valid.sum()
    assert np.isnan(one.error[0, 0])
    cell = np.s_[..., 30:33, 30:33]
    assert one.reference[0, 10, 10] == pytest.approx(reference[2][cell][valid[cell]].mean())


def test_png_holds_the_image() -> None:
    image = np.random.default_rng(0).integers(0, 256, (7, 5, 3)).astype(np.uint8)
    data = png(image)
    start = data.index(b"IDAT") + 4
    lines = np.frombuffer(zlib.decompress(data[start : data.index(b"IEND") - 8]), np.uint8).reshape(7, 16)
    assert np.array_equal(lines[:, 1:].reshape(7, 5, 3), image)


def test_colours() -> None:
    made = coloured(np.array([[0.0, 1.0, 2.0, np.nan]]), ERRORS)
    assert tuple(made[0, 0]) == ERRORS[0]
    assert tuple(made[0, 1]) == tuple(made[0, 2]) == ERRORS[-1]
    assert len(set(made[0, 3])) == 1


@pytest.mark.parametrize(
    ("bands", "wavelengths", "expected"),
    [
        (1, (), (0,)),
        (4, (), (2, 1, 0)),
        (4, (480.0, 560.0, 660.0, 830.0), (2, 1, 0)),
        (4, (830.0, 660.0, 560.0, 480.0), (1, 2, 3)),
        (3, (1600.0, 2200.0, 11000.0), (2, 1, 0)),
        (4, (480.0, None, 660.0, 830.0), (2, 1, 0)),
    ],
)
def test_bands_to_show(bands: int, wavelengths: Any, expected: tuple[int, ...]) -> None:
    assert display_bands(bands, wavelengths) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "\u2013"), (0.0, "0"), (1.23456, "1.235"), (0.0123456, "0.01235"), (123456.0, "123\u202f456"),
     (2e-7, "2.000e-07"), (-3.14159, "-3.142")],
)  # fmt: skip
def test_numbers_for_people(value: float | None, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.2, 7.9), (1e-6, 3e-6), (5.0, 5.0), (280.0, 310.0)])
def test_ticks_are_round_and_inside(low: float, high: float) -> None:
    ticks = nice_ticks(low, high)
    assert 1 <= len(ticks) <= 7
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)


def test_the_report_on_a_long_training_stays_small():
    from satfusion_qgis.assessment.report.training import training_report

    exp = {"loss": 0.05, "ergas": 4.0, "sam_degrees": None}
    history = [
        {"step": step, "epoch": step / 7, "seconds": step / 3, "train_loss": 1 / (step + 1) if step else None,
         "validation_loss": 2 / (step + 1), "ergas": 3.0, "sam_degrees": None}
        for step in range(0, 20000, 2)
    ]  # fmt: skip
    found = {"title": "DiCNN", "facts": [("Network", "DiCNN")], "history": history, "exp": exp, "unit": "DN",
             "bands": ["1"], "state": "running", "final": None}  # fmt: skip
    page = training_report(found)
    assert len(page) < 100_000
    assert page.count("data:image/svg+xml") == 2, "one band has no angle"
    assert "19998" in page
    assert "The last 25 of 10000" in page
    whole = training_report({**found, "history": history[:3]})
    assert "The last" not in whole
    assert training_report({**found, "history": []}).startswith("<!DOCTYPE html>")
