"""Translations: every visible text is found, translated with the same placeholders, and shown."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields, is_dataclass

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from satfusion_qgis.algorithms.provider import SHOWN_OTHERWISE
from satfusion_qgis.catalogue import CATALOGUE
from satfusion_qgis.tasks.sensors import SENSORS
from scripts import translations

LANGUAGES = ("de", "fr")
SHOWN_FIELDS = ("title", "help", "summary", "choice_titles")
NEEDS_LRELEASE = pytest.mark.skipif(
    shutil.which("lrelease") is None and shutil.which("lrelease-qt5") is None, reason="lrelease is not installed"
)


@pytest.fixture(scope="module")
def texts(application):
    """Every text that the extractor finds."""
    return translations.all_texts()


class Marked(QTranslator):
    """A language in which every text stands between marks."""

    def isEmpty(self):
        return False

    def translate(self, context, source, disambiguation=None, number=-1):
        return f"«{source}»" if context == "SatFusion" else None


@pytest.fixture
def marked(application):
    """The marking language, at work."""
    translator = Marked()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.fixture(params=LANGUAGES)
def language(request, application, tmp_path, monkeypatch):
    """A real language, compiled from the checkout and at work as the plugin does it."""
    from satfusion_qgis import plugin

    translations.compile_all(target=tmp_path)
    monkeypatch.setattr(plugin, "find", lambda name: tmp_path)
    QgsSettings().setValue("locale/userLocale", request.param)
    translator = plugin._install_translator()
    yield request.param
    QgsSettings().remove("locale/userLocale")
    if translator is not None:
        QCoreApplication.removeTranslator(translator)


def test_the_extractor_finds_what_the_catalogue_says(texts):
    described = [task for task in CATALOGUE.tasks if task.id not in SHOWN_OTHERWISE]
    described += [method for method in CATALOGUE.methods if method.task not in SHOWN_OTHERWISE]
    wanted = {text for item in [*described, *SENSORS] for text in shown_texts(item)}
    missing = {text for text in wanted if text not in texts and re.search(r"[^\W\d_]", text)}
    assert not missing


def shown_texts(item):
    """What a description of the catalogue, and all descriptions in it, give the user to read."""
    if isinstance(item, (tuple, list)):
        return [text for part in item for text in shown_texts(part)]
    if not is_dataclass(item):
        return []
    found = []
    for field in fields(item):
        value = getattr(item, field.name)
        if field.name in SHOWN_FIELDS:
            found += [value] if isinstance(value, str) else list(value)
        else:
            found += shown_texts(value)
    return found


def test_the_extractor_finds_literals(tmp_path):
    (tmp_path / "raster").mkdir()
    handed_up = "\n".join(f'x = "{text}"' for text in translations.HANDED_UP["raster/bands.py"])
    (tmp_path / "raster" / "bands.py").write_text(handed_up)
    (tmp_path / "some.py").write_text('tr("one")\ntr("two " "halves {}").format(1)\ntr(name)\nother("three")\n')
    found = translations.literal_texts(tmp_path)
    assert found == {"one", "two halves {}", *translations.HANDED_UP["raster/bands.py"]}


def test_every_visible_text_can_be_translated(marked):
    """With the marking language at work, nothing that a user reads of an algorithm is without a mark."""
    for algorithm in translations.make_algorithms():
        for text in translations.describe(algorithm):
            assert not text or "«" in text, (algorithm.name(), text)
        page = re.sub(r"<[^>]+>", "\n", algorithm.shortHelpString())
        for line in filter(None, map(str.strip, page.split("\n"))):
            assert "«" in line or translations.PUBLICATION.search(line), (algorithm.name(), line)


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_files_are_up_to_date_and_complete(name, texts):
    messages = translations.read(translations.FOLDER / f"satfusion_{name}.ts")
    present = {text for text, message in messages.items() if not message.vanished}
    assert present == texts, "make transup"
    assert not translations.untranslated(messages)
    assert not translations.mismatched(messages)


@pytest.mark.parametrize("name", LANGUAGES)
def test_translations_end_as_their_sources(name):
    for source, message in translations.read(translations.FOLDER / f"satfusion_{name}.ts").items():
        if not message.text:
            continue
        assert message.text == message.text.strip(), source
        assert (source[-1] in ".:") == (message.text[-1] in ".:"), source
        assert "  " not in message.text, source


@NEEDS_LRELEASE
def test_the_provider_speaks_the_language(language):
    messages = translations.read(translations.FOLDER / f"satfusion_{language}.ts")
    known = {message.text for message in messages.values()}
    english = {source for source, message in messages.items() if message.text not in ("", source)}
    for algorithm in translations.make_algorithms():
        assert algorithm.group() in known
        assert not {algorithm.displayName(), algorithm.group()} & english
        for definition in algorithm.parameterDefinitions():
            assert definition.description() not in english, (algorithm.name(), definition.name())
            assert definition.help().split("\n")[0] not in english, (algorithm.name(), definition.name())
        page = re.sub(r"<[^>]+>", "\n", algorithm.shortHelpString())
        assert not english & {line.strip() for line in page.split("\n")}, algorithm.name()


def test_a_translation_survives_that_its_text_goes_and_comes_back(tmp_path):
    known = {
        "kept": translations.Message("behalten"),
        "gone": translations.Message("weg"),
        "new": translations.Message(""),
    }
    made = translations.updated(known, {"kept", "fresh"})
    assert made == {
        "kept": translations.Message("behalten"),
        "fresh": translations.Message(""),
        "gone": translations.Message("weg", True),
    }
    path = tmp_path / "satfusion_de.ts"
    translations.write(path, "de", made)
    assert translations.read(path) == made
    assert translations.untranslated(made) == ["fresh"]
    assert translations.updated(translations.read(path), {"gone"})["gone"] == translations.Message("weg")


def test_other_placeholders_are_told():
    messages = {"{} of {}": translations.Message("{}"), "{:g} m": translations.Message("{:g} m")}
    assert translations.mismatched(messages) == ["{} of {}"]
