"""What a product is, whatever its family: images of one pixel size each, their bands, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Optional

from ...tasks.errors import InputError

MS, PAN, OTHER = "MS", "PAN", "OTHER"


@dataclass(frozen=True)
class ProductBand:
    """One band of a product.

    Attributes:
        name: Name as the product numbers it ("B8A").
        files: GDAL paths of the tiles that make it up; usually one.
        number: Band number in these files.
        wavelength_nm: Centre wavelength in nanometres, or None.
        scale: Physical value = DN * scale + offset.
        offset: See `scale`.
        unit: Unit of the physical value; "" for reflectance.
        valid: Smallest and largest number that is a measurement, where the product says so.
        enforce: Whether numbers outside `valid` are to become nodata.
    """

    name: str
    files: tuple[str, ...]
    number: int = 1
    wavelength_nm: Optional[float] = None
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    valid: Optional[tuple[float, float]] = None
    enforce: bool = False


@dataclass(frozen=True)
class Quality:
    """A raster that says which pixels are not to be used.

    Attributes:
        path: GDAL path.
        bits: A pixel with any of these bits set is not used.
        values: A pixel with one of these values is not used.
        grows: Whether the marked areas may be dilated (clouds), or not (saturated pixels).
        chosen: Whether the user's own choice of bits or values takes the place of these.
    """

    path: str
    bits: tuple[int, ...] = ()
    values: tuple[int, ...] = ()
    grows: bool = True
    chosen: bool = True


@dataclass(frozen=True)
class Swath:
    """Positions of the pixels of an image that has no grid: arrays of longitudes and latitudes.

    Attributes:
        longitude: GDAL path of the longitudes.
        latitude: GDAL path of the latitudes.
        scale: Degrees = stored value * scale + offset.
        offset: See `scale`.
        pixel_m: Size of the pixels in metres.
    """

    longitude: str
    latitude: str
    scale: float = 1.0
    offset: float = 0.0
    pixel_m: float = 300.0


@dataclass(frozen=True)
class Image:
    """Bands of one pixel size.

    Attributes:
        key: Its short name within the product ("ms", "pan", "20m").
        title: What it is, for the log.
        role: `MS`, `PAN` or `OTHER`: as which it is taken where the user names the product only.
        bands: Its bands, in order of wavelength.
        nodata: Number of missing pixels, or None.
        product_id: Name of the product that it comes from.
        level: Processing level ("L2SP").
        quality: What marks pixels as not to be used.
        grid: CRS (WKT) and geotransform where the files carry none.
        swath: Positions of the pixels where there is no grid.
    """

    key: str
    title: str
    role: str
    bands: tuple[ProductBand, ...]
    nodata: Optional[float]
    product_id: str
    level: str
    quality: tuple[Quality, ...] = ()
    grid: Optional[tuple[str, tuple[float, ...]]] = None
    swath: Optional[Swath] = None


@dataclass(frozen=True)
class Product:
    """One product as delivered.

    Attributes:
        family: "Landsat Collection 2", "Sentinel-2", ...
        id: Name of the product.
        level: Processing level.
        sensor: Platform and instrument, for the log.
        date: ISO 8601 date and time, or "" when unknown.
        images: Its images; the first one is taken where no role decides.
        notes: What the user should know, one sentence each.
        metadata: More items for the virtual rasters' metadata.
        hints: Why a role has no image, by role.
        reflective: Whether the physical values are reflectances.
    """

    family: str
    id: str
    level: str
    sensor: str
    date: str
    images: tuple[Image, ...]
    notes: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    reflective: bool = True

    def image(self, key: str) -> Image:
        """Return the image called `key`.

        Raises:
            InputError: There is none.
        """
        for candidate in self.images:
            if candidate.key == key.lower():
                return candidate
        known = ", ".join(candidate.key for candidate in self.images)
        raise InputError(f"The product {self.id} has no image {key!r}; it has: {known}.")

    def image_for(self, role: str) -> Image:
        """Return the image that is meant where the product is given as `role`.

        Raises:
            InputError: The product has none.
        """
        same = [candidate for candidate in self.images if candidate.role == role]
        if same:
            return same[0]
        if role == PAN or not self.images:
            raise InputError(self.hints.get(role) or f"The product {self.id} has no panchromatic band.")
        if role == MS and MS in self.hints:
            raise InputError(self.hints[MS])
        return self.images[0]

    def with_offset(self, offset: float) -> Product:
        """Return the product with another physical offset in all bands of its MS and PAN images.

        Raises:
            InputError: The offset cannot be one of reflectances.
        """
        if self.reflective and abs(offset) > 1:
            raise InputError(
                f"OFFSET is in physical units, and {offset:g} is no offset of reflectances; for -1000 in numbers of "
                f"0.0001 write -0.1."
            )
        images = [
            replace(image, bands=tuple(replace(band, offset=offset) for band in image.bands))
            if image.role in (MS, PAN)
            else image
            for image in self.images
        ]
        return replace(self, images=tuple(images))
