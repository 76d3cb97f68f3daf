"""The report on a fused image and its reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy as np

from .charts import colour_bar, image, nice_ticks, scatter, shown, spectra
from .page import Page, Translate, plain
from .pictures import Detail, Float64, Views, as_colours, stretched
from .png import ERRORS, NO_DATA, coloured, data_uri, png
from .wording import BAND_SCORES, REFERENCE_SCORES, Wording, wording_of

_WIDTH = 320


def reference_report(
    scores: Mapping[str, Any],
    views: Optional[Views] = None,
    wavelengths_nm: Sequence[Optional[float]] = (),
    tr: Translate = plain,
) -> str:
    """Return the report as HTML.

    Args:
        scores: What `assess_reference` gives.
        views: Pictures gathered beside the scores.
        wavelengths_nm: Centre of each band, or None; empty where unknown.
        tr: Translation of texts.
    """
    page = Page(tr("Fused image and reference"), tr)
    page.facts(_facts(scores, tr))
    page.heading(tr("Scores over all bands"))
    page.table([tr("Score"), tr("What it tells"), tr("Value"), tr("Best")], _over_all(scores, tr), words=2)
    if "registered" in scores:
        _registered(page, scores, tr)
    page.heading(tr("Scores of each band"))
    _band_table(page, scores, tr)
    if views is not None:
        page.heading(tr("Views"))
        add_views(page, scores, views, (tr("Reference"), tr("Fused image"), tr("Error")), tr)
        add_details(page, views, tr)
    page.heading(tr("Mean spectra"))
    add_spectra(page, scores, wavelengths_nm, (tr("Reference"), tr("Fused image")), tr)
    if views is not None:
        _scatter(page, scores, views, tr)
    _definitions(page, scores, tr)
    return page.html()


def unit_of(wording: Wording, units: str) -> str:
    """Return the unit of a score of images in `units`."""
    return units if wording.unit == "image" else wording.unit


def _facts(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    pixels = scores["pixels"]
    rows, columns = scores["size"]
    area = tr("{} x {} pixels").format(columns, rows)
    if scores.get("border"):
        area += tr(", without a border of {} pixels").format(scores["border"])
    used = tr("{} used, {} masked, {} not finite").format(pixels["used"], pixels["masked"], pixels["not_finite"])
    ranges = {"bits": tr("from the number of bits"), "reference": tr("highest value of the reference"), "given": ""}
    source = ranges.get(scores.get("data_range_from", ""), "")
    data_range = f"{shown(scores['data_range'])} {scores['units']}" + (f" ({source})" if source else "")
    return [
        (tr("Fused image"), str(scores.get("fused", ""))),
        (tr("Reference"), str(scores.get("reference", ""))),
        (tr("Units"), str(scores["units"])),
        (tr("Protocol"), tr("Both images in physical units, compared pixel by pixel on one grid")),
        (tr("Ratio (MS pixel / PAN pixel)"), f"{scores['ratio']:g}"),
        (tr("Area"), area),
        (tr("Pixels"), used),
        (tr("Data range (PSNR, SSIM)"), data_range),
        (tr("Windows"), tr("UQI {} x {}, Q2n blocks {} x {}").format(*_windows(scores))),
    ]


def _windows(scores: Mapping[str, Any]) -> tuple[int, int, int, int]:
    uqi, block = scores["uqi_window"], scores["q2n_blocks"]["side"]
    return uqi, uqi, block, block


def _over_all(scores: Mapping[str, Any], tr: Translate) -> list[list[str]]:
    rows = []
    for item in REFERENCE_SCORES:
        unit = unit_of(item, scores["units"])
        value = shown(scores["all"][item.key])
        rows.append([tr(item.title), tr(item.meaning), f"{value} {unit}".strip(), item.best])
    return rows


def _registered(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    """Add the plain scores and the registered ones, side by side."""
    found = scores["registered"]
    down, right = found["shift"]
    page.heading(tr("Plain and registered scores"))
    page.text(
        tr("The plain scores compare each pixel with the reference's pixel at the same place, as the georeferencing "
           "says. The registered ones (PROBA-V) first lay the fused image, without a border of {} pixels, on the "
           "reference at every whole shift up to that many pixels, add to each band the mean difference over the clear "
           "pixels, and take what suits best: they forgive a small shift and a constant, not a change of contrast.")
        .format(found["border"]),
        tr("Data range of both: {} {}.").format(shown(scores["data_range"]), scores["units"]),
        tr("What suits best: {} rows and {} columns down and to the right of the fused image; {} clear pixels.")
        .format(down, right, found["pixels"]),
    )  # fmt: skip
    head = [
        tr("Band"), tr("PSNR [dB], plain"), tr("cPSNR [dB], registered"), tr("SSIM, plain"), tr("cSSIM, registered"),
        tr("Added [{}]").format(scores["units"]),
    ]  # fmt: skip
    rows = []
    for plain_scores, own in zip(scores["bands"], found["bands"]):
        values = (plain_scores["psnr"], own["cpsnr"], plain_scores["ssim"], own["cssim"], own["bias"])
        rows.append([str(plain_scores["name"]), *(shown(value) for value in values)])
    both = scores["all"]["psnr"], found["all"]["cpsnr"], scores["all"]["ssim"], found["all"]["cssim"]
    rows.append([tr("All bands"), *(shown(value) for value in both), ""])
    page.table(head, rows, marked=[*("" for _ in scores["bands"]), "total"])


def _band_table(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    head = [tr("Band")]
    for key in BAND_SCORES:
        item = wording_of(key)
        unit = unit_of(item, scores["units"])
        head.append(f"{tr(item.title)} [{unit}]" if unit else tr(item.title))
    rows = [[str(band["name"]), *(shown(band[key]) for key in BAND_SCORES)] for band in scores["bands"]]
    rows.append([tr("All bands"), *(shown(scores["all"][key]) for key in BAND_SCORES)])
    marked = [*("" for _ in scores["bands"]), "total"]
    page.table(head, rows, marked=marked)


def add_views(page: Page, scores: Mapping[str, Any], views: Views, titles: tuple[str, str, str], tr: Translate) -> None:
    """Add the two images and the map of their differences, with its legend.

    Args:
        page: Where to.
        scores: With the names of the bands and the units.
        views: The pictures.
        titles: Titles of the three, translated.
        tr: Translation of texts.
    """
    names = [str(band["name"]) for band in scores["bands"]]
    if len(views.shown) == 3:
        shown_bands = tr("Red, green and blue show {}.").format(", ".join(names[band] for band in views.shown))
    else:
        shown_bands = tr("Shown is {}.").format(names[views.shown[0]])
    sentences = [shown_bands, tr("Both views have one stretch, from 1 % to 99 % of the first.")]
    if views.step > 1:
        sentences.append(tr("Each point is the mean of {} x {} pixels.").format(views.step, views.step))
    page.text(*sentences, tr("Grey: no data."), note=True)
    highest = error_limit(views.error)
    looks = [as_colours(stretched(one, views.reference), NO_DATA) for one in (views.reference, views.test)]
    looks.append(coloured(views.error / highest, ERRORS))
    width, height = _shown_size(views.error.shape)
    cells = [
        (title, image(data_uri("image/png", png(look)), width, height, title)) for title, look in zip(titles, looks)
    ]
    legend = colour_bar(ERRORS, highest, tr("RMSE over all bands [{}]").format(scores["units"]), width)
    cells[2] = (cells[2][0], f"{cells[2][1]}<br>{legend}")
    page.figures(cells, 3)


def add_details(page: Page, views: Views, tr: Translate) -> None:
    """Add the middle of the images, pixel by pixel; PAN has a stretch of its own."""
    if not views.details:
        return
    names = {"reference": tr("Reference"), "fused": tr("Fused image"), "ms": "MS", "pan": "PAN"}
    first = views.details[0].image
    page.text(tr("The middle of the area, pixel by pixel:"), note=True)
    cells = []
    for part in views.details:
        like = part.image if part.name == "pan" else first
        cells.append((names[part.name], detail_figure(part, like, names[part.name])))
    page.figures(cells, 3)


def detail_figure(detail: Detail, like: Float64, text: str) -> str:
    """Return a small part of an image, enlarged, with the stretch of another."""
    look = as_colours(stretched(detail.image, like), NO_DATA)
    rows, columns = detail.image.shape[-2:]
    factor = max(1, round(_WIDTH / max(rows, columns)))
    big = look.repeat(factor, axis=0).repeat(factor, axis=1)
    width, height = _shown_size((rows, columns))
    return image(data_uri("image/png", png(big)), width, height, text)


def error_limit(error: Float64) -> float:
    """Return a round value near the largest errors, where the colours of the error map end."""
    known = error[np.isfinite(error)]
    high = float(np.percentile(known, 99)) if known.size else 0.0
    if high <= 0:
        return 1.0
    ticks = nice_ticks(0.0, high, 8)
    return ticks[-1] + (ticks[1] - ticks[0]) if ticks[-1] < high * (1 - 1e-9) else ticks[-1]


def _shown_size(cells: tuple[int, ...]) -> tuple[int, int]:
    """Width and height of a view on the page: as wide as the others, but never higher than 1.5 times its width."""
    rows, columns = cells
    width = min(_WIDTH, max(120, round(1.5 * _WIDTH * columns / rows)))
    return width, max(1, round(width * rows / columns))


def add_spectra(
    page: Page,
    scores: Mapping[str, Any],
    wavelengths_nm: Sequence[Optional[float]],
    names: tuple[str, str],
    tr: Translate,
) -> None:
    """Add the mean spectra of both images, by wavelength where all are known, else by band."""
    bands = scores["bands"]
    known = [value for value in wavelengths_nm if value is not None]
    with_wavelengths = len(known) == len(bands)
    places = known if with_wavelengths else [float(band["band"]) for band in bands]
    labels = [] if with_wavelengths or len(bands) > 10 else [_short(str(band["name"])) for band in bands]
    lines = [
        (names[0], [band["reference_mean"] for band in bands]),
        (names[1], [band["test_mean"] for band in bands]),
    ]
    across = tr("Wavelength [nm]") if with_wavelengths else tr("Band")
    page.figures([("", spectra(places, lines, (across, tr("Mean [{}]").format(scores["units"])), labels))], 1)


def _short(name: str) -> str:
    return name if len(name) <= 12 else name[:11] + "…"


def _scatter(page: Page, scores: Mapping[str, Any], views: Views, tr: Translate) -> None:
    page.heading(tr("Values of the bands"))
    page.text(
        tr("Pixels by the value in the reference (across) and in the fused image (upwards); darker is more, on a "
           "logarithmic scale. On the dashed line both are equal. Values beyond the axes are drawn at their ends."),
        note=True,
    )  # fmt: skip
    axes = tr("Reference [{}]").format(scores["units"]), tr("Fused [{}]").format(scores["units"])
    cells = [
        ("", scatter(counts, limits, (str(band["name"]), *axes)))
        for band, counts, limits in zip(scores["bands"], views.histograms, views.ranges)
    ]
    page.figures(cells, 4)


def _definitions(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    page.heading(tr("How the scores are defined"))
    definitions = {**scores["definitions"], **scores.get("registered", {}).get("definitions", {})}
    rows = [[tr(wording_of(key).title), tr(text)] for key, text in definitions.items()]
    page.table([tr("Score"), tr("Definition")], rows, words=2)
    page.text(
        tr("Masked pixels are left out of every score; block scores say below how many blocks were used."), note=True
    )
    blocks = scores["q2n_blocks"]
    positions = scores["positions"]
    page.text(
        tr("Masked pixels are left out of every score."),
        tr("Q2n: {} blocks used, {} left out.").format(blocks["used"], blocks["left_out"]),
        tr("Windows used: SSIM {}, UQI {}, SCC {}.").format(positions["ssim"], positions["uqi"], positions["scc"]),
        note=True,
    )
