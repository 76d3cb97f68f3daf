"""What the official codes do with their data, where a checkpoint does not say it: units, scale, enlargement, ratio.

Sources: the WorldStrat and the WV3/QB/GF2 code of SatFusion (Deng et al.), Pan-Mamba (He et al. 2025,
10.1016/j.inffus.2024.102779) in its own repository.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """An official code.

    Attributes:
        attribution: Whom to name.
        bands: Band counts of the checkpoints that it makes.
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

ORIGINS = {"satfusion": WORLDSTRAT, "dlpan": DLPAN, "panmamba": PAN_MAMBA}


def origin_of(family: str) -> Origin:
    """Return the official code that a family's name begins with ("dlpan.pnn" is of "dlpan").

    Raises:
        KeyError: None is known.
    """
    return ORIGINS[family.partition(".")[0]]
