"""ONNX files of models: what they say of themselves, and whether they run; needs onnxruntime alone, no PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
import onnxruntime

from ...inference.model_files import never
from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from ..backends.backend import first_line
from ..backends.onnx_backend import OnnxBackend

if TYPE_CHECKING:
    from ...tasks.method import Array

INPUTS = ("ms", "pan")
OUTPUT = "output"
_AXES = ("batch", "bands", "height", "width")
_FREE = ("batch", "height", "width")
_TRIED = (32, 40)


def bands_of(card: ModelCard) -> tuple[int, int]:
    """Return the numbers of MS and PAN bands that a pansharpening model takes.

    Raises:
        InputError: It takes something else.
    """
    roles = {item.role: len(item.bands) for item in card.inputs}
    if set(roles) != {"MS", "PAN"}:
        raise InputError(
            f"The model {card.id} takes {', '.join(sorted(roles)) or 'nothing'}; MS and PAN are needed here."
        )
    return roles["MS"], roles["PAN"]


def open_graph(path: Path) -> Any:
    """Return an onnxruntime session on the CPU with one thread.

    Raises:
        InputError: The file is damaged, no ONNX file, or has other inputs than "ms" and "pan".
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # whatever the library finds wrong in somebody's file
        raise InputError(f"Cannot open the ONNX file {path}: {first_line(error)}.") from None
    given = tuple(item.name for item in session.get_inputs())
    if sorted(given) != sorted(INPUTS) or OUTPUT not in [item.name for item in session.get_outputs()]:
        raise InputError(
            f"The ONNX file {path} must take {' and '.join(INPUTS)} and give {OUTPUT}; it takes {', '.join(given)}."
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
        if len(sides) != 4 or not all(isinstance(sides[place], str) for place in (2, 3)):
            raise InputError(f"The ONNX file {path} takes {item.name} of size {sides} alone; free sizes are needed.")
        axes[item.name] = [name for name, side in zip(_AXES, sides) if name in _FREE and isinstance(side, str)]
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


def run_graph(session: Any, ms: Array, pan: Array) -> Array:
    """Return the output for MS [batch, bands, rows, columns] on PAN's grid and PAN [batch, 1, rows, columns]."""
    output: Array = session.run([OUTPUT], {"ms": ms, "pan": pan})[0]
    return output


def try_graph(card: ModelCard) -> None:
    """Run a model's ONNX file on a small image.

    Raises:
        InputError: It fails, or gives another shape or values that are not finite.
    """
    bands, pan_bands = bands_of(card)
    values = np.random.default_rng(0)
    ms, pan = (values.random((1, count, *_TRIED), np.float32) for count in (bands, pan_bands))
    backend = OnnxBackend(card, "cpu", 1)
    try:
        output = backend.run({"ms": ms, "pan": pan}, never)["output"]
    finally:
        backend.close()
    if output.shape != (1, card.output_bands, *_TRIED) or not np.isfinite(output).all():
        raise InputError(f"The ONNX file of {card.id} gives no image of {card.output_bands} bands with finite values.")
