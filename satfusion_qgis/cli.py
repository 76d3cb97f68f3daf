"""The command line: the same jobs without QGIS.

satfusion methods
satfusion run JOB.json
satfusion pansharpen --ms MS.tif --pan PAN.tif --output FUSED.tif
satfusion pansharpen --batch SCENES.csv --output-folder FUSED
satfusion superresolve --revisits MAY.tif JUNE.tif JULY.tif --ratio 2 --output FINER.tif
satfusion fuse --revisits MAY.tif JUNE.tif JULY.tif --pan PAN.tif --output FUSED.tif
satfusion degrade --ms MS.tif --pan PAN.tif --output-ms M.tif --output-pan P.tif
satfusion assess --fused FUSED.tif --reference TRUTH.tif --ratio 4 --report REPORT.html
satfusion assess-noreference --fused FUSED.tif --ms MS.tif --pan PAN.tif --report REPORT.html
satfusion assess-methods --ms MS.tif --pan PAN.tif --report REPORT.html
satfusion prepare-product SCENE.tar --output FOLDER
satfusion prepare-revisits SHARP.tif --count 8 --ratio 2 --output FOLDER
satfusion prepare-patches --ms MS.tif --pan PAN.tif --output PATCHES
satfusion adapt --ms MS.tif --pan PAN.tif --output FUSED.tif --time-limit 60
satfusion train-pansharpening --patches PATCHES --network fusionnet --model-folder MODEL --report REPORT.html
satfusion model list
satfusion model import WEIGHTS.pth --bands Blue:485,Green:555,Red:660,NIR:830
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import argparse  # noqa: E402 (the variables above must be set before numpy is loaded)
import json  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Any, Optional, Union  # noqa: E402

from .catalogue import AUTO, AUTO_RULE, CATALOGUE, Catalogue  # noqa: E402
from .locations import models_folder, version  # noqa: E402
from .tasks.errors import Cancelled, InputError  # noqa: E402
from .tasks.feedback import Feedback  # noqa: E402
from .tasks.job import AUTO_MASK, MASKS, Area, Input, Job, Mask, Output, Preview  # noqa: E402
from .tasks.patch_set import PANSHARPENING, SATFUSION, SUPER_RESOLUTION  # noqa: E402
from .tasks.sensors import SENSORS  # noqa: E402
from .tasks.task import OutputSpec, Role, Task  # noqa: E402

if TYPE_CHECKING:
    from .pipeline.batch import Scene

_CACHE_BYTES = 32 << 20
_TRAININGS = {
    "train-pansharpening": PANSHARPENING,
    "train-superresolution": SUPER_RESOLUTION,
    "train-satfusion": SATFUSION,
}


class ConsoleFeedback(Feedback):
    """Log lines and progress on standard error; Ctrl-C and SIGTERM cancel.

    Args:
        quiet: Print warnings only.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._stopped = False
        self._shown = -1

    def watch_signals(self) -> None:
        """Make Ctrl-C and SIGTERM cancel the run, so that nothing is left behind."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: Any) -> None:
        self._stopped = True

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Show whole percents on a terminal."""
        percent = int(100 * fraction)
        if self._quiet or percent == self._shown or not sys.stderr.isatty():
            return
        self._shown = percent
        left = "" if remaining_s is None else f", about {remaining_s:.0f} s left"
        sys.stderr.write(f"\r{percent:3d} %{left}   ")
        sys.stderr.flush()

    def info(self, text: str) -> None:
        """Print a line."""
        if not self._quiet:
            sys.stderr.write(f"{text}\n")

    def warning(self, text: str) -> None:
        """Print a line marked as a warning."""
        sys.stderr.write(f"Warning: {text}\n")

    def cancelled(self) -> bool:
        """Tell whether a signal came."""
        return self._stopped


