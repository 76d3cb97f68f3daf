"""Runs the tests that touch QGIS on other versions of QGIS, each in a folder of its own, and a static check for Qt 6.

    sudo .venv/bin/python scripts/test_matrix.py               # or: sudo make test-matrix
    sudo .venv/bin/python scripts/test_matrix.py 3.40 qt6      # a part of it

A folder holds a small Debian (debootstrap) with the QGIS of one suite; the machine's own system is left as it is. It is
made once (some minutes, 3 GB) and used again; remove it to have it made afresh. Nothing outside the folder is written,
and what is mounted for a run goes away with the run. Package mirror, name resolution and apt's settings are taken from
this machine. What was found is written to docs/versions.md.

    SATFUSION_MATRIX     where the folders go (build/matrix)
    PYTEST_OPTIONS       more options for pytest
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "versions.md"
BEGIN, END = "<!-- matrix: begin -->", "<!-- matrix: end -->"
LISTS = Path("/etc/apt/sources.list.d")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PACKAGES = ("qgis", "python3-qgis", "qgis-providers", "python3-gdal", "python3-numpy", "fonts-open-sans")
OF_THE_MACHINE = ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt")
CHECKOUT, TEST_TOOLS = "srv/satfusion", "srv/test-tools"
QT_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtXml")
QT_FACING = ("__init__.py", "plugin.py", "compat.py", "algorithms", "gui")
# PyQt 6's types of sip forget that an owner may be None, which gives an object to C++.
LOOSE = "from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n"

# Runs a command inside a folder, with /proc and /dev that vanish when it ends.
ENTER = """
set -e
mount -t proc proc "$0/proc"
mount --rbind /dev "$0/dev"
mount -t tmpfs tmpfs "$0/run"
exec chroot "$0" "$@"
"""

PROBE = """
import json, sys
import numpy
from osgeo import gdal
from qgis.core import Qgis
from qgis.PyQt.QtCore import PYQT_VERSION_STR, QT_VERSION_STR
found = [Qgis.QGIS_VERSION.split("-")[0], sys.version.split()[0], numpy.__version__, gdal.__version__]
print(json.dumps([*found, QT_VERSION_STR, PYQT_VERSION_STR]))
"""


class MatrixError(Exception):
    """A part of the matrix cannot be run."""


@dataclass(frozen=True)
class System:
    """A QGIS in a folder.

    Attributes:
        name: Version of QGIS it is there for.
        base: Debian suite that the folder is made from.
        extra: Suite that QGIS is taken from, where that is another one.
    """

    name: str
    base: str
    extra: str = ""


SYSTEMS = (System("3.40", "bookworm", "bookworm-backports"), System("3.44", "sid"))


@dataclass(frozen=True)
class Found:
    """What came of one part.

    Attributes:
        name: The part.
        versions: QGIS, Python, numpy, GDAL, Qt, PyQt; empty where they do not matter.
        outcome: In words.
        good: Nothing failed.
    """

    name: str
    versions: tuple[str, ...]
    outcome: str
    good: bool


def folder_of(system: System) -> Path:
    """Returns where a system lies."""
    base = Path(os.environ.get("SATFUSION_MATRIX") or ROOT / "build" / "matrix")
    return base.absolute() / f"qgis-{system.name}"


def mirror() -> str:
    """Returns the Debian mirror that this machine installs from."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(LISTS.glob("*.sources"))]
    for stanza in "\n\n".join(texts).split("\n\n"):
        fields = dict(re.findall(r"^(\w[\w-]*):[ \t]*(.*)$", stanza, re.MULTILINE))
        if _is_debian(fields.get("Suites", ""), fields.get("Components", "")):
            return fields["URIs"].split()[0]
    lines = [path.read_text(encoding="utf-8") for path in sorted(LISTS.glob("*.list"))]
    lines += [path.read_text(encoding="utf-8") for path in [Path("/etc/apt/sources.list")] if path.exists()]
    for address, suite, components in re.findall(
        r"^deb\s+(?:\[.*?\]\s+)?(\S+)\s+(\S+)\s+(.*)$", "\n".join(lines), re.M
    ):
        if _is_debian(suite, components):
            return str(address)
    raise MatrixError("no Debian mirror is named in this machine's apt sources")


