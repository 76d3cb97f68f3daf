"""Says what an interpreter is and what it can import; run in that interpreter, by this file's path.

Standard library only, so that it also works in an environment that is half installed. One JSON line for each
finding goes to the standard output as it is found: when an import ends the interpreter or never comes back, the
lines before say which one. What the packages print goes to the standard error.

    PYTHON runtime/probe.py [PACKAGE ...]
"""

from __future__ import annotations

import json
import os
import struct
import sys
import sysconfig
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any


def say(stream: IO[str], **found: Any) -> None:
    """Write one finding."""
    stream.write(json.dumps(found) + "\n")
    stream.flush()


def this_interpreter() -> dict[str, Any]:
    """Return what the interpreter is."""
    return {
        "version": list(sys.version_info[:3]),
        "implementation": sys.implementation.name,
        "bits": 8 * struct.calcsize("P"),
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "packages_in": sorted({sysconfig.get_paths()[name] for name in ("purelib", "platlib")}),
        "can_make_environments": find_spec("venv") is not None and find_spec("ensurepip") is not None,
    }


def version_of(name: str) -> str:
    """Import a package, and return its version."""
    known = getattr(import_module(name), "__version__", None)
    if known is None:
        from importlib.metadata import version  # not in Python 3.7

        known = version(name)
    return str(known)


def main(packages: Sequence[str]) -> None:
    """Write the findings.

    Args:
        packages: What to import, one after the other.
    """
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    here = Path(__file__).resolve().parent
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != here]  # this folder holds no packages
    say(stream, **this_interpreter())
    for name in packages:
        say(stream, importing=name)
        try:
            say(stream, package=name, version=version_of(name), error="")
        except BaseException as error:  # whatever a damaged package raises
            say(stream, package=name, version="", error=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
