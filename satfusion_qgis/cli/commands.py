"""The command line as a whole: all commands, and the one that is called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Optional

from ..catalogue import AUTO, AUTO_RULE, CATALOGUE, Catalogue
from ..locations import version
from ..tasks.errors import Cancelled, InputError
from ..tasks.job import MASKS
from ..tasks.patch_set import PANSHARPENING, SATFUSION, SPATIOTEMPORAL, SUPER_RESOLUTION
from . import fusion, models, pairs, preparing, revisits, scoring, series, shared, training, triplets
from .console import ConsoleFeedback

_TRAININGS = {
    "train-pansharpening": PANSHARPENING,
    "train-superresolution": SUPER_RESOLUTION,
    "train-satfusion": SATFUSION,
    "train-spatiotemporal": SPATIOTEMPORAL,
}


def main(argv: Optional[Sequence[str]] = None, catalogue: Catalogue = CATALOGUE) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; default the process's own.
        catalogue: Tasks and methods to offer.

    Returns:
        0 on success, 1 on bad input, 130 on a cancel.
    """
    arguments = parser(catalogue).parse_args(argv)
    feedback = ConsoleFeedback(getattr(arguments, "quiet", False))
    try:
        arguments.command(arguments, catalogue, feedback)
    except InputError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except Cancelled as stopped:
        sys.stderr.write(f"{str(stopped) or 'Cancelled; no output was written.'}\n")
        return 130
    return 0


