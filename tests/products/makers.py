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


# By sensor: platform, MS bands, thermal bands of Level 1, thermal band of Level 2, whether there are bands 8 and 9.
INSTRUMENTS = {
    "OLI_TIRS": ("LC08", L8_MS, ("10", "11"), "ST_B10", ("8", "9")),
    "ETM": ("LE07", ("1", "2", "3", "4", "5", "7"), ("6_VCID_1", "6_VCID_2"), "ST_B6", ("8",)),
    "TM": ("LT05", ("1", "2", "3", "4", "5", "7"), ("6",), "ST_B6", ()),
}


def write_landsat(folder: Path, level: str = "L2SP", form: str = "txt", sensor: str = "OLI_TIRS") -> Path:
    """A Landsat scene: 30 m bands of 44 x 40 pixels, PAN half a pixel off, temperatures, QA bands."""
    platform, numbers, thermal, surface_band, others = INSTRUMENTS[sensor]
    name = LANDSAT.format(level=level).replace("LC08", platform)
    folder.mkdir(parents=True, exist_ok=True)
    ms, pan = landsat_pixels()
    ms[:, 0, :3] = 0
    rows, columns = ms.shape[1:]
    corner = (600000.0, 30.0, 0.0, 5400000.0, 0.0, -30.0)
    surface = level.startswith("L2")
    contents: dict[str, Any] = {"LANDSAT_PRODUCT_ID": name, "PROCESSING_LEVEL": level, "COLLECTION_NUMBER": "02"}
    ending = "SR_B{}" if surface else "B{}"
    for number, band in zip(numbers, ms):
        contents[f"FILE_NAME_BAND_{number}"] = f"{name}_{ending.format(number)}.TIF"
        write_geotiff(folder / contents[f"FILE_NAME_BAND_{number}"], band, corner)
    if surface:
        contents[f"FILE_NAME_BAND_{surface_band}"] = f"{name}_{surface_band}.TIF"
        write_geotiff(folder / f"{name}_{surface_band}.TIF", np.full((rows, columns), 44000, np.uint16), corner)
    else:
        if "8" in others:
            contents["FILE_NAME_BAND_8"] = f"{name}_B8.TIF"
            write_geotiff(folder / f"{name}_B8.TIF", pan, (599992.5, 15.0, 0.0, 5400007.5, 0.0, -15.0))
        for number in (*thermal, *others[1:]):
            contents[f"FILE_NAME_BAND_{number}"] = f"{name}_B{number}.TIF"
            write_geotiff(folder / f"{name}_B{number}.TIF", np.full((rows, columns), 20000, np.uint16), corner)
    contents["FILE_NAME_QUALITY_L1_PIXEL"] = f"{name}_QA_PIXEL.TIF"
    contents["FILE_NAME_QUALITY_L1_RADIOMETRIC_SATURATION"] = f"{name}_QA_RADSAT.TIF"
    write_geotiff(folder / f"{name}_QA_PIXEL.TIF", landsat_flags(rows, columns), corner)
    saturated = np.zeros((rows, columns), np.uint16)
    saturated[30, 30], saturated[31, 31] = 1 << 2, 1 << 8  # band 3, and band 9, which is not among the MS bands
    write_geotiff(folder / f"{name}_QA_RADSAT.TIF", saturated, corner)
    write_mtl(folder / f"{name}_MTL.{form}", landsat_metadata(contents, level, sensor), form)
    return folder


def landsat_flags(rows: int, columns: int) -> np.ndarray:
    """QA_PIXEL: each of its bits 0 to 7 set in one pixel (10, 3 * bit); clear and water elsewhere."""
    flags = np.full((rows, columns), 1 << 6, np.uint16)
    for bit in range(8):
        flags[10, 3 * bit] = 1 << bit
    return flags


