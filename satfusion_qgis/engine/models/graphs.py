"""ONNX files of models: what they say of themselves, and whether they run; needs onnxruntime alone, no PyTorch."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
import onnxruntime

from ...inference.model_files import never
from ...inference.network import NetworkInput, network_inputs
from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from ..backends.backend import first_line
from ..backends.onnx_backend import OnnxBackend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...tasks.method import Array

OUTPUT = "output"
_TWO = {"ms", "pan"}
_SEVERAL = {"revisits", "masks", "base", "pan"}
_PAIRS_LEAST, _PAIRS = {"fine_1", "coarse_target"}, {"fine_1", "coarse_1", "coarse_target", "fine_2", "coarse_2"}
_AXES = {4: ("batch", "bands", "height", "width"), 5: ("batch", "frames", "bands", "height", "width")}
_TRIED = (32, 40)
_ROLES = {
    "pansharpening": {"MS", "PAN"},
    "super_resolution": {"REVISITS"},
    "multi_image_pansharpening": {"REVISITS", "PAN"},
}


def inputs_of(card: ModelCard) -> tuple[NetworkInput, ...]:
    """Return what a model's network gets, the one whose bands come out first.

    Raises:
        InputError: The card's inputs are not those of its task.
    """
    roles = {item.role for item in card.inputs}
    if card.task == "spatiotemporal_fusion":
        if not _PAIRS_LEAST <= {role.lower() for role in roles} <= _PAIRS:
            raise InputError(
                f"The model {card.id} must take FINE_1 and COARSE_TARGET, and at most two pairs with them."
            )
        return tuple(sorted(network_inputs(card), key=lambda item: item.name != "fine_1"))
    wanted = _ROLES.get(card.task, _ROLES["pansharpening"])
    if roles != wanted:
        raise InputError(
            f"The model {card.id} takes {', '.join(sorted(roles)) or 'nothing'}; {' and '.join(sorted(wanted))} "
            f"{'are' if len(wanted) > 1 else 'is'} needed here."
        )
    return tuple(sorted(network_inputs(card), key=lambda item: item.name not in ("ms", "revisits")))


def open_graph(path: Path) -> Any:
    """Return an onnxruntime session on the CPU with one thread.

    Raises:
        InputError: The file is damaged, no ONNX file, or has other inputs than networks have here.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # whatever the library finds wrong in somebody's file
        raise InputError(f"Cannot open the ONNX file {path}: {first_line(error)}.") from None
    given = tuple(item.name for item in session.get_inputs())
    known = set(given) == _TWO or ("revisits" in given and set(given) <= _SEVERAL)
    known = known or _PAIRS_LEAST <= set(given) <= _PAIRS
    if not known or OUTPUT not in [item.name for item in session.get_outputs()]:
        raise InputError(
            f"The ONNX file {path} must take ms and pan, or revisits with any of masks, base and pan, or fine_1 and "
            f"coarse_target with any images of pairs, and give {OUTPUT}; it takes {', '.join(given)}."
        )
    return session


def graph_facts(path: Path) -> dict[str, Any]:
    """Return "opset" and "dynamic_axes" of an ONNX file.

    Raises:
        InputError: It cannot be opened, keeps numbers in other files, or its height and width are fixed.
    """
    opset = _opset(path)
    session = open_graph(path)
    axes: dict[str, list[Any]] = {}
    for item in session.get_inputs():
        sides = list(item.shape)
        wanted = 5 if item.name in ("revisits", "masks") else 4
        if len(sides) != wanted or not all(isinstance(side, str) for side in sides[-2:]):
            raise InputError(f"The ONNX file {path} takes {item.name} of size {sides} alone; free sizes are needed.")
        axes[item.name] = [
            name for name, side in zip(_AXES[wanted], sides) if name != "bands" and isinstance(side, str)
        ]
    return {"opset": opset, "dynamic_axes": axes}


def _opset(path: Path) -> Optional[int]:
    """Return the version of the standard operators; refuses a file that reads others beside it."""
    try:
        import onnx
    except ImportError:  # the small engine runs graphs without it
        return None
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception:  # whatever the library finds wrong in somebody's file
        raise InputError(f"The ONNX file {path} is damaged or no ONNX file; get it again.") from None
    outside = [item.name for item in model.graph.initializer if item.data_location == onnx.TensorProto.EXTERNAL]
    if outside:
        raise InputError(f"The ONNX file {path} keeps numbers in other files ({outside[0]}); it must be whole.")
    return max((item.version for item in model.opset_import if item.domain in ("", "ai.onnx")), default=None)


def run_graph(session: Any, inputs: Mapping[str, Array]) -> Array:
    """Return the output for arrays by name."""
    output: Array = session.run([OUTPUT], dict(inputs))[0]
    return output


def try_graph(card: ModelCard) -> None:
    """Run a model's ONNX file on a small image.

    Raises:
        InputError: It fails, or gives another shape or values that are not finite.
    """
    inputs = inputs_of(card)
    values = np.random.default_rng(0)
    whole = math.lcm(*(item.factor for item in inputs))
    rows, columns = (-(-side // whole) * whole for side in _TRIED)
    images = {}
    for item in inputs:
        count = () if item.items is None else (item.items,)
        shape = (1, *count, item.bands, rows // item.factor, columns // item.factor)
        images[item.name] = np.ones(shape, np.float32) if item.name == "masks" else values.random(shape, np.float32)
    backend = OnnxBackend(card, "cpu", 1)
    try:
        output = backend.run(images, never)["output"]
    finally:
        backend.close()
    if output.shape != (1, card.output_bands, rows, columns) or not np.isfinite(output).all():
        raise InputError(f"The ONNX file of {card.id} gives no image of {card.output_bands} bands with finite values.")
