"""The first file that a worker runs: takes the pipes, loads this package alone, and hands over to `worker`.

The package is loaded from its folder, whose parent never comes onto the path: inside a QGIS profile that is the folder
of all plugins. Whatever prints goes to the error stream from here on, so that it cannot come between messages. This
file also has to be readable for versions of Python that are too old.
"""

import sys

# Python puts this file's folder first on the path, unless it was told not to (3.11 and later).
if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

import importlib.util
import os
from pathlib import Path

OLDEST = (3, 9)


def take_pipes() -> "tuple[int, int]":
    """Return descriptors to read and to write messages; the standard ones lead to nothing and to the error stream."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    return incoming, outgoing


def load(folder: Path) -> str:
    """Import the package in a folder and return its name."""
    name = folder.name
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError("there is no package in " + str(folder))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return name


def main() -> None:
    """Run the worker until it is closed."""
    if sys.version_info[:2] < OLDEST:
        sys.exit("Python 3.9 or later is needed, and this is %d.%d" % sys.version_info[:2])  # noqa: UP031
    incoming, outgoing = take_pipes()
    name = load(Path(__file__).absolute().parent.parent)
    importlib.import_module(name + ".runtime.worker").main(incoming, outgoing)


if __name__ == "__main__":
    main()