def landsat_metadata(contents: Mapping[str, Any], level: str, sensor: str) -> dict[str, dict[str, Any]]:
    """What an MTL file holds; the groups of the other level are there too, as in real ones."""
    groups: dict[str, dict[str, Any]] = {
        "PRODUCT_CONTENTS": dict(contents),
        "IMAGE_ATTRIBUTES": {
            "SPACECRAFT_ID": f"LANDSAT_{int(INSTRUMENTS[sensor][0][2:])}",
            "SENSOR_ID": sensor,
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
    for number in INSTRUMENTS[sensor][2]:
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"RADIANCE_MULT_BAND_{number}"] = 3.342e-4
        groups["LEVEL1_RADIOMETRIC_RESCALING"][f"RADIANCE_ADD_BAND_{number}"] = 0.1
    if level.startswith("L2"):
        own = {"REFLECTANCE_MULT": 2.75e-05, "REFLECTANCE_ADD": -0.2, "QUANTIZE_CAL_MIN": 1, "QUANTIZE_CAL_MAX": 65535}
        groups["LEVEL2_SURFACE_REFLECTANCE_PARAMETERS"] = {
            f"{key}_BAND_{number}": value for number in L8_MS for key, value in own.items()
        }
        groups["LEVEL2_SURFACE_TEMPERATURE_PARAMETERS"] = {
            f"TEMPERATURE_MULT_BAND_{INSTRUMENTS[sensor][3]}": 0.00341802,
            f"TEMPERATURE_ADD_BAND_{INSTRUMENTS[sensor][3]}": 149.0,
            f"QUANTIZE_CAL_MAXIMUM_BAND_{INSTRUMENTS[sensor][3]}": 65535,
            f"QUANTIZE_CAL_MINIMUM_BAND_{INSTRUMENTS[sensor][3]}": 1,
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


PHR = "PHR1A_{kind}_202006051043599_ORT_5000"


def write_dimap(folder: Path, kinds: Sequence[str] = ("MS", "P"), level: str = "ORTHO", tiles: int = 2) -> Path:
    """A Pleiades delivery: a folder for each image, its tiles side by side; bands stored as R, G, B, NIR."""
    scene = make_pair(96, 128, ratio=4, seed=6)
    for kind in kinds:
        inner = folder / f"IMG_PHR1A_{kind}_00{1 + kinds.index(kind)}"
        inner.mkdir(parents=True)
        pixel = 2.0 if kind == "MS" else 0.5
        image = np.rint(scene.ms if kind == "MS" else scene.pan).astype(np.uint16)
        stored = image[[2, 1, 0, 3]] if kind == "MS" else image
        name = PHR.format(kind=kind)
        width = stored.shape[2] // tiles
        for column in range(tiles):
            part = stored[:, :, column * width : (column + 1) * width]
            place = (400000.0 + column * width * pixel, pixel, 0.0, 5000000.0, 0.0, -pixel)
            target = inner / f"IMG_{name}_R1C{column + 1}.TIF"
            write_geotiff(target, part, place, epsg=32631)
        (inner / f"DIM_{name}.XML").write_text(dimap_metadata(name, kind, level, tiles, width))
    volume = "<Dimap_Document><Metadata_Identification/><Dataset_Content/></Dimap_Document>"
    (folder / "VOL_PHR.XML").write_text(volume)
    return folder


def dimap_metadata(name: str, kind: str, level: str, tiles: int, width: int) -> str:
    """A DIM file, as short as it can be."""
    bands = (
        {"B2": (600, 720), "B1": (490, 610), "B0": (430, 550), "B3": (750, 950)} if kind == "MS" else {"P": (480, 830)}
    )
    files = "".join(
        f'<Data_File tile_R="1" tile_C="{column}"><DATA_FILE_PATH href="IMG_{name}_R1C{column}.TIF"/></Data_File>'
        for column in range(1, tiles + 1)
    )
    index = "".join(
        f"<Raster_Index><BAND_ID>{band}</BAND_ID><BAND_INDEX>{place}</BAND_INDEX></Raster_Index>"
        for place, band in enumerate(bands, 1)
    )
    radiance = "".join(
        f"<Band_Radiance><BAND_ID>{band}</BAND_ID><GAIN>{10 + place}</GAIN><BIAS>0.5</BIAS></Band_Radiance>"
        f"<Band_Spectral_Range><BAND_ID>{band}</BAND_ID><MEASURE_UNIT>micrometer</MEASURE_UNIT>"
        f"<MIN>{low / 1000}</MIN><MAX>{high / 1000}</MAX></Band_Spectral_Range>"
        for place, (band, (low, high)) in enumerate(bands.items())
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Dimap_Document><Metadata_Identification>'
        f'<METADATA_FORMAT version="2.15">DIMAP</METADATA_FORMAT></Metadata_Identification>'
        f"<Dataset_Identification><DATASET_NAME>{name}</DATASET_NAME></Dataset_Identification>"
        f"<Dataset_Content><Dataset_Extent><Center><LON>3.5</LON><LAT>45.1</LAT></Center></Dataset_Extent></Dataset_Content>"
        f"<Processing_Information><Product_Settings><PROCESSING_LEVEL>{level}</PROCESSING_LEVEL>"
        f"<SPECTRAL_PROCESSING>{kind}</SPECTRAL_PROCESSING><Radiometric_Settings>"
        f"<RADIOMETRIC_PROCESSING>BASIC</RADIOMETRIC_PROCESSING></Radiometric_Settings></Product_Settings>"
        f"</Processing_Information><Raster_Data><Data_Access><Data_Files>{files}<Raster_Display><Raster_Index_List>{index}"
        f"</Raster_Index_List></Raster_Display></Data_Files></Data_Access><Raster_Dimensions><NBANDS>{len(bands)}</NBANDS>"
        f'<Tile_Set><NTILES>{tiles}</NTILES><Regular_Tiling><NTILES_SIZE nrows="24" ncols="{width}"/></Regular_Tiling>'
        f"</Tile_Set></Raster_Dimensions><Raster_Display><Special_Value><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>"
        f"<SPECIAL_VALUE_COUNT>0</SPECIAL_VALUE_COUNT></Special_Value></Raster_Display></Raster_Data><Radiometric_Data>"
        f"<Radiometric_Calibration><Instrument_Calibration><Band_Measurement_List>{radiance}</Band_Measurement_List>"
        f"</Instrument_Calibration></Radiometric_Calibration></Radiometric_Data><Dataset_Sources><Source_Identification>"
        f"<Strip_Source><MISSION>PHR</MISSION><MISSION_INDEX>1A</MISSION_INDEX><INSTRUMENT>PHR</INSTRUMENT>"
        f"<IMAGING_DATE>2020-06-05</IMAGING_DATE><IMAGING_TIME>10:43:59.9Z</IMAGING_TIME></Strip_Source>"
        f"</Source_Identification></Dataset_Sources></Dimap_Document>\n"
    )


WV = "20JUN05104359-{kind}2AS-012345678010_01_P001"
WV_CODES = ("C", "B", "G", "Y", "R", "RE", "N", "N2")


def write_maxar(folder: Path, kinds: Sequence[str] = ("M", "P"), satellite: str = "WV02", rpc: bool = False) -> Path:
    """A WorldView delivery: a folder for each image, four tiles, TIL and IMD files."""
    scene = make_pair(96, 128, bands=8, ratio=4, seed=7)
    codes = WV_CODES if satellite in ("WV02", "WV03") else ("B", "G", "R", "N")
    for kind in kinds:
        inner = folder / ("012345678010_01_P001_MUL" if kind == "M" else "012345678010_01_P001_PAN")
        inner.mkdir(parents=True)
        pixel = 2.0 if kind == "M" else 0.5
        image = np.rint(scene.ms[: len(codes)] if kind == "M" else scene.pan).astype(np.uint16)
        name = WV.format(kind=kind)
        rows, columns = image.shape[1] // 2, image.shape[2] // 2
        groups = []
        for number, (row, column) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1)), 1):
            part = image[:, row * rows : (row + 1) * rows, column * columns : (column + 1) * columns]
            place = (500000 + column * columns * pixel, pixel, 0.0, 4000000 - row * rows * pixel, 0.0, -pixel)
            file = f"{name}_R{row + 1}C{column + 1}.TIF"
            write_tile(inner / file, part, place, rpc)
            groups.append(
                f'BEGIN_GROUP = TILE_{number}\n\tfilename = "{file}";\n\tULColOffset = {column * columns};\n'
                f"\tULRowOffset = {row * rows};\nEND_GROUP = TILE_{number}\n"
            )
        bands = "".join(
            f"BEGIN_GROUP = BAND_{code}\n\tabsCalFactor = 9.0e-03;\n\teffectiveBandwidth = {4.5e-02 + place / 100};\n"
            f"END_GROUP = BAND_{code}\n"
            for place, code in enumerate(codes if kind == "M" else ("P",))
        )
        band_id = "P" if kind == "P" else "Multi"
        (inner / f"{name}.TIL").write_text(f'bandId = "{band_id}";\nnumTiles = 4;\n{"".join(groups)}END;\n')
        (inner / f"{name}.IMD").write_text(
            f'version = "28.4";\nbandId = "{band_id}";\nproductLevel = "{"LV1B" if rpc else "LV2A"}";\n{bands}'
            f'BEGIN_GROUP = IMAGE_1\n\tsatId = "{satellite}";\n\tfirstLineTime = 2020-06-05T10:43:59.912345Z;\n'
            f"\tmeanSunEl = 61.5;\nEND_GROUP = IMAGE_1\nEND;\n"
        )
    return folder


