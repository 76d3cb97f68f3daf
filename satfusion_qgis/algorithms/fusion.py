"""A fusion as an algorithm: parameters from the roles and outputs of a task, and from them a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Optional

from qgis.core import QgsProcessingContext, QgsRasterLayer

from .. import pipeline
from ..catalogue import Catalogue
from ..pipeline.names import output_name
from ..pipeline.pair_inputs import COARSE_BANDS
from ..pipeline.pairs import TARGET
from ..raster.bands import order_inputs
from ..raster.products import is_product
from ..runtime.settings import EngineSettings
from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from ..tasks.job import AUTO_MASK, PYTHON, Input, Job, Mask, Output
from ..tasks.method import Method
from ..tasks.parameters import Parameter
from ..tasks.task import OutputSpec, Role, Task
from . import engine_settings, form, pair_form, revisit_form, settings
from .base import Parameters, Results, SatFusionAlgorithm
from .layers import band_numbers, dates_of, extra_nodata, raster_layers, source_of
from .parts import PREVIEW, area_of, centre_definition, mask_definition, preview_of
from .styling import Stretch, style_of_layer, write_style
from .texts import About, tr


@dataclass
class FusionRun:
    """What one run needs, as plain values.

    Attributes:
        job: What the pipeline does.
        engine: Where networks run, and where the user's models lie.
        styles: For each output, the colours taken over from an input.
    """

    job: Job
    engine: EngineSettings
    styles: dict[str, Optional[tuple[Stretch, ...]]]


class FusionAlgorithm(SatFusionAlgorithm):
    """An algorithm that runs a method of a task.

    Args:
        catalogue: Tasks and methods to work with.
        task: What is taken and given.
        about: What the algorithm says of itself.
    """

    def __init__(self, catalogue: Catalogue, task: Task, about: About) -> None:
        super().__init__(catalogue, about)
        self.task = task
        self._run: Optional[FusionRun] = None

    def method_settings(self) -> tuple[Parameter, ...]:
        """Return the parameters that say which method runs, and how."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def chosen(self, values: dict[str, Any], feedback: Feedback) -> tuple[Method, dict[str, Any]]:
        """Return the method to run, and the values of its parameters."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def methods(self) -> tuple[Method, ...]:
        """Return the methods that it may run."""
        raise RuntimeError(f"{type(self).__name__} does not say it.")

    def define(self) -> None:
        """Add the task's inputs, the settings and the task's outputs."""
        for role in self.task.roles:
            self.add(form.role_definition(role))
            if role.dated:
                self.add_described(_dates(role, self.task))
            if role.revisits:
                self.add_described(revisit_form.DATES)
        if self.task.pairs:
            self.add_described(*pair_form.DATES)
        own = self.method_settings()
        networks = any(method.runtime == "engine" for method in self.methods())
        own = (*own, *settings.settings_of_engine(networks, any(method.compiled for method in self.methods())))
        self.add_described(*(item for item in own if not item.advanced))
        if self._banded() is not None:
            self.add_described(_BANDS)
        self.add(form.extent_definition())
        self.add(mask_definition())
        self.add_described(PREVIEW)
        for role in self.task.roles:
            if form.takes_one_band(role):
                self.add(form.band_definition(role))
        self.add(centre_definition())
        self.add_described(*(item for item in own if item.advanced))
        revisits = any(role.revisits for role in self.task.roles)
        if revisits:
            self.add_described(revisit_form.STACK_BANDS)
            self.add(revisit_form.mask_layers_definition())
        if self.task.pairs:
            self.add_described(pair_form.BANDS_OF_COARSE)
            for role in self.task.roles:
                self.add(pair_form.mask_definition(role))
        image = any(output.kind == "image" for output in self.task.outputs)
        self.add_described(*settings.raster_settings(image, self._masks()))
        if any(_takes_bands_as_files(role) for role in self.task.roles):
            self.add_described(settings.KEEP_ORDER)
        for output in self.outputs():
            self.add(form.output_definition(output))

    def outputs(self) -> tuple[OutputSpec, ...]:
        """Return the outputs that its methods can give."""
        drawn = any(method.stochastic for method in self.methods())
        return tuple(output for output in self.task.outputs if drawn or not output.drawn)

    def check(self, parameters: Parameters, context: QgsProcessingContext) -> None:
        """Check the values; files are looked at in `prepare_run`."""
        super().check(parameters, context)
        if self._banded() is not None:
            band_numbers(parameters.get("BANDS"))
        if self.task.pairs:
            band_numbers(parameters.get(COARSE_BANDS), COARSE_BANDS)
        for role in self.task.roles:
            if form.takes_one_band(role):
                form.chosen_band(role, parameters, context)

    def prepare_run(self, parameters: Parameters, context: QgsProcessingContext, feedback: Feedback) -> None:
        """Make the job and have the pipeline check it."""
        values = self.values(parameters, context)
        layers = {role.name: self._layers(role, parameters, context) for role in self.task.roles}
        inputs: list[Input] = []
        for role in self.task.roles:
            if role.revisits:
                made = revisit_form.inputs_of_revisits(self, role, layers[role.name], values, parameters, context)
            else:
                made = self._inputs(role, layers[role.name], values, feedback)
            if made and form.takes_one_band(role):
                made[0].bands = form.chosen_band(role, parameters, context)
            inputs += made
        if self.task.pairs:
            inputs = pair_form.completed(self, self.task, inputs, values, parameters, context)
        method, method_values = self.chosen(values, feedback)
        engine = engine_settings.chosen()
        outputs = [output for output in self.outputs() if self._wanted(output, parameters)]
        parameters = form.with_files(parameters, self._file_names(inputs, method, values["PREVIEW"]))
        like = layers[self.task.grid_of or self.task.roles[0].name]
        job = Job(
            task=self.task.id,
            method=method.id,
            inputs=inputs,
            outputs=[self._output(output, values, parameters, context) for output in outputs],
            extent=self._extent(like, parameters, context),
            area=area_of(self, parameters, context),
            preview=preview_of(self, values["PREVIEW"], like[0].crs(), parameters, context) if like else None,
            parameters=method_values,
            window=values["WINDOW"] or None,
            threads=values["THREADS"],
        )
        self.set_model(job, method, values, feedback)
        pipeline.check(job, self.catalogue, engine)
        self._suggest_names(job, method, context)
        rescaled = values.get("OUTPUT_UNITS", "input") != "input"
        self._run = FusionRun(
            job, engine, {item.name: _taken_style(item, layers, inputs, rescaled) for item in outputs}
        )

    def set_model(self, job: Job, method: Method, values: dict[str, Any], feedback: Feedback) -> None:
        """Write model and device into a network's job."""
        if method.runtime == "engine":
            job.model = {"id": values["MODEL"].strip()} if values["MODEL"].strip() else None
            chosen = settings.device_of(values, engine_settings.device())
            job.device = "cpu" if chosen == PYTHON else chosen
            return
        if method.compiled:
            job.device = settings.device_of(values, engine_settings.device())
        if str(values.get("MODEL", "")).strip():
            feedback.warning(tr("{} does not use the parameter {}.").format(method.title, "MODEL"))

    def execute(self, run: FusionRun, feedback: Feedback) -> dict[str, str]:
        """Do the work; return the path of each output."""
        return dict(pipeline.run(run.job, self.catalogue, feedback, run.engine).outputs)

    def run_job(self, feedback: Feedback) -> Results:
        """Run the job, and write the style of its rasters."""
        if self._run is None:
            raise InputError(tr("The algorithm was not prepared."))
        made = self.execute(self._run, feedback)
        for output in self._run.job.outputs:
            if output.kind != "table":
                add_style(made[output.name], output.kind, feedback, self._run.styles[output.name])
        return dict(made)

    def _masks(self) -> Parameter:
        """Return the parameter that says what to do with quality bands and prepared masks."""
        if self.task.pairs:
            return pair_form.MASKS
        return revisit_form.MASKS if any(role.revisits for role in self.task.roles) else settings.PRODUCT_MASKS

    def _banded(self) -> Optional[str]:
        """Return the role whose bands an output takes over, and which the user may choose."""
        return next((output.like for output in self.task.outputs if output.like), None)

    def _layers(self, role: Role, parameters: Parameters, context: QgsProcessingContext) -> list[QgsRasterLayer]:
        layers = raster_layers(self, role.name, parameters, context, form.takes_several_files(role))
        if len(layers) < role.min_items:
            raise InputError(f"{role.name}: {role.min_items} or more rasters are needed, {len(layers)} given.")
        return layers

    def _inputs(
        self, role: Role, layers: Sequence[QgsRasterLayer], values: dict[str, Any], feedback: Feedback
    ) -> list[Input]:
        made = image_inputs(role, layers, values, feedback)
        if role.dated:
            name = _dates(role, self.task).name
            for item, date in zip(made, dates_of(values[name], [item.path for item in made], name)):
                item.date = date
        if role.name == self._banded():
            counts = {source_of(layer): layer.bandCount() for layer in layers}
            made = _with_bands(role, made, band_numbers(values["BANDS"]), counts)
        return made

    def _wanted(self, output: OutputSpec, parameters: Parameters) -> bool:
        return not output.optional or bool(parameters.get(output.name))

    def _output(
        self,
        output: OutputSpec,
        values: dict[str, Any],
        parameters: Parameters,
        context: QgsProcessingContext,
    ) -> Output:
        if output.kind == "table":
            return Output(output.name, self.parameterAsFileOutput(parameters, output.name, context), output.kind)
        dtype = settings.TYPES.get(values.get("OUTPUT_TYPE", "input")) if output.kind == "image" else None
        path = self.parameterAsOutputLayer(parameters, output.name, context)
        return Output(output.name, path, output.kind, dtype, settings.output_options(values))

    def _extent(
        self, layers: Sequence[QgsRasterLayer], parameters: Parameters, context: QgsProcessingContext
    ) -> Optional[list[float]]:
        given = parameters.get("EXTENT")
        if not given or not layers:
            return None
        extent = self.parameterAsExtent(parameters, "EXTENT", context, layers[0].crs())
        if extent.isNull() or not extent.isFinite():
            raise InputError(f"EXTENT must be xmin,xmax,ymin,ymax [CRS], not {given!r}.")
        return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]

    def checkParameterValues(self, parameters: Parameters, context: QgsProcessingContext) -> tuple[bool, str]:  # noqa: N802
        """Check the values before a run; an output may be a folder, in which it is named from the scene."""
        rasters = {output.name: output.name for output in self.task.outputs if output.kind != "table"}
        good, text = super().checkParameterValues(form.with_files(parameters, rasters), context)
        return good, text

    def _file_names(self, inputs: Sequence[Input], method: Method, preview: bool) -> dict[str, str]:
        """Return the name of each raster output, `<scene>_<method>`, and of those after the first what they are."""
        role = TARGET if self.task.pairs else self._banded() or self.task.roles[0].name
        paths = list(dict.fromkeys(item.path for item in inputs if item.role == role))
        name = output_name(paths, method.id, preview)
        rasters = [output.name for output in self.task.outputs if output.kind != "table"]
        return {output: f"{name}_{output.lower()}" if place else name for place, output in enumerate(rasters)}

    def _suggest_names(self, job: Job, method: Method, context: QgsProcessingContext) -> None:
        """Name the layers that will be loaded as files are, unless the user or a model named them."""
        names = self._file_names(job.inputs, method, job.preview is not None)
        for output in job.outputs:
            if not context.willLoadLayerOnCompletion(output.path) or output.name not in names:
                continue
            details = context.layerToLoadOnCompletionDetails(output.path)
            usual = self.parameterDefinition(output.name).description()
            if details.name in ("", output.name, usual):
                details.name = names[output.name]


