"""The small pictures of the help panels."""

from __future__ import annotations

import pytest
from osgeo import gdal

from satfusion_qgis.catalogue import CATALOGUE
from scripts import help_pictures

FOLDER = help_pictures.TARGET


def names():
    return [
        f"{task.verb}_{method.id}"
        for task in CATALOGUE.tasks
        if task.id in help_pictures.SCENES
        for method in CATALOGUE.methods_of(task.id)
        if method.runtime == "numpy"  # what a network makes of an image depends on its weights
    ]


def pixels(path):
    return gdal.Open(str(path)).ReadRaster()


@pytest.mark.parametrize("name", names())
def test_every_classical_method_has_a_small_picture(name):
    path = FOLDER / f"{name}.png"
    assert path.is_file(), "make pictures"
    assert path.stat().st_size <= help_pictures.LARGEST_FILE


def test_all_pictures_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) <= help_pictures.LARGEST_ALL


def test_drawing_again_gives_the_same_files(tmp_path):
    made = help_pictures.make_pictures(tmp_path)
    assert {path.name for path in made} == {path.name for path in FOLDER.glob("*.png")}
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in made}
    for path in made:
        size = gdal.Open(str(path)).RasterXSize, gdal.Open(str(path)).RasterYSize
        assert size == (2 * help_pictures.SIDE + help_pictures.GAP, help_pictures.SIDE)
    # The input half is the same for every method; sharpening changes the other half.
    plain, sharp = pixels(tmp_path / "pansharpen_exp.png"), pixels(tmp_path / "pansharpen.png")
    assert plain != sharp


@pytest.mark.qgis
def test_the_help_panel_shows_the_picture(tmp_path):
    from qgis.PyQt.QtCore import QUrl
    from qgis.PyQt.QtGui import QImage

    from satfusion_qgis.algorithms.texts import About, help_page

    about = About("pansharpen_exp", "", "", "", "", ("",))
    page = help_page(about, ["It does."], [], [])
    address = page.split('src="')[1].split('"')[0]
    assert not QImage(QUrl(address).toLocalFile()).isNull()
    assert "<img" not in help_page(About("no_such", "", "", "", "", ("",)), ["It does."], [], [])
