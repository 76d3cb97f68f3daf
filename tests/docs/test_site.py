"""The documentation: complete, with links that lead somewhere, and with commands that work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from satfusion_qgis.catalogue import CATALOGUE

pytest.importorskip("qgis.core", reason="QGIS is not installed")

from scripts import package, tutorial_scenes

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
RUN = re.compile(r"^```run\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TUTORIALS = {
    "landsat": "landsat",
    "sentinel-2": "sentinel2",
    "worldview": "worldview",
    "revisits": "revisits",
    "series": "series",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole site, made in a process of its own."""
    target = tmp_path_factory.mktemp("site") / "docs"
    code = (
        "import os, sys; from pathlib import Path; from scripts import build_docs as b; t = Path(sys.argv[1]); "
        "b.build(t); print('\\n'.join(b.problems(t)), flush=True); os._exit(0)"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return target, done.stdout.strip()


def test_quoted_messages_are_messages_of_the_code():
    """The first column of the table of errors quotes in italics; dots stand for what differs."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "satfusion_qgis").rglob("*.py"))
    code = re.sub(r"\{[^{}]*\}", "...", re.sub(r'"\s+f?"', "", code))
    cells = re.findall(r"^\| (.*?) \|", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    quoted = [text for cell in cells if "qgis_process" not in cell for text in re.findall(r"\*(.*?)\*", cell)]
    assert len(quoted) > 8
    for text in quoted:
        for part in re.split(r"\.\.\.|MS$", text):
            assert part.strip().lower() in code.lower(), part


@pytest.mark.qgis
def test_every_link_leads_somewhere(site):
    assert site[1] == ""


@pytest.mark.qgis
def test_every_method_has_a_page_with_all_its_parameters(site):
    for method in CATALOGUE.methods:
        text = (site[0] / "methods" / f"{CATALOGUE.task(method.task).verb}_{method.id}.html").read_text(
            encoding="utf-8"
        )
        for parameter in method.parameters:
            assert f"<code>{parameter.name}</code>" in text, (method.id, parameter.name)
        for doi in re.findall(r"10\.\d{4,}/[^\s,;]*[^\s.,;)]", method.citation):
            assert f'href="https://doi.org/{doi}"' in text, method.id
        assert 'class="formula"' in text, f"docs/methods/ has no formula of {method.id}"
        assert "When to take it" in text, f"docs/methods/ does not say when to take {method.id}"


@pytest.mark.qgis
def test_help_leads_to_a_page(site):
    from satfusion_qgis.algorithms.texts import help_address
    from satfusion_qgis.locations import metadata

    home = metadata()["homepage"]
    pages = sorted((site[0] / "algorithms").glob("*.html"))
    assert len(pages) > len(CATALOGUE.methods_of("pansharpening"))
    for page in pages:
        address = help_address(page.stem)
        assert (site[0] / address[len(home) :].lstrip("/")).exists(), address
        assert "qgis_process run satfusion:" in page.read_text(encoding="utf-8")


@pytest.mark.qgis
@pytest.mark.slow
@pytest.mark.skipif(PROGRAM is None, reason="qgis_process is not installed")
@pytest.mark.parametrize("name", TUTORIALS)
def test_the_commands_of_a_tutorial_work(name, tmp_path):
    programs, profile, folder = tmp_path / "bin", tmp_path / "profile", tmp_path / "scene"
    programs.mkdir()
    (programs / "qgis_process").write_text(f'#!/bin/sh\nexec env -u PYTHONPATH {PROGRAM} "$@"\n')
    (programs / "satfusion").write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m satfusion_qgis.cli "$@"\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    package.link(ROOT, profile / "profiles" / "default" / "python" / "plugins" / package.NAME)
    tutorial_scenes.main([TUTORIALS[name], str(folder)])
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment.update(
        PATH=f"{programs}:{os.environ['PATH']}", QGIS_CUSTOM_CONFIG_PATH=str(profile), QT_QPA_PLATFORM="offscreen"
    )
    page = (ROOT / "docs" / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
    script = "set -e\nqgis_process plugins enable satfusion_qgis >/dev/null\n" + "".join(RUN.findall(page))
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = re.findall(r"(?:OUTPUT\w*=|--output(?:-\w+)? (?:OUTPUT=)?)(\S+)", script)
    assert outputs and all((folder / output).exists() for output in outputs)
