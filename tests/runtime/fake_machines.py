"""Interpreters, packages and machines for the tests of the engine's environment."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from satfusion_qgis.runtime.machine import LINUX, Machine
from satfusion_qgis.tasks.feedback import Feedback

HEAD = {
    "version": [3, 12, 4],
    "implementation": "cpython",
    "bits": 64,
    "prefix": "/somewhere",
    "base_prefix": "/somewhere",
    "packages_in": [],
    "can_make_environments": True,
}


class Log(Feedback):
    """Keeps what was said; cancels as soon as a line begins with `until`."""

    def __init__(self, until=None):
        self.lines, self.fractions, self.stop, self.until = [], [], False, until

    def progress(self, fraction, remaining_s=None):
        self.fractions.append(fraction)

    def info(self, text):
        self.lines.append(text)
        self.stop = self.stop or (self.until is not None and text.startswith(self.until))

    warning = info

    def cancelled(self):
        return self.stop


def script(path, body):
    """Writes a program in the language of the shell, and returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def interpreter(path, lines=(), then="exit 0", **head):
    """Writes a program that answers a probe with these lines."""
    said = [{**HEAD, **head}, *lines]
    body = "\n".join(f"printf '%s\\n' '{json.dumps(line)}'" for line in said)
    return script(path, f"{body}\n{then}")


def machine(folder, system=LINUX, **changes):
    """Returns a machine whose folders all lie under `folder`, with nothing installed."""
    given = {
        "architecture": "x86_64",
        "variables": {"PATH": "", "SATFUSION_ENGINE_FOLDER": str(folder / "engine")},
        "home": folder / "home",
        "prefix": folder / "prefix",
        "python": (3, 11),
        "macos": 0,
        **changes,
    }
    return Machine(system, **given)


def wheel(folder, name, version, files=None, requires=()):
    """Writes a wheel that pip installs on any Python: by default a package that only knows its version."""
    module = name.replace("-", "_")
    content = {f"{module}/__init__.py": f"__version__ = {version!r}\n"} if files is None else dict(files)
    info = f"{module}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    content[f"{info}/METADATA"] = "\n".join([*lines, *(f"Requires-Dist: {item}" for item in requires)]) + "\n"
    content[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [f"{path},{_sum(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in content.items():
            archive.writestr(inner, text)
    return path


def _sum(text):
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def site_packages(environment):
    """Returns the folder of an environment's packages, on this system."""
    return environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def processes_with(text):
    """Returns the command lines of running programs that hold a text (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if text in line:
            found.append(line)
    return found