def image_inputs(
    role: Role, layers: Sequence[QgsRasterLayer], values: dict[str, Any], feedback: Feedback
) -> list[Input]:
    """Return a role's layers as inputs of a job: numbered images, or the files of one image in band order.

    Raises:
        InputError: A layer is not a raster file.
    """
    made = [Input(role.name, source_of(layer), nodata=extra_nodata(layer)) for layer in layers]
    for item in made:
        if values.get("MASKS") == "auto" and is_product(item.path):
            item.mask = Mask(AUTO_MASK)
    if role.is_list:
        for index, item in enumerate(made):
            item.index = index
    elif len(made) > 1 and not values["KEEP_ORDER"]:
        made, reason = order_inputs(made)
        names = ", ".join(PurePath(item.path).name for item in made)
        feedback.info(tr("{}: order of the files ({}): {}").format(role.name, tr(reason), names))
    return made


def add_style(path: str, kind: str, feedback: Feedback, taken: Optional[Sequence[Stretch]] = None) -> None:
    """Write the style of a finished raster; the raster stands without it."""
    try:
        write_style(path, kind, taken)
    except (InputError, OSError) as error:
        feedback.warning(tr("The style could not be written: {}").format(error))


_BANDS = Parameter(
    "BANDS",
    "Bands",
    "text",
    "",
    "Band numbers to use, such as 1,2,3 or 2-4, in the order wanted. Empty uses all. With several "
    "single-band files, 1 is the first file in order.",
)


