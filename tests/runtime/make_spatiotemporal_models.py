"""Writes small models for spatiotemporal fusion into a folder; run by the engine's interpreter: `... FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.engine.spatiotemporal_models import NAMES, write_model

if __name__ == "__main__":
    wide = {"ratio": {"min": 16, "max": 20, "trained": 16}}
    for one in NAMES:
        write_model(Path(sys.argv[1]), one, 6, wide, **({"ratio": 16} if one == "dcstfn" else {}))
