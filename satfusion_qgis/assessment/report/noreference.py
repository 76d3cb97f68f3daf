"""The report on a fused image at full scale, without a reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .charts import shown
from .page import Page, Translate, plain
from .pictures import Views
from .reference import add_details, add_spectra, add_views
from .wording import FULL_SCALE_SCORES, QNR_WARNING


def noreference_report(
    scores: Mapping[str, Any],
    views: Optional[Views] = None,
    wavelengths_nm: Sequence[Optional[float]] = (),
    tr: Translate = plain,
) -> str:
    """Return the report as HTML.

    Args:
        scores: What `compare_full_scale` gives.
        views: Pictures gathered beside the scores.
        wavelengths_nm: Centre of each band, or None; empty where unknown.
        tr: Translation of texts.
    """
    page = Page(tr("Fused image at full scale, without a reference"), tr)
    page.facts(_facts(scores, tr))
    page.heading(tr("Scores"))
    rows = [[tr(item.title), tr(item.meaning), shown(scores["all"][item.key]), item.best] for item in FULL_SCALE_SCORES]
    page.table([tr("Score"), tr("What it tells"), tr("Value"), tr("Best")], rows, words=2)
    page.text(tr(QNR_WARNING))
    _consistency(page, scores, tr)
    if views is not None:
        page.heading(tr("Detail"))
        add_details(page, views, tr)
        page.heading(tr("Views at the scale of MS"))
        titles = ("MS", tr("Fused image, degraded"), tr("Difference"))
        add_views(page, scores, views, titles, tr)
    page.heading(tr("Mean spectra"))
    add_spectra(page, scores, wavelengths_nm, ("MS", tr("Fused image, degraded")), tr)
    _definitions(page, scores, tr)
    return page.html()


def _facts(scores: Mapping[str, Any], tr: Translate) -> list[tuple[str, str]]:
    rows, columns = scores["size"]
    area = tr("{} x {} MS pixels").format(columns, rows)
    if scores["border"]:
        area += tr(", without a border of {} pixels").format(scores["border"])
    gains = sorted(set(scores["mtf_gains"]))
    block = scores["block"]
    return [
        (tr("Fused image"), str(scores["fused"])),
        ("MS", str(scores["ms"])),
        ("PAN", str(scores["pan"])),
        (tr("Units"), str(scores["units"])),
        (tr("Protocol"), tr("Full scale: the fused image is compared with MS and PAN, from which it was made")),
        (tr("Ratio (MS pixel / PAN pixel)"), f"{scores['ratio']:.6g}"),
        (tr("Area"), area),
        (
            tr("MTF gain at Nyquist"),
            tr("MS {}; PAN {}").format(", ".join(f"{gain:g}" for gain in gains), f"{scores['pan_gain']:g}"),
        ),
        (
            tr("Blocks of Q"),
            tr("{} MS pixels, {} fused pixels a side; {} used, {} left out").format(
                block["ms_pixels"], f"{block['fused_pixels']:g}", scores["blocks"]["used"], scores["blocks"]["left_out"]
            ),
        ),
    ]


def _consistency(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    page.heading(tr("Consistency: does the fused image, seen by the MS sensor, equal MS?"))
    units = scores["units"]
    head = [tr("Band"), f"RMSE [{units}]", tr("RMSE [% of mean]"), tr("Bias [{}]").format(units), "CC", "D_s"]
    rows = [
        [
            str(band["name"]),
            shown(band["rmse"]),
            shown(100 * band["rmse"] / abs(band["reference_mean"]) if band["reference_mean"] else None, 3),
            shown(band["bias"]),
            shown(band["cc"]),
            shown(band["d_s"]),
        ]
        for band in scores["bands"]
    ]
    over_all = scores["consistency"]
    total = [tr("All bands"), shown(over_all["rmse"]), "", shown(over_all["bias"]), shown(over_all["cc"])]
    page.table(head, [*rows, [*total, shown(scores["all"]["d_s"])]], marked=[*("" for _ in rows), "total"])
    page.text(
        tr("ERGAS {}, SAM {}°, Q2n {} between the degraded fused image and MS.").format(
            shown(over_all["ergas"]), shown(over_all["sam_degrees"]), shown(over_all["q2n"])
        )
    )


def _definitions(page: Page, scores: Mapping[str, Any], tr: Translate) -> None:
    page.heading(tr("How the scores are defined"))
    titles = {item.key: item.title for item in FULL_SCALE_SCORES}
    rows = [[tr(titles.get(key, "Consistency")), tr(text)] for key, text in scores["definitions"].items()]
    page.table([tr("Score"), tr("Definition")], rows, words=2)
