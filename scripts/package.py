"""Builds the plugin: stage, package, check, deploy and link.

The package is made from the files that git tracks, so that caches and local files never get into it:

    build/satfusion_qgis/                    the plugin's folder, as QGIS wants it (stage)
    dist/satfusion_qgis-<version>.zip        the same, reproducibly zipped (package)

`check` holds a zip against the rules of the QGIS plugin site and loads it in a fresh process with QGIS.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

NAME = "satfusion_qgis"
PROVIDER = "satfusion"
ROOT = Path(__file__).resolve().parents[1]

# Beside the package's own code, from the top of the checkout.
TEXTS = ("metadata.txt", "LICENSE", "README.md", "CHANGELOG.md")
FOLDERS = ("i18n", "models")

MAX_ZIP_BYTES = 25_000_000
MAX_WEIGHT_BYTES = 4 * 1024 * 1024  # larger weights are not shipped; a model's card always is
WEIGHT_SUFFIXES = frozenset({".onnx", ".safetensors"})
BINARY_SUFFIXES = frozenset(
    {".a", ".bat", ".cmd", ".dll", ".dylib", ".exe", ".ps1", ".pyc", ".pyd", ".pyo", ".sh", ".so"}
)
FORBIDDEN_NAMES = frozenset({"__MACOSX", "__pycache__", ".git"})
REQUIRED_KEYS = (
    "name",
    "description",
    "version",
    "qgisMinimumVersion",
    "author",
    "email",
    "about",
    "tracker",
    "repository",
)
BOOLEAN_KEYS = ("deprecated", "experimental", "hasProcessingProvider", "server")
ADDRESS_KEYS = ("homepage", "tracker", "repository")
FIXED_TIME = (2020, 1, 1, 0, 0, 0)  # of every entry, so that equal contents make equal zips

LOAD_PROGRAM = f"""
import json, os, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
import {NAME}
if not os.path.realpath({NAME}.__file__).startswith(os.path.realpath(sys.argv[1])):
    raise SystemExit("another copy was imported: " + {NAME}.__file__)
plugin = {NAME}.classFactory(None)
plugin.initProcessing()
provider = QgsApplication.processingRegistry().providerById("{PROVIDER}")
if provider is None:
    raise SystemExit("the plugin registered no provider {PROVIDER}")
