"""Writes a model's network as an ONNX file beside its weights, and checks that both give the same values.

The graph takes "ms" (on PAN's grid) and "pan", or "revisits" with "masks", "base" and "pan" where the network has them,
and gives "output"; batch, height and width are free, and the number of revisits where one graph can hold for all. It is
checked at sizes below and above the traced one, since an exporter may keep something of the traced size for good.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Optional

import onnx
import torch
from torch import nn
from torch.export import Dim

from ...inference.model_files import GRAPH, file_entry, raise_if, write_card
from ...inference.network import REVISITS, NetworkInput
from ...tasks.errors import InputError
from ...tasks.model_card import ModelCard
from .graphs import OUTPUT, graph_facts, inputs_of, open_graph, run_graph
from .running import answer, example, model_network, one_thread

Tell = Callable[[Mapping[str, Any]], None]
OPSET = 20
LARGE_BYTES = 4 << 20
_TRACED = (2, 40, 48)
_CHECKED = ((1, 24, 28), (2, 41, 53), (1, 72, 64))
_TRACED_REVISITS = 3
_CHECKED_REVISITS = (2, 5, 1)
_MOST_DIFFERENCE = 1e-3  # of the output's range


def export_model(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Write a model's network as `model.onnx`, and name it on the card.

    Args:
        arguments: MODEL: folder of the model, which holds safetensors weights.
        tell: Takes {"log": text}, {"warning": text} and {"progress": fraction}.
        cancelled: Tells whether the user has cancelled; asked between the steps.

    Returns:
        The model's "id" and "folder", the "file", its "bytes" and "max_difference" (largest difference between the
        graph's and the network's outputs, for inputs between 0 and 1), and "warnings".

    Raises:
        InputError: The network cannot be written as ONNX, or the graph gives other values; the model is as before.
        Cancelled: `cancelled` said so; the model is as before.
    """
    card = ModelCard.load(Path(str(arguments.get("MODEL") or "")))
    inputs = inputs_of(card)
    if not os.access(card.folder, os.W_OK):
        raise InputError(f"Cannot write into the folder of the model {card.id}, {card.folder}; import it first.")
    network = model_network(card)
    _refuse_unexportable(network, card)
    raise_if(cancelled)
    tell({"progress": 0.1, "log": f"Writing {card.title} as ONNX, opset {OPSET}"})
    part = card.folder / f".{GRAPH}.part.onnx"
    try:
        _write_graph(network, inputs, _frozen_revisits(network, card), part, card.id)
        raise_if(cancelled)
        tell({"progress": 0.7, "log": "Comparing the graph with the network"})
        difference = _largest_difference(network, inputs, _frozen_revisits(network, card), part, cancelled)
        entry = {**file_entry(part, **graph_facts(part)), "name": GRAPH, "max_difference": difference}
        raise_if(cancelled)
        _take_over(card, part, entry)
    except OSError as error:
        raise InputError(f"Cannot write {card.folder / GRAPH}: {error.strerror or error}.") from None
    finally:
        part.unlink(missing_ok=True)
    said = _warnings(entry)
    for line in said:
        tell({"warning": line})
    size = f"{entry['bytes']} bytes, differs from the network by {difference:.2g} at most"
    tell({"progress": 1.0, "log": f"Wrote {card.folder / GRAPH}: {size}"})
    return {
        "id": card.id,
        "folder": str(card.folder),
        "file": str(card.folder / GRAPH),
        "bytes": entry["bytes"],
        "max_difference": difference,
        "warnings": said,
    }


def _refuse_unexportable(network: nn.Module, card: ModelCard) -> None:
    reason = getattr(network, "NOT_EXPORTABLE", None)
    if not reason:
        return
    limits = list(card.data.get("limits") or [])
    if reason not in limits:
        write_card(card.folder, {**card.data, "limits": [*limits, reason]})
    raise InputError(f"The model {card.id} cannot be written as ONNX: {reason}")


def _frozen_revisits(network: nn.Module, card: ModelCard) -> Optional[int]:
    """Return the number of revisits that a graph holds for; None where it holds for every number, or takes none."""
    if REVISITS not in [item.role for item in card.inputs] or getattr(network, "any_frames", False):
        return None
    item = card.input(REVISITS)
    return item.max_count or item.min_count