def write_tile(path: Path, array: np.ndarray, geotransform: Sequence[float], rpc: bool) -> None:
    """A GeoTIFF, placed by its geotransform or by RPCs alone."""
    if not rpc:
        write_geotiff(path, array, geotransform)
        return
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), array.shape[2], array.shape[1], array.shape[0], gdal.GDT_UInt16
    )
    dataset.SetMetadata(rational_coefficients(), "RPC")
    for number, band in enumerate(array, 1):
        dataset.GetRasterBand(number).WriteRaster(0, 0, array.shape[2], array.shape[1], band.tobytes())


def rational_coefficients() -> dict[str, str]:
    """RPCs of a place at 15.2 degrees east, 36.1 degrees north."""
    zeros = " ".join(["0"] * 20)
    one = " ".join(["1", *["0"] * 19])
    facts = {"LINE_OFF": 10, "SAMP_OFF": 10, "LAT_OFF": 36.1, "LONG_OFF": 15.2, "HEIGHT_OFF": 100}
    scales = {"LINE_SCALE": 10, "SAMP_SCALE": 10, "LAT_SCALE": 0.01, "LONG_SCALE": 0.01, "HEIGHT_SCALE": 500}
    numbers = {key: str(value) for key, value in {**facts, **scales}.items()}
    return {**numbers, "LINE_NUM_COEFF": zeros, "SAMP_NUM_COEFF": zeros, "LINE_DEN_COEFF": one, "SAMP_DEN_COEFF": one}


