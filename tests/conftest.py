"""What all tests share: the engine's interpreter of this checkout, unless SATFUSION_PYTHON names another one."""

from __future__ import annotations

import os

from tests.shared_data import checkout_engine

if not os.environ.get("SATFUSION_PYTHON") and checkout_engine().exists():
    os.environ["SATFUSION_PYTHON"] = str(checkout_engine())
