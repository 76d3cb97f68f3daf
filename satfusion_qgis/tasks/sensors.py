"""What is known of sensors: gains of their modulation transfer function (MTF) at Nyquist, and band wavelengths.

Gains: Vivone et al. 2015 (10.1109/TGRS.2014.2361734) and Vivone et al. 2021 (10.1109/MGRS.2020.3019315); where no
figure is published the usual 0.30 for MS and 0.15 for PAN stand.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_GAIN = 0.30
DEFAULT_PAN_GAIN = 0.15


@dataclass(frozen=True)
class Sensor:
    """One sensor.

    Attributes:
        id: Stable lower-case id.
        title: Label for the user.
        gains: MTF gain at Nyquist of each MS band, in the order of `wavelengths_nm`; one value holds for all bands.
        pan_gain: MTF gain at Nyquist of PAN.
        wavelengths_nm: Centre wavelength of each MS band, ascending as the product numbers them.
        band_names: Names of the bands in the product's files, in the order of `wavelengths_nm`.
    """

    id: str
    title: str
    gains: tuple[float, ...]
    pan_gain: float
    wavelengths_nm: tuple[float, ...] = ()
    band_names: tuple[str, ...] = ()


_FOUR = (485.0, 555.0, 660.0, 830.0)
_EIGHT = (427.0, 478.0, 546.0, 608.0, 659.0, 724.0, 831.0, 908.0)

SENSORS: tuple[Sensor, ...] = (
    Sensor("default", "Any other sensor (gain 0.30)", (DEFAULT_GAIN,), DEFAULT_PAN_GAIN),
    Sensor("quickbird", "QuickBird", (0.34, 0.32, 0.30, 0.22), 0.15, _FOUR),
    Sensor("ikonos", "IKONOS", (0.26, 0.28, 0.29, 0.28), 0.17, _FOUR),
    Sensor("geoeye1", "GeoEye-1, WorldView-4", (0.23,), 0.16, _FOUR),
    Sensor("worldview2", "WorldView-2", (0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.27), 0.11, _EIGHT),
    Sensor("worldview3", "WorldView-3", (0.325, 0.355, 0.360, 0.350, 0.365, 0.360, 0.335, 0.315), 0.14, _EIGHT),
    Sensor(
        "pleiades",
        "Pleiades, SPOT 6/7, SuperView, Gaofen (no published gains: 0.30)",
        (DEFAULT_GAIN,),
        DEFAULT_PAN_GAIN,
    ),
    Sensor(
        "landsat8",
        "Landsat 8/9 OLI",
        (DEFAULT_GAIN,),
        0.30,
        (443.0, 482.0, 561.5, 654.5, 865.0, 1608.5, 2200.5, 1373.5),
        ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B9"),
    ),
    Sensor(
        "landsat7",
        "Landsat 7 ETM+",
        (DEFAULT_GAIN,),
        0.18,
        (482.5, 565.0, 660.0, 837.5, 1650.0, 2220.0),
        ("B1", "B2", "B3", "B4", "B5", "B7"),
    ),
    Sensor(
        "sentinel2",
        "Sentinel-2 MSI",
        (0.28,),
        0.28,
        (443.0, 492.0, 560.0, 665.0, 704.0, 741.0, 783.0, 833.0, 865.0, 945.0, 1374.0, 1614.0, 2202.0),
        ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12"),
    ),
    Sensor("prisma", "PRISMA (hyperspectral)", (0.28,), 0.22),
)


def sensor(sensor_id: str) -> Sensor:
    """Return the sensor called `sensor_id`.

    Raises:
        KeyError: No such sensor.
    """
    for candidate in SENSORS:
        if candidate.id == sensor_id:
            return candidate
    raise KeyError(f"Unknown sensor {sensor_id!r}.")


def gains_for(chosen: Sensor, bands: int, wavelengths_nm: tuple[float, ...] = ()) -> tuple[float, ...]:
    """Return the MTF gain of each of `bands` bands.

    Known wavelengths pick the nearest band of the sensor; otherwise the sensor's order is taken when the number of
    bands agrees. Four bands of an eight-band WorldView are its blue, green, red and near infrared 1. Else the mean of
    its gains.
    """
    table = chosen.gains
    if len(table) == 1 or not chosen.wavelengths_nm:
        return (sum(table) / len(table),) * bands
    if len(wavelengths_nm) == bands:
        places = [min(range(len(table)), key=lambda i: abs(chosen.wavelengths_nm[i] - w)) for w in wavelengths_nm]
        return tuple(table[place] for place in places)
    if bands == len(table):
        return table
    if bands == 4 and len(table) == 8:
        return (table[1], table[2], table[4], table[6])
    return (sum(table) / len(table),) * bands