def parser(catalogue: Catalogue) -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="satfusion", description="Fuse satellite images without QGIS.")
    parser.add_argument("--version", action="version", version=f"satfusion {version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    methods = commands.add_parser("methods", help="list tasks, methods and their parameters")
    methods.add_argument("--json", action="store_true", help="as JSON")
    methods.set_defaults(command=fusion.methods)

    run = commands.add_parser("run", help="run a job")
    run.add_argument(
        "job", help="a JSON file, - for standard input, or a raster made by SatFusion (its job is repeated)"
    )
    run.add_argument("--output", action="append", default=[], metavar="NAME=PATH", help="write an output elsewhere")
    shared.common(run)
    run.set_defaults(command=fusion.run)

    pansharpen = commands.add_parser("pansharpen", help="sharpen an MS image with its PAN")
    pansharpen.add_argument(
        "--ms",
        nargs="+",
        action="append",
        default=[],
        help="one raster, one file for each band, or a product; once for each scene",
    )
    pansharpen.add_argument(
        "--pan",
        nargs="+",
        action="append",
        default=[],
        help="one raster, one file for each of its bands, or a product; once for each scene",
    )
    pansharpen.add_argument(
        "--batch",
        metavar="SCENES.csv",
        help="scenes with the columns ms and pan (files separated by semicolons), and if wanted output, method, bands "
        "and mask; files are relative to the list",
    )
    pansharpen.add_argument("--output")
    pansharpen.add_argument(
        "--output-folder", metavar="FOLDER", help="name each output SCENE_METHOD.tif, in this folder"
    )
    pansharpen.add_argument("--method", default=AUTO, help=f"a method id; default auto ({AUTO_RULE})")
    pansharpen.add_argument(
        "--model", default="", help="weights of a network: a model's id or folder; default the one that fits the scene"
    )
    pansharpen.add_argument(
        "--device", default="auto", help="where a network runs: auto, cpu, cuda:N, mps, directml, coreml or openvino"
    )
    pansharpen.add_argument("--bands", default="", help="MS band numbers, separated by commas; default all")
    pansharpen.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    pansharpen.add_argument("--mask", metavar="POLYGONS.gpkg", help="fuse only inside these polygons")
    pansharpen.add_argument("--mask-layer", metavar="NAME", help="layer of the mask, where it has several")
    pansharpen.add_argument(
        "--preview", action="store_true", help="fuse 512 x 512 MS pixels, with the statistics of the whole scene"
    )
    pansharpen.add_argument(
        "--preview-centre", nargs=2, type=float, metavar=("X", "Y"), help="where; default the scene's centre"
    )
    pansharpen.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    pansharpen.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32; default that of MS")
    pansharpen.add_argument(
        "--units",
        default="input",
        help="input, reflectance (DN * scale + offset, 32-bit floats) or reflectance_int16 (10000 times that)",
    )
    pansharpen.add_argument("--no-overviews", action="store_true")
    pansharpen.add_argument(
        "--keep-order", action="store_true", help="do not put single-band files in order of wavelength"
    )
    pansharpen.add_argument(
        "--masks",
        choices=MASKS,
        default="none",
        help="auto: leave out what a product's quality band marks",
    )
    pansharpen.add_argument("--dilate", type=int, default=0, help="grow these masks by so many of their pixels")
    pansharpen.add_argument("--window", type=int, help="side of the processing window in pixels")
    pansharpen.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method"
    )
    pansharpen.add_argument("--save-job", metavar="JOB.json", help="write the job and do not run it")
    shared.common(pansharpen)
    pansharpen.set_defaults(command=fusion.pansharpen)
    for task in catalogue.tasks:
        if any(role.revisits for role in task.roles) and catalogue.methods_of(task.id):
            revisits.add_revisits(commands, task)
        if task.pairs and catalogue.methods_of(task.id):
            pairs.add_predict(commands, task)

    degrade = commands.add_parser("degrade", help="degrade MS and PAN by Wald's protocol")
    degrade.add_argument("--ms", nargs="+", required=True)
    degrade.add_argument("--pan")
    degrade.add_argument("--output-ms", required=True)
    degrade.add_argument("--output-pan")
    degrade.add_argument("--ratio", type=float)
    degrade.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    shared.common(degrade)
    degrade.set_defaults(command=fusion.degrade)

    assess = commands.add_parser("assess", help="score a fused image against a reference")
    assess.add_argument("--fused", required=True)
    assess.add_argument("--reference", required=True)
    assess.add_argument("--ratio", type=float, required=True, help="MS pixel / PAN pixel")
    assess.add_argument("--fused-bands", default="")
    assess.add_argument("--reference-bands", default="")
    assess.add_argument("--border", type=int, default=0, help="pixels left out along each side")
    assess.add_argument("--data-range", type=float, help="range of the values for PSNR and SSIM, in physical units")
    assess.add_argument("--uqi-window", type=int, default=8, help="side of the window of UQI")
    assess.add_argument("--registered", action="store_true", help="also cPSNR and cSSIM, which forgive a small shift")
    assess.add_argument("--shift", type=int, help="largest such shift in pixels; default the ratio")
    scoring.assess_outputs(assess)
    shared.common(assess)
    assess.set_defaults(command=scoring.assess)

    full = commands.add_parser(
        "assess-noreference", help="score a fused image at full scale, against its own MS and PAN"
    )
    full.add_argument("--fused", required=True)
    full.add_argument("--ms", nargs="+", required=True)
    full.add_argument("--pan", required=True)
    full.add_argument("--fused-bands", default="")
    full.add_argument("--bands", default="", help="bands of MS, such as 1,2,3")
    full.add_argument("--sensor", default="default", help="sensor of MS, for its MTF")
    full.add_argument("--mtf-gains", default="", help="own MTF gains at Nyquist")
    full.add_argument("--border", type=int, default=4, help="MS pixels left out along each side")
    scoring.assess_outputs(full)
    shared.common(full)
    full.set_defaults(command=scoring.assess_noreference)

    several = commands.add_parser("assess-methods", help="rank methods on a scene: degrade it, sharpen it, score it")
    several.add_argument("--ms", nargs="+", default=[])
    several.add_argument("--pan", help="needed with --ms")
    several.add_argument(
        "--revisits", nargs="+", default=[], help="images of one place at several dates, or one stack, in place of --ms"
    )
    several.add_argument("--dates", default="", help="a date for each revisit, separated by commas; default from names")
    several.add_argument("--stack-bands", type=int, default=0, help="bands of one revisit in a stack")
    several.add_argument("--bands", default="", help="bands of MS, or of each revisit, such as 1,2,3")
    several.add_argument("--methods", default="", help="ids separated by commas; default all")
    several.add_argument(
        "--ratio", type=float, help="MS pixel / PAN pixel; default from the images, for revisits without PAN 2"
    )
    several.add_argument("--border", type=int, help="MS pixels left out along each side; default 4 x ratio")
    several.add_argument("--no-full-scale", action="store_true", help="do not sharpen the scene itself as well")
    several.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    scoring.assess_outputs(several)
    shared.common(several)
    several.set_defaults(command=scoring.assess_methods)
    if catalogue.methods_of(series.TASK):
        series.add_predict_series(commands)
        series.add_assess_series(commands)
    preparing.add_prepare_product(commands)
    revisits.add_prepare_revisits(commands)
    preparing.add_prepare_patches(commands)
    triplets.add_prepare_triplets(commands)
    for name, task_id in _TRAININGS.items():
        training.add_train(commands, name, task_id)
    training.add_adapt(commands)
    models.add_model(commands)
    return parser
