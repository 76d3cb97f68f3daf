"""The dated images of a series: files of folders and lists, the day of each, and how much of it is clear."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from ..raster.clearness import Region, region_of, sample
from ..raster.gdal_calls import open_raster
from ..raster.grid import Grid
from ..raster.products import find_product, is_product, split_choice
from ..raster.reader import Source, describe, remove_virtual
from ..tasks.dates import moment_in_name
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.image_names import DatePattern, chosen_names, fine_and_coarse, moment_in_path, sensor_in_name
from ..tasks.job import Input
from .pair_inputs import pair_inputs
from .record import DOMAIN
from .revisit_inputs import PREPARED_MASK
from .revisits import moment_in_metadata

FINE, COARSE = "FINE", "COARSE"
# What a series' images are in the job of one date.
_ROLE_OF = {FINE: "FINE_1", COARSE: "COARSE_TARGET"}
_ENDINGS = (".tif", ".tiff", ".vrt", ".img", ".jp2", ".dat", ".bsq", ".hdf", ".h5", ".nc", ".safe", ".sen3")
_TASK = '"task": "spatiotemporal_fusion"'
_DIGITS = 3  # shares of clear pixels that differ by less are the same


@dataclass(frozen=True, eq=False)
class Dated:
    """One image of a series.

    Attributes:
        role: FINE or COARSE.
        inputs: Its files, as inputs of a job.
        name: File name, for messages.
        moment: When it was taken, in UTC.
        grid: Its grid.
        clear: Share of the place that is clear in it.
        bands: Number of its bands.
        dtype: GDAL type of its first band.
        problem: Why it cannot be read, or ""; then nothing in it is clear.
    """

    role: str
    inputs: tuple[Input, ...]
    name: str
    moment: datetime.datetime
    grid: Grid
    clear: float = 1.0
    bands: int = 1
    dtype: str = "Float32"
    problem: str = ""

    @property
    def day(self) -> datetime.date:
        """The day on which it was taken."""
        return self.moment.date()

    def as_role(self, role: str, pair: Optional[int] = None) -> list[Input]:
        """Return its files as inputs under a role of one date's job."""
        date = f"{self.day.isoformat()}T00:00:00Z"
        return [replace(item, role=role, index=0, date=date, pair=pair) for item in self.inputs]


@dataclass(frozen=True)
class Search:
    """Which images are taken, and how they are read.

    Attributes:
        fine_names: Wildcards for the names of the fine images; empty for all.
        coarse_names: The same for the coarse ones.
        pattern: Pattern for dates in names; empty for the known schemes.
        bands: Bands of the fine images; empty for all.
        coarse_bands: Bands of the coarse images in that order; empty to find them by wavelength or name.
        nodata: Values of missing pixels by path, where a file declares none.
        auto_masks: Leave out what a product's quality band, or the mask prepared beside an image, marks.
        dilate: Grow such masks by so many pixels.
        extent: xmin, ymin, xmax, ymax in the CRS of the first fine image: where clear pixels count; None for all.
    """

    fine_names: str = ""
    coarse_names: str = ""
    pattern: str = ""
    bands: tuple[int, ...] = ()
    auto_masks: bool = False
    dilate: int = 0
    extent: Optional[tuple[float, float, float, float]] = None
    coarse_bands: tuple[int, ...] = ()
    nodata: Mapping[str, float] = field(default_factory=dict)


def files_of_folder(folder: str) -> list[str]:
    """Return the rasters and products in a folder and in the folders right below it, in order of their names.

    Raises:
        InputError: There is no such folder, or no raster in it.
    """
    path = Path(folder)
    if not path.is_dir():
        raise InputError(f"The folder {folder} does not exist.")
    if _is_one_product(path):
        return [folder]
    found: list[str] = []
    for one in sorted(path.iterdir()):
        if one.is_dir() and not one.name.startswith("."):
            inside = [str(one)] if _is_one_product(one) else [str(item) for item in sorted(one.iterdir())]
            found += [item for item in inside if item == str(one) or _is_raster(Path(item))]
        elif _is_raster(one):
            found.append(str(one))
    if not found:
        raise InputError(f"The folder {folder} holds no raster (files ending in {', '.join(_ENDINGS)}) and no product.")
    return found


