"""Small products in the layouts in which they are delivered."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from tests.scenes import make_pair, write_geotiff

LANDSAT = "LC08_{level}_198026_20200407_20200822_02_T1"
SAFE = "S2A_MSI{level}_20220305T103021_N0400_R108_T32TQM_20220305T145213.SAFE"
L8_MS = ("1", "2", "3", "4", "5", "6", "7")


def landsat_pixels(ratio: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Seven MS bands of 40 x 44 pixels and PAN, as numbers of Level 2 and 1."""
    scene = make_pair(88, 80, bands=7, ratio=ratio, seed=5)
    ms = np.rint(scene.ms / 4000 / 0.0000275 + 0.2 / 0.0000275).clip(1, 65535).astype(np.uint16)
    pan = np.rint(scene.pan / 4000 / 2e-5 + 0.1 / 2e-5).clip(1, 65535).astype(np.uint16)
    return ms, pan


def write_landsat(folder: Path, level: str = "L2SP", form: str = "txt", flags: np.ndarray | None = None) -> Path:
    """A scene of Landsat 8: 30 m bands of 44 x 40 pixels, PAN half a pixel off, temperatures, QA bands."""
    name = LANDSAT.format(level=level)
    folder.mkdir(parents=True, exist_ok=True)
    ms, pan = landsat_pixels()
    ms[:, 0, :3] = 0
    rows, columns = ms.shape[1:]
    corner = (600000.0, 30.0, 0.0, 5400000.0, 0.0, -30.0)
    surface = level.startswith("L2")
    contents: dict[str, Any] = {"LANDSAT_PRODUCT_ID": name, "PROCESSING_LEVEL": level, "COLLECTION_NUMBER": "02"}
    ending = "SR_B{}" if surface else "B{}"
    for number, band in zip(L8_MS, ms):
        contents[f"FILE_NAME_BAND_{number}"] = f"{name}_{ending.format(number)}.TIF"
        write_geotiff(folder / contents[f"FILE_NAME_BAND_{number}"], band, corner)
    if surface:
        contents["FILE_NAME_BAND_ST_B10"] = f"{name}_ST_B10.TIF"
        write_geotiff(folder / f"{name}_ST_B10.TIF", np.full((rows, columns), 44000, np.uint16), corner)
    else:
        contents["FILE_NAME_BAND_8"] = f"{name}_B8.TIF"
        write_geotiff(folder / f"{name}_B8.TIF", pan, (599992.5, 15.0, 0.0, 5400007.5, 0.0, -15.0))
        for number in ("9", "10", "11"):
            contents[f"FILE_NAME_BAND_{number}"] = f"{name}_B{number}.TIF"
            write_geotiff(folder / f"{name}_B{number}.TIF", np.full((rows, columns), 20000, np.uint16), corner)
    contents["FILE_NAME_QUALITY_L1_PIXEL"] = f"{name}_QA_PIXEL.TIF"
    contents["FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION"] = f"{name}_QA_RADSAT.TIF"
    write_geotiff(folder / f"{name}_QA_PIXEL.TIF", landsat_flags(rows, columns) if flags is None else flags, corner)
    saturated = np.zeros((rows, columns), np.uint16)
    saturated[30, 30], saturated[31, 31] = 1 << 2, 1 << 8  # band 3, and band 9, which is not among the MS bands
    write_geotiff(folder / f"{name}_QA_RADSAT.TIF", saturated, corner)
    write_mtl(folder / f"{name}_MTL.{form}", landsat_metadata(contents, level), form)
    return folder


def landsat_flags(rows: int, columns: int) -> np.ndarray:
    """QA_PIXEL: each of its bits 0 to 7 set in one pixel (10, 3 * bit); clear and water elsewhere."""
    flags = np.full((rows, columns), 1 << 6, np.uint16)
    for bit in range(8):
        flags[10, 3 * bit] = 1 << bit
    return flags