def _is_debian(suites: str, components: str) -> bool:
    known = ("bullseye", "bookworm", "trixie", "forky", "sid", "stable", "testing", "unstable")
    return "main" in components.split() and any(suite in known for suite in suites.split())


def run(command: Sequence[str], log: Path | None = None, environment: dict[str, str] | None = None) -> int:
    """Runs a command, with what it says in a log where one is given.

    Returns:
        Its exit status.
    """
    if log is None:
        return subprocess.run(command, env=environment, check=False).returncode
    with log.open("ab") as file:
        return subprocess.run(command, env=environment, stdout=file, stderr=file, check=False).returncode


def must(command: Sequence[str], log: Path) -> None:
    """Runs a command that has to succeed.

    Raises:
        MatrixError: It did not; the message holds the end of the log.
    """
    if run(command, log) != 0:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        raise MatrixError(f"{shlex.join(command)} failed; the end of {log}:\n" + "\n".join(lines[-25:]))


def inside(folder: Path, *command: str, **variables: str) -> list[str]:
    """Returns the command that runs a command inside a folder, with a clean environment."""
    settings = {"HOME": "/root", "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **variables}
    given = [f"{name}={value}" for name, value in settings.items()]
    enter = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, str(folder)]
    return [*enter, "/usr/bin/env", "-i", *given, *command]


def build(system: System) -> Path:
    """Makes a system's folder, unless it is whole already.

    Returns:
        The folder.
    """
    folder = folder_of(system)
    stamp = folder / "srv" / "satfusion-matrix"
    content = repr((system, PACKAGES))
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return folder
    print(f"test-matrix: making {folder} ({system.base}; takes some minutes)", flush=True)
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = folder.with_name(f"{folder.name}.log")
    log.write_text("", encoding="utf-8")
    source = mirror()
    must(["debootstrap", "--variant=minbase", "--include=ca-certificates", system.base, str(folder), source], log)
    _copy_settings(folder)
    _write_sources(system, folder, source)
    must(inside(folder, "apt-get", "update"), log)
    chosen = ["-t", system.extra] if system.extra else []
    options = ["install", "-y", "--no-install-recommends", *chosen, *PACKAGES]
    must(inside(folder, "apt-get", *options, DEBIAN_FRONTEND="noninteractive"), log)
    run(inside(folder, "apt-get", "clean"), log)
    stamp.write_text(content, encoding="utf-8")
    return folder


