"""`satfusion:rerun`: makes an output again from the job that it carries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from .. import pipeline
from ..catalogue import Catalogue
from ..runtime.settings import USUAL, EngineSettings
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import Job, Output
from . import engine_settings
from .base import Parameters, Results, SatFusionAlgorithm
from .form import with_help
from .fusion import add_style
from .layers import raster_layers, source_of
from .texts import About, tr

_ABOUT = About(
    name="rerun",
    title="Run again",
    group="Tools",
    group_id="tools",
    summary="Makes an output of SatFusion again, from the inputs and settings that are written in it. The "
    "inputs must still be where they were.",
    citations=("The job stands in the raster's metadata, domain SATFUSION, item JOB.",),
    tags=("repeat", "reproduce", "history", "provenance"),
)


class RerunAlgorithm(SatFusionAlgorithm):
    """Repeats the job of a raster.

    Args:
        catalogue: Tasks and methods to work with.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(catalogue, _ABOUT)
        self._job: Optional[Job] = None
        self._engine: EngineSettings = USUAL
        self._main = ""

    def again(self) -> RerunAlgorithm:
        """Return a new instance."""
        return RerunAlgorithm(self.catalogue)

    def define(self) -> None:
        """Add the raster, and where the new one goes."""
        self.add(
            with_help(
                QgsProcessingParameterRasterLayer("INPUT", tr("Raster made by SatFusion")),
                tr("A raster that SatFusion wrote: its metadata hold the job."),
            )
        )
        self.add(
            with_help(
                QgsProcessingParameterRasterDestination("OUTPUT", tr("Raster made again")),
                tr("The new raster. Tables that the job wrote too are written beside it."),
            )
        )

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Read the job, give it its new outputs, and have the pipeline check it."""
        layers = raster_layers(self, "INPUT", parameters, context, several=False)
        if not layers:
            raise InputError(tr("INPUT: a raster is needed."))
        source = source_of(layers[0])
        job = pipeline.job_of(source)
        target = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        main = _main_output(job, source)
        job.outputs = [_moved(output, main, target) for output in job.outputs]
        feedback.info(tr("Runs again: {} with {}").format(job.task, job.method))
        self._engine = engine_settings.chosen()
        pipeline.check(job, self.catalogue, self._engine)
        self._job, self._main = job, main

    def run_job(self, feedback: Feedback) -> Results:
        """Run the job, and write the style of its rasters."""
        if self._job is None:
            raise InputError(tr("The algorithm was not prepared."))
        result = pipeline.run(self._job, self.catalogue, feedback, self._engine)
        for output in self._job.outputs:
            if output.kind != "table":
                add_style(result.outputs[output.name], output.kind, feedback)
        return {"OUTPUT": result.outputs[self._main]}


def _main_output(job: Job, source: str) -> str:
    """Return the name of the output that `source` is: by its file name, else the first raster."""
    rasters = [output for output in job.outputs if output.kind != "table"]
    if not rasters:
        raise InputError(tr("The job in this raster's metadata writes no raster."))
    same = [output for output in rasters if Path(output.path).name == Path(source).name]
    return (same or rasters)[0].name


def _moved(output: Output, main: str, target: str) -> Output:
    """Return an output at its new place: the main one at `target`, others beside it."""
    if output.name == main:
        return replace(output, path=target)
    beside = Path(target)
    return replace(output, path=str(beside.with_name(f"{beside.stem}_{output.name.lower()}{Path(output.path).suffix}")))
