"""The environment variables of another interpreter: without those with which QGIS sets up its own."""

from __future__ import annotations

from collections.abc import Mapping

_DROPPED = frozenset(
    {
        "GDAL_DATA",
        "GDAL_DRIVER_PATH",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "PROJ_DATA",
        "PROJ_LIB",
        "VIRTUAL_ENV",
        "__PYVENV_LAUNCHER__",
    }
)
_DROPPED_STARTS = ("DYLD_", "PYTHON", "QGIS_")


def clean_environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return variables for an interpreter that is not QGIS's.

    A foreign PYTHONHOME ends a child at its start, a foreign library path loads the wrong libraries into it.

    Args:
        base: The variables at hand.

    Returns:
        A copy without those that lead into QGIS, with UTF-8 on the pipes, and with no folder put ahead of the modules.
    """
    kept = {
        name: value
        for name, value in base.items()
        if name.upper() not in _DROPPED and not name.upper().startswith(_DROPPED_STARTS)
    }
    return {**kept, "PYTHONIOENCODING": "utf-8", "PYTHONSAFEPATH": "1"}
