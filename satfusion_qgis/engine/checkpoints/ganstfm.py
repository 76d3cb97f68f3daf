"""GAN-STFM's official implementations: the authors' code, and a survey's, whose wiring never sees the target date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...tasks.errors import InputError
from ..networks.spatiotemporal.ganstfm import GANSTFM, GANSTFMAutoEncoder, GANSTFMDiscriminator
from .family import Family
from .official import renamed, renaming, setting, weight_shape

_BLOCKS = range(4)
_LAYERS = {
    **{
        f"encoder.{block}.{official}": f"encoder.{block}.{ours}"
        for block in _BLOCKS
        for official, ours in {
            "transform.0.1": "coarse.0",
            "transform.1": "coarse.1",
            "residual.0": "fine.0",
            "residual.2.1": "fine.2",
            "residual.3": "fine.3",
            "residual.5": "fine.5",
        }.items()
    },
    **{
        f"decoder.{block}.{official}": f"decoder.{block}.{ours}"
        for block in _BLOCKS
        for official, ours in {"residual.0.1": "inner.0", "residual.2": "inner.2", "transform": "shortcut"}.items()
    },
    "decoder.4": "decoder.4",
}
_AUTO_ENCODER = {
    **{f"conv{number + 1}.0.1": f"down.{number}" for number in range(4)},
    **{f"conv{number + 5}.1.1": f"up.{number}" for number in range(3)},
    "conv8": "last",
}
_PARTS = 3
# Names of a spectrally normalised convolution's tensors: the official code's, and PyTorch's.
_SPECTRAL = {
    "w_bar": "parametrizations.weight.original",
    "u": "parametrizations.weight.0._u",
    "v": "parametrizations.weight.0._v",
    "module.bias": "bias",
}


def _build(config: Mapping[str, Any], reads_reference_coarse: bool = False) -> GANSTFM:
    bands = setting(config, "in_channels")
    if setting(config, "out_channels") != bands:
        raise InputError(f"GAN-STFM's out_channels must be its in_channels, {bands}.")
    return GANSTFM(bands, reads_reference_coarse=reads_reference_coarse)


def _configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"encoder.{block}.transform.1")[0] for block in _BLOCKS]
    return {"bands": weight_shape(state, "decoder.4")[0], "widths": widths}


def _auto_encoder_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    widths = [weight_shape(state, f"conv{number + 1}.0.1")[0] for number in range(4)]
    return {"bands": weight_shape(state, "conv8")[0], "widths": widths}


def _counts(names: Iterable[str]) -> list[int]:
    """The number of blocks in each part of the discriminator."""
    return [
        len({name.split(".")[1] for name in names if name.startswith(f"d{part + 1}.")}) - 1 for part in range(_PARTS)
    ]


def _discriminator_configuration(state: Mapping[str, Tensor]) -> dict[str, Any]:
    try:
        widths = [
            [int(state[f"d{part + 1}.{block}.transform.w_bar"].shape[0]) for block in range(count)]
            for part, count in enumerate(_counts(state))
        ]
        return {"bands": int(state["d1.0.transform.w_bar"].shape[1]) // 2, "widths": widths}
    except KeyError as missing:
        raise InputError(f"The checkpoint has no tensor {missing}; it is of another network.") from None


def _translate_discriminator(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the tensors; singular vectors that are missing are found."""
    layers: dict[str, str] = {}
    for part, count in enumerate(_counts(state)):
        for block in range(count):
            official, ours = f"d{part + 1}.{block}", f"parts.{part}.{block}"
            layers |= {f"{official}.residual.{layer}": f"{ours}.inner.{layer}" for layer in (0, 3)}
            for inner, mine in {"residual.2": "inner.2", "residual.5": "inner.5", "transform": "shortcut"}.items():
                layers[f"{official}.{inner}"] = f"{ours}.{mine}"
        layers[f"d{part + 1}.{count}"] = f"parts.{part}.{count}"
    spectral = {key.removesuffix(".w_bar") for key in state if key.endswith(".w_bar")}
    plain: dict[str, Tensor] = {}
    found: dict[str, Tensor] = {}
    for key, tensor in state.items():
        layer = next((name for name in _owners(key) if name in spectral and name in layers), None)
        name = key[len(layer) + 1 :] if layer else ""
        if layer and name in _SPECTRAL:
            found[f"{layers[layer]}.{_SPECTRAL[name]}"] = tensor
        else:
            plain[key] = tensor
    ours_plain = renamed(plain, layers)
    for layer in spectral & set(layers):
        left, right = leading_vectors(state[f"{layer}.w_bar"])
        found.setdefault(f"{layers[layer]}.{_SPECTRAL['u']}", left)
        found.setdefault(f"{layers[layer]}.{_SPECTRAL['v']}", right)
    return {**ours_plain, **found}


def _owners(key: str) -> tuple[str, ...]:
    """Names of the layer that a tensor may belong to: all before the last dot, or before the last but one."""
    layer = key.rpartition(".")[0]
    return layer, layer.rpartition(".")[0]


def leading_vectors(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return the left and the right singular vector of the largest singular value.

    Args:
        weight: A convolution's weight [outputs, inputs, rows, columns], taken as a matrix with a row for each output.

    Returns:
        [outputs] and [inputs x rows x columns].
    """
    matrix = weight.flatten(1).double()
    left = torch.linalg.eigh(matrix @ matrix.T).eigenvectors[:, -1]
    right = matrix.T @ left
    return left.to(weight.dtype), (right / right.norm().clamp(min=torch.finfo(right.dtype).tiny)).to(weight.dtype)


def _call_survey(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"], inputs["LR_t1"], inputs["LR_t2"])}


def _call_author(network: nn.Module, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_ref"], None, inputs["LR_t2"])}


def _call_auto_encoder(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {"pred": network(inputs["HR_t1"]), "features": network.features(inputs["HR_t1"])}


def _call_discriminator(network: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    pair = inputs["pair"]
    fine, coarse = pair[:, : network.bands], pair[:, network.bands :]
    scores = network.scores(fine, coarse)
    return {
        "score": network(fine, coarse).mean()[None],
        **{f"d{part + 1}": score.flatten() for part, score in enumerate(scores)},
        "d1_block1_sub": network.parts[0][:1](pair),
        "d1_block4": network.parts[0][:4](pair),
        "d3_block3_sub": network.parts[2][:3](pair[..., ::4, ::4]),
    }


FAMILIES = {
    "stf_survey.ganstfm": Family(
        method="ganstfm",
        build=lambda config: _build(config, reads_reference_coarse=True),
        translate=renaming(_LAYERS),
        call=_call_survey,
        configuration=lambda state: {**_configuration(state), "reads_reference_coarse": True},
    ),
    "ganstfm.author": Family(
        method="ganstfm",
        build=_build,
        translate=renaming(_LAYERS),
        call=_call_author,
        configuration=_configuration,
    ),
    "stf_survey.ganstfm_autoencoder": Family(
        method="ganstfm",
        build=lambda config: GANSTFMAutoEncoder(setting(config, "in_channels")),
        translate=renaming(_AUTO_ENCODER),
        call=_call_auto_encoder,
        configuration=_auto_encoder_configuration,
        part="auto-encoder",
    ),
    "stf_survey.ganstfm_discriminator": Family(
        method="ganstfm",
        build=lambda config: GANSTFMDiscriminator(setting(config, "num_bands")),
        translate=_translate_discriminator,
        call=_call_discriminator,
        configuration=_discriminator_configuration,
        part="discriminator",
    ),
}
