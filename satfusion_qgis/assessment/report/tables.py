"""Scores as CSV, for spreadsheets: comma, point, one line of titles, empty where a score does not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..bootstrap import METRICS
from .wording import BAND_SCORES, FULL_SCALE_SCORES, REFERENCE_SCORES, REGISTERED_SCORES


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV.

    Args:
        columns: Keys of the values, which are also the titles.
        rows: Values by key; missing ones and None are left empty.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        values = (row.get(column) for column in columns)
        writer.writerow(["" if value is None else value for value in values])
    return stream.getvalue()


def reference_table(scores: Mapping[str, Any]) -> str:
    """Return the scores of `assess_reference`: a line for each band, and one for all bands."""
    keys = [item.key for item in REFERENCE_SCORES]
    columns = ["band", "name", "units", "ratio", "pixels", "reference_mean", "test_mean"]
    columns += [*BAND_SCORES, *(key for key in keys if key not in BAND_SCORES)]
    common = {"units": scores["units"], "ratio": scores["ratio"], "pixels": scores["pixels"]["used"]}
    rows = [{**common, **band} for band in scores["bands"]]
    total = {**common, "band": "all", "name": "all", **scores["all"]}
    if "registered" in scores:
        found = scores["registered"]
        columns += [*(item.key for item in REGISTERED_SCORES), "registered_bias", "shift_rows", "shift_columns"]
        for row, band in zip(rows, found["bands"]):
            row.update(cpsnr=band["cpsnr"], cssim=band["cssim"], registered_bias=band["bias"])
        total.update(found["all"], shift_rows=found["shift"][0], shift_columns=found["shift"][1])
    return table_text(columns, [*rows, total])


def noreference_table(scores: Mapping[str, Any]) -> str:
    """Return the scores of `compare_full_scale`: a line for each band, and one for all bands."""
    keys = [item.key for item in FULL_SCALE_SCORES]
    columns = ["band", "name", "units", "ratio", "reference_mean", "test_mean", "rmse", "bias", "cc"]
    columns += ["sam_degrees", "ergas", "q2n", *keys]
    common = {"units": scores["units"], "ratio": scores["ratio"]}
    rows = [{**common, **band} for band in scores["bands"]]
    total = {**common, "band": "all", "name": "all", **scores["consistency"], **scores["all"]}
    return table_text(columns, [*rows, total])


def methods_table(scores: Mapping[str, Any]) -> str:
    """Return the comparison of `compare_methods`: a line for each method, best first."""
    keys = [item.key for item in REFERENCE_SCORES]
    full = [item.key for item in FULL_SCALE_SCORES]
    columns = ["place", "method", "title", "units", "ratio", "tied_with_best", "tied_with", "seconds", *keys]
    registered = [item.key for item in REGISTERED_SCORES] if scores.get("registered") else []
    with_intervals = [*METRICS, *(["psnr", *registered] if registered else [])]
    columns += [*registered, *(f"{key}_{end}" for key in with_intervals for end in ("low", "high"))]
    columns += [*full, "consistency_ergas", "consistency_rmse", "consistency_cc", "consistency_bias"]
    rows = []
    for method in scores["methods"]:
        row = {**method["scores"], "method": method["id"], "tied_with": " ".join(method["tied_with"])}
        row.update({key: method[key] for key in ("place", "title", "seconds", "tied_with_best")})
        for key in with_intervals:
            row[f"{key}_low"], row[f"{key}_high"] = method["intervals"][key] or (None, None)
        if method["full_scale"]:
            row.update(method["full_scale"]["all"])
            row.update({f"consistency_{key}": value for key, value in method["full_scale"]["consistency"].items()})
        rows.append({"units": scores["units"], "ratio": scores["ratio"], **row})
    return table_text(columns, rows)