MODIS = "{short}.A2020001.h18v04.061.2020003030303.{ending}"


def modis_numbers(size: int = 24) -> dict[int, np.ndarray]:
    """Seven bands; a fill value, and numbers below and above the valid range, in the first row."""
    made = {}
    for number in range(1, 8):
        values = np.full((size, size), 500 * number, np.int16) + np.arange(size, dtype=np.int16)
        values[0, :4] = (-28672, -101, 16001, -100)
        made[number] = values
    return made


def write_groups(path: Path, folder: Sequence[str], arrays: Mapping[str, np.ndarray], items: Mapping[str, Any]) -> Path:
    """Arrays in a group of an HDF5 file, with attributes; written by GDAL's netCDF driver, whose files are HDF5."""
    driver = gdal.GetDriverByName("netCDF")
    dataset = driver.CreateMultiDimensional(str(path), [], ["FORMAT=NC4"])
    group = dataset.GetRootGroup()
    for name in folder:
        group = group.CreateGroup(name)
    sizes: dict[int, Any] = {}
    kinds = {"int16": gdal.GDT_Int16, "uint16": gdal.GDT_UInt16, "uint8": gdal.GDT_Byte, "int32": gdal.GDT_Int32}
    kinds["float64"] = gdal.GDT_Float64
    for name, array in arrays.items():
        for place, size in enumerate(array.shape):
            if place not in sizes:
                sizes[place] = group.CreateDimension("yx"[place], None, None, size)
        kind = gdal.ExtendedDataType.Create(kinds[array.dtype.name])
        variable = group.CreateMDArray(name, [sizes[0], sizes[1]], kind)
        for key, value in items.get(name, {}).items():
            if key == "_FillValue":
                variable.SetNoDataValueDouble(value)
                continue
            several = isinstance(value, (list, tuple))
            of_value = gdal.ExtendedDataType.Create(gdal.GDT_Float64)
            attribute = variable.CreateAttribute(key, [len(value)] if several else [], of_value)
            attribute.Write([float(part) for part in value] if several else float(value))
        variable.Write(array)
        variable = None
    sizes.clear()
    group = None
    dataset = None
    return path


