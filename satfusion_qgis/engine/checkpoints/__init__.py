"""Official checkpoints: how each family's configuration and state dict become those of our networks.

A module per network holds `FAMILIES`, its families by name; the table below says which module knows a family, so that
looking one up imports that module alone.
"""

from __future__ import annotations

import importlib

from ...tasks.errors import InputError
from .family import Family

MODULES = {
    "amsstf.discriminator": "amsstf",
    "amsstf.generator": "amsstf",
    "dcstfn.pytorch": "dcstfn",
    "dlpan.dicnn": "dicnn",
    "dlpan.drpnn": "drpnn",
    "dlpan.fusionnet": "fusionnet",
    "dlpan.msdcnn": "msdcnn",
    "dlpan.pnn": "pnn",
    "dlpan.trnet_pan_pnn": "satfusion",
    "dlpan.u2net": "u2net",
    "edcstfn.author_1ref": "edcstfn",
    "edcstfn.author_2ref": "edcstfn",
    "ganstfm.author": "ganstfm",
    "mustfn.author": "mustfn",
    "panmamba.original": "panmamba",
    "rsfn.autoencoder": "rsfn",
    "rsfn.generator": "rsfn",
    "satfusion.arconv": "arconv",
    "satfusion.framework": "satfusion",
    "satfusion.innformer": "innformer",
    "satfusion.misr": "misr",
    "satfusion.misr_pan": "misr",
    "satfusion.panmamba": "panmamba",
    "satfusion.pannet": "pannet",
    "satfusion.pnn": "pnn",
    "satfusion.u2net": "u2net",
    "stf_survey.ecpwstfn": "ecpwstfn",
    "stf_survey.ecpwstfn_autoencoder": "ecpwstfn",
    "stf_survey.edcstfn": "edcstfn",
    "stf_survey.edcstfn_autoencoder": "edcstfn",
    "stf_survey.ganstfm": "ganstfm",
    "stf_survey.ganstfm_autoencoder": "ganstfm",
    "stf_survey.ganstfm_discriminator": "ganstfm",
    "stf_survey.metrics": "stf_metrics",
    "stf_survey.mlffgan": "mlffgan",
    "stf_survey.mlffgan_discriminator": "mlffgan",
    "stf_survey.srsfgan": "srsfgan",
    "stf_survey.srsfgan_discriminator": "srsfgan",
    "stf_survey.stfdiff_denoiser": "stfdiff",
    "stf_survey.stfdiff_sampler": "stfdiff",
    "stf_survey.swinstfm": "swinstfm",
    "stfdiff.author_denoiser": "stfdiff",
    "stfdiff.author_sampler": "stfdiff",
    "swinstfm.author": "swinstfm",
}


def family(name: str) -> Family:
    """Return the family called `name` ("satfusion.pnn").

    Raises:
        InputError: No family has this name.
    """
    if name not in MODULES:
        raise InputError(f"Unknown checkpoint family {name!r}; known are: {', '.join(sorted(MODULES))}.")
    module = importlib.import_module(f"{__name__}.{MODULES[name]}")
    families: dict[str, Family] = module.FAMILIES
    return families[name]
