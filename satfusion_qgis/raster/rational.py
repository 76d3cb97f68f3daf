"""Images that are placed by rational polynomial coefficients (RPC) alone: they need orthorectification first."""

from __future__ import annotations

from typing import Any, Optional

from .gdal_calls import geotransform_of, quietly


def has_only_coefficients(dataset: Any) -> bool:
    """Tell whether an open dataset has RPCs and no geotransform."""
    coefficients, _ = quietly(dataset.GetMetadata, "RPC")
    return bool(coefficients) and geotransform_of(dataset) is None


def orthorectify_command(path: str, output: str, dataset: Optional[Any] = None) -> str:
    """Return the command that orthorectifies an image; its UTM zone where the RPCs tell it."""
    target = "EPSG:code"
    coefficients = quietly(dataset.GetMetadata, "RPC")[0] if dataset is not None else None
    if coefficients:
        try:
            target = utm_zone(float(coefficients["LONG_OFF"].split()[0]), float(coefficients["LAT_OFF"].split()[0]))
        except (KeyError, ValueError, IndexError):
            target = "EPSG:code"
    return f'gdalwarp -rpc -to RPC_DEM=dem.tif -t_srs {target} -r cubic "{path}" "{output}"'


def utm_zone(longitude: float, latitude: float) -> str:
    """Return the code of the UTM zone of a place."""
    zone = min(max(int((longitude + 180) // 6) + 1, 1), 60)
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"
