"""Runs in place of the worker's own first file: a worker with odd methods, or one that misbehaves from the start.

`SATFUSION_TEST_WORKER` says which.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1] / "satfusion_qgis"


def module(name: str, path: Path) -> ModuleType:
    """A file as a module of some name."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


def main() -> None:
    mode = os.environ.get("SATFUSION_TEST_WORKER", "methods")
    if mode == "silent":
        time.sleep(60)
    if mode == "ends":
        sys.exit("It is too cold. Bye.")
    print("printed by something at the start", flush=True)
    start = module("start", PACKAGE / "runtime" / "start.py")
    incoming, outgoing = start.take_pipes()
    start.load(PACKAGE)
    odd = module("satfusion_qgis.odd_methods", HERE / "odd_methods.py")
    from satfusion_qgis.runtime import in_process, memory, protocol, worker

    in_process.CATALOGUE = odd.WORKER_CATALOGUE
    in_process.ENGINE_CALLS = odd.CALLS
    if mode == "version":
        with os.fdopen(outgoing, "wb") as stream:
            protocol.write_message(stream, protocol.Message("hello", version=protocol.VERSION + 1))
        time.sleep(60)
    if mode == "garbage":
        os.write(outgoing, b'{"kind":"hello","version":%d,"body":{}}\nthis is no message\n' % protocol.VERSION)
        time.sleep(60)
    if mode == "not attached":

        def refuse(description: object) -> None:
            raise OSError("no memory")

        memory.attach = refuse
    if mode == "with a helper" and os.fork() == 0:  # it keeps the pipe open, as a data loader's processes do
        time.sleep(60)
        os._exit(0)
    worker.main(incoming, outgoing)


if __name__ == "__main__":
    main()
