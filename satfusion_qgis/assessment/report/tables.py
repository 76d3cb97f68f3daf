"""Scores as CSV, for spreadsheets: comma, point, one line of titles, empty where a score does not exist."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .wording import BAND_SCORES, FULL_SCALE_SCORES, REFERENCE_SCORES


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
    return table_text(columns, [*rows, {**common, "band": "all", "name": "all", **scores["all"]}])


def noreference_table(scores: Mapping[str, Any]) -> str:
    """Return the scores of `compare_full_scale`: a line for each band, and one for all bands."""
    keys = [item.key for item in FULL_SCALE_SCORES]
    columns = ["band", "name", "units", "ratio", "reference_mean", "test_mean", "rmse", "bias", "cc"]
    columns += ["sam_degrees", "ergas", "q2n", *keys]
    common = {"units": scores["units"], "ratio": scores["ratio"]}
    rows = [{**common, **band} for band in scores["bands"]]
    total = {**common, "band": "all", "name": "all", **scores["consistency"], **scores["all"]}
    return table_text(columns, [*rows, total])
