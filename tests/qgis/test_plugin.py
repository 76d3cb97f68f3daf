"""The plugin object: it comes and goes without a trace, speaks the user's language, and finds its files."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QCoreApplication

from satfusion_qgis import locations
from tests.qgis.conftest import ROOT

TRANSLATION = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="{language}">
<context><name>SatFusion</name>
<message><source>Multispectral image</source><translation>Multispektralbild</translation></message>
</context>
</TS>
"""


def test_it_comes_and_goes(application):
    from satfusion_qgis import plugin

    registry = QgsApplication.processingRegistry()
    assert registry.providerById("satfusion") is None
    made = plugin.SatFusionPlugin(None)
    made.initGui()
    assert registry.providerById("satfusion") is not None
    made.unload()
    assert registry.providerById("satfusion") is None
    made.unload()


def test_the_users_language(application, tmp_path, monkeypatch):
    program = shutil.which("lrelease") or shutil.which("lrelease-qt5")
    if program is None:
        pytest.skip("lrelease is not installed")
    source = tmp_path / "satfusion_de.ts"
    source.write_text(TRANSLATION.format(language="de"), encoding="utf-8")
    subprocess.run([program, "-silent", str(source), "-qm", str(source.with_suffix(".qm"))], check=True)
    from satfusion_qgis import plugin
    from satfusion_qgis.algorithms.texts import tr

    monkeypatch.setattr(plugin, "find", lambda name: tmp_path)
    QgsSettings().setValue("locale/userLocale", "de_AT")
    translator = plugin._install_translator()
    try:
        assert translator is not None
        assert tr("Multispectral image") == "Multispektralbild"
        assert tr("Not translated") == "Not translated"
    finally:
        QgsSettings().remove("locale/userLocale")
        QCoreApplication.removeTranslator(translator)
    assert tr("Multispectral image") == "Multispectral image"


def test_no_translation_is_no_error(application):
    from satfusion_qgis import plugin

    QgsSettings().setValue("locale/userLocale", "xx_YY")
    try:
        assert plugin._install_translator() is None
    finally:
        QgsSettings().remove("locale/userLocale")


def test_files_in_a_checkout():
    assert locations.find("metadata.txt") == ROOT / "metadata.txt"
    assert locations.find("icon.svg") == ROOT / "satfusion_qgis" / "icon.svg"
    assert locations.version() in (ROOT / "metadata.txt").read_text(encoding="utf-8")


def test_files_in_an_installed_folder(tmp_path, monkeypatch):
    """Files inside the folder come before those above it."""
    installed = tmp_path / "plugins" / "satfusion_qgis"
    installed.mkdir(parents=True)
    (tmp_path / "plugins" / "metadata.txt").write_text("[general]\nversion=0\n")
    (installed / "metadata.txt").write_text("[general]\nversion=7.8.9\nabout=50 % of it\n")
    monkeypatch.setattr(locations, "_PACKAGE", installed)
    locations.metadata.cache_clear()
    try:
        assert locations.version() == "7.8.9"
        assert locations.find("models") == installed / "models"
    finally:
        monkeypatch.undo()
        locations.metadata.cache_clear()
