"""What the official codes do with their data, where a checkpoint does not say it: units, scale, enlargement, ratio.

Sources: the WorldStrat and the WV3/QB/GF2 code of SatFusion (Deng et al.), Pan-Mamba (He et al. 2025,
10.1016/j.inffus.2024.102779) in its own repository; for spatiotemporal fusion the authors' codes and a survey's (Sun et
al. 2026, 10.1016/j.inffus.2025.103675).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """An official code.

    Attributes:
        attribution: Whom to name.
        bands: Band counts of the checkpoints that it makes; () for any.
        units: "physical" or "dn".
        scale: What a value is multiplied by before it enters the network.
        kernel: How MS is brought onto PAN's grid.
        ratio: Of pixel sizes, in training.
        tile: Side of the training images on PAN's grid.
        training: What it trains on.
        limits: What a user has to know.
    """

    attribution: str
    bands: tuple[int, ...]
    units: str
    scale: float
    kernel: str
    ratio: float
    tile: int
    training: tuple[str, ...]
    limits: tuple[str, ...] = ()


WORLDSTRAT = Origin(
    attribution="SatFusion, code for WorldStrat",
    bands=(3,),
    units="physical",
    scale=1.0,
    kernel="bilinear",
    ratio=3.12,
    tile=156,
    training=("WorldStrat (Sentinel-2 L2A and SPOT 6/7)",),
)
DLPAN = Origin(
    attribution="SatFusion, code for WV3, QB and GF2, after DLPan-Toolbox",
    bands=(4, 8),
    units="dn",
    scale=1.0 / 2047.0,
    kernel="bilinear",
    ratio=4.0,
    tile=64,
    training=("PanCollection",),
    limits=("Trained on stored numbers of 11 bits; those of other depths need another scale (1/1023 for 10 bits).",),
)
PAN_MAMBA = Origin(
    attribution="Pan-Mamba, He et al.",
    bands=(4,),
    units="dn",
    scale=1.0 / 255.0,
    kernel="nearest",
    ratio=4.0,
    tile=128,
    training=("WV2, WV3 or GF2 patches of 8 bits",),
    limits=("Trained on images of 8 bits: stored numbers of other depths need another scale.",),
)

# Codes for spatiotemporal fusion: reflectance about 0 to 1; whatever changes its range is part of the network. They
# take any bands, so the bands tell none of them from another.
_DATES = "Landsat and MODIS images of several dates, as reflectance (stored numbers times 0.0001)"


def _of_pairs(attribution: str, tile: int, *limits: str, training: str = _DATES) -> Origin:
    return Origin(
        attribution=attribution,
        bands=(),
        units="physical",
        scale=1.0,
        kernel="cubic",
        ratio=16.0,
        tile=tile,
        training=(training,),
        limits=limits,
    )


ORIGINS = {
    "satfusion": WORLDSTRAT,
    "dlpan": DLPAN,
    "panmamba": PAN_MAMBA,
    "stf_survey": _of_pairs(
        "code of a survey of spatiotemporal fusion, Sun et al. (2026), 10.1016/j.inffus.2025.103675",
        512,
        "The survey's code divides each data set by a number of its own and takes its test images for validation.",
    ),
    "edcstfn": _of_pairs("EDC-STFN, Tan et al.", 256, "Its code enlarges coarse images bilinearly, not by cubics."),
    "ganstfm": _of_pairs("GAN-STFM, Tan et al.", 256),
    "swinstfm": _of_pairs("SwinSTFM, Chen et al.", 256),
    "stfdiff": _of_pairs("STFDiff, Huang et al.", 256),
    "dcstfn": _of_pairs("DCSTFN, Tan et al.", 160, "Trained on one band."),
    "mustfn": _of_pairs("MUSTFN, Qin et al.", 256),
    "rsfn": _of_pairs("RSFN, Tan et al.", 256),
    "amsstf": _of_pairs("AMS-STF, Pan et al.", 128),
}


def origin_of(family: str) -> Origin:
    """Return the official code that a family's name begins with ("dlpan.pnn" is of "dlpan").

    Raises:
        KeyError: None is known.
    """
    return ORIGINS[family.partition(".")[0]]