def write_mod09ga(folder: Path, scale: float = 10000.0) -> Path:
    """MOD09GA as HDF5, with the group that HDF-EOS5 has; flags at 1 km."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {f"sur_refl_b0{n}_1": values for n, values in modis_numbers().items()}
    own = {"_FillValue": -28672, "scale_factor": scale, "add_offset": 0.0, "valid_range": [-100, 16000]}
    path = folder / MODIS.format(short="MOD09GA", ending="h5")
    inner = ("HDFEOS", "GRIDS", "MODIS_Grid_500m_2D", "Data_Fields")
    return write_groups(path, inner, arrays, dict.fromkeys(arrays, own))


def write_mod11a1(folder: Path) -> Path:
    """MOD11A1 as HDF5."""
    folder.mkdir(parents=True, exist_ok=True)
    day = np.full((12, 12), 15000, np.uint16)
    day[0, :2] = (0, 7499)
    flags = np.zeros((12, 12), np.uint8)
    flags[5, 5], flags[6, 6] = 2, 1
    arrays = {"LST_Day_1km": day, "QC_Day": flags, "LST_Night_1km": day - np.uint16(500), "QC_Night": flags}
    own = {"_FillValue": 0, "scale_factor": 0.02, "add_offset": 0.0, "valid_range": [7500, 65535]}
    path = folder / MODIS.format(short="MOD11A1", ending="h5")
    items = {name: own for name in arrays if name.startswith("LST")}
    return write_groups(path, ("MODIS_Grid_Daily_1km_LST", "Data_Fields"), arrays, items)


def write_hdf4(path: Path, arrays: Mapping[str, np.ndarray], items: Mapping[str, Sequence[float]]) -> bool:
    """Arrays as data sets of an HDF4 file, through the library that GDAL uses; False where it is not found."""
    import ctypes

    try:
        ctypes.CDLL("libdfalt.so.0", ctypes.RTLD_GLOBAL)
        library = ctypes.CDLL("libmfhdfalt.so.0")
    except OSError:
        return False
    kinds = {"int16": 22, "uint16": 23, "uint8": 21}
    whole = ctypes.c_int32
    file = library.SDstart(str(path).encode(), 4)
    for name, array in arrays.items():
        shape, start = (whole * 2)(*array.shape), (whole * 2)(0, 0)
        data = library.SDcreate(file, name.encode(), kinds[array.dtype.name], 2, shape)
        library.SDwritedata(data, start, None, shape, array.tobytes())
        for key, values in items.items():
            numbers = (ctypes.c_double * len(values))(*values)
            library.SDsetattr(data, key.encode(), 6, len(values), numbers)
        library.SDendaccess(data)
    library.SDend(file)
    return path.exists()


SYN = "S3A_SY_2_SYN____20200605T100000_20200605T100300_20200607T000000_0179_059_122_2160_LN2_O_NT_002.SEN3"


def write_syn(folder: Path, size: int = 40) -> Path:
    """A SYN product: a slanted swath of 300 m pixels about 45 degrees north, 9 degrees east."""
    top = folder / SYN
    top.mkdir(parents=True)
    row, column = np.mgrid[:size, :size].astype(np.float64)
    latitude = 45.0 - 0.0027 * row - 0.0004 * column
    longitude = 9.0 + 0.0038 * column - 0.0006 * row
    positions = {
        name: np.rint(values * 1e6).astype(np.int32) for name, values in (("lat", latitude), ("lon", longitude))
    }
    write_groups(top / "geolocation.nc", (), positions, {key: {"scale_factor": 1e-6} for key in positions})
    for place, name in enumerate(("Oa04", "Oa06", "Oa08", "Oa17")):
        values = (1000 * (place + 1) + 10 * row + column).astype(np.int16)
        values[10:13, 10:13] = -10000
        own = {f"SDR_{name}": {"_FillValue": -10000, "scale_factor": 1e-4, "add_offset": 0.0}}
        write_groups(top / f"Syn_{name}_reflectance.nc", (), {f"SDR_{name}": values}, own)
    (top / "xfdumanifest.xml").write_text("<xfdu/>")
    return top