def _is_one_product(folder: Path) -> bool:
    """Tell whether a folder is a product as delivered, and not one of several images: its name holds a date."""
    if moment_in_name(folder.name) is None:
        return False
    try:
        return find_product(str(folder)) is not None
    except InputError:
        return False


def _is_raster(path: Path) -> bool:
    if path.name.startswith(".") or path.name.endswith(PREPARED_MASK):
        return False
    return path.suffix.lower() in _ENDINGS or (path.is_file() and is_product(str(path)))


def divided(fine: Sequence[str], coarse: Sequence[str], search: Search) -> tuple[list[str], list[str]]:
    """Return the files of the fine and of the coarse images, from folders and files.

    Where only one folder is given, or twice the same, names and subfolders tell which is which, unless wildcards do.

    Args:
        fine: Folders and files; several of them are put together.
        coarse: The same; empty where the fine images' folder holds the coarse ones too.
        search: Which of them are taken.

    Raises:
        InputError: A folder is missing or empty, or nothing tells fine and coarse images apart.
    """
    both = {FINE: _expanded(fine), COARSE: _expanded(coarse)}
    if not both[FINE]:
        raise InputError("FINE is missing: give a folder or files of fine images.")
    shared = not both[COARSE] or both[FINE] == both[COARSE]
    if shared:
        every = both[FINE]
        if search.fine_names and search.coarse_names:
            both = {FINE: every, COARSE: every}
        else:
            wanted = chosen_names(every, search.fine_names or search.coarse_names or "*")
            rest = _of_other_sensors(every, wanted)
            if search.fine_names:
                both = {FINE: wanted, COARSE: rest}
            elif search.coarse_names:
                both = {FINE: rest, COARSE: wanted}
            else:
                both = dict(zip((FINE, COARSE), fine_and_coarse(every)))
    found = chosen_names(both[FINE], search.fine_names), chosen_names(both[COARSE], search.coarse_names)
    for role, files, wanted_names in zip((FINE, COARSE), found, (search.fine_names, search.coarse_names)):
        if not files:
            why = f"{role}_NAMES {wanted_names!r} fits no file" if wanted_names else "there are none"
            raise InputError(f"{role}: no images are found, for {why}.")
    return found