def _copy_settings(folder: Path) -> None:
    """Takes over how this machine reaches its mirror, and keeps services from starting."""
    for name in OF_THE_MACHINE:
        source = Path("/", name)
        if source.exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / name)
    for path in sorted(Path("/etc/apt/apt.conf.d").glob("*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "Acquire::" in text and "Invoke" not in text:
            (folder / "etc/apt/apt.conf.d" / path.name).write_text(text, encoding="utf-8")
    policy = folder / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    policy.chmod(0o755)


def _write_sources(system: System, folder: Path, source: str) -> None:
    (folder / "etc/apt/sources.list").unlink(missing_ok=True)
    keyring = folder / str(KEYRING).lstrip("/")
    if KEYRING.exists():
        keyring.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(KEYRING, keyring)
    suites = " ".join(suite for suite in (system.base, system.extra) if suite)
    text = f"Types: deb\nURIs: {source}\nSuites: {suites}\nComponents: main\nSigned-By: {KEYRING}\n"
    (folder / "etc/apt/sources.list.d/satfusion.sources").write_text(text, encoding="utf-8")


def put_checkout(folder: Path) -> None:
    """Copies this checkout as it lies here into a folder: what git tracks, what it would track, translations."""
    target = folder / CHECKOUT
    shutil.rmtree(target, ignore_errors=True)
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    listing = subprocess.run(
        [*command, "--cached", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout
    names = {name for name in listing.split("\0") if name and (ROOT / name).is_file()}
    names |= {str(path.relative_to(ROOT)) for path in (ROOT / "i18n").glob("*.qm")}
    for name in sorted(names):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)


def put_test_tools(folder: Path, python: str, log: Path) -> None:
    """Installs pytest and what belongs to it for a Python version into a folder, from outside."""
    target = folder / TEST_TOOLS
    requirements = ROOT / "requirements" / "test.txt"
    stamp, content = target / "stamp", requirements.read_text(encoding="utf-8") + python
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return
    shutil.rmtree(target, ignore_errors=True)
    version = ".".join(python.split(".")[:2])
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--python-version", version, "--target", str(target)]
    must([sys.executable, "-m", "pip", "install", *options, "-r", str(requirements)], log)
    stamp.write_text(content, encoding="utf-8")


def versions_in(folder: Path) -> tuple[str, ...]:
    """Returns the versions of QGIS, Python, numpy, GDAL, Qt and PyQt in a folder."""
    command = inside(folder, "/usr/bin/python3", "-c", PROBE, QT_QPA_PLATFORM="offscreen")
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise MatrixError(f"QGIS does not start in {folder}:\n{result.stderr}")
    return tuple(json.loads(result.stdout.strip().splitlines()[-1]))


def test_system(system: System, options: Sequence[str]) -> Found:
    """Runs the tests that touch QGIS in a system's folder."""
    folder = build(system)
    log = folder.with_name(f"{folder.name}.log")
    versions = versions_in(folder)
    put_test_tools(folder, versions[1], log)
    put_checkout(folder)
    print(f"== QGIS {versions[0]}, Python {versions[1]}, numpy {versions[2]}, GDAL {versions[3]}", flush=True)
    variables = {
        "HYPOTHESIS_STORAGE_DIRECTORY": "/tmp/hypothesis",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"/{TEST_TOOLS}",
        "QT_QPA_PLATFORM": "offscreen",
    }
    pytest = ["/usr/bin/python3", "-m", "pytest", "tests/qgis", "-p", "no:cacheprovider", "--junitxml=/tmp/junit.xml"]
    (folder / "tmp/junit.xml").unlink(missing_ok=True)
    shell = f"cd /{CHECKOUT} && exec {shlex.join([*pytest, *options])}"
    status = run(inside(folder, "/bin/sh", "-c", shell, **variables))
    return Found(f"QGIS {system.name}", versions, *_outcome(folder / "tmp/junit.xml", status))


def _outcome(report: Path, status: int) -> tuple[str, bool]:
    if not report.exists():
        return f"pytest ended with status {status} and no report", False
    suites = list(ElementTree.parse(report).iter("testsuite"))
    count = {
        name: sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    }
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    return f"{passed} passed, {failed} failed, {count['skipped']} skipped", failed == 0 and status == 0


def check_qt6() -> Found:
    """Checks the package's calls of Qt against the types of PyQt 6."""
    base = Path(os.environ.get("SATFUSION_MATRIX") or ROOT / "build" / "matrix").absolute() / "qt6"
    python = base / "environment" / "bin" / "python"
    requirements = ROOT / "requirements" / "qt6.txt"
    stamp = base / "stamp"
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == requirements.read_text(encoding="utf-8")):
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        log = base / "log"
        must([sys.executable, "-m", "venv", str(base / "environment")], log)
        must([str(python), "-m", "pip", "install", "--quiet", "-r", str(requirements)], log)
        stamp.write_text(requirements.read_text(encoding="utf-8"), encoding="utf-8")
    _write_shims(base / "stubs")
    print("== Qt 6: types of the package's calls", flush=True)
    environment = {**os.environ, "MYPYPATH": f"{base / 'stubs'}:{ROOT}"}
    command = [str(python), "-m", "mypy", "--config-file=", "--no-namespace-packages", "--ignore-missing-imports"]
    command += ["--cache-dir", str(base / "cache"), "--check-untyped-defs", "--follow-imports=silent"]
    parts = [ROOT / "satfusion_qgis" / name for name in QT_FACING]
    status = run([*command, *(str(part) for part in parts if part.exists())], environment=environment)
    probe = "from importlib.metadata import version; print(version('PyQt6-Qt6'), version('PyQt6'))"
    found = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, check=False).stdout.split()
    versions = ("-", "-", "-", "-", *found) if len(found) == 2 else ("-",) * 6
    return Found("Qt 6 (static)", versions, "no finding" if status == 0 else "findings", status == 0)


def _write_shims(folder: Path) -> None:
    """Writes stubs in which qgis.PyQt is PyQt 6, as it is in QGIS 4."""
    target = folder / "qgis" / "PyQt"
    shutil.rmtree(folder, ignore_errors=True)
    target.mkdir(parents=True)
    for empty in (target.parent, target):
        (empty / "__init__.pyi").write_text("", encoding="utf-8")
    for module in QT_MODULES:
        (target / f"{module}.pyi").write_text(f"from PyQt6.{module} import *\n", encoding="utf-8")
    (target / "sip.pyi").write_text(LOOSE, encoding="utf-8")


def record(found: Sequence[Found], today: str) -> None:
    """Writes the rows of the parts that ran into the table, and leaves the others."""
    text = TABLE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    rows = {line.split("|")[1].strip(): line for line in table.strip().splitlines()[2:]}
    for item in found:
        cells = [item.name, *(item.versions or ("-",) * 6), item.outcome, today]
        rows[item.name] = f"| {' | '.join(cells)} |"
    head = "| part | QGIS | Python | numpy | GDAL | Qt | PyQt | outcome | date |\n|---|---|---|---|---|---|---|---|---|"
    lines = "\n".join(rows[name] for name in sorted(rows))
    TABLE.write_text(f"{before}{BEGIN}\n{head}\n{lines}\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Runs the parts that were asked for.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [*(system.name for system in SYSTEMS), "qt6"]
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(known)}; all by default")
    parser.add_argument("--build-only", action="store_true", help="make the folders and run nothing")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in known]
    if unknown:
        parser.error(f"unknown part {unknown[0]}; known are {', '.join(known)}")
    parts = options.parts or known
    try:
        found = _run_parts(parts, options.build_only)
    except (MatrixError, subprocess.CalledProcessError) as error:
        print(f"test-matrix: {error}", file=sys.stderr)
        return 1
    if not options.build_only:
        record(found, datetime.date.today().isoformat())
    for item in found:
        print(f"test-matrix: {item.name} {' '.join(item.versions[:1])}: {item.outcome}")
    return 0 if all(item.good for item in found) else 1


def _run_parts(parts: Sequence[str], build_only: bool) -> list[Found]:
    chosen = [system for system in SYSTEMS if system.name in parts]
    if chosen:
        _check_machine()
    for system in chosen if build_only else ():
        build(system)
    if build_only:
        return []
    more = shlex.split(os.environ.get("PYTEST_OPTIONS", ""))
    found = [test_system(system, more) for system in chosen]
    return [*found, check_qt6()] if "qt6" in parts else found


def _check_machine() -> None:
    if os.geteuid() != 0:
        raise MatrixError("root is needed to make systems in folders: sudo make test-matrix (or: make test-qt6)")
    missing = [name for name in ("debootstrap", "unshare", "chroot") if shutil.which(name) is None]
    if missing:
        raise MatrixError(f"{', '.join(missing)} is not installed (Debian packages debootstrap and util-linux)")


if __name__ == "__main__":
    sys.exit(main())
