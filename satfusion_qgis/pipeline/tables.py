"""Tables as text, JSON or CSV; and what the pipeline knows of revisits in tables that methods make of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osgeo import osr

from ..raster.gdal_calls import quietly
from ..raster.grid import Grid
from .revisits import Chosen

_REVISIT = "revisit"
_METRES = (("shift_down_px", "shift_down_m", 1), ("shift_right_px", "shift_right_m", 0))


def table_text(rows: Sequence[Mapping[str, Any]], ending: str) -> str:
    """Return a table as CSV where the file's name ends so, else as JSON."""
    if ending.lower() != ".csv":
        return json.dumps(rows, indent=1)
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return " ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else value


def with_revisits(rows: Sequence[Mapping[str, Any]], chosen: Iterable[Chosen], grid: Grid) -> list[dict[str, Any]]:
    """Return a method's rows on revisits with their files and dates, shifts in metres too, and those left out.

    Rows that name no revisit stay as they are.

    Args:
        rows: Rows, in which `revisit` counts those that are used, from 0.
        chosen: The revisits of each role.
        grid: The target grid, for the unit of length.
    """
    found = next(iter(chosen), None)
    if found is None or not rows or _REVISIT not in rows[0]:
        return [dict(row) for row in rows]
    metre = _metres(grid)
    made = []
    for row in rows:
        one, clear = found.revisits[row[_REVISIT]], found.clear[row[_REVISIT]]
        rest = {name: value for name, value in row.items() if name != _REVISIT}
        if metre:
            for pixels, metres, side in _METRES:
                if rest.get(pixels) is not None:
                    rest[metres] = round(rest[pixels] * one.source.grid.pixel[side] * metre, 4)
        made.append({"date": _date(one.moment), "file": one.name, "clear_share": clear, **rest})
    for one, why in found.left_out:
        made.append({"date": _date(one.moment), "file": one.name, "used": False, "outcome": why})
    return made


def _date(moment: Any) -> str:
    return "" if moment is None else moment.isoformat() + "Z"


def _metres(grid: Grid) -> float:
    """Return the metres in a unit of a grid's CRS; 0 where it is in degrees."""
    reference = osr.SpatialReference()
    if quietly(reference.ImportFromWkt, grid.crs)[1] or not reference.IsProjected():
        return 0.0
    return float(reference.GetLinearUnits())