def landsat_metadata(contents: Mapping[str, Any], level: str) -> dict[str, dict[str, Any]]:
    """What an MTL file holds; the groups of the other level are there too, as in real ones."""
    groups: dict[str, dict[str, Any]] = {
        "PRODUCT_CONTENTS": dict(contents),
        "IMAGE_ATTRIBUTES": {
            "SPACECRAFT_ID": "LANDSAT_8",
            "SENSOR_ID": "OLI_TIRS",
            "WRS_PATH": 198,
            "WRS_ROW": 26,
            "DATE_ACQUIRED": "2020-04-07",
            "SCENE_CENTER_TIME": "10:29:30.1234560Z",
            "SUN_AZIMUTH": 152.5,
            "SUN_ELEVATION": 45.25,
        },
        "LEVEL1_MIN_MAX_PIXEL_VALUE": {},
        "LEVEL1_RADIOMETRIC_RESCALING": {},
    }
    for number in (*L8_MS, "8", "9"):
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"RADIANCE_MULT_BAND_{number}"] = 0.0123
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"REFLECTANCE_MULT_BAND_{number}"] = "2.0000E-05"
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"REFLECTANCE_ADD_BAND_{number}"] = -0.1
        groups["LEVEL1_MIN_MAX_PIXEL_VALUE"][f"QUANTIZE_CAL_MIN_BAND_{number}"] = 1
        groups["LEVEL1_MIN_MAX_PIXEL_VALUE"][f"QUANTIZE_CAL_MAX_BAND_{number}"] = 65535
    for number in ("10", "11"):
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"RADIANCE_MULT_BAND_{number}"] = 3.342e-4
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"RADIANCE_ADD_BAND_{number}"] = 0.1
    if level.startswith("L2"):
        own = {"REFLECTANCE_MULT": 2.75e-05, "REFLECTANCE_ADD": -0.2, "QUANTIZE_CAL_MIN": 1, "QUANTIZE_CAL_MAX": 65535}
        groups["LEVEL2_SURFACE_REFLECTANCE_PARAMETERS"] = {
            f"{key}_BAND_{number}": value for number in L8_MS for key, value in own.items()
        }
        groups["LEVEL2_SURFACE_TEMPERATURE_PARAMETERS"] = {
            "TEMPERATURE_MULT_BAND_ST_B10": 0.00341802,
            "TEMPERATURE_ADD_BAND_ST_B10": 149.0,
        }
    return groups


def write_mtl(path: Path, groups: Mapping[str, Mapping[str, Any]], form: str) -> None:
    """Write an MTL file in one of its three forms."""
    if form == "json":
        plain = {name: {key: str(value) for key, value in group.items()} for name, group in groups.items()}
        path.write_text(json.dumps({"LANDSAT_METADATA_FILE": plain}))
        return
    lines = []
    for name, group in groups.items():
        if form == "xml":
            lines += [f"<{name}>", *(f"<{key}>{value}</{key}>" for key, value in group.items()), f"</{name}>"]
        else:
            lines.append(f"  GROUP = {name}")
            for key, value in group.items():
                quoted = f'"{value}"' if isinstance(value, str) and not value[0].isdigit() else value
                lines.append(f"    {key} = {quoted}")
            lines.append(f"  END_GROUP = {name}")
    if form == "xml":
        lines = ['<?xml version="1.0"?>', "<LANDSAT_METADATA_FILE>", *lines, "</LANDSAT_METADATA_FILE>"]
    else:
        lines = ["GROUP = LANDSAT_METADATA_FILE", *lines, "END_GROUP = LANDSAT_METADATA_FILE", "END"]
    path.write_text("\n".join(lines) + "\n")