def main(argv: Optional[Sequence[str]] = None, catalogue: Catalogue = CATALOGUE) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; default the process's own.
        catalogue: Tasks and methods to offer.

    Returns:
        0 on success, 1 on bad input, 130 on a cancel.
    """
    arguments = _parser(catalogue).parse_args(argv)
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


def _parser(catalogue: Catalogue) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="satfusion", description="Fuse satellite images without QGIS.")
    parser.add_argument("--version", action="version", version=f"satfusion {version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    methods = commands.add_parser("methods", help="list tasks, methods and their parameters")
    methods.add_argument("--json", action="store_true", help="as JSON")
    methods.set_defaults(command=_methods)

    run = commands.add_parser("run", help="run a job")
    run.add_argument(
        "job", help="a JSON file, - for standard input, or a raster made by SatFusion (its job is repeated)"
    )
    run.add_argument("--output", action="append", default=[], metavar="NAME=PATH", help="write an output elsewhere")
    _common(run)
    run.set_defaults(command=_run)

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
    _common(pansharpen)
    pansharpen.set_defaults(command=_pansharpen)
    for task in catalogue.tasks:
        if any(role.revisits for role in task.roles) and catalogue.methods_of(task.id):
            _add_revisits(commands, task)

    degrade = commands.add_parser("degrade", help="degrade MS and PAN by Wald's protocol")
    degrade.add_argument("--ms", nargs="+", required=True)
    degrade.add_argument("--pan")
    degrade.add_argument("--output-ms", required=True)
    degrade.add_argument("--output-pan")
    degrade.add_argument("--ratio", type=float)
    degrade.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    _common(degrade)
    degrade.set_defaults(command=_degrade)

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
    _assess_outputs(assess)
    _common(assess)
    assess.set_defaults(command=_assess)

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
    _assess_outputs(full)
    _common(full)
    full.set_defaults(command=_assess_noreference)

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
    _assess_outputs(several)
    _common(several)
    several.set_defaults(command=_assess_methods)
    _add_prepare_product(commands)
    _add_prepare_revisits(commands)
    _add_prepare_patches(commands)
    for name, task_id in _TRAININGS.items():
        _add_train(commands, name, task_id)
    _add_adapt(commands)
    _add_model(commands)
    return parser


# Parameters of methods for revisits that have an option of their own.
_OF_REVISITS = ("RATIO", "REFERENCE_DATE", "MAX_DAYS", "MAX_SHIFT")


def _add_revisits(commands: Any, task: Task) -> None:
    """Add the command of a task that takes several images of one place."""
    fuse = commands.add_parser(task.verb, help=task.title)
    _revisit_arguments(fuse)
    others = [role for role in task.roles if not role.revisits]
    for role in others:
        fuse.add_argument(f"--{role.name.lower()}", nargs="+", required=role.min_items > 0, help=role.title)
    fuse.add_argument("--output", required=True)
    for output in task.outputs:
        if output.optional:
            fuse.add_argument(f"--{output.name.lower()}", metavar="FILE.tif", help=output.title)
    fuse.add_argument("--method", default=AUTO, help="a method id; default the task's usual one")
    fuse.add_argument("--model", default="", help="weights of a network: a model's id or folder")
    fuse.add_argument("--device", default="auto", help="where a network runs: auto, cpu, cuda:N, mps and the like")
    if task.finer:
        fuse.add_argument("--ratio", help="how many times finer than the reference; default 2")
    fuse.add_argument("--reference-date", help="the date to show; default that of the clearest revisit")
    fuse.add_argument("--max-days", help="most days from the reference, 0 for any; default 30")
    fuse.add_argument("--max-shift", help="largest shift to look for, in pixels of the revisits; default 4")
    fuse.add_argument(
        "--extent",
        nargs=4,
        type=float,
        metavar=("XMIN", "YMIN", "XMAX", "YMAX"),
        help="in the CRS of the PAN, without one in that of the first revisit",
    )
    fuse.add_argument("--mask", metavar="POLYGONS.gpkg", help="fuse only inside these polygons")
    fuse.add_argument("--mask-layer", metavar="NAME", help="layer of the mask, where it has several")
    fuse.add_argument("--preview", action="store_true", help="fuse 512 x 512 pixels, with the statistics of all")
    fuse.add_argument("--preview-centre", nargs=2, type=float, metavar=("X", "Y"), help="where; default the centre")
    fuse.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    fuse.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32")
    fuse.add_argument("--units", default="input", help="input, reflectance or reflectance_int16")
    fuse.add_argument("--no-overviews", action="store_true")
    fuse.add_argument("--window", type=int, help="side of the processing window in pixels")
    fuse.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method")
    fuse.add_argument("--save-job", metavar="JOB.json", help="write the job and do not run it")
    _common(fuse)
    fuse.set_defaults(command=_fuse_revisits, task=task)


def _revisit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what describes revisits."""
    parser.add_argument(
        "--revisits", nargs="+", required=True, help="a raster or product for each date, or stacked rasters"
    )
    parser.add_argument("--stack-bands", type=int, default=0, help="bands of one date in a stack")
    parser.add_argument("--dates", default="", help="a date for each revisit, separated by commas")
    parser.add_argument("--bands", default="", help="bands of each revisit, separated by commas; default all")
    parser.add_argument(
        "--masks",
        choices=MASKS,
        default="none",
        help="auto: leave out what a product's quality band, or the mask prepared beside an image, marks",
    )
    parser.add_argument("--mask-files", nargs="+", default=[], help="a mask for each revisit, not 0 where not to use")
    parser.add_argument("--dilate", type=int, default=0, help="grow the masks by so many of their pixels")


def _assess_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", help="JSON file; default standard output")
    parser.add_argument("--csv", help="also write the scores as CSV")
    parser.add_argument("--report", help="also write a report as HTML")


