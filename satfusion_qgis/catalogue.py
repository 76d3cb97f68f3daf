"""Every task and method, as data: the toolbox, the command line, the docs and the tests are generated from it.

Adding a method is one file below `classical/` (or `engine/networks/`) and one entry here.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .tasks.errors import InputError
from .tasks.method import Implementation, Method, SceneInfo
from .tasks.parameters import Parameter, check_parameters
from .tasks.sensors import SENSORS
from .tasks.task import OutputSpec, Role, Task

PANSHARPENING = Task(
    id="pansharpening",
    title="Pansharpening",
    verb="pansharpen",
    roles=(
        Role(
            "MS",
            "Multispectral image",
            "The image to sharpen: one raster with several bands, or several single-band files (their order does "
            "not matter: bands are put in order of wavelength or band number).",
        ),
        Role(
            "PAN",
            "Panchromatic image",
            "The finer single-band image of the same scene. The result has its grid, where it overlaps the "
            "multispectral image.",
            single_band=True,
        ),
    ),
    outputs=(
        OutputSpec(
            "OUTPUT",
            "image",
            "Sharpened image",
            "The multispectral bands on the panchromatic grid, in the multispectral image's units.",
            like="MS",
        ),
    ),
    grid_of="PAN",
    coarse="MS",
)

DEGRADATION = Task(
    id="degradation",
    title="Degradation",
    verb="degrade",
    roles=(Role("IMAGE", "Image", "The image to blur and sample on a coarser grid."),),
    outputs=(
        OutputSpec("OUTPUT", "image", "Degraded image", "The image as a coarser sensor would see it.", like="IMAGE"),
    ),
    grid_of=None,
)

TASKS: tuple[Task, ...] = (PANSHARPENING, DEGRADATION)

_SENSOR = Parameter(
    "SENSOR",
    "Sensor",
    "choice",
    "default",
    "The sensor of the multispectral image: its modulation transfer function (MTF) says how blurred each "
    "band is. Take the default when yours is not listed.",
    choices=tuple(sensor.id for sensor in SENSORS),
    choice_titles=tuple(sensor.title for sensor in SENSORS),
    advanced=True,
)
_MTF_GAINS = Parameter(
    "MTF_GAINS",
    "MTF gains at Nyquist",
    "text",
    "",
    "Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by "
    "commas, each between 0.05 and 0.6. The word estimate finds them from the scene. Empty takes the "
    "sensor's.",
    advanced=True,
)
_WEIGHTS = Parameter(
    "WEIGHTS",
    "Band weights",
    "numbers",
    (),
    "How much each band counts in the intensity that PAN is compared with, separated by commas. Empty "
    "finds the weights by regression of PAN on the bands, which is right for nearly every scene.",
    minimum=0.0,
    advanced=True,
)

METHODS: tuple[Method, ...] = (
    Method(
        id="exp",
        title="EXP (interpolation only)",
        task="pansharpening",
        summary="Cubic interpolation of the bands onto the panchromatic grid: no sharpening, the baseline that every "
        "method has to beat.",
        citation="Keys, R. (1981): Cubic convolution interpolation for digital image processing. "
        "10.1109/TASSP.1981.1163711",
        implementation="classical.pansharpening.exp:Exp",
    ),
    Method(
        id="brovey",
        title="Brovey",
        task="pansharpening",
        summary="Multiplies every band by the ratio of PAN to the intensity of the bands; keeps the colour (spectral "
        "angle) of the multispectral image. Weights are regressed from the scene unless given.",
        citation="Gillespie, A. R., Kahle, A. B., Walker, R. E. (1987): Color enhancement of highly correlated images. "
        "II. Channel ratio and 'chromaticity' transformation techniques. 10.1016/0034-4257(87)90088-5",
        implementation="classical.pansharpening.brovey:Brovey",
        parameters=(_WEIGHTS, _SENSOR, _MTF_GAINS),
        invariant_to_offset=False,
    ),
    Method(
        id="gsa",
        title="GSA (adaptive Gram-Schmidt)",
        task="pansharpening",
        summary="Adds PAN's detail over the intensity that best explains PAN, with one gain for each band. Sharp; "
        "robust where the bands together cover PAN's spectral range.",
        citation="Aiazzi, B., Baronti, S., Selva, M. (2007): Improving component substitution pansharpening through "
        "multivariate regression of MS+Pan data. 10.1109/TGRS.2007.901007",
        implementation="classical.pansharpening.gsa:Gsa",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="mtf_glp_fs",
        title="MTF-GLP-FS",
        task="pansharpening",
        summary="Adds the detail that the sensor's blur took away, found with its MTF, with one full-scale gain for "
        "each band. The safest choice for most scenes.",
        citation="Vivone, G., Restaino, R., Chanussot, J. (2018): Full scale regression-based injection coefficients "
        "for panchromatic sharpening. 10.1109/TIP.2018.2819501",
        implementation="classical.pansharpening.mtf_glp_fs:MtfGlpFs",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="degrade",
        title="Degrade (MTF blur and sampling)",
        task="degradation",
        summary="Blurs an image with a Gaussian that has the sensor's MTF gain at the coarse Nyquist frequency, and "
        "samples it at the centres of the coarse pixels.",
        citation="Wald, L., Ranchin, T., Mangolini, M. (1997): Fusion of satellite images of different spatial "
        "resolutions: Assessing the quality of resulting images. PE&RS 63(6), 691-699",
        implementation="classical.degrade:Degrade",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
)

AUTO = "auto"
AUTO_RULE = "MTF-GLP-FS: the classical method that lost least on the real scenes it was measured on"
_AUTO = {"pansharpening": "mtf_glp_fs"}


@dataclass(frozen=True)
class Catalogue:
    """Tasks and methods that one provider or command line offers.

    Attributes:
        tasks: Tasks, in the order shown.
        methods: Methods, in the order shown.
        package: Package that the methods' `implementation` names start from.
    """

    tasks: tuple[Task, ...]
    methods: tuple[Method, ...]
    package: str = __package__

    def task(self, task_id: str) -> Task:
        """Return the task called `task_id`.

        Raises:
            InputError: No such task.
        """
        for candidate in self.tasks:
            if candidate.id == task_id:
                return candidate
        raise InputError(f"Unknown task {task_id!r}; known are: {', '.join(item.id for item in self.tasks)}.")

    def methods_of(self, task_id: str) -> tuple[Method, ...]:
        """Return the methods of a task, in the order shown."""
        return tuple(item for item in self.methods if item.task == task_id)

    def method(self, task_id: str, method_id: str) -> Method:
        """Return a task's method; `auto` chooses one by `AUTO_RULE`.

        Raises:
            InputError: The task has no such method.
        """
        offered = self.methods_of(task_id)
        wanted = _AUTO.get(task_id, offered[0].id) if method_id == AUTO and offered else method_id
        for candidate in offered:
            if candidate.id == wanted:
                return candidate
        raise InputError(f"Unknown method {method_id!r} for {task_id}; known are: {', '.join(m.id for m in offered)}.")

    def implement(self, method: Method, parameters: Mapping[str, Any], scene: SceneInfo) -> Implementation:
        """Make the computation of `method` for one scene.

        Raises:
            InputError: A parameter is unknown or out of range.
        """
        module, _, name = method.implementation.partition(":")
        loaded = importlib.import_module(f"{self.package}.{module}")
        made: Implementation = getattr(loaded, name)(check_parameters(method.parameters, parameters), scene)
        return made


CATALOGUE = Catalogue(TASKS, METHODS)
