"""The command line: the same jobs without QGIS.

satfusion methods
satfusion run JOB.json
satfusion pansharpen --ms MS.tif --pan PAN.tif --output FUSED.tif
satfusion degrade --ms MS.tif --pan PAN.tif --output-ms M.tif --output-pan P.tif
satfusion assess --fused FUSED.tif --reference TRUTH.tif --ratio 4
satfusion prepare-product SCENE.tar --output FOLDER
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import argparse  # noqa: E402 (the variables above must be set before numpy is loaded)
import json  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, Optional  # noqa: E402

from .catalogue import AUTO, AUTO_RULE, CATALOGUE, Catalogue  # noqa: E402
from .locations import version  # noqa: E402
from .tasks.errors import Cancelled, InputError  # noqa: E402
from .tasks.feedback import Feedback  # noqa: E402
from .tasks.job import AUTO_MASK, MASKS, Input, Job, Mask, Output  # noqa: E402

_CACHE_BYTES = 32 << 20


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
    except Cancelled:
        sys.stderr.write("Cancelled; no output was written.\n")
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
    pansharpen.add_argument("--ms", nargs="+", required=True, help="one raster, one file for each band, or a product")
    pansharpen.add_argument("--pan", required=True, help="a raster, or a product")
    pansharpen.add_argument("--output", required=True)
    pansharpen.add_argument("--method", default=AUTO, help=f"a method id; default auto ({AUTO_RULE})")
    pansharpen.add_argument("--bands", default="", help="MS band numbers, separated by commas; default all")
    pansharpen.add_argument("--extent", nargs=4, type=float, metavar=("XMIN", "YMIN", "XMAX", "YMAX"))
    pansharpen.add_argument("--compression", default="deflate", help="deflate, zstd, none or cog")
    pansharpen.add_argument("--type", dest="dtype", help="GDAL type of the output, such as Float32; default that of MS")
    pansharpen.add_argument("--units", default="input", help="input, or physical (DN * scale + offset)")
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
    assess.add_argument("--output", help="JSON file; default standard output")
    _common(assess)
    assess.set_defaults(command=_assess)
    _add_prepare_product(commands)
    return parser


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
    from .raster.bands import order_inputs

    bands = _numbers("--bands", arguments.bands)
    inputs = [Input("MS", path, bands=list(bands), mask=_mask(path, arguments)) for path in arguments.ms]
    if not arguments.keep_order and len(inputs) > 1:
        inputs, basis = order_inputs(inputs)
        feedback.info(f"Band order ({basis}): " + ", ".join(Path(item.path).name for item in inputs))
    options = {
        "COMPRESSION": arguments.compression,
        "OVERVIEWS": not arguments.no_overviews,
        "UNITS": arguments.units,
    }
    job = Job(
        "pansharpening",
        arguments.method,
        [*inputs, Input("PAN", arguments.pan, mask=_mask(arguments.pan, arguments))],
        [Output("OUTPUT", arguments.output, "image", arguments.dtype, options)],
        extent=arguments.extent,
        parameters=dict(_pair(text) for text in arguments.set),
        window=arguments.window,
        threads=arguments.threads,
    )
    if arguments.save_job:
        Path(arguments.save_job).write_text(job.to_json() + "\n", encoding="utf-8")
        return
    _execute(job, catalogue, feedback)


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
    from .pipeline.assess import assess_reference

    fused = Input("FUSED", arguments.fused, bands=_numbers("--fused-bands", arguments.fused_bands))
    reference = Input("REFERENCE", arguments.reference, bands=_numbers("--reference-bands", arguments.reference_bands))
    _prepare(feedback)
    scores = assess_reference(fused, reference, arguments.ratio, arguments.border, feedback)
    text = json.dumps(scores, indent=1) + "\n"
    if arguments.output:
        Path(arguments.output).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


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