def _dates(role: Role, task: Task) -> Parameter:
    """Return the parameter for the dates of a role's images."""
    only = sum(item.dated for item in task.roles) == 1
    return Parameter(
        "DATES" if only else f"{role.name}_DATES",
        f"Dates of: {role.title}",
        "text",
        "",
        "A date for each image, such as 2024-01-31, separated by commas, in the order of the images. Empty "
        "takes them from the file names.",
    )


def _takes_bands_as_files(role: Role) -> bool:
    return form.takes_several_files(role) and not role.is_list


def _with_bands(role: Role, inputs: list[Input], numbers: list[int], counts: dict[str, int]) -> list[Input]:
    """Return the inputs with the chosen bands, counted over all files of the image."""
    if not numbers or role.is_list:
        for item in inputs:
            item.bands = list(numbers)
        return inputs
    places = [(item, band) for item in inputs for band in range(1, counts[item.path] + 1)]
    too_large = [number for number in numbers if number > len(places)]
    if too_large:
        raise InputError(f"BANDS: there is no band {too_large[0]}; {role.name} has {len(places)}.")
    if len(inputs) == 1:
        inputs[0].bands = numbers
        return inputs
    chosen = [places[number - 1] for number in numbers]
    return [replace(item, bands=[band]) for item, band in chosen]


def _taken_style(
    output: OutputSpec, layers: dict[str, list[QgsRasterLayer]], inputs: Sequence[Input], rescaled: bool
) -> Optional[tuple[Stretch, ...]]:
    """Return the style that the user gave the raster whose bands the output has."""
    files = [item for item in inputs if item.role == output.like]
    if output.kind != "image" or len(files) != 1:
        return None
    taken = style_of_layer(layers[files[0].role][0], files[0].bands)
    if taken is None or not rescaled:
        return taken
    return tuple(Stretch(item.band) for item in taken)
