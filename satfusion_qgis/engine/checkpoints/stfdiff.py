"""STFDiff's official implementations: its authors' main variant, and a survey's denoiser and sampler.

Both have the same tensors. The survey's second activations are SiLU and its data within 0 and 1; the authors' are ReLU
and within -1 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.spatiotemporal.stfdiff import STFDiff
from .family import Family
from .official import renamed, setting, weight_shape

_SURVEY = {"activation": "silu", "rescaled": False, "steps": 50, "eta": 0.0}
_AUTHOR = {"activation": "relu", "rescaled": True, "steps": 10, "eta": 1.0}
_PREFIX = "model."
# The diffusion's tables, which follow from the number of steps.
_TABLES = (
    "betas",
    "alphas_cumprod",
    "alphas_cumprod_prev",
    "sqrt_alphas_cumprod",
    "sqrt_one_minus_alphas_cumprod",
    "log_one_minus_alphas_cumprod",
    "sqrt_recip_alphas_cumprod",
    "sqrt_recipm1_alphas_cumprod",
    "posterior_variance",
    "posterior_log_variance_clipped",
    "posterior_mean_coef1",
    "posterior_mean_coef2",
    "p2_loss_weight",
)


def _block(official: str, ours: str) -> dict[str, str]:
    names = {
        "conv_1": "first",
        "norm_1": "first_norm",
        "conv_2": "second",
        "norm_2": "second_norm",
        "res_conv": "shortcut",
        "mlp.1": "time.1",
    }
    return {f"{official}.{theirs}": f"denoiser.{ours}.{mine}" for theirs, mine in names.items()}


def _layers(levels: int) -> dict[str, str]:
    """Official layer names to ours, for so many levels."""
    layers = {
        "time_mlp.1": "denoiser.time.0",
        "time_mlp.3": "denoiser.time.2",
        "fine_init_conv": "denoiser.fine",
        "coarse_init_conv": "denoiser.coarse",
        "noisy_init_conv": "denoiser.noisy",
        "clean_init_conv": "denoiser.clean",
        "final_conv": "denoiser.last",
        **_block("final_res_block", "end"),
    }
    for stream in ("clean", "noisy"):
        for i in range(levels):
            layers |= _block(f"{stream}_downs.{i}.0", f"{stream}_blocks.{i}")
            layers[f"{stream}_downs.{i}.1"] = f"denoiser.{stream}_downs.{i}"
        layers |= _block(f"{stream}_mid_block", f"{stream}_blocks.{levels}")
    for i in range(levels):
        layers |= _block(f"noise_ups.{i}.0", f"up_blocks.{i}")
        # Behind an enlargement, but for the last level.
        layers[f"noise_ups.{i}.1.1" if i < levels - 1 else f"noise_ups.{i}.1"] = f"denoiser.ups.{i}"
    return layers


def _levels(state: Mapping[str, Tensor]) -> int:
    return len({key.split(".")[1] for key in state if key.startswith("clean_downs.")})


def _translate(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`init_conv` is built by the official code and never called."""
    return renamed(state, _layers(_levels(state)), ("init_conv",))


def _configuration(state: Mapping[str, Tensor], settings: Mapping[str, Any]) -> dict[str, Any]:
    width, bands = weight_shape(state, "fine_init_conv")[:2]
    multipliers = [weight_shape(state, f"clean_downs.{i}.1")[0] // width for i in range(_levels(state))]
    return {"bands": bands, "width": width, "multipliers": multipliers, **settings}


def _bare(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The denoiser's part of the sampler's state; what is of neither keeps its name and is refused.

    Raises:
        InputError: It is the denoiser's own state.
    """
    if not any(key.startswith(_PREFIX) for key in state):
        raise InputError(f"The checkpoint has no tensor below {_PREFIX!r}; it is of the denoiser alone.")
    return {key.removeprefix(_PREFIX): value for key, value in state.items() if key not in _TABLES}


def _build(config: Mapping[str, Any], settings: Mapping[str, Any]) -> STFDiff:
    return STFDiff(
        setting(config, "channels"), setting(config, "dim"), multipliers=setting(config, "dim_mults"), **settings
    )


def _build_sampler(config: Mapping[str, Any], settings: Mapping[str, Any]) -> STFDiff:
    own = {
        "timesteps": setting(config, "timesteps"),
        "steps": setting(config, "sampling_timesteps"),
        "eta": setting(config, "ddim_sampling_eta"),
    }
    return _build(setting(config, "model"), {**settings, **own})


def _known(network: nn.Module, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    known: list[Tensor] = network.denoiser.known(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])
    return known


def _denoise(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """One step, with values in the range that the layers see."""
    return {"model_out": network.denoiser(inputs["x_t"], inputs["time"], _known(network, inputs))}


def _sample(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    schedule = network.schedule
    return {
        "pred": network.draw(_known(network, inputs), inputs["x_T"], lambda step: inputs["x_T"]),
        "betas": schedule.betas.float(),
        "alphas_cumprod": schedule.kept.float(),
        "posterior_variance": schedule.variance.float(),
    }


def _sampler(settings: Mapping[str, Any]) -> Family:
    """The sampler, whose state holds the denoiser's and the tables of the diffusion."""
    return Family(
        method="stfdiff",
        build=lambda config: _build_sampler(config, settings),
        translate=lambda state: _translate(_bare(state)),
        call=_sample,
        configuration=lambda state: _configuration(_bare(state), settings),
    )


FAMILIES = {
    "stf_survey.stfdiff_denoiser": Family(
        method="stfdiff",
        build=lambda config: _build(config, _SURVEY),
        translate=_translate,
        call=_denoise,
        configuration=lambda state: _configuration(state, _SURVEY),
    ),
    "stf_survey.stfdiff_sampler": _sampler(_SURVEY),
    "stfdiff.author_sampler": _sampler(_AUTHOR),
    "stfdiff.author_denoiser": Family(
        method="stfdiff",
        build=lambda config: _build(config, _AUTHOR),
        translate=_translate,
        call=_denoise,
        configuration=lambda state: _configuration(state, _AUTHOR),
    ),
}
