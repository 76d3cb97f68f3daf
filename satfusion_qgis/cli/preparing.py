"""Commands that make products and patch sets ready."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.job import Input
from . import console, shared
from .console import ConsoleFeedback


def add_prepare_product(commands: Any) -> None:
    """Add the command that makes a product ready."""
    product = commands.add_parser("prepare-product", help="virtual rasters and masks from a product as delivered")
    product.add_argument("product", help="a folder, a zip or tar file, or a metadata file")
    product.add_argument("--output", required=True, help="folder for the virtual rasters")
    product.add_argument("--images", default="", help="images wanted, such as ms,pan or 10m,20m; default all")
    product.add_argument("--no-mask", action="store_true", help="write no masks")
    product.add_argument("--dilate", type=int, default=0, help="grow the masks by so many pixels of the quality band")
    product.add_argument("--flags", default="", help="bits or classes not to be used, instead of the usual ones")
    product.add_argument("--offset", type=float, help="physical offset instead of the product's own")
    shared.common(product)
    product.set_defaults(command=_prepare_product)


def add_prepare_patches(commands: Any) -> None:
    """Add the commands that make patch sets."""
    patches = commands.add_parser("prepare-patches", help="training patches from scenes, by Wald's protocol")
    patches.add_argument(
        "--ms",
        nargs="+",
        action="append",
        default=[],
        help="one raster, one file for each band, or a product; once for each scene",
    )
    patches.add_argument("--pan", action="append", default=[], help="its PAN; once for each scene")
    patches.add_argument(
        "--split",
        action="append",
        default=[],
        help="train, validation or test for a whole scene; once for each, or not",
    )
    patches.add_argument("--output", required=True, metavar="FOLDER", help="folder of the patch set")
    patches.add_argument("--bands", default="", help="bands of MS, such as 1,2,3")
    patches.add_argument("--patch", type=int, default=64, help="side in pixels of the original MS; default 64")
    patches.add_argument("--stride", type=int, help="default the side")
    patches.add_argument("--multiple", type=int, default=4, help="sides and corners are multiples of this; default 4")
    patches.add_argument("--buffer", type=int, default=64, help="pixels between splits; default 64")
    patches.add_argument("--validation", type=float, default=15.0, help="percent of each scene; default 15")
    patches.add_argument("--test", type=float, default=15.0, help="percent of each scene; default 15")
    patches.add_argument("--reductions", type=int, default=1, help="1, or 2 for adaptation to a scene")
    patches.add_argument("--ratio", type=float, help="MS pixel / PAN pixel; default from the images")
    patches.add_argument("--seed", type=int, default=0)
    patches.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="SENSOR or MTF_GAINS")
    shared.common(patches)
    patches.set_defaults(command=_prepare_patches)
    files = commands.add_parser("prepare-pancollection", help="training patches from PanCollection's HDF5 files")
    for name in ("train", "validation", "test"):
        files.add_argument(f"--{name}", required=name != "test", metavar="FILE.h5")
    files.add_argument("--preset", required=True, help="wv3, wv2, qb or gf2")
    files.add_argument("--output", required=True, metavar="FOLDER", help="folder of the patch set")
    shared.common(files)
    files.set_defaults(command=_prepare_pancollection)


def _prepare_product(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..raster.products import prepare
    from ..raster.products.quality import MaskChoice

    keys = [part.strip() for part in arguments.images.split(",") if part.strip()]
    mask = None
    if not arguments.no_mask:
        mask = MaskChoice(arguments.dilate, tuple(shared.numbers("--flags", arguments.flags)))
    console.prepare(feedback)
    made = prepare(arguments.product, arguments.output, keys, mask, arguments.offset, feedback)
    for path in [*made.images.values(), *made.masks.values()]:
        sys.stdout.write(f"{path}\n")


def _prepare_patches(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.patch_places import Layout
    from ..pipeline.patches import PatchSettings, ScenePair, prepare_patches

    if not arguments.ms or len(arguments.ms) != len(arguments.pan):
        raise InputError("Give --ms and --pan, once for each scene.")
    if arguments.split and len(arguments.split) != len(arguments.ms):
        raise InputError("Give --split once for each scene, or not at all.")
    bands = shared.numbers("--bands", arguments.bands)
    splits = arguments.split or [""] * len(arguments.ms)
    scenes = [
        ScenePair([Input("MS", path, bands=list(bands)) for path in ms], Input("PAN", pan), split)
        for ms, pan, split in zip(arguments.ms, arguments.pan, splits)
    ]
    layout = Layout(
        arguments.patch,
        arguments.stride or arguments.patch,
        arguments.multiple,
        arguments.buffer,
        arguments.validation / 100,
        arguments.test / 100,
        arguments.seed,
    )
    settings = PatchSettings(
        layout,
        arguments.ratio,
        arguments.reductions,
        parameters=dict(shared.pair(text) for text in arguments.set),
        threads=arguments.threads,
    )
    console.prepare(feedback)
    prepare_patches(scenes, arguments.output, settings, feedback)


def _prepare_pancollection(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from ..pipeline.pancollection import prepare_pancollection

    files = {name: getattr(arguments, name) or "" for name in ("train", "validation", "test")}
    console.prepare(feedback)
    prepare_pancollection(files, arguments.output, arguments.preset, feedback)