def _add_prepare_product(commands: Any) -> None:
    product = commands.add_parser("prepare-product", help="virtual rasters and masks from a product as delivered")
    product.add_argument("product", help="a folder, a zip or tar file, or a metadata file")
    product.add_argument("--output", required=True, help="folder for the virtual rasters")
    product.add_argument("--images", default="", help="images wanted, such as ms,pan or 10m,20m; default all")
    product.add_argument("--no-mask", action="store_true", help="write no masks")
    product.add_argument("--dilate", type=int, default=0, help="grow the masks by so many pixels of the quality band")
    product.add_argument("--flags", default="", help="bits or classes not to be used, instead of the usual ones")
    product.add_argument("--offset", type=float, help="physical offset instead of the product's own")
    _common(product)
    product.set_defaults(command=_prepare_product)


def _add_prepare_revisits(commands: Any) -> None:
    revisits = commands.add_parser("prepare-revisits", help="simulate revisits of one place from one sharp image")
    revisits.add_argument("image")
    revisits.add_argument("--output", required=True, metavar="FOLDER")
    revisits.add_argument("--count", type=int, default=8, help="number of revisits; default 8")
    revisits.add_argument("--ratio", type=float, default=2.0, help="how many times larger their pixels are; default 2")
    revisits.add_argument("--bands", default="", help="bands of the image, separated by commas; default all")
    revisits.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    revisits.add_argument("--max-shift", type=float, default=2.0, help="in pixels of the revisits; default 2")
    revisits.add_argument("--mtf-gains", default="0.3", help="one, or one for each band, separated by commas")
    revisits.add_argument("--kernel", default="gaussian", help="gaussian, box_gaussian or diffraction")
    revisits.add_argument("--snr", type=float, default=100.0, help="signal-to-noise ratio, 0 for none; default 100")
    revisits.add_argument("--gain", type=float, default=0.03, help="differences in brightness; default 0.03")
    revisits.add_argument("--clouded", type=int, default=2, help="number of clouded revisits; default 2")
    revisits.add_argument("--cloud-share", type=float, default=30.0, help="percent of these; default 30")
    revisits.add_argument("--mask-error", type=float, default=0.0, help="0 to 1; default 0")
    revisits.add_argument("--seed", type=int, default=0)
    revisits.add_argument("--pan", action="store_true", help="also write a PAN on the image's grid")
    revisits.add_argument("--no-reference", action="store_true", help="do not write the truth")
    _common(revisits)
    revisits.set_defaults(command=_prepare_revisits)


def _add_prepare_patches(commands: Any) -> None:
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
    _common(patches)
    patches.set_defaults(command=_prepare_patches)
    files = commands.add_parser("prepare-pancollection", help="training patches from PanCollection's HDF5 files")
    for name in ("train", "validation", "test"):
        files.add_argument(f"--{name}", required=name != "test", metavar="FILE.h5")
    files.add_argument("--preset", required=True, help="wv3, wv2, qb or gf2")
    files.add_argument("--output", required=True, metavar="FOLDER", help="folder of the patch set")
    _common(files)
    files.set_defaults(command=_prepare_pancollection)


def _add_train(commands: Any, name: str, task: str) -> None:
    train = commands.add_parser(name, help="train a network on a patch set, in the engine")
    train.add_argument("--patches", required=True, metavar="FOLDER", help="made by prepare-patches or in QGIS")
    train.add_argument("--network", required=True, help="a method id, such as fusionnet or highresnet")
    train.add_argument(
        "--configure",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an argument of the network, such as hidden=32, encoder=srcnn or encoder_settings.hidden=32",
    )
    train.add_argument("--model-folder", required=True, metavar="FOLDER", help="where card and weights go")
    train.add_argument("--preset", default="recommended", help="recommended or published settings")
    train.add_argument("--time-limit", type=float, default=0.0, metavar="MINUTES", help="default none")
    train.add_argument("--resume", action="store_true", help="go on with an earlier training of the same folder")
    train.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, such as epochs=50 or loss=combined"
    )
    train.add_argument("--device", help="auto, cpu, cuda, cuda:1 or mps")
    train.add_argument("--title", default="", help="name of the model")
    train.add_argument("--licence", default="", help="SPDX identifier of the model's licence")
    train.add_argument("--engine", metavar="PYTHON", help="the engine's Python; default SATFUSION_PYTHON or installed")
    train.add_argument("--output", metavar="SCORES.json", help="also write what was reached")
    train.add_argument("--report", help="also write a report as HTML, anew at each validation")
    _common(train)
    train.set_defaults(command=_train, task=task)