def write_jp2(path: Path, array: np.ndarray, geotransform: Sequence[float], epsg: int = 32632) -> Path:
    """Write a band as JPEG 2000 without loss, with its georeference inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    array = array[None] if array.ndim == 2 else array
    kind = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16}[array.dtype.name]
    memory = gdal.GetDriverByName("MEM").Create("", array.shape[2], array.shape[1], len(array), kind)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    memory.SetProjection(reference.ExportToWkt())
    memory.SetGeoTransform(tuple(geotransform))
    for number, band in enumerate(array, 1):
        memory.GetRasterBand(number).WriteRaster(0, 0, array.shape[2], array.shape[1], band.tobytes())
    options = ["REVERSIBLE=YES", "QUALITY=100"]
    made = gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(str(path), memory, options=options)
    assert made is not None
    made = None
    return path


S2_BANDS = {
    10: ("B02", "B03", "B04", "B08"),
    20: ("B05", "B06", "B07", "B8A", "B11", "B12"),
    60: ("B01", "B09", "B10"),
}
S2_ORDER = ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B10", "B11", "B12")


def sentinel_pixels() -> dict[str, np.ndarray]:
    """Numbers of each band: 10 m images of 120 x 120 pixels, 20 m of 60 x 60, 60 m of 20 x 20."""
    scene = make_pair(120, 120, bands=10, ratio=2, seed=8)
    made = {}
    for place, name in enumerate(S2_BANDS[10]):
        made[name] = scene.truth[place + 1]
    for place, name in enumerate(S2_BANDS[20]):
        made[name] = scene.ms[place + 4]
    for name in S2_BANDS[60]:
        made[name] = scene.truth[0].reshape(20, 6, 20, 6).mean(axis=(1, 3))
    return {name: np.rint(values * 2.5 + 1000).astype(np.uint16) for name, values in made.items()}


def write_sentinel(
    folder: Path,
    level: str = "L2A",
    offset: float | None = -1000.0,
    granules: Sequence[str] = ("T32TQM",),
) -> Path:
    """A SAFE folder with one granule; `offset` None stands for a baseline before 04.00."""
    safe = folder / SAFE.format(level=level)
    code = f"{level}_T32TQM_A035000_20220305T103021"
    pixels = sentinel_pixels()
    pixels["B02"][0, :4] = 0
    pixels["B03"][50, 50] = 65535
    listed = []
    for metres, names in S2_BANDS.items():
        for name in names:
            if level == "L2A" and name == "B10":
                continue
            inner = f"R{metres}m/" if level == "L2A" else ""
            ending = f"_{metres}m" if level == "L2A" else ""
            image = f"GRANULE/{code}/IMG_DATA/{inner}T32TQM_20220305T103021_{name}{ending}"
            listed.append(image)
            write_jp2(safe / f"{image}.jp2", pixels[name], (700000, metres, 0, 5000000, 0, -metres))
    if level == "L2A":  # the 20 m folder has the 10 m bands once more, and the classes
        for name in ("B02", "B03", "B04", "SCL"):
            image = f"GRANULE/{code}/IMG_DATA/R20m/T32TQM_20220305T103021_{name}_20m"
            listed.append(image)
            array = sentinel_classes() if name == "SCL" else np.ones((60, 60), np.uint16)
            write_jp2(safe / f"{image}.jp2", array, (700000, 20, 0, 5000000, 0, -20))
    (safe / f"MTD_MSI{level}.xml").write_text(sentinel_metadata(safe.name, level, offset, granules, listed))
    return safe


def sentinel_classes() -> np.ndarray:
    """SCL: class n at pixel (30, 4 n), vegetation (4) elsewhere."""
    classes = np.full((60, 60), 4, np.uint8)
    for value in range(12):
        classes[30, 4 * value] = value
    return classes


def sentinel_metadata(
    name: str, level: str, offset: float | None, granules: Sequence[str], listed: Sequence[str]
) -> str:
    """The product's metadata file, as short as it can be."""
    images = "".join(f"<IMAGE_FILE>{item}</IMAGE_FILE>" for item in listed)
    parts = "".join(
        f'<Granule_List><Granule granuleIdentifier="S2A_OPER_MSI_{level}_TL_X_{tile}_N04.00">{images}</Granule>'
        f"</Granule_List>"
        for tile in granules
    )
    if level == "L2A":
        quantification = (
            '<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>'
            '<AOT_QUANTIFICATION_VALUE unit="none">1000.0</AOT_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>'
        )
        tag = "BOA_ADD_OFFSET"
    else:
        quantification = '<QUANTIFICATION_VALUE unit="none">10000</QUANTIFICATION_VALUE>'
        tag = "RADIO_ADD_OFFSET"
    offsets = ""
    if offset is not None:
        offsets = "".join(f'<{tag} band_id="{place}">{offset:g}</{tag}>' for place in range(13))
        offsets = f"<List_Of_Offsets>{offsets}</List_Of_Offsets>"
    spectral = "".join(
        f'<Spectral_Information bandId="{place}" physicalBand="{band}"><RESOLUTION>10</RESOLUTION><Wavelength>'
        f'<MIN unit="nm">400</MIN><MAX unit="nm">500</MAX><CENTRAL unit="nm">{centre}</CENTRAL></Wavelength>'
        f"</Spectral_Information>"
        for place, (band, centre) in enumerate(zip(S2_ORDER, S2_CENTRES))
    )
    start = "1C" if level == "L1C" else "2A"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<n1:Level-{start}_User_Product xmlns:n1="https://psd-14.sentinel2">'
        f"<n1:General_Info><Product_Info><PRODUCT_START_TIME>2022-03-05T10:30:21.024Z</PRODUCT_START_TIME>"
        f"<PRODUCT_URI>{name}</PRODUCT_URI><PROCESSING_LEVEL>Level-{start}</PROCESSING_LEVEL>"
        f"<PROCESSING_BASELINE>04.00</PROCESSING_BASELINE>"
        f'<Datatake datatakeIdentifier="GS2A"><SPACECRAFT_NAME>Sentinel-2A</SPACECRAFT_NAME>'
        f"<DATATAKE_SENSING_START>2022-03-05T10:30:21.024Z</DATATAKE_SENSING_START></Datatake>"
        f"<Product_Organisation>{parts}</Product_Organisation></Product_Info>"
        f"<Product_Image_Characteristics>"
        f"<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX>"
        f"</Special_Values><Special_Values><SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT>"
        f"<SPECIAL_VALUE_INDEX>65535</SPECIAL_VALUE_INDEX></Special_Values>"
        f"{quantification}{offsets}<Spectral_Information_List>{spectral}</Spectral_Information_List>"
        f"</Product_Image_Characteristics></n1:General_Info></n1:Level-{start}_User_Product>\n"
    )


S2_CENTRES = (442.7, 492.4, 559.8, 664.6, 704.1, 740.5, 782.8, 832.8, 864.7, 945.1, 1373.5, 1613.7, 2202.4)


def zipped(folder: Path, path: Path) -> Path:
    """The folder as one folder inside a zip file."""
    with zipfile.ZipFile(path, "w") as archive:
        for item in sorted(folder.rglob("*")):
            archive.write(item, f"{folder.name}/{item.relative_to(folder)}")
    return path


def tarred(folder: Path, path: Path) -> Path:
    """The files of a folder at the top of a tar file, as Landsat comes."""
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for item in sorted(folder.iterdir()):
            archive.add(item, item.name)
    return path