print(json.dumps(sorted(algorithm.id() for algorithm in provider.algorithms())), flush=True)
os._exit(0)
"""


class PackageError(Exception):
    """The package cannot be built, or breaks a rule."""


def read_metadata(text: str) -> dict[str, str]:
    """Reads metadata.txt the way the plugin site does: with interpolation, so that a bare % is an error."""
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
        return dict(parser.items("general"))
    except configparser.Error as error:
        raise PackageError(f"metadata.txt cannot be read: {error}") from error


def metadata_problems(metadata: dict[str, str]) -> list[str]:
    """Returns what the plugin site would refuse in metadata.txt."""
    problems = [f"metadata.txt: {key} is missing" for key in REQUIRED_KEYS if not metadata.get(key, "").strip()]
    for key in BOOLEAN_KEYS:
        if metadata.get(key, "no").lower() not in ("true", "false", "yes", "no", "1", "0"):
            problems.append(f"metadata.txt: {key} must be yes or no")
    if metadata.get("hasProcessingProvider", "no").lower() not in ("true", "yes", "1"):
        problems.append("metadata.txt: hasProcessingProvider must be yes, or qgis_process does not see the plugin")
    if "/" in metadata.get("author", ""):
        problems.append("metadata.txt: author must not hold a slash")
    if "plugin" in metadata.get("name", "").lower():
        problems.append("metadata.txt: the word plugin must not stand in the name")
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?([-.]?\w+)*", metadata.get("version", "")):
        problems.append("metadata.txt: version must look like 1.2.3")
    if "supportsQt6" in metadata:
        problems.append("metadata.txt: supportsQt6 is deprecated; qgisMaximumVersion says the same")
    return problems


def name_problems(names: list[str]) -> list[str]:
    """Returns what the plugin site would refuse among the names in a zip, given in the order of the zip."""
    problems = []
    top = {name.split("/")[0] for name in names}
    if top != {NAME}:
        problems.append(f"the zip must hold one folder, {NAME}, and holds {', '.join(sorted(top)) or 'nothing'}")
    if names[:1] != [f"{NAME}/__init__.py"]:
        problems.append(f"the first entry of the zip must be {NAME}/__init__.py")
    for needed in ("__init__.py", "metadata.txt", "LICENSE"):
        if f"{NAME}/{needed}" not in names:
            problems.append(f"{needed} is missing")
    for name in names:
        parts = PurePosixPath(name).parts
        if "\\" in name or ".." in parts or name.startswith("/"):
            problems.append(f"forbidden path: {name}")
        elif FORBIDDEN_NAMES.intersection(parts) or any(part.startswith(".") for part in parts):
            problems.append(f"forbidden or hidden name: {name}")
        elif PurePosixPath(name).suffix.lower() in BINARY_SUFFIXES:
            problems.append(f"a binary or a shell script: {name}")
    return problems


def check_zip(path: Path) -> list[str]:
    """Holds a zip against the rules of the plugin site.

    Returns:
        Warnings: what does not hinder a build, but a release.

    Raises:
        PackageError: The zip breaks a rule; the message holds one line for each.
    """
    problems = []
    if path.stat().st_size > MAX_ZIP_BYTES:
        problems.append(f"the zip has {path.stat().st_size} bytes; the plugin site takes {MAX_ZIP_BYTES}")
    metadata: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        problems += name_problems(names)
        if f"{NAME}/metadata.txt" in names:
            metadata = read_metadata(archive.read(f"{NAME}/metadata.txt").decode("utf-8"))
            problems += metadata_problems(metadata)
            icon = metadata.get("icon")
            if icon and f"{NAME}/{icon}" not in names:
                problems.append(f"metadata.txt: the icon {icon} is not in the zip")
    if problems:
        raise PackageError("\n".join(problems))
    return [
        f"{key} still is an example address, which the plugin site refuses: {metadata[key]}"
        for key in ADDRESS_KEYS
        if "example.org" in metadata.get(key, "")
    ]


def tracked_files(root: Path, *folders: str) -> list[str]:
    """Returns the files under folders that git tracks and that exist, as sorted paths relative to root."""
    try:
        listing = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--", *folders],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise PackageError(
            f"the package is made from a git checkout, and git does not list its files: {error}"
        ) from error
    return sorted(name for name in listing.split("\0") if name and (root / name).is_file())


def packaged_files(root: Path) -> dict[str, Path]:
    """Returns what the plugin's folder holds: path inside the folder -> file."""
    files = {name[len(NAME) + 1 :]: root / name for name in tracked_files(root, NAME)}
    if "__init__.py" not in files:
        raise PackageError(f"git tracks no {NAME}/__init__.py; the package is made from tracked files only")
    files.update({name: root / name for name in TEXTS if (root / name).is_file()})
    for name in tracked_files(root, "models"):
        path = root / name
        if path.suffix in WEIGHT_SUFFIXES and path.stat().st_size > MAX_WEIGHT_BYTES:
            print(f"left out, too large to ship: {name}")
        else:
            files[name] = path
    # Compiled translations are built, not tracked.
    files.update({f"i18n/{path.name}": path for path in sorted((root / "i18n").glob("*.qm"))})
    return files


def stage(root: Path, build: Path) -> Path:
    """Lays the plugin's folder out under build, afresh.

    Returns:
        The folder.
    """
    files = packaged_files(root)
    staged = build / NAME
    shutil.rmtree(staged, ignore_errors=True)
    for name, source in files.items():
        target = staged / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return staged


def write_zip(staged: Path, target: Path) -> None:
    """Zips a staged folder so that equal contents make equal bytes."""
    first = f"{NAME}/__init__.py"
    names = {path.relative_to(staged.parent).as_posix(): path for path in staged.rglob("*") if path.is_file()}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(names, key=lambda name: (name != first, name)):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.create_system = 3  # Unix, wherever the zip is made
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, names[name].read_bytes())


def build_zip(root: Path, build: Path, dist: Path) -> Path:
    """Stages and zips the plugin.

    Returns:
        The zip, named for the version in metadata.txt.
    """
    metadata = read_metadata((root / "metadata.txt").read_text(encoding="utf-8"))
    problems = metadata_problems(metadata)
    if problems:
        raise PackageError("\n".join(problems))
    target = dist / f"{NAME}-{metadata['version']}.zip"
    write_zip(stage(root, build), target)
    return target