def _add_model(commands: Any) -> None:
    from .inference.answers import QUESTIONS

    actions = commands.add_parser("model", help="list, show, import, export and download models").add_subparsers(
        title="actions", required=True, metavar="ACTION"
    )
    listed = actions.add_parser("list", help="list the models that are there")
    listed.add_argument("--json", action="store_true", help="as JSON")
    shown = actions.add_parser("info", help="show a model's card, and check its files")
    shown.add_argument("model", help="a model's id or folder")
    shown.add_argument("--json", action="store_true", help="as JSON")
    shown.add_argument("--report", help="also write the card as HTML")
    brought = actions.add_parser("import", help="make a model of a checkpoint, a model folder or an ONNX file")
    brought.add_argument("input", help=".pth, .pt, .ckpt, .bin, .safetensors, .onnx, or a model folder")
    brought.add_argument("--card", default="", help="card of an ONNX file; default card.json beside it")
    for item in QUESTIONS:
        name = "--" + item.name.lower().replace("_", "-")
        chosen = f" ({', '.join(item.choices)})" if item.choices else ""
        brought.add_argument(name, dest=item.name, help=(item.help + chosen).replace("%", "%%"))
    written = actions.add_parser("export", help="write a model's network as ONNX")
    written.add_argument("model", help="a model's id or folder")
    fetched = actions.add_parser("download", help="fetch a model over TLS")
    fetched.add_argument("model", help="id of a model of the list, or the https:// address of a model's card.json")
    fetched.add_argument("--list", help="a JSON file that names models; default SatFusion's own")
    fetched.add_argument("--accept-licence", action="store_true", help="accept the licence, which is shown first")
    fetched.add_argument("--proxy", default="", help="such as http://host:port; default what HTTPS_PROXY names")
    for parser in (brought, fetched):
        parser.add_argument("--replace", action="store_true", help="take the place of a model with the same id")
    doing = (_model_list, _model_info, _model_import, _model_export, _model_download)
    for parser, command in zip((listed, shown, brought, written, fetched), doing):
        parser.add_argument("--quiet", action="store_true", help="print warnings and errors only")
        parser.add_argument("--models", help="folder of your models; default what SATFUSION_MODELS names, or the usual")
        parser.set_defaults(command=command)


def _add_adapt(commands: Any) -> None:
    adapt = commands.add_parser("adapt", help="fit a network to a scene, and sharpen with it where that is better")
    adapt.add_argument("--ms", nargs="+", required=True, help="one raster, one file for each band, or a product")
    adapt.add_argument("--pan", required=True)
    adapt.add_argument("--output", required=True)
    adapt.add_argument("--bands", default="", help="MS band numbers, separated by commas; default all")
    adapt.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS", help="for the fit; default 60")
    adapt.add_argument("--steps", type=int, default=0, help="steps of the fit, in place of the time limit")
    adapt.add_argument("--model", default="", help="weights to start from: id or folder; none begins from nothing")
    adapt.add_argument("--network", default="dicnn", help="network to begin from nothing with: dicnn or fusionnet")
    adapt.add_argument("--width", type=int, default=0, help="its width; default the usual one")
    adapt.add_argument("--model-folder", default="", metavar="FOLDER", help="keep the fitted network here")
    adapt.add_argument("--device", default="auto", help="auto, cpu, cuda:N or mps")
    adapt.add_argument("--seed", type=int, default=0)
    adapt.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32; default that of MS")
    adapt.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    adapt.add_argument("--no-overviews", action="store_true")
    adapt.add_argument("--engine", metavar="PYTHON", help="the engine's Python; default SATFUSION_PYTHON or installed")
    adapt.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="SENSOR or MTF_GAINS")
    adapt.add_argument("--report", help="also write a report as HTML")
    adapt.add_argument("--scores", metavar="SCORES.json", help="also write the comparison as JSON")
    _common(adapt)
    adapt.set_defaults(command=_adapt)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="print warnings and errors only")
    parser.add_argument("--threads", type=int, default=0, help="compute threads; default one for each core")


def _methods(arguments: argparse.Namespace, catalogue: Catalogue, feedback: Feedback) -> None:
    if arguments.json:
        rows = [
            {
                "task": method.task,
                "id": method.id,
                "title": method.title,
                "summary": method.summary,
                "citation": method.citation,
                "parameters": [{"name": p.name, "default": p.default, "help": p.help} for p in method.parameters],
            }
            for method in catalogue.methods
        ]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
        return
    for task in catalogue.tasks:
        sys.stdout.write(f"{task.title} ({task.id})\n")
        for method in catalogue.methods_of(task.id):
            sys.stdout.write(f"  {method.id:16} {method.title}: {method.summary}\n")
            for parameter in method.parameters:
                sys.stdout.write(f"      {parameter.name} [{parameter.default!r}]\n")


