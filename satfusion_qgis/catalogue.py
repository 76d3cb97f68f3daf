"""Every task and method, as data: the toolbox, the command line, the docs and the tests are generated from it.

Adding a method is one file below `classical/` (or `engine/networks/`) and one entry here.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional

from .tasks.errors import InputError
from .tasks.method import Implementation, Method, SceneInfo
from .tasks.model_card import ModelCard
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
            "The finer image of the same scene, usually of a single band. With several, such as Sentinel-2's bands of "
            "10 m for those of 20 m, each multispectral band gets its own mixture of them. The result has its grid, "
            "where it overlaps the multispectral image.",
            band_choice=True,
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

_REVISITS = Role(
    "REVISITS",
    "Revisits",
    "Images of one place at several dates, by one sensor: layers, files or products, or one raster that holds them all "
    "one after the other. Each may have its own extent, coordinate reference system, nodata value and mask.",
    max_items=None,
    revisits=True,
)

SUPER_RESOLUTION = Task(
    id="super_resolution",
    title="Multi-image super-resolution",
    verb="superresolve",
    roles=(_REVISITS,),
    outputs=(
        OutputSpec(
            "OUTPUT",
            "image",
            "Super-resolved image",
            "The bands at the reference date, on a grid that is finer by the ratio, in the units of the revisits.",
            like="REVISITS",
        ),
        OutputSpec(
            "WEIGHT",
            "measure",
            "Weight",
            "How much every pixel rests on: the sum of the weights of the observations in it, or the spread between "
            "them, as the method says.",
            optional=True,
        ),
    ),
    grid_of="REVISITS",
    finer="RATIO",
)

SATFUSION = Task(
    id="multi_image_pansharpening",
    title="Multi-image pansharpening (SatFusion)",
    verb="fuse",
    roles=(
        _REVISITS,
        Role(
            "PAN",
            "Panchromatic image",
            "The finer image of the same place, near the reference date. The result has its grid, where it overlaps "
            "the reference.",
            single_band=True,
            band_choice=True,
        ),
    ),
    outputs=(
        OutputSpec(
            "OUTPUT",
            "image",
            "Fused image",
            "The bands at the reference date on the panchromatic grid, in the units of the revisits.",
            like="REVISITS",
        ),
        OutputSpec(
            "WEIGHT",
            "measure",
            "Weight",
            "The number of revisits that count in every pixel, each between 0 (not at all) and 1.",
            optional=True,
        ),
    ),
    grid_of="PAN",
    coarse="REVISITS",
)

REGISTRATION = Task(
    id="registration",
    title="Co-registration",
    verb="register",
    roles=(_REVISITS,),
    outputs=(
        OutputSpec(
            "OUTPUT",
            "image",
            "Co-registered stack",
            "The bands of all revisits on the reference's grid, each at its measured shift: the reference first, with "
            "dates in the names of the bands. Masked pixels are no data.",
            like="REVISITS",
            stacked=True,
        ),
        OutputSpec(
            "TABLE",
            "table",
            "Table of shifts",
            "For each revisit its date, file, shift, the shift's error, gain and offset, and the share that changed: "
            "CSV or JSON, as the name ends.",
            optional=True,
        ),
    ),
    grid_of="REVISITS",
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


def _pair_roles() -> tuple[Role, ...]:
    first = (
        Role(
            "FINE_1",
            "Fine image",
            "The fine image of a date near the one to predict. The result has its grid and bands.",
        ),
        Role(
            "COARSE_1",
            "Coarse image of that date",
            "The coarse sensor's image of the fine image's date: at its own resolution, or resampled onto the fine "
            "grid already.",
        ),
        Role("COARSE_TARGET", "Coarse image to predict from", "The coarse sensor's image of the date to predict."),
    )
    second = (
        Role(
            "FINE_2",
            "Second fine image",
            "A fine image of another date, best on the other side of the one to predict. Methods for two pairs need "
            "it; others use the better pair at each place.",
            min_items=0,
        ),
        Role("COARSE_2", "Coarse image of the second date", "Of the second fine image's date.", min_items=0),
    )
    return (*first, *second)


SPATIOTEMPORAL = Task(
    id="spatiotemporal_fusion",
    title="Spatiotemporal fusion",
    verb="predict",
    roles=_pair_roles(),
    outputs=(
        OutputSpec(
            "OUTPUT",
            "image",
            "Predicted image",
            "The fine image at the date of the coarse one, in the fine image's units.",
            like="FINE_1",
        ),
        OutputSpec(
            "SPREAD",
            "measure",
            "Spread",
            "Of a method that draws its result several times (STFDiff): the standard deviation among the draws, in "
            "reflectance where that is known. It is large where the draws do not agree.",
            optional=True,
            drawn=True,
        ),
    ),
    grid_of="FINE_1",
    pairs=True,
)

TASKS: tuple[Task, ...] = (PANSHARPENING, SUPER_RESOLUTION, SATFUSION, SPATIOTEMPORAL, REGISTRATION, DEGRADATION)

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
_HAZE = Parameter(
    "HAZE",
    "Haze",
    "text",
    "",
    "The haze in each band, which is not multiplied with PAN's detail: numbers in the image's units separated by "
    "commas, auto (for blue, green, red and near infrared from the darkest hundredth, otherwise the minimum), minimum "
    "or none. Empty takes auto for BT-H, and none for MTF-GLP-HPM.",
    advanced=True,
)

_PRECISION = Parameter(
    "PRECISION",
    "Precision",
    "choice",
    "single",
    "Half precision is quicker on a GPU and takes half the memory; the result differs a little.",
    choices=("single", "half"),
    choice_titles=("single (32 bits)", "half (16 bits), where the device and the model's file allow it"),
    advanced=True,
)
_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    2.0,
    "How many times finer the result's pixels are than the reference's. Revisits of Sentinel-2 and the like support 2; "
    "a finer grid shows no more.",
    minimum=1.25,
    maximum=8.0,
)
_REFERENCE_DATE = Parameter(
    "REFERENCE_DATE",
    "Reference date",
    "text",
    "",
    "The date that the result shows, such as 2024-06-15: the revisit of that date, or the nearest, is what the others "
    "are laid over. Empty takes the clearest revisit.",
)
_MAX_DAYS = Parameter(
    "MAX_DAYS",
    "Most days from the reference",
    "integer",
    30,
    "Revisits farther away in time than this are left out; 0 takes all.",
    minimum=0,
    maximum=36525,
)
_MAX_SHIFT = Parameter(
    "MAX_SHIFT",
    "Largest shift",
    "number",
    4.0,
    "How far, in pixels of the revisits, one may lie from where its georeferencing puts it; the shifts are measured "
    "and undone. 0 trusts the georeferencing.",
    minimum=0.0,
    maximum=32.0,
    advanced=True,
)
_OF_REVISITS = (_REFERENCE_DATE, _MAX_DAYS, _MAX_SHIFT)
_OF_REVISITS_SENSOR = replace(
    _SENSOR,
    help="The sensor of the revisits: its modulation transfer function (MTF) says how blurred each band is. Take the "
    "default when yours is not listed.",
)
_OF_REVISITS_GAINS = replace(
    _MTF_GAINS,
    help="Own MTF gains instead of the sensor's: one number for all bands, or one for each band, separated by commas, "
    "each between 0.05 and 0.6. Empty takes the sensor's.",
)

# What back-projection has, with PAN or without.
_OF_BACK_PROJECTION = (
    Parameter(
        "ROBUST",
        "Observations that do not fit",
        "choice",
        "reweighted",
        "What becomes of clouds and changes that neither a mask nor the comparison of the revisits showed: "
        "they lose their weight half-way, or the median over the revisits stands them (slower, and less "
        "sharp), or they count like all others.",
        choices=("reweighted", "median", "mean"),
        choice_titles=("lose their weight", "median over the revisits", "count like all others"),
        advanced=True,
    ),
    Parameter(
        "SMOOTHNESS",
        "Smoothness",
        "number",
        1.0,
        "How smooth the result is, where 1 is what the measured noise asks for. Raise it when the result is "
        "noisy, lower it when it is not sharp enough.",
        minimum=0.0,
        maximum=100.0,
    ),
    Parameter(
        "ITERATIONS",
        "Rounds",
        "integer",
        12,
        "Rounds of improvement; more hardly change the result.",
        minimum=1,
        maximum=200,
        advanced=True,
    ),
    Parameter(
        "STEP",
        "Step",
        "number",
        1.0,
        "Length of each round's step, as a share of the longest one that is safe.",
        minimum=0.05,
        maximum=1.0,
        advanced=True,
    ),
)

# What all networks for pansharpening have in common.
_NETWORK: dict[str, Any] = {
    "implementation": "inference.pansharpening:PansharpeningNetwork",
    "parameters": (_SENSOR, _MTF_GAINS, _PRECISION),
    "runtime": "engine",
    "invariant_to_gain": False,
    "invariant_to_offset": False,
}
# What all networks for several images of one place have in common: their base is a back-projection, which has the
# sensor's blur.
_NETWORK_OF_REVISITS: dict[str, Any] = {
    "implementation": "inference.super_resolution:RevisitsNetwork",
    "runtime": "engine",
    "invariant_to_gain": False,
    "invariant_to_offset": False,
}
_OF_REVISITS_NETWORK = (*_OF_REVISITS, _OF_REVISITS_SENSOR, _OF_REVISITS_GAINS, _PRECISION)
_ENCODER = Parameter(
    "ENCODER",
    "Network for the revisits",
    "choice",
    "any",
    "The first of the two networks, which puts the revisits together. A choice leaves the models that have it.",
    choices=("any", "srcnn", "highresnet", "rams", "trmisr"),
    choice_titles=("that of the model that fits", "SRCNN (WorldStrat)", "HighRes-net", "RAMS", "TR-MISR"),
)
_SHARPENER = Parameter(
    "SHARPENER",
    "Network for PAN",
    "choice",
    "any",
    "The second of the two networks, which adds PAN's detail. A choice leaves the models that have it.",
    choices=(
        "any",
        "pnn",
        "pannet",
        "innformer",
        "panmamba",
        "u2net",
        "arconv",
        "dicnn",
        "drpnn",
        "fusionnet",
        "msdcnn",
        "none",
    ),
    choice_titles=(
        "that of the model that fits",
        "PNN",
        "PanNet",
        "INNformer",
        "Pan-Mamba",
        "U2Net",
        "ARConv",
        "DiCNN",
        "DRPNN",
        "FusionNet",
        "MSDCNN",
        "none: PAN guides the first network alone",
    ),
)

_COARSE_RATIO = Parameter(
    "RATIO",
    "Ratio",
    "number",
    0.0,
    "Fine pixels along a side of the coarse sensor's pixel. It is needed only where the coarse images were resampled "
    "onto the fine grid already, and their own pixels cannot be seen in them; 0 takes it from the images, and for a "
    "network where they do not show it from the model's card.",
    minimum=0.0,
    maximum=200.0,
    unit="pixels",
    advanced=True,
)
# What the pipeline takes from every method's parameters. The offset is the default of NORMALISE: in seven cases of real
# dates and four generated ones no method's error is more than 0.5 % above that without it, and Fit-FC's falls by up to
# 3.6 %; with a gain from a regression, errors rise by up to 8 %.
_OF_PAIRS = (
    Parameter(
        "NORMALISE",
        "Level of the coarse images",
        "choice",
        "offset",
        "Brings the coarse images to the fine sensor's level, band by band, from the pairs; the log says how much. A "
        "gain from a regression is overstated where coarse images are blurred.",
        choices=("none", "offset", "gain", "gain_offset"),
        choice_titles=(
            "they are taken as they are",
            "the difference of the means is added",
            "multiplied with the ratio of the means",
            "gain and offset by robust regression",
        ),
        advanced=True,
    ),
    Parameter(
        "FINE_SCALE",
        "Scale of the fine images",
        "number",
        0.0,
        "What a stored number is multiplied with for reflectance, such as 0.0001. 0 takes it from the files; integers "
        "without one that are as large as reflectance x 10000 are taken for that.",
        minimum=0.0,
        maximum=1000.0,
        advanced=True,
    ),
    Parameter(
        "COARSE_SCALE",
        "Scale of the coarse images",
        "number",
        0.0,
        "What a stored number is multiplied with for reflectance, such as 0.0001. 0 takes it from the files; integers "
        "without one that are as large as reflectance x 10000 are taken for that.",
        minimum=0.0,
        maximum=1000.0,
        advanced=True,
    ),
    _COARSE_RATIO,
)
_SEARCH_WINDOW = Parameter(
    "SEARCH_WINDOW",
    "Search window",
    "number",
    3.0,
    "Side of the square in which similar pixels are looked for, in coarse pixels. A larger one is smoother and slower; "
    "patchy landscapes need less.",
    minimum=0.2,
    maximum=15.0,
    unit="coarse pixels",
)
_CLASSES_OF_LIMIT = Parameter(
    "CLASSES",
    "Number of classes",
    "number",
    4.0,
    "Sets what counts as similar: fine values within twice the band's standard deviation divided by this. More is "
    "stricter.",
    minimum=0.5,
    maximum=100.0,
)
_CLUSTERS = Parameter(
    "CLASSES",
    "Number of classes",
    "integer",
    8,
    "Classes of land cover that the fine image is divided into: as many as change in ways of their own. Too few put "
    "different crops together, which costs more than too many.",
    minimum=2,
    maximum=20,
)
_SIMILAR = Parameter(
    "SIMILAR_PIXELS",
    "Similar pixels",
    "integer",
    30,
    "About how many pixels of the window count as similar: those spectrally nearest to the centre.",
    minimum=1,
    maximum=500,
)
_UNCERTAINTY = Parameter(
    "UNCERTAINTY",
    "Uncertainty",
    "number",
    0.5,
    "How far values of one surface differ by noise, in per cent of the image's range.",
    minimum=0.0,
    maximum=20.0,
    unit="%",
    advanced=True,
)

# What a prediction has to be compared with, on the scenes of Coleambally and Gwydir.
_BENCHMARK = (
    "Emelyanova, I. V., McVicar, T. R., Van Niel, T. G., Li, L. T., van Dijk, A. I. J. M. (2013): Assessing the "
    "accuracy of blending Landsat-MODIS surface reflectances in two landscapes with contrasting spatial and temporal "
    "dynamics: a framework for algorithm selection. 10.1016/j.rse.2013.02.007"
)

SPATIOTEMPORAL_METHODS: tuple[Method, ...] = (
    Method(
        id="copy",
        title="Copy (baseline)",
        task="spatiotemporal_fusion",
        summary="The fine image of the nearest date as it is: what every prediction must beat.",
        citation=_BENCHMARK,
        implementation="classical.spatiotemporal.baselines:Copy",
        parameters=_OF_PAIRS,
    ),
    Method(
        id="interpolate",
        title="Interpolation between dates (baseline)",
        task="spatiotemporal_fusion",
        summary="Linear between the fine images of two dates: hard to beat where both are near and nothing sudden "
        "happened. Does not look at the coarse images.",
        citation=_BENCHMARK,
        implementation="classical.spatiotemporal.baselines:Interpolate",
        parameters=_OF_PAIRS,
    ),
    Method(
        id="add_change",
        title="Added change (baseline)",
        task="spatiotemporal_fusion",
        summary="The fine image plus the change of the coarse images, interpolated: quick, but smears the change over "
        "the fields.",
        citation="Gao, F., Masek, J., Schwaller, M., Hall, F. (2006): On the blending of the Landsat and MODIS surface "
        "reflectance: predicting daily Landsat surface reflectance. 10.1109/TGRS.2006.872081",
        implementation="classical.spatiotemporal.baselines:AddChange",
        parameters=_OF_PAIRS,
    ),
    Method(
        id="starfm",
        title="STARFM",
        task="spatiotemporal_fusion",
        summary="Adds the coarse change to the fine image, averaged over similar pixels nearby. The common choice for "
        "gradual change in fields larger than a coarse pixel; takes one or two pairs.",
        citation="Gao, F., Masek, J., Schwaller, M., Hall, F. (2006): On the blending of the Landsat and MODIS surface "
        "reflectance: predicting daily Landsat surface reflectance. 10.1109/TGRS.2006.872081",
        implementation="classical.spatiotemporal.starfm:Starfm",
        compiled=True,
        parameters=(
            _SEARCH_WINDOW,
            replace(_CLASSES_OF_LIMIT, default=8.0),
            Parameter(
                "EACH_BAND",
                "Similar pixels for each band",
                "boolean",
                False,
                "Lets each band find similar pixels of its own, as first published, instead of pixels that are similar "
                "in all bands: slower, and less accurate. Give a larger number of classes then, such as 20.",
                advanced=True,
            ),
            Parameter(
                "TEMPORAL",
                "Temporal difference",
                "boolean",
                False,
                "Lets pixels whose coarse value changed less count more, and sums both pairs together, as first "
                "published. This favours what did not change, which is rarely wanted.",
                advanced=True,
            ),
            _UNCERTAINTY,
            *_OF_PAIRS,
        ),
    ),
    Method(
        id="estarfm",
        title="ESTARFM",
        task="spatiotemporal_fusion",
        summary="Finds from two pairs how the change of each surface shows in the coarse pixels around it. For patchy "
        "landscapes, with pairs before and after the date.",
        citation="Zhu, X., Chen, J., Gao, F., Chen, X., Masek, J. G. (2010): An enhanced spatial and temporal adaptive "
        "reflectance fusion model for complex heterogeneous regions. 10.1016/j.rse.2010.05.032",
        implementation="classical.spatiotemporal.estarfm:Estarfm",
        compiled=True,
        parameters=(_SEARCH_WINDOW, _CLASSES_OF_LIMIT, _UNCERTAINTY, *_OF_PAIRS),
    ),
    Method(
        id="fit_fc",
        title="Fit-FC",
        task="spatiotemporal_fusion",
        summary="Fits the coarse images to each other around every coarse pixel, applies the fit to the fine image, "
        "and smooths it over similar pixels. Quick, and best with strong seasonal change.",
        citation="Wang, Q., Atkinson, P. M. (2018): Spatio-temporal fusion for daily Sentinel-2 images. "
        "10.1016/j.rse.2017.10.046",
        implementation="classical.spatiotemporal.fit_fc:FitFc",
        compiled=True,
        parameters=(
            _SEARCH_WINDOW,
            _SIMILAR,
            Parameter(
                "FIT_WINDOW",
                "Window of the fit",
                "integer",
                5,
                "Side of the square of coarse pixels that each fit takes: odd.",
                minimum=3,
                maximum=31,
                unit="coarse pixels",
                advanced=True,
            ),
            *_OF_PAIRS,
        ),
    ),
    Method(
        id="fsdaf",
        title="FSDAF",
        task="spatiotemporal_fusion",
        summary="Unmixes the coarse change into changes of classes, and puts what is left where the interpolated "
        "coarse image shows it: follows changes of land cover that coarse pixels see.",
        citation="Zhu, X., Helmer, E. H., Gao, F., Liu, D., Chen, J., Lefsky, M. A. (2016): A flexible spatiotemporal "
        "method for fusing satellite images with different resolutions. 10.1016/j.rse.2015.11.016",
        implementation="classical.spatiotemporal.fsdaf:Fsdaf",
        compiled=True,
        parameters=(
            _SEARCH_WINDOW,
            _CLUSTERS,
            replace(_SIMILAR, default=20),
            Parameter(
                "PUREST",
                "Purest coarse pixels",
                "integer",
                100,
                "How many coarse pixels, those with the largest share of a class, the change of a class is found from.",
                minimum=5,
                maximum=10000,
                advanced=True,
            ),
            *_OF_PAIRS,
        ),
    ),
    Method(
        id="obsum",
        title="OBSUM",
        task="spatiotemporal_fusion",
        summary="Unmixes the coarse change around every coarse pixel, gives it to whole objects such as fields, and "
        "corrects objects and then pixels by what is left. The most accurate with one pair on fields.",
        citation="Guo, H., Ye, D., Xu, H., Bruzzone, L. (2024): OBSUM: an object-based spatial unmixing model for "
        "spatiotemporal fusion of remote sensing images. 10.1016/j.rse.2024.114046",
        implementation="classical.spatiotemporal.obsum:Obsum",
        compiled=True,
        parameters=(
            replace(_SEARCH_WINDOW, default=2.0),
            _CLUSTERS,
            _SIMILAR,
            Parameter(
                "UNMIXING_WINDOW",
                "Window of the unmixing",
                "integer",
                15,
                "Side of the square of coarse pixels that each unmixing takes: odd. Larger is steadier.",
                minimum=3,
                maximum=51,
                unit="coarse pixels",
                advanced=True,
            ),
            *_OF_PAIRS,
        ),
    ),
    Method(
        id="vipstf",
        title="VIPSTF",
        task="spatiotemporal_fusion",
        summary="Puts the pairs together into one virtual pair as like the target date as can be, and spreads what is "
        "left over similar pixels: quick, and uses two pairs well.",
        citation="Wang, Q., Tang, Y., Tong, X., Atkinson, P. M. (2020): Virtual image pair-based spatio-temporal "
        "fusion. 10.1016/j.rse.2020.112009",
        implementation="classical.spatiotemporal.vipstf:Vipstf",
        compiled=True,
        parameters=(_SEARCH_WINDOW, _SIMILAR, *_OF_PAIRS),
    ),
)

# What all networks for spatiotemporal fusion have in common.
_NETWORK_OF_PAIRS: dict[str, Any] = {
    "task": "spatiotemporal_fusion",
    "implementation": "inference.spatiotemporal:SpatiotemporalNetwork",
    "runtime": "engine",
    "invariant_to_gain": False,
    "invariant_to_offset": False,
}
_OF_PAIRS_NETWORK = (*_OF_PAIRS, _PRECISION)

SPATIOTEMPORAL_NETWORKS: tuple[Method, ...] = (
    Method(
        id="edcstfn",
        title="EDC-STFN",
        summary="Convolutions encode the fine image and what has changed, and decode their sum. Small and quick to fit "
        "to your own pairs, with one pair or two: the network to begin with.",
        citation="Tan, Z., Di, L., Zhang, M., Guo, L., Gao, M. (2019): An enhanced deep convolutional model for "
        "spatiotemporal image fusion. 10.3390/rs11242898",
        network="engine.networks.spatiotemporal.edcstfn:EDCSTFN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="ganstfm",
        title="GAN-STFM",
        summary="Joins the coarse image of the date with a fine image of any date, whose own coarse image it does not "
        "need; trained against a discriminator. For references far from the date.",
        citation="Tan, Z., Gao, M., Li, X., Jiang, L. (2022): A flexible reference-insensitive spatiotemporal fusion "
        "model for remote sensing images using conditional generative adversarial network. 10.1109/TGRS.2021.3050551",
        network="engine.networks.spatiotemporal.ganstfm:GANSTFM",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="mlffgan",
        title="MLFF-GAN",
        summary="Brings the fine image's features of five sizes to the statistics of the date, and mixes in the coarse "
        "ones where they differ; trained against a discriminator. For strong seasonal change.",
        citation="Song, B., Liu, P., Li, J., Wang, L., Zhang, L., He, G., Chen, L., Liu, J. (2022): MLFF-GAN: a "
        "multilevel feature fusion with GAN for spatiotemporal remote sensing images. 10.1109/TGRS.2022.3169916",
        network="engine.networks.spatiotemporal.mlffgan:MLFFGAN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="srsfgan",
        title="SRSF-GAN",
        summary="Super-resolves the coarse image step by step, with the fine image's features mixed in by a gate: it "
        "needs a fine image of another date alone, not that date's coarse one.",
        citation="Zhao, Q., Ji, L., Su, Y., Zhao, Y., Shi, J. (2023): SRSF-GAN: a super-resolution-based spatial "
        "fusion with GAN for satellite images with different spatial and temporal resolutions. "
        "10.1109/TGRS.2023.3329115",
        network="engine.networks.spatiotemporal.srsfgan:SRSFGAN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="ecpwstfn",
        title="ECPW-STFN",
        summary="Works on wavelets of the fine image and of its difference from the coarse image of the date, then "
        "refines. Needs no coarse image of the fine image's date.",
        citation="Zhang, X., Li, S., Tan, Z., Li, X. (2024): Enhanced wavelet based spatiotemporal fusion networks "
        "using cross-paired remote sensing images. 10.1016/j.isprsjprs.2024.04.016",
        network="engine.networks.spatiotemporal.ecpwstfn:ECPWSTFN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="stfdiff",
        title="STFDiff",
        summary="Draws the image from noise, step by step, several times: the result is the mean of the draws, and "
        "their spread tells where it is not sure. By far the slowest of these networks.",
        citation="Huang, H., He, W., Zhang, H., Xia, Y., Zhang, L. (2024): STFDiff: remote sensing image "
        "spatiotemporal fusion with diffusion models. 10.1016/j.inffus.2024.102505; Song, J., Meng, C., Ermon, S. "
        "(2021): Denoising diffusion implicit models. 10.48550/arXiv.2010.02502",
        network="engine.networks.spatiotemporal.stfdiff:STFDiff",
        parameters=(
            Parameter(
                "SAMPLES",
                "Draws",
                "integer",
                5,
                "How many images are drawn; the result is their mean. More are steadier and take longer. With one, the "
                "result has the texture of a real image, and is farther from it on average.",
                minimum=1,
                maximum=200,
            ),
            Parameter(
                "SAMPLER",
                "Steps from noise to image",
                "choice",
                "model",
                "How each image is drawn: as the model's card says; in few steps without fresh noise (DDIM); or in all "
                "the steps of training, each with fresh noise (DDPM).",
                choices=("model", "ddim", "ddpm"),
                choice_titles=("as the model's card says", "few steps (DDIM)", "all steps (DDPM)"),
                advanced=True,
            ),
            Parameter(
                "STEPS",
                "Number of steps",
                "integer",
                0,
                "Steps of each draw; 0 takes the model's own number. Time grows with it.",
                minimum=0,
                maximum=4000,
                advanced=True,
            ),
            Parameter(
                "SEED",
                "Seed",
                "integer",
                0,
                "The same seed draws the same images, on every device and in windows of every size.",
                minimum=0,
                advanced=True,
            ),
            *_OF_PAIRS_NETWORK,
        ),
        stochastic=True,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="swinstfm",
        title="SwinSTFM",
        summary="Attention within windows carries what the coarse images change by to the fine image's features. The "
        "largest of these networks; wants much training data.",
        citation="Chen, G., Jiao, P., Hu, Q., Xiao, L., Ye, Z. (2022): SwinSTFM: remote sensing spatiotemporal fusion "
        "using Swin transformer. 10.1109/TGRS.2022.3182809",
        network="engine.networks.spatiotemporal.swinstfm:SwinSTFM",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="dcstfn",
        title="DCSTFN",
        summary="Adds to the fine image's features what those of the coarse images change by, at half the size: the "
        "first network of its kind, and smoother than EDC-STFN. With one pair or two.",
        citation="Tan, Z., Yue, P., Di, L., Tang, J. (2018): Deriving high spatiotemporal remote sensing images using "
        "deep convolutional network. 10.3390/rs10071066",
        network="engine.networks.spatiotemporal.dcstfn:DCSTFN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="mustfn",
        title="MUSTFN",
        summary="Looks at two pairs, one on either side of the date, at several scales: follows change that both pairs "
        "bracket, and coarse images that are not well registered.",
        citation="Qin, P., Huang, H., Tang, H., Wang, J., Liu, C. (2022): MUSTFN: a spatiotemporal fusion method for "
        "multi-scale and multi-sensor remote sensing images based on a convolutional neural network. "
        "10.1016/j.jag.2022.103113",
        network="engine.networks.spatiotemporal.mustfn:MUSTFN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="rsfn",
        title="RSFN",
        summary="Weights two fine images, before and after the date, by how well each agrees with the coarse image of "
        "the date: stands haze and clouds that no mask shows.",
        citation="Tan, Z., Gao, M., Yuan, J., Jiang, L., Duan, H. (2022): A robust model for MODIS and Landsat image "
        "fusion considering input noise. 10.1109/TGRS.2022.3145086",
        network="engine.networks.spatiotemporal.rsfn:RSFN",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="amsstf",
        title="AMS-STF",
        summary="Moves the features of two fine images, before and after the date, to where the date has them, at "
        "three sizes; trained against a discriminator. For two pairs that bracket the date.",
        citation="Pan, X., Deng, M., Ao, Z., Xin, Q. (2023): An adaptive multiscale generative adversarial network for "
        "the spatiotemporal fusion of Landsat and MODIS data. 10.3390/rs15215128",
        network="engine.networks.spatiotemporal.amsstf:AMSSTF",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
    Method(
        id="learned_unmixing",
        title="Learned unmixing (SatFusion)",
        summary="Learns classes from the fine images, and finds by least squares what each of them has changed; few "
        "weights. Made to be fitted to your own pairs: the network of Fit a network to your pairs.",
        citation="Zhukov, B., Oertel, D., Lanzl, F., Reinhäckel, G. (1999): Unmixing-based multisensor "
        "multiresolution image fusion. 10.1109/36.763276",
        network="engine.networks.spatiotemporal.learned_unmixing:LearnedUnmixing",
        parameters=_OF_PAIRS_NETWORK,
        **_NETWORK_OF_PAIRS,
    ),
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
        id="bt_h",
        title="BT-H (Brovey with haze correction)",
        task="pansharpening",
        summary="Brovey on bands without their haze: keeps the colour, and is sharp where contrast is high. Good for "
        "visible bands of high resolution.",
        citation="Lolli, S., Alparone, L., Garzelli, A., Vivone, G. (2017): Haze correction for contrast-based "
        "multispectral pansharpening. 10.1109/LGRS.2017.2761021",
        implementation="classical.pansharpening.bt_h:BtH",
        parameters=(_HAZE, _SENSOR, _MTF_GAINS),
        invariant_to_offset=False,
    ),
    Method(
        id="gihs",
        title="GIHS (generalised IHS)",
        task="pansharpening",
        summary="Gives every band the same detail, PAN less the mean of the bands. Simple and fast; shifts colours "
        "where the bands do not cover PAN's spectral range.",
        citation="Tu, T.-M., Su, S.-C., Shyu, H.-C., Huang, P. S. (2001): A new look at IHS-like image fusion methods. "
        "10.1016/S1566-2535(01)00036-7",
        implementation="classical.pansharpening.gihs:Gihs",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="pca",
        title="PCA (principal component substitution)",
        task="pansharpening",
        summary="Replaces the first principal component of the bands by PAN. For comparison with older work; shifts "
        "colours where that component is not what PAN sees.",
        citation="Chavez, P. S., Sides, S. C., Anderson, J. A. (1991): Comparison of three different methods to merge "
        "multiresolution and multispectral data. PE&RS 57(3), 295-303",
        implementation="classical.pansharpening.pca:Pca",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="gs",
        title="GS (Gram-Schmidt)",
        task="pansharpening",
        summary="Adds PAN's detail over the mean of the bands, with one gain for each band. Widely used; take GSA, "
        "whose intensity is regressed from the scene.",
        citation="Laben, C. A., Brower, B. V. (2000): Process for enhancing the spatial resolution of multispectral "
        "imagery using pan-sharpening, US patent 6011875; as a formula in 10.1109/TGRS.2007.901007",
        implementation="classical.pansharpening.gs:Gs",
        parameters=(_SENSOR, _MTF_GAINS),
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
        id="bdsd",
        title="BDSD (band-dependent spatial detail)",
        task="pansharpening",
        summary="Adds to each band the mixture of PAN and all bands that best gives back the detail one scale up. "
        "Sharp; its constrained form is robust.",
        citation="Vivone, G. (2019): Robust band-dependent spatial-detail approaches for panchromatic sharpening. "
        "10.1109/TGRS.2019.2906073",
        implementation="classical.pansharpening.bdsd:Bdsd",
        parameters=(
            Parameter(
                "MODE",
                "Coefficients",
                "choice",
                "pc",
                "Which coefficients mix PAN and the bands into detail.",
                choices=("pc", "global", "local"),
                choice_titles=(
                    "for the scene, with physical signs (BDSD-PC)",
                    "for the scene, free",
                    "for blocks, interpolated between them",
                ),
            ),
            Parameter(
                "BLOCK",
                "Side of a block",
                "integer",
                64,
                "Side of the blocks of local coefficients. Smaller follows the land more closely, and noise too.",
                minimum=16,
                maximum=4096,
                unit="MS pixels",
                advanced=True,
            ),
            _SENSOR,
            _MTF_GAINS,
        ),
        invariant_to_offset=False,
    ),
    Method(
        id="pracs",
        title="PRACS (partial replacement)",
        task="pansharpening",
        summary="Replaces each band's intensity only as far as the band correlates with it, and adjusts the detail "
        "pixel by pixel. Keeps bands that PAN does not see.",
        citation="Choi, J., Yu, K., Kim, Y. (2011): A new adaptive component-substitution-based satellite image fusion "
        "by using partial replacement. 10.1109/TGRS.2010.2051674",
        implementation="classical.pansharpening.pracs:Pracs",
        parameters=(_SENSOR, _MTF_GAINS),
        invariant_to_offset=False,
    ),
    Method(
        id="sfim",
        title="SFIM (smoothing filter-based intensity modulation)",
        task="pansharpening",
        summary="Multiplies every band by PAN over its mean around each pixel. Simple, keeps the colour; less sharp "
        "than methods that know the sensor's blur.",
        citation="Liu, J. G. (2000): Smoothing filter-based intensity modulation: a spectral preserve image fusion "
        "technique for improving spatial details. 10.1080/014311600750037499",
        implementation="classical.pansharpening.sfim:Sfim",
        parameters=(_SENSOR, _MTF_GAINS),
        invariant_to_offset=False,
    ),
    Method(
        id="hpf",
        title="HPF (high-pass filter)",
        task="pansharpening",
        summary="Adds what a box filter takes away from PAN, matched to each band. Simple; take an MTF-GLP method "
        "where the sensor's blur is known.",
        citation="Chavez, P. S., Sides, S. C., Anderson, J. A. (1991): Comparison of three different methods to merge "
        "multiresolution and multispectral data. PE&RS 57(3), 295-303",
        implementation="classical.pansharpening.hpf:Hpf",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="awlp",
        title="AWLP (additive wavelet luminance proportional)",
        task="pansharpening",
        summary="Adds PAN's wavelet planes in proportion to each pixel's spectrum. Keeps the colour; a long-standing "
        "reference.",
        citation="Otazu, X., Gonzalez-Audicana, M., Fors, O., Nunez, J. (2005): Introduction of sensor spectral "
        "response into image fusion methods. Application to wavelet-based methods. 10.1109/TGRS.2005.856106",
        implementation="classical.pansharpening.awlp:Awlp",
        parameters=(_SENSOR, _MTF_GAINS),
        invariant_to_offset=False,
    ),
    Method(
        id="mtf_glp",
        title="MTF-GLP",
        task="pansharpening",
        summary="Adds the detail that the sensor's blur took away, from PAN matched to each band. For comparison; "
        "MTF-GLP-FS has better gains.",
        citation="Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A., Selva, M. (2006): MTF-tailored multiscale "
        "fusion of high-resolution MS and Pan imagery. 10.14358/PERS.72.5.591",
        implementation="classical.pansharpening.mtf_glp:MtfGlp",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="mtf_glp_cbd",
        title="MTF-GLP-CBD",
        task="pansharpening",
        summary="MTF-GLP with gains regressed at the multispectral scale, one for each band. Close to MTF-GLP-FS.",
        citation="Alparone, L., Wald, L., Chanussot, J., Thomas, C., Gamba, P., Bruce, L. M. (2007): Comparison of "
        "pansharpening algorithms: outcome of the 2006 GRS-S data-fusion contest. 10.1109/TGRS.2007.904923",
        implementation="classical.pansharpening.mtf_glp_cbd:MtfGlpCbd",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id="mtf_glp_hpm",
        title="MTF-GLP-HPM (high-pass modulation)",
        task="pansharpening",
        summary="Multiplies every band by matched PAN over its low-pass with the sensor's blur; with regression also "
        "known as HPM-R. Detail is added instead where the quotient would run away.",
        citation="Vivone, G., Restaino, R., Chanussot, J. (2018): A regression-based high-pass modulation "
        "pansharpening approach. 10.1109/TGRS.2017.2757508",
        implementation="classical.pansharpening.mtf_glp_hpm:MtfGlpHpm",
        parameters=(
            Parameter(
                "REGRESSION",
                "Regressed gain (HPM-R)",
                "boolean",
                False,
                "Match PAN to each band by regression instead of by standard deviations.",
            ),
            _HAZE,
            _SENSOR,
            _MTF_GAINS,
        ),
        invariant_to_offset=False,
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
        id="mtf_glp_local",
        title="MTF-GLP with local gain",
        task="pansharpening",
        summary="MTF-GLP with a gain regressed around each pixel. Best where neighbouring fields relate to PAN in "
        "different ways; takes about half as long again.",
        citation="Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A. (2002): Context-driven fusion of high spatial "
        "and spectral resolution images based on oversampled multiresolution analysis. 10.1109/TGRS.2002.803623",
        implementation="classical.pansharpening.mtf_glp_local:MtfGlpLocal",
        parameters=(
            Parameter(
                "WINDOW_SIZE",
                "Side of the regression's square",
                "integer",
                5,
                "Over how many multispectral pixels the gain is regressed; an odd number. Smaller follows the land "
                "more closely, and noise too.",
                minimum=3,
                maximum=63,
                unit="MS pixels",
                advanced=True,
            ),
            _SENSOR,
            _MTF_GAINS,
        ),
    ),
    Method(
        id="pnn",
        title="PNN",
        task="pansharpening",
        summary="Three convolutions from the bands and PAN to the sharpened bands: the first network for "
        "pansharpening. "
        "Small; does well on scenes like those it was trained on.",
        citation="Masi, G., Cozzolino, D., Verdoliva, L., Scarpa, G. (2016): Pansharpening by convolutional neural "
        "networks. 10.3390/rs8070594",
        network="engine.networks.pansharpening.pnn:PNN",
        **_NETWORK,
    ),
    Method(
        id="pannet",
        title="PanNet",
        task="pansharpening",
        summary="Residual network on high-passed bands and PAN, added to the interpolated bands: carries over to other "
        "sensors better than networks that see the values themselves.",
        citation="Yang, J., Fu, X., Hu, Y., Huang, Y., Ding, X., Paisley, J. (2017): PanNet: a deep network "
        "architecture "
        "for pan-sharpening. 10.1109/ICCV.2017.193",
        network="engine.networks.pansharpening.pannet:PanNet",
        **_NETWORK,
    ),
    Method(
        id="innformer",
        title="INNformer",
        task="pansharpening",
        summary="Matches patches of the bands with patches of PAN by attention, and mixes both in invertible blocks. "
        "Looks at the whole of a tile.",
        citation="Zhou, M., Huang, J., Fang, Y., Fu, X., Liu, A. (2022): Pan-sharpening with customized transformer "
        "and "
        "invertible neural network. 10.1609/aaai.v36i3.20267",
        network="engine.networks.pansharpening.innformer:INNformer",
        **_NETWORK,
    ),
    Method(
        id="panmamba",
        title="Pan-Mamba",
        task="pansharpening",
        summary="Selective state-space scans over bands and PAN that exchange channels: sees a whole tile at a cost "
        "that "
        "grows with its area only.",
        citation="He, X., Cao, K., Zhang, J., Yan, K., Wang, Y., Li, R., Xie, C., Hong, D., Zhou, M. (2025): "
        "Pan-Mamba: "
        "effective pan-sharpening with state space model. 10.1016/j.inffus.2024.102779",
        network="engine.networks.pansharpening.panmamba:PanMamba",
        **_NETWORK,
    ),
    Method(
        id="u2net",
        title="U2Net",
        task="pansharpening",
        summary="Two U-shaped branches, for the bands and for PAN, joined by spatial and spectral attention. Strong on "
        "its own sensor; slow on large tiles.",
        citation="Peng, S., Guo, C., Wu, X., Deng, L.-J. (2023): U2Net: a general framework with spatial-spectral-"
        "integrated double U-Net for image fusion. 10.1145/3581783.3612084",
        network="engine.networks.pansharpening.u2net:U2Net",
        **_NETWORK,
    ),
    Method(
        id="arconv",
        title="ARConv",
        task="pansharpening",
        summary="A U-shaped network whose convolutions stretch to the height and width of what they look at. The "
        "largest "
        "of these networks.",
        citation="Wang, X., Zheng, Z., Shao, J., Duan, Y., Deng, L.-J. (2025): Adaptive rectangular convolution for "
        "remote sensing pansharpening. 10.1109/CVPR52734.2025.01665",
        network="engine.networks.pansharpening.arconv:ARConv",
        **_NETWORK,
    ),
    Method(
        id="dicnn",
        title="DiCNN",
        task="pansharpening",
        summary="Three convolutions find the detail that is added to the interpolated bands. Small and quick to fit "
        "to a "
        "scene of your own.",
        citation="He, L., Rao, Y., Li, J., Chanussot, J., Plaza, A., Zhu, J., Li, B. (2019): Pansharpening via detail "
        "injection based convolutional neural networks. 10.1109/JSTARS.2019.2898574",
        network="engine.networks.pansharpening.dicnn:DiCNN",
        **_NETWORK,
    ),
    Method(
        id="drpnn",
        title="DRPNN",
        task="pansharpening",
        summary="Ten convolutions with a skip around them: a deeper PNN.",
        citation="Wei, Y., Yuan, Q., Shen, H., Zhang, L. (2017): Boosting the accuracy of multispectral image "
        "pansharpening by learning a deep residual network. 10.1109/LGRS.2017.2736020",
        network="engine.networks.pansharpening.drpnn:DRPNN",
        **_NETWORK,
    ),
    Method(
        id="fusionnet",
        title="FusionNet",
        task="pansharpening",
        summary="Residual blocks on the difference between PAN and each interpolated band find the detail that is "
        "added. "
        "Small; close to the classical methods in what it looks at.",
        citation="Deng, L.-J., Vivone, G., Jin, C., Chanussot, J. (2021): Detail injection-based deep convolutional "
        "neural networks for pansharpening. 10.1109/TGRS.2020.3031366",
        network="engine.networks.pansharpening.fusionnet:FusionNet",
        **_NETWORK,
    ),
    Method(
        id="msdcnn",
        title="MSDCNN",
        task="pansharpening",
        summary="A deep branch with kernels of several sizes beside a shallow one.",
        citation="Yuan, Q., Wei, Y., Meng, X., Shen, H., Zhang, L. (2018): A multiscale and multidepth convolutional "
        "neural network for remote sensing imagery pan-sharpening. 10.1109/JSTARS.2018.2794888",
        network="engine.networks.pansharpening.msdcnn:MSDCNN",
        **_NETWORK,
    ),
    Method(
        id="register",
        title="Registration by phase",
        task="registration",
        summary="Measures how far each revisit lies from where its georeferencing puts it, by masked phase correlation "
        "over all pairs, and resamples it onto the reference's grid.",
        citation="Guizar-Sicairos, M., Thurman, S. T., Fienup, J. R. (2008): Efficient subpixel image registration "
        "algorithms. 10.1364/OL.33.000156; Padfield, D. (2012): Masked object registration in the Fourier domain. "
        "10.1109/TIP.2011.2181402",
        implementation="classical.super_resolution.register:Register",
        parameters=(
            Parameter(
                "MATCH",
                "Match the brightness",
                "boolean",
                False,
                "Brings every revisit to the reference's brightness, with the gain and offset that were measured.",
            ),
            *_OF_REVISITS,
        ),
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
    Method(
        id="back_projection",
        title="Iterative back-projection",
        task="super_resolution",
        summary="Improves an estimate until it gives the revisits again when it is shifted, blurred with the sensor's "
        "MTF and sampled as they were: undoes blur and aliasing together. The sharpest of the classical methods.",
        citation="Irani, M., Peleg, S. (1991): Improving resolution by image registration. "
        "10.1016/1049-9652(91)90045-L; Zomet, A., Rav-Acha, A., Peleg, S. (2001): Robust super-resolution. Conference "
        "on Computer Vision and Pattern Recognition; Holland, P. W., Welsch, R. E. (1977): Robust regression using "
        "iteratively reweighted least-squares. 10.1080/03610927708827533",
        implementation="classical.super_resolution.back_projection:BackProjection",
        parameters=(
            _RATIO,
            *_OF_BACK_PROJECTION,
            *_OF_REVISITS,
            _OF_REVISITS_SENSOR,
            _OF_REVISITS_GAINS,
        ),
    ),
    Method(
        id="median",
        title="Median of bicubics",
        task="super_resolution",
        summary="Every revisit interpolated onto the fine grid at its measured shift, then the median for each pixel: "
        "robust against clouds that no mask knows of, not sharper than one image. The baseline.",
        citation="Martens, M., Izzo, D., Krzic, A., Cox, D. (2019): Super-resolution of PROBA-V images using "
        "convolutional neural networks. 10.1007/s42064-019-0059-8",
        implementation="classical.super_resolution.median:Median",
        parameters=(_RATIO, *_OF_REVISITS),
    ),
    Method(
        id="shift_and_add",
        title="Shift-and-add",
        task="super_resolution",
        summary="Puts every observation at its place on the fine grid and averages what falls into a pixel; empty "
        "pixels are interpolated by normalised convolution. Simple and quick.",
        citation="Farsiu, S., Robinson, M. D., Elad, M., Milanfar, P. (2004): Fast and robust multiframe super "
        "resolution. 10.1109/TIP.2004.834669; Knutsson, H., Westin, C.-F. (1993): Normalized and differential "
        "convolution. 10.1109/CVPR.1993.341081",
        implementation="classical.super_resolution.shift_and_add:ShiftAndAdd",
        parameters=(
            _RATIO,
            Parameter(
                "STATISTIC",
                "Statistic",
                "choice",
                "mean",
                "What a pixel gets of the observations in it. The median stands clouds that no mask knows of, but "
                "needs many revisits.",
                choices=("mean", "median"),
                choice_titles=("mean", "median"),
            ),
            *_OF_REVISITS,
        ),
    ),
    Method(
        id="drizzle",
        title="Drizzle",
        task="super_resolution",
        summary="Drops every pixel, shrunken around its centre, onto the fine grid, by area: conserves brightness and "
        "says how much each pixel rests on. For many revisits with varied shifts.",
        citation="Fruchter, A. S., Hook, R. N. (2002): Drizzle: a method for the linear reconstruction of undersampled "
        "images. 10.1086/338393",
        implementation="classical.super_resolution.drizzle:Drizzle",
        parameters=(
            _RATIO,
            Parameter(
                "PIXEL_FRACTION",
                "Size of a drop",
                "number",
                0.8,
                "Side of a drop as a share of the revisit's pixel. Smaller is sharper, and leaves more pixels with few "
                "drops; a drop is never smaller than a pixel of the result.",
                minimum=0.1,
                maximum=1.0,
            ),
            *_OF_REVISITS,
        ),
    ),
    Method(
        id="kernel_regression",
        title="Kernel regression",
        task="super_resolution",
        summary="Fits every pixel to the observations around it with weights that follow the edges: smooth along "
        "them, sharp across. Good with noise and few revisits.",
        citation="Takeda, H., Farsiu, S., Milanfar, P. (2007): Kernel regression for image processing and "
        "reconstruction. IEEE Transactions on Image Processing 16(2), 349-366",
        implementation="classical.super_resolution.kernel_regression:KernelRegression",
        parameters=(_RATIO, *_OF_REVISITS),
    ),
    Method(
        id="highresnet",
        title="HighRes-net",
        task="super_resolution",
        summary="Encodes every revisit beside a common reference and fuses them pair by pair with one block; adds "
        "detail to the back-projection. For any number of revisits up to its model's.",
        citation="Deudon, M., Kalaitzis, A., Goytom, I., Arefin, M. R., Lin, Z., Sankaran, K., Michalski, V., Kahou, "
        "S. E., Cornebise, J., Bengio, Y. (2020): HighRes-net: recursive fusion for multi-frame super-resolution of "
        "satellite imagery. 10.48550/arXiv.2002.06460",
        network="engine.networks.super_resolution.highresnet:HighResNet",
        parameters=(_RATIO, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    Method(
        id="trmisr",
        title="TR-MISR",
        task="super_resolution",
        summary="A transformer over the revisits of each pixel: their order and number do not matter, and clouded "
        "pixels are left out one by one. Adds detail to the back-projection.",
        citation="An, T., Zhang, X., Huo, C., Xue, B., Wang, L., Pan, C. (2022): TR-MISR: multiimage super-resolution "
        "based on feature fusion with transformers. IEEE Journal of Selected Topics in Applied Earth Observations and "
        "Remote Sensing 15, 1373-1388; as in Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): "
        "SatFusion: a unified framework for enhancing remote sensing images via multi-frame and multi-source images "
        "fusion. 10.48550/arXiv.2510.07905",
        network="engine.networks.super_resolution.trmisr:TRMISR",
        parameters=(_RATIO, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    Method(
        id="rams",
        title="RAMS",
        task="super_resolution",
        summary="Convolutions over space and revisits, whose features are weighted by what they are over the whole "
        "tile; adds detail to the back-projection. For a fixed number of revisits.",
        citation="Salvetti, F., Mazzia, V., Khaliq, A., Chiaberge, M. (2020): Multi-image super resolution of remotely "
        "sensed images using residual attention deep neural networks. 10.3390/rs12142207",
        network="engine.networks.super_resolution.rams:RAMS",
        parameters=(_RATIO, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    Method(
        id="srcnn",
        title="SRCNN (WorldStrat)",
        task="super_resolution",
        summary="Stacks the encoded revisits and fuses them by convolutions: the baseline among the networks. For a "
        "fixed number of revisits; adds detail to the back-projection.",
        citation="Cornebise, J., Orsolic, I., Kalaitzis, F. (2022): Open high-resolution satellite imagery: the "
        "WorldStrat dataset, with application to super-resolution. 10.48550/arXiv.2207.06418",
        network="engine.networks.super_resolution.srcnn:SRCNN",
        parameters=(_RATIO, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    Method(
        id="back_projection",
        title="Back-projection with PAN's detail",
        task="multi_image_pansharpening",
        summary="Back-projects the revisits onto PAN's grid, and adds what PAN shows beyond what the same "
        "back-projection makes of PAN, with a gain for each pixel. Needs nothing installed, and is what the networks "
        "start from.",
        citation="Irani, M., Peleg, S. (1991): Improving resolution by image registration. "
        "10.1016/1049-9652(91)90045-L; Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A. (2002): Context-driven "
        "fusion of high spatial and spectral resolution images based on oversampled multiresolution analysis. "
        "10.1109/TGRS.2002.803623; Aiazzi, B., Baronti, S., Selva, M. (2007): Improving component substitution "
        "pansharpening through multivariate regression of MS + Pan data. 10.1109/TGRS.2007.901007",
        implementation="classical.super_resolution.sharpened_back_projection:SharpenedBackProjection",
        parameters=(*_OF_BACK_PROJECTION, *_OF_REVISITS, _OF_REVISITS_SENSOR, _OF_REVISITS_GAINS),
    ),
    Method(
        id="satfusion",
        title="SatFusion",
        task="multi_image_pansharpening",
        summary="Super-resolves the revisits with one network, sharpens the result with PAN by another, and corrects "
        "the colours; the model says which two. Trained as one.",
        citation="Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): SatFusion: a unified framework for "
        "enhancing remote sensing images via multi-frame and multi-source images fusion. 10.48550/arXiv.2510.07905",
        network="engine.networks.satfusion.satfusion:SatFusion",
        parameters=(_ENCODER, _SHARPENER, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    Method(
        id="satfusion_star",
        title="SatFusion*",
        task="multi_image_pansharpening",
        summary="SatFusion with PAN as a guide of the first network too, a transformer over the revisits of each "
        "pixel, whose query comes from PAN.",
        citation="Tong, Y., Cheng, G., Wu, P., Chen, F., Zhao, X., Deng, S. (2025): SatFusion: a unified framework for "
        "enhancing remote sensing images via multi-frame and multi-source images fusion. 10.48550/arXiv.2510.07905",
        network="engine.networks.satfusion.satfusion:SatFusionStar",
        parameters=(_SHARPENER, *_OF_REVISITS_NETWORK),
        **_NETWORK_OF_REVISITS,
    ),
    *SPATIOTEMPORAL_METHODS,
    *SPATIOTEMPORAL_NETWORKS,
)


AUTO = "auto"
AUTO_RULE = (
    "from how each band's detail follows PAN's: EXP where no correlation reaches 0.1, MTF-GLP with one gain for each "
    "band where all are 0.95 or more or the scene has fewer than 400 MS pixels, otherwise MTF-GLP with local gain"
)

PAIRS_RULE = "FSDAF with one pair, ESTARFM with two"
AUTO_RULES = {PANSHARPENING.id: AUTO_RULE, SPATIOTEMPORAL.id: PAIRS_RULE}

# What `auto` stands for, by task; for the others it is their first method.
AUTOMATIC: tuple[Method, ...] = (
    Method(
        id=AUTO,
        title="Automatic choice",
        task="pansharpening",
        summary=f"Chooses by the scene's own statistics, {AUTO_RULE}.",
        citation="Aiazzi, B., Alparone, L., Baronti, S., Garzelli, A. (2002): Context-driven fusion of high spatial "
        "and spectral resolution images based on oversampled multiresolution analysis. 10.1109/TGRS.2002.803623",
        implementation="classical.pansharpening.auto:Auto",
        parameters=(_SENSOR, _MTF_GAINS),
    ),
    Method(
        id=AUTO,
        title="Automatic choice",
        task="spatiotemporal_fusion",
        summary=f"Chooses by the number of pairs, {PAIRS_RULE}.",
        citation="Zhu, X., Helmer, E. H., Gao, F., Liu, D., Chen, J., Lefsky, M. A. (2016): A flexible spatiotemporal "
        "method for fusing satellite images with different resolutions. 10.1016/j.rse.2015.11.016",
        implementation="classical.spatiotemporal.auto:Auto",
        compiled=True,
        parameters=(_SEARCH_WINDOW, *_OF_PAIRS),
    ),
)

# Runs any classical pansharpening method where PAN has several bands.
SEVERAL_FINE_BANDS = ".classical.pansharpening.fine_bands:FineBands"


@dataclass(frozen=True)
class Catalogue:
    """Tasks and methods that one provider or command line offers.

    Attributes:
        tasks: Tasks, in the order shown.
        methods: Methods, in the order shown.
        package: Package that the methods' `implementation` names start from.
        automatic: For tasks where `auto` looks at the scene, the method that does.
    """

    tasks: tuple[Task, ...]
    methods: tuple[Method, ...]
    package: str = __package__
    automatic: tuple[Method, ...] = ()

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
        """Return a task's method; `auto` is one that looks at the scene, or the task's first.

        Raises:
            InputError: The task has no such method.
        """
        offered = self.methods_of(task_id)
        if method_id == AUTO and offered:
            return next((item for item in self.automatic if item.task == task_id), offered[0])
        for candidate in offered:
            if candidate.id == method_id:
                return candidate
        raise InputError(f"Unknown method {method_id!r} for {task_id}; known are: {', '.join(m.id for m in offered)}.")

    def implement(
        self, method: Method, parameters: Mapping[str, Any], scene: SceneInfo, card: Optional[ModelCard] = None
    ) -> Implementation:
        """Make the computation of `method` for one scene.

        Args:
            method: The method.
            parameters: Its parameters; missing ones take their default.
            scene: What is known of the scene.
            card: For a network, the card of its weights.

        Raises:
            InputError: A parameter is unknown or out of range, or the weights were not made for the scene.
        """
        module, _, name = method.implementation.partition(":")
        made = getattr(importlib.import_module(f"{self.package}.{module}"), name)
        checked = check_parameters(method.parameters, parameters)
        if card is not None:
            network: Implementation = made(checked, scene, card)
            return network
        if method.task == PANSHARPENING.id and method.runtime == "numpy" and scene.bands.get("PAN", 1) > 1:
            wrapper, _, outer = SEVERAL_FINE_BANDS.partition(":")
            several: Implementation = getattr(importlib.import_module(wrapper, __package__), outer)(
                made, checked, scene
            )
            return several
        single: Implementation = made(checked, scene)
        return single


CATALOGUE = Catalogue(TASKS, METHODS, automatic=AUTOMATIC)