def load_in_qgis(path: Path) -> list[str]:
    """Loads a zip as a plugin in a fresh process of QGIS's own interpreter, without a screen.

    Returns:
        The ids of the algorithms that its provider lists.
    """
    # The base interpreter of .venv is the one that QGIS uses; -I keeps this checkout out of its path.
    interpreter = getattr(sys, "_base_executable", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        plugins = Path(folder) / "plugins"
        with zipfile.ZipFile(path) as archive:
            archive.extractall(plugins)
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QGIS_CUSTOM_CONFIG_PATH": folder,
        }
        result = subprocess.run(
            [interpreter, "-I", "-B", "-c", LOAD_PROGRAM, str(plugins)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
    lines = result.stdout.strip().splitlines()
    if result.returncode != 0 or not lines:
        raise PackageError(f"QGIS could not load {path.name}:\n{result.stderr.strip()}")
    algorithms: list[str] = json.loads(lines[-1])
    if not algorithms:
        raise PackageError(f"{path.name} loads in QGIS, but its provider lists no algorithm")
    return algorithms


def qgis_folders() -> list[Path]:
    """Returns the folders that hold QGIS's profiles on this machine; where there are none, the usual one."""
    custom = os.environ.get("QGIS_CUSTOM_CONFIG_PATH")
    if custom:
        return [Path(custom)]
    home = Path.home()
    if sys.platform == "win32":
        bases = [Path(os.environ.get("APPDATA", str(home / "AppData" / "Roaming")))]
    elif sys.platform == "darwin":
        bases = [home / "Library" / "Application Support"]
    else:
        bases = [
            Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"),
            home / ".var" / "app" / "org.qgis.qgis" / "data",  # flatpak
        ]
    folders = [base / "QGIS" / version for base in bases for version in ("QGIS3", "QGIS4")]
    return [folder for folder in folders if (folder / "profiles").is_dir()] or folders[:1]


def plugin_targets(profile: str) -> list[Path]:
    """Returns where the plugin's folder belongs in a QGIS profile, one path for each QGIS found."""
    return [folder / "profiles" / profile / "python" / "plugins" / NAME for folder in qgis_folders()]


def remove_plugin(target: Path) -> None:
    """Removes an installed copy or a folder of links; what a link leads to is left alone."""
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        if not any(
            (target / name).is_symlink() or (target / name).exists() for name in ("metadata.txt", "__init__.py")
        ):
            raise PackageError(f"{target} is no plugin; it is left as it is")
        shutil.rmtree(target)


def deploy(staged: Path, target: Path) -> None:
    """Copies a staged folder to its place in a profile, instead of what is there."""
    remove_plugin(target)
    shutil.copytree(staged, target)


def link(root: Path, target: Path) -> None:
    """Makes a folder of links to this checkout in a profile.

    QGIS sees a plugin only where metadata.txt lies in its folder, so one link to the package is not enough.
    """
    remove_plugin(target)
    target.mkdir(parents=True)
    children = [path for path in sorted((root / NAME).iterdir()) if path.name != "__pycache__"]
    children += [root / name for name in (*TEXTS, *FOLDERS) if (root / name).exists()]
    for child in children:
        (target / child.name).symlink_to(child, target_is_directory=child.is_dir())


def report_check(path: Path) -> None:
    """Checks a zip, loads it in QGIS, and prints what was found."""
    for warning in check_zip(path):
        print(f"warning: {warning}")
    algorithms = load_in_qgis(path)
    print(f"QGIS loads {path.name} and lists {len(algorithms)} algorithms: {', '.join(algorithms)}")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("stage", help="lay the plugin's folder out in build/")
    commands.add_parser("package", help="stage, zip into dist/, and check the zip")
    check = commands.add_parser("check", help="check a zip and load it in QGIS")
    check.add_argument("zip", type=Path)
    for name, text in (
        ("deploy", "copy the plugin into a QGIS profile"),
        ("link", "link this checkout into one"),
    ):
        commands.add_parser(name, help=text).add_argument("--profile", default="default")
    options = parser.parse_args(arguments)
    try:
        if options.command == "stage":
            print(stage(ROOT, ROOT / "build"))
        elif options.command == "package":
            path = build_zip(ROOT, ROOT / "build", ROOT / "dist")
            report_check(path)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
        elif options.command == "check":
            report_check(options.zip)
        else:
            staged = stage(ROOT, ROOT / "build") if options.command == "deploy" else None
            for target in plugin_targets(options.profile):
                if staged:
                    deploy(staged, target)
                else:
                    link(ROOT, target)
                print(f"{options.command}: {target}")
            print("Enable SatFusion in the plugin manager, or with: qgis_process plugins enable satfusion_qgis")
    except PackageError as error:
        print(f"{options.command} failed:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