def _run(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    job = _read_job(arguments.job)
    targets = dict(_pair(text) for text in arguments.output)
    for output in job.outputs:
        output.path = targets.pop(output.name, output.path)
    if targets:
        raise InputError(f"The job has no output {', '.join(sorted(targets))}.")
    if arguments.threads:
        job.threads = arguments.threads
    _execute(job, catalogue, feedback)


def _read_job(text: str) -> Job:
    if text == "-":
        return Job.from_json(sys.stdin.read())
    path = Path(text)
    if path.suffix.lower() in (".tif", ".tiff"):
        from .pipeline import job_of

        return job_of(text)
    try:
        return Job.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read {text}: {error.strerror}.") from None


def _pansharpen(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.batch import run_scenes

    scenes = _scenes(arguments)
    taken: list[str] = []

    def fuse(scene: Scene) -> None:
        _execute(_scene_job(arguments, scene, catalogue, feedback, taken), catalogue, feedback)

    if arguments.save_job:
        if len(scenes) != 1:
            raise InputError("--save-job takes one scene.")
        job = _scene_job(arguments, scenes[0], catalogue, feedback, taken)
        Path(arguments.save_job).write_text(job.to_json() + "\n", encoding="utf-8")
    elif len(scenes) == 1 and not arguments.batch:
        fuse(scenes[0])
    else:
        failed = run_scenes(scenes, fuse, feedback)
        feedback.info(f"{len(scenes) - len(failed)} of {len(scenes)} scenes are done")
        if failed:
            names = ", ".join(line.partition(":")[0] for line in failed)
            raise InputError(f"{len(failed)} of {len(scenes)} scenes failed: {names}.")


def _scenes(arguments: argparse.Namespace) -> list[Scene]:
    """Return the scenes that the command line names, once it is clear where each one's output goes."""
    from .pipeline.batch import Scene, read_scenes

    if arguments.batch and (arguments.ms or arguments.pan):
        raise InputError("Give either --batch or --ms and --pan.")
    if not arguments.batch and (not arguments.ms or len(arguments.ms) != len(arguments.pan)):
        raise InputError("Give --ms and --pan, once for each scene, or --batch.")
    if arguments.batch:
        scenes = read_scenes(arguments.batch)
    else:
        scenes = [Scene(tuple(files), tuple(pan), arguments.output) for files, pan in zip(arguments.ms, arguments.pan)]
    if arguments.output and (arguments.output_folder or arguments.batch or len(scenes) > 1):
        raise InputError("--output takes one scene and no --output-folder; several scenes need --output-folder.")
    if arguments.output_folder and not Path(arguments.output_folder).is_dir():
        raise InputError(f"The output folder {arguments.output_folder} does not exist.")
    if not arguments.output_folder and not all(scene.output for scene in scenes):
        raise InputError("Give --output-folder, or --output for a single scene.")
    return scenes


def _scene_job(
    arguments: argparse.Namespace, scene: Scene, catalogue: Catalogue, feedback: ConsoleFeedback, taken: list[str]
) -> Job:
    """Return the job of one scene; names that were given to outputs are kept in `taken`."""
    from .pipeline.batch import unused
    from .pipeline.names import output_name
    from .raster.bands import order_inputs

    bands = _numbers("--bands", arguments.bands if scene.bands is None else scene.bands)
    inputs = [Input("MS", path, bands=list(bands), mask=_mask(path, arguments)) for path in scene.ms]
    if not arguments.keep_order and len(inputs) > 1:
        inputs, basis = order_inputs(inputs)
        feedback.info(f"Band order ({basis}): " + ", ".join(Path(item.path).name for item in inputs))
    options = {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }
    method = scene.method or arguments.method
    preview = arguments.preview or arguments.preview_centre is not None
    output = scene.output
    if output is None:
        name = output_name(scene.ms, catalogue.method("pansharpening", method).id, preview)
        taken.append(unused(name, taken))
        output = str(Path(arguments.output_folder, f"{taken[-1]}.tif"))
    mask = scene.mask or arguments.mask
    return Job(
        "pansharpening",
        method,
        [*inputs, *(Input("PAN", path, mask=_mask(path, arguments)) for path in scene.pan)],
        [Output("OUTPUT", output, "image", arguments.dtype, options)],
        extent=arguments.extent,
        area=Area(mask, None if scene.mask else arguments.mask_layer) if mask else None,
        preview=Preview(arguments.preview_centre) if preview else None,
        parameters=dict(_pair(text) for text in arguments.set),
        model={"id": arguments.model} if arguments.model else None,
        window=arguments.window,
        device=arguments.device,
        threads=arguments.threads,
    )


def _fuse_revisits(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    task: Task = arguments.task
    options = {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }
    inputs = _revisits(arguments)
    for role in task.roles:
        if not role.revisits:
            inputs += [
                Input(role.name, path, mask=_mask(path, arguments)) for path in getattr(arguments, _option(role))
            ]
    outputs = []
    for output in task.outputs:
        path, image = getattr(arguments, _option(output)), output.kind == "image"
        if path:
            outputs.append(Output(output.name, path, output.kind, arguments.dtype if image else None, dict(options)))
    parameters: dict[str, Any] = dict(_pair(text) for text in arguments.set)
    for name in _OF_REVISITS:
        value = getattr(arguments, name.lower(), None)
        if value is not None:
            parameters[name] = value
    preview = arguments.preview or arguments.preview_centre is not None
    job = Job(
        task.id,
        arguments.method,
        inputs,
        outputs,
        extent=arguments.extent,
        area=Area(arguments.mask, arguments.mask_layer) if arguments.mask else None,
        preview=Preview(arguments.preview_centre) if preview else None,
        parameters=parameters,
        model={"id": arguments.model} if arguments.model else None,
        window=arguments.window,
        device=arguments.device,
        threads=arguments.threads,
    )
    if arguments.save_job:
        Path(arguments.save_job).write_text(job.to_json() + "\n", encoding="utf-8")
        return
    _execute(job, catalogue, feedback)


def _option(item: Union[Role, OutputSpec]) -> str:
    """Return the name under which the command line keeps the files of a role or an output."""
    return item.name.lower()


def _revisits(arguments: argparse.Namespace) -> list[Input]:
    """Return the revisits that the command line describes."""
    from .pipeline.revisit_inputs import revisit_inputs

    return revisit_inputs(
        [Input("REVISITS", path) for path in arguments.revisits],
        arguments.stack_bands,
        arguments.dates,
        _numbers("--bands", arguments.bands),
        arguments.mask_files,
        arguments.masks == "auto",
        arguments.dilate,
    )


def _mask(path: str, arguments: argparse.Namespace) -> Optional[Mask]:
    """Return the mask of a product, where products' masks are asked for."""
    from .raster.products import is_product

    return Mask(AUTO_MASK, dilate_px=arguments.dilate) if arguments.masks == "auto" and is_product(path) else None


def _prepare_product(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .raster.products import prepare
    from .raster.products.quality import MaskChoice

    keys = [part.strip() for part in arguments.images.split(",") if part.strip()]
    mask = None if arguments.no_mask else MaskChoice(arguments.dilate, tuple(_numbers("--flags", arguments.flags)))
    _prepare(feedback)
    made = prepare(arguments.product, arguments.output, keys, mask, arguments.offset, feedback)
    for path in [*made.images.values(), *made.masks.values()]:
        sys.stdout.write(f"{path}\n")


def _prepare_revisits(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .classical.super_resolution.simulate import Simulation
    from .pipeline.simulate_revisits import RevisitsRequest, simulate_revisits

    try:
        blur = tuple(float(part) for part in arguments.mtf_gains.split(",") if part.strip())
    except ValueError:
        raise InputError(f"--mtf-gains needs numbers separated by commas, not {arguments.mtf_gains!r}.") from None
    simulation = Simulation(
        revisits=arguments.count,
        largest_shift=arguments.max_shift,
        kernel=arguments.kernel,
        blur=blur,
        noise=arguments.snr,
        gain=arguments.gain,
        clouded_revisits=arguments.clouded,
        cloud_share=arguments.cloud_share / 100,
        mask_error=arguments.mask_error,
        seed=arguments.seed,
    )
    request = RevisitsRequest(arguments.ratio, simulation, arguments.extent, arguments.pan, not arguments.no_reference)
    image = Input("IMAGE", arguments.image, bands=_numbers("--bands", arguments.bands))
    _prepare(feedback)
    for path in simulate_revisits([image], arguments.output, request, feedback).every:
        sys.stdout.write(f"{path}\n")


def _prepare_patches(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.patch_places import Layout
    from .pipeline.patches import PatchSettings, ScenePair, prepare_patches

    if not arguments.ms or len(arguments.ms) != len(arguments.pan):
        raise InputError("Give --ms and --pan, once for each scene.")
    if arguments.split and len(arguments.split) != len(arguments.ms):
        raise InputError("Give --split once for each scene, or not at all.")
    bands = _numbers("--bands", arguments.bands)
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
        parameters=dict(_pair(text) for text in arguments.set),
        threads=arguments.threads,
    )
    _prepare(feedback)
    prepare_patches(scenes, arguments.output, settings, feedback)


def _prepare_pancollection(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.pancollection import prepare_pancollection

    files = {name: getattr(arguments, name) or "" for name in ("train", "validation", "test")}
    _prepare(feedback)
    prepare_pancollection(files, arguments.output, arguments.preset, feedback)


def _configuration(given: Sequence[str]) -> dict[str, Any]:
    """Return a network's keyword arguments from texts NAME=VALUE; a dot in a name leads into a dict."""
    found: dict[str, Any] = {}
    for name, text in (_pair(one) for one in given):
        outer, _, inner = name.partition(".")
        if inner:
            found.setdefault(outer, {})[inner] = _value(text)
        else:
            found[outer] = _value(text)
    return found


def _train(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.assess import json_text, write_text
    from .pipeline.training import TrainingRequest, train_network
    from .runtime.settings import EngineSettings

    given: dict[str, Any] = {"preset": arguments.preset, "time_limit_s": 60 * arguments.time_limit}
    given.update((name, _value(text)) for name, text in (_pair(text) for text in arguments.set))
    if arguments.device:
        given["device"] = arguments.device
    if arguments.threads:
        given["threads"] = arguments.threads
    request = TrainingRequest(
        arguments.patches,
        arguments.network,
        arguments.model_folder,
        given,
        _configuration(arguments.configure),
        resume=arguments.resume,
        title=arguments.title,
        licence=arguments.licence,
        report=arguments.report or "",
        task=arguments.task,
    )
    engine = EngineSettings(Path(arguments.engine) if arguments.engine else None)
    _prepare(feedback)
    found = train_network(request, engine, feedback, catalogue=catalogue)
    own, exp = found["scores"], found["baseline"]
    feedback.info(f"Model of step {found['best_step']} ({found['stopped']}): {found['model_folder']}")
    feedback.info(f"RMSE {own['rmse_all']:.4g} (without it {exp['rmse_all']:.4g}) on the {found['split']} patches")
    if arguments.output:
        write_text(arguments.output, json_text({key: value for key, value in found.items() if key != "card"}))


def _adapt(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.adapt import CANDIDATES, TASK, AdaptSettings, adapt
    from .pipeline.assess import json_text, write_text
    from .runtime.settings import EngineSettings

    bands = _numbers("--bands", arguments.bands)
    options = {"COMPRESSION": arguments.compression, "OVERVIEWS": not arguments.no_overviews}
    job = Job(
        TASK,
        CANDIDATES[-1],
        [*(Input("MS", path, bands=list(bands)) for path in arguments.ms), Input("PAN", arguments.pan)],
        [Output("OUTPUT", arguments.output, dtype=arguments.dtype, options=options)],
        threads=arguments.threads,
        seed=arguments.seed,
    )
    settings = AdaptSettings(
        model=arguments.model,
        network=arguments.network,
        width=arguments.width,
        time_limit_s=arguments.time_limit,
        steps=arguments.steps,
        parameters={name: _value(text) for name, text in (_pair(text) for text in arguments.set)},
        device=arguments.device,
    )
    engine = EngineSettings(Path(arguments.engine) if arguments.engine else None)
    _prepare(feedback)
    found = adapt(job, settings, arguments.model_folder, catalogue, feedback, engine)
    if arguments.report:
        write_text(arguments.report, found.report())
    if arguments.scores:
        write_text(arguments.scores, json_text(dict(found.facts)))


def _value(text: str) -> Any:
    """Return a setting as a number, true, false or a list where it is one, else as text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _own_models(arguments: argparse.Namespace) -> Path:
    return Path(arguments.models).absolute() if arguments.models else models_folder()


def _model_list(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .inference.library import default_library
    from .inference.listing import row_of, text_table

    own = _own_models(arguments)
    library = default_library(own)
    rows = [row_of(card, own) for card in library.cards()]
    if arguments.json:
        sys.stdout.write(json.dumps([row.data() for row in rows], indent=1) + "\n")
    elif rows:
        sys.stdout.write("\n".join(text_table(rows)) + "\n")
    else:
        feedback.info(f"There are no models yet; yours would be in {own}")
    for fault in library.faults():
        feedback.warning(fault)


def _model_info(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .assessment.report.model import model_report
    from .inference.library import default_library
    from .inference.listing import bands_text, faults_of, ratio_text

    card = default_library(_own_models(arguments)).find(arguments.model)
    faults = faults_of(card)
    if arguments.report:
        from .pipeline.assess import write_text

        known = [item.title for item in catalogue.methods if (item.task, item.id) == (card.task, card.method)]
        write_text(arguments.report, model_report(card, (known or [card.method])[0], faults))
    if arguments.json:
        sys.stdout.write(json.dumps({**card.data, "folder": str(card.folder), "faults": faults}, indent=1) + "\n")
    else:
        lines = [f"{card.title} ({card.id}): {card.task}, {card.method}"]
        lines += [f"{item.role}: {bands_text(item, wavelengths=True)}" for item in card.inputs]
        lines += [f"Ratio: {ratio_text(card)}", f"Licence: {card.licence}", f"Folder: {card.folder}"]
        lines += [f"Limit: {line}" for line in card.data.get("limits") or []]
        lines += [f"{name}: verified" for name, fault in faults.items() if fault is None]
        sys.stdout.write("\n".join(lines) + "\n")
    wrong = [fault for fault in faults.values() if fault is not None]
    if wrong:
        raise InputError(wrong[0])


def _model_import(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .inference.answers import QUESTIONS, answers_of
    from .runtime.model_calls import import_model
    from .runtime.settings import USUAL

    answers = answers_of({item.name: getattr(arguments, item.name) for item in QUESTIONS})
    answers.update({"REPLACE": arguments.replace, **({"CARD": arguments.card} if arguments.card else {})})
    feedback.watch_signals()
    folder = import_model(USUAL, arguments.input, _own_models(arguments), answers, feedback)
    sys.stdout.write(f"{folder}\n")


def _model_export(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .inference.library import default_library
    from .runtime.model_calls import export_model
    from .runtime.settings import USUAL

    card = default_library(_own_models(arguments)).find(arguments.model)
    feedback.watch_signals()
    sys.stdout.write(f"{export_model(USUAL, card.folder, feedback)['file']}\n")


def _model_download(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .runtime.download import Downloader
    from .runtime.model_download import download_model, read_sources, source_named

    source = source_named(arguments.model, read_sources(Path(arguments.list) if arguments.list else None))
    feedback.watch_signals()
    card = download_model(
        source,
        _own_models(arguments),
        arguments.accept_licence,
        feedback,
        Downloader(arguments.proxy),
        arguments.replace,
    )
    sys.stdout.write(f"{card.folder}\n")


def _degrade(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.degrade import degrade_jobs, degrade_pair

    pan = Input("PAN", arguments.pan) if arguments.pan else None
    if pan is not None and not arguments.output_pan:
        raise InputError("Give --output-pan for the degraded PAN.")
    jobs = degrade_jobs(
        [Input("MS", path) for path in arguments.ms],
        pan,
        arguments.output_ms,
        arguments.output_pan,
        arguments.ratio,
        dict(_pair(text) for text in arguments.set),
        threads=arguments.threads,
    )
    _prepare(feedback)
    degrade_pair(jobs, feedback)


def _assess(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.assess import Settings, compare

    fused = Input("FUSED", arguments.fused, bands=_numbers("--fused-bands", arguments.fused_bands))
    reference = Input("REFERENCE", arguments.reference, bands=_numbers("--reference-bands", arguments.reference_bands))
    _prepare(feedback)
    settings = Settings(
        arguments.ratio,
        arguments.border,
        arguments.data_range,
        arguments.uqi_window,
        views=bool(arguments.report),
        registered=arguments.registered,
        shift=arguments.shift,
    )
    found = compare(fused, reference, settings, feedback)
    _write_scores(arguments, found.scores, found.table, found.report)


def _assess_noreference(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.assess_noreference import FullScaleSettings, compare_full_scale

    _check_sensor(arguments.sensor)
    fused = Input("FUSED", arguments.fused, bands=_numbers("--fused-bands", arguments.fused_bands))
    bands = _numbers("--bands", arguments.bands)
    ms = [Input("MS", path, bands=list(bands)) for path in arguments.ms]
    _prepare(feedback)
    settings = FullScaleSettings(arguments.sensor, arguments.mtf_gains, arguments.border, bool(arguments.report))
    found = compare_full_scale(fused, ms, Input("PAN", arguments.pan), settings, feedback)
    _write_scores(arguments, found.scores, found.table, found.report)


def _assess_methods(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline.assess_methods import MethodsSettings, compare_methods
    from .pipeline.assess_revisits import compare_revisits
    from .pipeline.revisit_inputs import revisit_inputs

    if bool(arguments.ms) == bool(arguments.revisits) or (arguments.ms and not arguments.pan):
        raise InputError("Give either --ms with --pan, or --revisits.")
    bands = _numbers("--bands", arguments.bands)
    _prepare(feedback)
    settings = MethodsSettings(
        tuple(part.strip() for part in arguments.methods.split(",") if part.strip()),
        dict(_pair(text) for text in arguments.set),
        arguments.ratio,
        arguments.border,
        not arguments.no_full_scale,
        arguments.threads,
    )
    if arguments.revisits:
        given = [Input("REVISITS", path) for path in arguments.revisits]
        revisits = revisit_inputs(given, arguments.stack_bands, arguments.dates, bands, auto_masks=True)
        pan = Input("PAN", arguments.pan) if arguments.pan else None
        found = compare_revisits(revisits, pan, settings, catalogue, feedback)
    else:
        ms = [Input("MS", path, bands=list(bands)) for path in arguments.ms]
        found = compare_methods(ms, Input("PAN", arguments.pan), settings, catalogue, feedback)
    for line in found.sentences():
        feedback.info(line)
    _write_scores(arguments, found.scores, found.table, found.report)


def _check_sensor(name: str) -> None:
    known = [item.id for item in SENSORS]
    if name not in known:
        raise InputError(f"Unknown sensor {name!r}; known are: {', '.join(known)}.")


def _write_scores(
    arguments: argparse.Namespace, scores: dict[str, Any], table: Callable[[], str], report: Callable[[], str]
) -> None:
    """Write what was asked for; the scores go to standard output where no file is named."""
    from .pipeline.assess import json_text, write_text

    if arguments.csv:
        write_text(arguments.csv, table())
    if arguments.report:
        write_text(arguments.report, report())
    if arguments.output:
        write_text(arguments.output, json_text(scores))
    else:
        sys.stdout.write(json_text(scores))


def _execute(job: Job, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    from .pipeline import run

    _prepare(feedback)
    result = run(job, catalogue, feedback)
    for name, path in result.outputs.items():
        feedback.info(f"{name}: {path}")


def _prepare(feedback: ConsoleFeedback) -> None:
    """Settle what belongs to this process alone: signals, and the size of GDAL's block cache."""
    from osgeo import gdal

    feedback.watch_signals()
    gdal.SetCacheMax(_CACHE_BYTES)


def _numbers(name: str, text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise InputError(f"{name} needs band numbers separated by commas, not {text!r}.") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"{text!r} must have the form NAME=VALUE.")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