def _of_other_sensors(every: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the files that are not among the wanted ones, nor of their sensor where names tell it."""
    rest = [one for one in every if one not in wanted]
    sensors = {sensor_in_name(one) for one in wanted} - {""}
    return [one for one in rest if sensor_in_name(one) not in sensors]


def _expanded(given: Sequence[str]) -> list[str]:
    files: list[str] = []
    for one in given:
        plain = not one.startswith("/vsi") and ":" not in one  # and no part of a file, such as HDF4_EOS:...
        if plain and not Path(split_choice(one)[0]).exists():
            raise InputError(f"There is no file or folder {one}.")
        inside = files_of_folder(one) if Path(one).is_dir() else [one]
        files += [path for path in inside if path not in files]
    return files


def dated_images(
    fine: Sequence[str], coarse: Sequence[str], search: Search, feedback: Feedback
) -> tuple[list[Dated], list[Dated]]:
    """Return the dated fine and coarse images, in order of their days, one for each day.

    An image without a date is left out with a warning; of several of one day the clearest is taken.

    Args:
        fine: Folders and files.
        coarse: The same; see `divided`.
        search: Which images are taken, and how they are read.
        feedback: Who is told, and who may cancel.

    Raises:
        InputError: An image cannot be read, or none has a date.
        Cancelled: The user cancelled.
    """
    pattern = DatePattern(search.pattern) if search.pattern.strip() else None
    files = dict(zip((FINE, COARSE), divided(fine, coarse, search)))
    region: Optional[Region] = None
    found: dict[str, list[Dated]] = {}
    for role in (FINE, COARSE):
        images: list[Dated] = []
        for path in files[role]:
            if feedback.cancelled():
                raise Cancelled
            item = Input(_ROLE_OF[role], path, bands=list(search.bands if role == FINE else search.coarse_bands))
            item.nodata = search.nodata.get(path)
            try:
                (item,) = pair_inputs([item], {}, {}, search.auto_masks, search.dilate)
                source = describe(item.role, [item])
            except InputError as error:
                images += _unreadable(role, item, pattern, str(error), feedback)
                continue
            try:
                if _is_predicted(source):
                    feedback.info(f"{role}: {source.name} is left out, for it was predicted itself")
                    continue
                moment = _moment(path, source, pattern)
                if moment is None:
                    feedback.warning(f"{role}: {source.name} is left out, for no date is known; give DATE_PATTERN.")
                    continue
                region = region or _region(source, search)
                clear = round(sample(source, region).share(region), _DIGITS)
                bands, dtype = len(source.bands), source.bands[0].dtype
                images.append(Dated(role, (item,), _name(path), moment, source.grid, clear, bands, dtype))
            finally:
                remove_virtual(source)
        if all(one.problem for one in images) and images:
            raise InputError(f"{role}: no image can be read: {images[0].problem}")
        if not images:
            raise InputError(f"{role}: no image has a date in its name or metadata; give DATE_PATTERN.")
        found[role] = _one_for_each_day(role, images, feedback)
    return found[FINE], found[COARSE]


def _is_predicted(source: Source) -> bool:
    """Tell whether an image is an output of a series, or of a prediction, that lies in the folder too."""
    dataset = open_raster(source.files[0][0])
    plain = {
        key[len(DOMAIN) + 1 :]: text for key, text in (dataset.GetMetadata() or {}).items() if key.startswith(DOMAIN)
    }
    items = {**plain, **(dataset.GetMetadata(DOMAIN) or {})}  # the former in a COG
    return bool({"SERIES", "SERIES_JOB", "SOURCE_OF"} & set(items)) or _TASK in items.get("JOB", "")


def _unreadable(
    role: str, item: Input, pattern: Optional[DatePattern], problem: str, feedback: Feedback
) -> list[Dated]:
    """Return an image that cannot be read, so that the date in its name is reported; none without a date."""
    feedback.warning(f"{role}: {_name(item.path)} is left out: {problem}")
    moment = moment_in_path(split_choice(item.path)[0], pattern)
    nowhere = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0), 1, 1)
    return [] if moment is None else [Dated(role, (item,), _name(item.path), moment, nowhere, 0.0, problem=problem)]


def _name(path: str) -> str:
    return Path(split_choice(path)[0]).name


def _moment(path: str, source: Source, pattern: Optional[DatePattern]) -> Optional[datetime.datetime]:
    name = split_choice(path)[0]
    if pattern is not None:
        return moment_in_path(name, pattern)
    return moment_in_metadata(source) or moment_in_path(name)


def _region(source: Source, search: Search) -> Region:
    """Return the place: what the first fine image shows, or EXTENT."""
    whole = region_of(source.grid)
    return whole if search.extent is None else Region(whole.crs, search.extent)


def _one_for_each_day(role: str, images: Sequence[Dated], feedback: Feedback) -> list[Dated]:
    """Return one image for each day, in order: the clearest, of equally clear ones the first by name."""
    by_day: dict[datetime.date, list[Dated]] = {}
    for one in sorted(images, key=lambda image: (image.day, -image.clear, image.name)):
        by_day.setdefault(one.day, []).append(one)
    for day, several in by_day.items():
        if len(several) > 1:
            others = ", ".join(f"{one.name} ({100 * one.clear:.3g} %)" for one in several[1:])
            feedback.warning(
                f"{role}: of {day} {several[0].name} is taken ({100 * several[0].clear:.3g} % clear), not {others}."
            )
    return [several[0] for several in by_day.values()]