def _write_graph(
    network: nn.Module, inputs: Sequence[NetworkInput], revisits: Optional[int], path: Path, name: str
) -> None:
    """Trace the network and write it, without the paths and lines of code that the exporter notes."""
    batch, rows, columns = _TRACED
    images = example(inputs, rows, columns, batch, items=revisits or _TRACED_REVISITS)
    # A graph has its inputs in the order of the network's arguments, those before the last one given.
    arguments = list(inspect.signature(network.forward).parameters)
    arguments = arguments[: 1 + max(arguments.index(item.name) for item in inputs)]
    names = [argument for argument in arguments if argument in images]
    try:
        with _silence(), one_thread(), torch.inference_mode(False), torch.no_grad():
            program = torch.onnx.export(
                network,
                tuple(images.get(argument) for argument in arguments),
                input_names=names,
                output_names=[OUTPUT],
                opset_version=OPSET,
                dynamo=True,
                dynamic_shapes={
                    argument: _free_axes(images[argument], revisits) if argument in images else None
                    for argument in arguments
                },
                verbose=False,
            )
        model = program.model_proto
    except Exception as error:  # whatever the exporter makes of a network
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"The network of {name} cannot be written as ONNX: {first[0].rstrip('.')}.") from None
    _make_plain(model, name)
    path.write_bytes(model.SerializeToString())
    facts = graph_facts(path)
    missing = [name for name in names if not set(facts["dynamic_axes"][name]) >= {"batch", "height", "width"}]
    if missing:
        raise InputError(
            f"The network of {name} cannot be written as ONNX with free sizes: {missing[0]} keeps the traced one."
        )


def _free_axes(image: torch.Tensor, revisits: Optional[int]) -> dict[int, Any]:
    """Return the axes of an input that are free: not its bands, and not a frozen number of revisits."""
    frozen = {1, 2} if revisits is not None else {2}
    return {axis: Dim.DYNAMIC for axis in range(image.ndim) if axis not in (frozen if image.ndim == 5 else {1})}


def _make_plain(model: onnx.ModelProto, name: str) -> None:
    """Name the free axes, and remove notes about the machine that wrote the graph."""
    model.graph.name = name
    del model.metadata_props[:]
    model.doc_string = model.graph.doc_string = ""
    graphs = [model.graph, *model.functions]
    for graph in graphs:
        del graph.metadata_props[:]
        for node in graph.node:
            _strip(node)
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]


def _strip(node: onnx.NodeProto) -> None:
    node.doc_string = ""
    del node.metadata_props[:]
    for attribute in node.attribute:
        for inner in ([attribute.g] if attribute.HasField("g") else []) + list(attribute.graphs):
            del inner.metadata_props[:]
            for child in inner.node:
                _strip(child)


def _largest_difference(
    network: nn.Module,
    inputs: Sequence[NetworkInput],
    revisits: Optional[int],
    path: Path,
    cancelled: Callable[[], bool],
) -> float:
    """Return the largest difference between graph and network over sizes other than the traced one.

    Raises:
        InputError: It is too large, or the graph fails.
    """
    session = open_graph(path)
    largest = 0.0
    for (batch, rows, columns), free in zip(_CHECKED, _CHECKED_REVISITS):
        raise_if(cancelled)
        images = example(inputs, rows, columns, batch, seed=rows, items=revisits or free)
        with torch.inference_mode(), one_thread():
            wanted = answer(network, images)
        size = " x ".join(str(side) for side in images[inputs[0].name].shape)
        try:
            given = torch.from_numpy(run_graph(session, {name: image.numpy() for name, image in images.items()}))
        except Exception as error:  # whatever the library makes of a graph
            first = str(error).strip().splitlines() or [type(error).__name__]
            raise InputError(f"The network cannot be written as ONNX: the graph fails at {size}: {first[0]}.") from None
        difference = float((given - wanted).abs().max()) if given.shape == wanted.shape else float("inf")
        allowed = _MOST_DIFFERENCE * max(1.0, float(wanted.max() - wanted.min()))
        if not difference <= allowed:
            raise InputError(
                f"The network cannot be written as ONNX: at {size} the graph differs by {difference:.3g} from it, "
                f"where {allowed:.3g} is allowed."
            )
        largest = max(largest, difference)
    return largest


def _take_over(card: ModelCard, part: Path, entry: Mapping[str, Any]) -> None:
    """Put the graph in its place and name it on the card; the old graph stays where the card cannot be written."""
    others = [dict(item) for item in card.data["files"] if item["name"] != entry["name"]]
    target = card.folder / entry["name"]
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        target.replace(old)
    part.replace(target)
    try:
        write_card(card.folder, {**card.data, "files": [*others, dict(entry)]})
    except InputError:
        target.unlink()
        if old.exists():
            old.replace(target)
        raise
    old.unlink(missing_ok=True)


def _warnings(entry: Mapping[str, Any]) -> list[str]:
    if entry["bytes"] <= LARGE_BYTES:
        return []
    return [f"{entry['name']} has {entry['bytes'] >> 20} MiB; files above {LARGE_BYTES >> 20} MiB are not shipped."]


@contextmanager
def _silence() -> Iterator[None]:
    """Keep the exporter's progress and warnings out of the log; what fails is an error."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
