"""Reads the weights out of a checkpoint that somebody else made, without running anything that it says.

A PyTorch file is a pickle, which may name any function to call. It is opened with `weights_only=True`, which knows
tensors and plain containers alone; a file that needs more is refused.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from ...inference.model_files import tensors_of
from ...tasks.errors import InputError
from ..backends.backend import first_line

ENDINGS = (".pth", ".pt", ".ckpt", ".safetensors", ".bin")
# Under which names training programs keep the weights, the ones to prefer first.
_CONTAINERS = (
    "state_dict",
    "model_state_dict",
    "params_ema",
    "params",
    "model",
    "net",
    "network",
    "generator",
    "weights",
)
_MOST_LEVELS = 4
_MOST_BYTES = 8 << 30


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a checkpoint by the names that it gives them.

    Floating-point tensors come as float32, on the CPU, each with memory of its own.

    Raises:
        InputError: The file cannot be read, holds more than weights, or holds none.
    """
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"INPUT {path} is no checkpoint: {', '.join(ENDINGS)} are read.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"Cannot read the checkpoint {path}: {error.strerror}.") from None
    if size > _MOST_BYTES:
        raise InputError(f"The checkpoint {path} has {size >> 20} MiB, more than any network that is known here.")
    loaded = _safetensors(path) if path.suffix.lower() == ".safetensors" else _pytorch(path, size)
    state = {name: _plain(name, tensor, path) for name, tensor in _weights_in(loaded, path).items()}
    bad = [name for name, tensor in state.items() if tensor.is_floating_point() and not tensor.isfinite().all()]
    if bad:
        raise InputError(
            f"The checkpoint {path} holds values that are not finite (in {bad[0]}): its training failed; take another."
        )
    return state


def _safetensors(path: Path) -> Mapping[str, Any]:
    tensors_of(path)
    try:
        return load_file(path)
    except Exception as error:  # whatever the library finds wrong in somebody's file
        raise InputError(f"Cannot read the checkpoint {path}: {first_line(error)}.") from None


def _pytorch(path: Path, size: int) -> Any:
    _check_archive(path, size)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever the library finds wrong in somebody's file
        raise InputError(_why_not(path, str(error))) from None


def _check_archive(path: Path, size: int) -> None:
    """Refuse an archive that would grow: PyTorch stores its tensors as they are."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"The checkpoint {path} is damaged: {first_line(error)}.") from None
    if unpacked > size:
        raise InputError(
            f"The checkpoint {path} has {size} bytes and says that it unpacks to {unpacked}, which no PyTorch file "
            "does; it is not opened."
        )


def _why_not(path: Path, reason: str) -> str:
    if "TorchScript" in reason:
        return (
            f"The checkpoint {path} is a TorchScript program, not weights; ask its author for a state_dict, or save "
            "one with torch.save(model.state_dict(), ...)."
        )
    named = re.search(r"GLOBAL ([\w.]+)", reason)
    if named or "weights_only" in reason.lower() or "Weights only" in reason:
        holds = (
            f"holds Python objects besides weights ({named[1]})" if named else "needs more than weights to be opened"
        )
        return (
            f"The checkpoint {path} {holds}, and opening these could run any code, so it is not opened; where you "
            "trust it, load it in its own program and save the weights alone with torch.save(model.state_dict(), ...)."
        )
    return f"The checkpoint {path} is damaged, cut off or no PyTorch file; get it again."


def _weights_in(loaded: Any, path: Path) -> dict[str, Tensor]:
    """Return the tensors, from inside whatever a training program put around them."""
    found = loaded
    for _ in range(_MOST_LEVELS):
        if not isinstance(found, Mapping):
            break
        inside = [found[name] for name in _CONTAINERS if isinstance(found.get(name), Mapping)]
        if inside:
            found = inside[0]
            continue
        tensors = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
        if tensors:
            return tensors
        break
    raise InputError(
        f"The checkpoint {path} holds no weights by name; a state_dict is needed, alone or under one of: "
        f"{', '.join(_CONTAINERS)}."
    )


def _plain(name: str, tensor: Tensor, path: Path) -> Tensor:
    """Return a tensor with memory of its own; a tensor that says to be larger than its memory is refused."""
    dense = tensor.layout == torch.strided and tensor.device.type == "cpu" and not tensor.is_quantized
    if not dense or tensor.numel() > tensor.untyped_storage().nbytes() // max(1, tensor.element_size()):
        raise InputError(
            f"The checkpoint {path} holds {name} in a form that no network here has: dense numbers are needed."
        )
    kind = torch.float32 if tensor.is_floating_point() else tensor.dtype
    return tensor.detach().to(dtype=kind, copy=True).contiguous()
