"""The plugin's package: what goes in, the plugin site's rules, and that QGIS loads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts import package

ROOT = Path(__file__).resolve().parents[2]
METADATA = """[general]
name=Example
description=An example
version=1.2.3
qgisMinimumVersion=3.22
qgisMaximumVersion=4.99
author=Somebody
email=somebody@example.org
about=An example
    in two lines
homepage=https://example.com/home
tracker=https://example.com/issues
repository=https://example.com/code
hasProcessingProvider=yes
icon=icon.svg
"""


def git(root, *arguments):
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True).stdout


def write(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def checkout(tmp_path):
    """A small checkout with everything that a package holds, and things that must stay out of it."""
    root = tmp_path / "checkout"
    write(
        root,
        {
            "satfusion_qgis/__init__.py": "",
            "satfusion_qgis/about.py": "ANSWER = 42\n",
            "satfusion_qgis/tasks/__init__.py": "",
            "satfusion_qgis/icon.svg": "<svg/>",
            "metadata.txt": METADATA,
            "LICENSE": "A licence",
            "README.md": "Read me",
            "CHANGELOG.md": "Changes",
            "models/small/card.json": "{}",
            "models/small/model.onnx": b"weights",
            "models/large/card.json": "{}",
            "models/large/model.safetensors": bytes(package.MAX_WEIGHT_BYTES + 1),
            "tests/test_nothing.py": "",
            ".gitignore": "*.qm\n__pycache__/\n",
        },
    )
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    write(
        root,
        {
            "satfusion_qgis/notes.txt": "not tracked",
            "satfusion_qgis/__pycache__/about.pyc": "not tracked",
            "i18n/satfusion_fr.qm": "compiled",
        },
    )
    return root


def build(root, folder):
    return package.build_zip(root, folder / "build", folder / "dist")


def zip_of(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"satfusion_qgis/{name}" if not name.startswith("!") else name[1:], content)
    return path


def good_files(**changes):
    files = {"__init__.py": "", "metadata.txt": METADATA, "LICENSE": "A licence", "icon.svg": "<svg/>"}
    return {**files, **changes}


def test_the_zip_holds_tracked_files_and_nothing_else(checkout, tmp_path):
    path = build(checkout, tmp_path)

    assert path.name == "satfusion_qgis-1.2.3.zip"
    assert zipfile.ZipFile(path).namelist() == [
        "satfusion_qgis/" + name
        for name in (
            "__init__.py",
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "about.py",
            "i18n/satfusion_fr.qm",
            "icon.svg",
            "metadata.txt",
            "models/large/card.json",
            "models/small/card.json",
            "models/small/model.onnx",
            "tasks/__init__.py",
        )
    ]
    assert package.check_zip(path) == []


def test_zipping_twice_gives_the_same_bytes(checkout, tmp_path):
    first = build(checkout, tmp_path / "one").read_bytes()
    for path in checkout.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    (checkout / "satfusion_qgis" / "about.py").chmod(0o755)

    assert build(checkout, tmp_path / "two").read_bytes() == first


def test_staging_again_drops_what_is_no_longer_tracked(checkout, tmp_path):
    assert (package.stage(checkout, tmp_path) / "about.py").exists()
    git(checkout, "rm", "--quiet", "--force", "satfusion_qgis/about.py")

    assert not (package.stage(checkout, tmp_path) / "about.py").exists()


def test_a_package_that_is_not_tracked_is_refused(checkout, tmp_path):
    git(checkout, "rm", "-r", "--quiet", "--cached", "satfusion_qgis")

    with pytest.raises(package.PackageError, match="tracked"):
        package.stage(checkout, tmp_path)


def test_a_folder_without_git_is_refused(checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.rmtree(checkout / ".git")

    with pytest.raises(package.PackageError, match="git"):
        package.stage(checkout, tmp_path)


@pytest.mark.parametrize("key", package.REQUIRED_KEYS)
def test_metadata_without_a_required_key_is_refused(checkout, tmp_path, key):
    lines = [line for line in METADATA.splitlines() if not line.startswith((f"{key}=", "    "))]
    (checkout / "metadata.txt").write_text("\n".join(lines))

    with pytest.raises(package.PackageError, match=f"{key} is missing"):
        build(checkout, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("about=An example", "about=Better by 10 % or so", "cannot be read"),
        ("    in two lines", "in two lines", "cannot be read"),
        ("[general]", "[generally]", "general"),
        ("author=Somebody", "author=One/Two", "slash"),
        ("name=Example", "name=Example plugin", "word plugin"),
        ("version=1.2.3", "version=next", "version"),
        ("hasProcessingProvider=yes", "hasProcessingProvider=no", "hasProcessingProvider"),
        ("hasProcessingProvider=yes", "hasProcessingProvider=perhaps", "yes or no"),
        ("icon=icon.svg", "supportsQt6=True", "supportsQt6"),
    ],
)
def test_bad_metadata_is_refused(checkout, tmp_path, old, new, message):
    assert old in METADATA
    (checkout / "metadata.txt").write_text(METADATA.replace(old, new))

    with pytest.raises(package.PackageError, match=message):
        build(checkout, tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (good_files(**{"!other/readme.txt": ""}), "one folder"),
        ({"LICENSE": "", **good_files()}, "first entry"),
        ({name: text for name, text in good_files().items() if name != "LICENSE"}, "LICENSE is missing"),
        (
            {name: text for name, text in good_files().items() if name != "metadata.txt"},
            "metadata.txt is missing",
        ),
        ({name: text for name, text in good_files().items() if name != "icon.svg"}, "icon icon.svg"),
        (good_files(**{"__pycache__/a.py": ""}), "forbidden or hidden"),
        (good_files(**{".hidden": ""}), "forbidden or hidden"),
        (good_files(**{"../up.py": ""}), "forbidden path"),
        (good_files(**{"a\\b.py": ""}), "forbidden path"),
        (good_files(**{"library.so": ""}), "binary"),
        (good_files(**{"run.sh": ""}), "binary"),
        (good_files(**{"noise.bin": os.urandom(package.MAX_ZIP_BYTES)}), "bytes"),
    ],
)
def test_a_zip_that_breaks_a_rule_is_refused(tmp_path, files, message):
    with pytest.raises(package.PackageError, match=message):
        package.check_zip(zip_of(tmp_path / "plugin.zip", files))


def test_example_addresses_are_warned_of(tmp_path):
    files = good_files(**{"metadata.txt": METADATA.replace("example.com", "example.org")})

    warnings = package.check_zip(zip_of(tmp_path / "plugin.zip", files))

    assert [warning.split()[0] for warning in warnings] == ["homepage", "tracker", "repository"]


@pytest.fixture
def profiles(tmp_path, monkeypatch):
    """A machine of its own: a home folder, and no word about QGIS in the environment."""
    monkeypatch.setattr(package.sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("QGIS_CUSTOM_CONFIG_PATH", raising=False)
    return tmp_path / "home"


def test_the_usual_profile_is_found(profiles):
    base = profiles / ".local" / "share" / "QGIS"
    end = Path("profiles", "default", "python", "plugins", "satfusion_qgis")
    assert package.plugin_targets("default") == [base / "QGIS3" / end]

    (base / "QGIS4" / "profiles").mkdir(parents=True)
    assert package.plugin_targets("default") == [base / "QGIS4" / end]

    (base / "QGIS3" / "profiles").mkdir(parents=True)
    assert package.plugin_targets("default") == [base / "QGIS3" / end, base / "QGIS4" / end]


def test_a_custom_profile_folder_comes_first(profiles, tmp_path, monkeypatch):
    monkeypatch.setenv("QGIS_CUSTOM_CONFIG_PATH", str(tmp_path / "own"))

    assert package.plugin_targets("work") == [
        tmp_path / "own" / "profiles" / "work" / "python" / "plugins" / "satfusion_qgis"
    ]


def test_deploy_replaces_a_folder_of_links_and_leaves_the_checkout_whole(checkout, tmp_path):
    target = tmp_path / "plugins" / "satfusion_qgis"
    package.link(checkout, target)
    assert (target / "metadata.txt").is_symlink()
    assert (target / "tasks" / "__init__.py").exists()
    assert (target / "models" / "small" / "card.json").exists()

    package.deploy(package.stage(checkout, tmp_path / "build"), target)
    assert not (target / "metadata.txt").is_symlink()
    assert not (target / "notes.txt").exists()

    package.link(checkout, target)
    assert (target / "about.py").is_symlink()
    assert git(checkout, "status", "--porcelain", "--untracked-files=no", "--ignored=no").count(" D ") == 0


def test_deploy_leaves_a_folder_that_is_no_plugin(checkout, tmp_path):
    target = tmp_path / "plugins" / "satfusion_qgis"
    write(target, {"diary.txt": "mine"})

    with pytest.raises(package.PackageError, match="no plugin"):
        package.link(checkout, target)
    assert (target / "diary.txt").read_text() == "mine"


@pytest.fixture(scope="module")
def real_zip(tmp_path_factory):
    """The zip of this checkout as it lies here, with what is not committed yet."""
    folder = tmp_path_factory.mktemp("real")
    root = folder / "checkout"
    listing = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    return build(root, folder)


def test_this_checkout_makes_a_valid_package(real_zip):
    assert all("example address" in warning for warning in package.check_zip(real_zip))


@pytest.mark.qgis
def test_qgis_loads_the_package_and_lists_its_algorithms(real_zip):
    algorithms = package.load_in_qgis(real_zip)

    assert "satfusion:pansharpen" in algorithms
    assert "satfusion:assess_reference" in algorithms


@pytest.mark.qgis
def test_a_package_that_does_not_load_is_refused(tmp_path):
    broken = good_files(**{"__init__.py": "raise RuntimeError('broken on purpose')"})

    with pytest.raises(package.PackageError, match="broken on purpose"):
        package.load_in_qgis(zip_of(tmp_path / "plugin.zip", broken))
