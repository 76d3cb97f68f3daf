"""Brings a model into the user's models folder: an official checkpoint, a model folder, or an ONNX file with its card.

A checkpoint is opened as data (checkpoint_file.py), recognised by names and shapes (recognise.py), loaded strictly into
our network, run once on a small image, and written as safetensors with a card. What no checkpoint says, the user has
answered (inference/answers.py) or is taken from what its official code does (origins.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...inference.answers import NO_LICENCE
from ...inference.model_files import (
    GRAPH,
    WEIGHTS,
    copy_file,
    file_entry,
    identifier_of,
    new_model,
    raise_if,
    verify,
    write_card,
)
from ...inference.spatiotemporal import card_inputs
from ...tasks.errors import InputError
from ...tasks.model_card import CARD, FORMAT, ModelCard

Tell = Callable[[Mapping[str, Any]], None]
_RATIO_REACH = 0.1  # of the trained one, either way
_LEAST_RATIO = 2  # of a network for revisits
_TWO_IMAGES, _WITHOUT_PAN, _PAIRS = "pansharpening", "super_resolution", "spatiotemporal_fusion"
_OF_REVISITS = (_WITHOUT_PAN, "multi_image_pansharpening")
_LARGEST_USUAL = 1.25  # data sets of Landsat and MODIS have ratios of 16 to 20


def import_model(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Bring a model in.

    Args:
        arguments: INPUT: path of a checkpoint (.pth, .pt, .ckpt, .bin, .safetensors), of a model folder or of an ONNX
            file. MODELS: folder to put the model's folder in. CARD: path of an ONNX file's card, where it does not lie
            beside it. REPLACE: whether a model of the same id goes. The others are answers (inference/answers.py):
            TITLE, ID, FAMILY, BANDS (as a card lists them), RATIO, UNITS, SCALE, OFFSET, KERNEL, LICENCE, ATTRIBUTION,
            TRAINING_DATA (a list), PRODUCT_LEVEL; each may be missing.
        tell: Takes {"log": text} and {"progress": fraction}.
        cancelled: Tells whether the user has cancelled.

    Returns:
        The model's "id", "title", "folder", "method", and for a checkpoint its "family".

    Raises:
        InputError: It cannot be brought in; nothing is left behind.
        Cancelled: `cancelled` said so; nothing is left behind.
    """
    source = Path(str(arguments.get("INPUT") or ""))
    if not arguments.get("INPUT") or not source.exists():
        raise InputError(f"INPUT: there is no file or folder {str(source)!r}.")
    if source.is_dir():
        return _from_folder(source, arguments, tell, cancelled)
    if source.suffix.lower() == ".onnx":
        return _from_graph(source, arguments, tell, cancelled)
    return _from_checkpoint(source, arguments, tell, cancelled)


def _from_folder(
    source: Path, arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Copy a model folder, once its files are found to be those of its card, and to run."""
    card = ModelCard.load(source)
    verify(card)
    _run_files(card)
    raise_if(cancelled)
    identifier = arguments.get("ID") or card.id
    with new_model(Path(arguments["MODELS"]), identifier, bool(arguments.get("REPLACE"))) as folder:
        for file in card.files:
            copy_file(source / file.name, folder / file.name, cancelled)
        copied = write_card(folder, {**card.data, "id": identifier, "title": arguments.get("TITLE") or card.title})
        verify(copied)
    return _told(copied, arguments, tell)


def _from_graph(
    source: Path, arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Copy an ONNX file, and write the card that the user gives for it with the file's own checksum."""
    beside = Path(str(arguments.get("CARD") or source.with_name(CARD)))
    if not beside.is_file():
        raise InputError(f"CARD: an ONNX file needs a model card; there is no file {beside}.")
    data = _card_data(beside)
    identifier = arguments.get("ID") or data.get("id") or identifier_of(source.stem)
    with new_model(Path(arguments["MODELS"]), str(identifier), bool(arguments.get("REPLACE"))) as folder:
        copy_file(source, folder / GRAPH, cancelled)
        title = arguments.get("TITLE") or data.get("title") or source.stem
        entry = file_entry(folder / GRAPH, **_graph_facts(folder / GRAPH))
        named = [item for item in data.get("files") or [] if isinstance(item, Mapping)]
        said = {item.get("sha256") for item in named if str(item.get("name", "")).endswith(".onnx")}
        if said and entry["sha256"] not in said:
            raise InputError(f"{source} is not the file that {beside} names (SHA-256 differs); get it again.")
        card = write_card(folder, {**data, "id": identifier, "title": title, "files": [entry]})
        _run_files(card)
        raise_if(cancelled)
    return _told(card, arguments, tell)


def _from_checkpoint(
    source: Path, arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]
) -> dict[str, Any]:
    from safetensors.torch import save_file

    from .checkpoint_file import read_state
    from .graphs import inputs_of
    from .recognise import described, recognise
    from .running import try_out
    from .seam import seam_error

    state = read_state(source)
    raise_if(cancelled)
    match = recognise(state, str(source), str(arguments.get("FAMILY") or ""))
    raise_if(cancelled)
    method = described(match.method)
    match = _at_ratio(match, arguments.get("RATIO")) if method.task in _OF_REVISITS else match
    _refuse_unusable(match)
    tell({"progress": 0.5, "log": f"Recognised {match.family}: {method.title} {match.configuration}"})
    if match.prefix:
        tell({"log": f"The weights stand below {match.prefix!r}; {len(match.others)} others are left out"})
    bands = int(match.configuration["bands"])
    data = _new_card(match, source, arguments, method.task)
    inputs = inputs_of(ModelCard.from_data({**data, "id": "new"}, Path(arguments["MODELS"])))
    output = try_out(match.network, inputs, str(source))
    if method.task == _TWO_IMAGES and _adds_ms(match.network, output, bands):
        data["output"]["residual_of"] = "MS"
    raise_if(cancelled)
    tile, seam = int(data["window"]["trained"]), None
    if not getattr(match.network, "fixed_size", False):
        if match.network.global_context:
            tell({"log": f"Comparing tiles of {tile} pixels with a whole image, which may take some minutes"})
        seam = seam_error(match.network, bands, tile, cancelled=cancelled, inputs=inputs)
    data["global_context"]["seam_error"] = seam
    with new_model(Path(arguments["MODELS"]), data["id"], bool(arguments.get("REPLACE"))) as folder:
        weights = {name: tensor.detach().clone().contiguous() for name, tensor in match.network.state_dict().items()}
        save_file(weights, str(folder / WEIGHTS), metadata={"format": "pt"})
        card = write_card(folder, {**data, "files": [file_entry(folder / WEIGHTS)]})
        raise_if(cancelled)
    return {**_told(card, arguments, tell), "family": match.family}


def _adds_ms(network: Any, output: Any, bands: int) -> bool:
    """Tell whether the network adds MS to its detail, by doing it."""
    import torch

    from .running import TRIED, sample

    if not hasattr(network, "detail"):
        return False
    ms, pan = sample(bands, 1, *TRIED)
    with torch.inference_mode():
        return bool(torch.allclose(network.detail(ms, pan) + ms, output, rtol=1e-4, atol=1e-4))


def _at_ratio(match: Any, wanted: Any) -> Any:
    """Return a match with its network for revisits at another ratio, which its weights do not depend on.

    Raises:
        InputError: The ratio is no whole number above 1.
    """
    from .recognise import network_of

    if not wanted or float(wanted) == match.configuration["ratio"]:
        return match
    if float(wanted) != round(float(wanted)) or float(wanted) < _LEAST_RATIO:
        raise InputError(f"RATIO must be a whole number from {_LEAST_RATIO} for a network for revisits, not {wanted}.")
    configuration = {**match.configuration, "ratio": round(float(wanted))}
    network = network_of(match.method, configuration)
    network.load_state_dict(match.network.state_dict())
    return replace(match, configuration=configuration, network=network)


def _refuse_unusable(match: Any) -> None:
    """Refuse weights for which no task here has the images.

    Raises:
        InputError: See above.
    """
    bands = match.configuration["bands"]
    coarse = match.configuration.get("coarse_bands", bands)
    if coarse != bands:
        raise InputError(
            f"The weights of {match.family} are for {bands} bands of the fine images and {coarse} of the coarse ones; "
            "here coarse images have the fine one's bands."
        )


def _new_card(match: Any, source: Path, arguments: Mapping[str, Any], task: str) -> dict[str, Any]:
    """Return the card of a checkpoint, without its files, and without what is only found by running it."""
    from .origins import origin_of

    origin, network = origin_of(match.family), match.network
    ratio = float(arguments.get("RATIO") or origin.ratio)
    title = str(arguments.get("TITLE") or source.stem)
    units = arguments.get("UNITS") or origin.units
    scale = arguments.get("SCALE") or (origin.scale if units == origin.units else 1.0)
    value = {"units": units, "scale": scale, "offset": float(arguments.get("OFFSET") or 0.0), "clip": None}
    common = {"min_count": 1, "max_count": 1, **value, "normalise": {"kind": "none"}, "grid": "fine"}
    kernel = arguments.get("KERNEL") or origin.kernel
    bands, limits = _bands(arguments, int(match.configuration["bands"])), origin.limits
    pan = {"name": "PAN", "wavelength_nm": None, "width_nm": None}
    tile = origin.tile
    if task == _PAIRS:
        inputs, (low, high), tile = _of_pairs(match, bands, value, ratio, bool(arguments.get("RATIO")))
        ratio = min(max(ratio, low), high)
        limits += _limits_of_pairs(network, tile)
    elif task == _TWO_IMAGES:
        low, high = ratio * (1 - _RATIO_REACH), ratio * (1 + _RATIO_REACH)
        first = {"role": "MS", "bands": bands, **common, "resampling": {"kernel": kernel, "phase": "geotransform"}}
    else:
        low = high = float(network.ratio)
        # The official code knows no masks; ours fills what they mark from the other revisits.
        counts = {"min_count": network.fewest_frames, "max_count": network.frames, "masks": True, "grid": "coarse"}
        first = {"role": "REVISITS", "bands": bands, **common, **counts}
        if low != ratio:
            limits += (f"Trained at a ratio of {ratio:g}, and run at {low:g}.",)
    if task != _PAIRS:
        inputs = [first, *([{"role": "PAN", "bands": [pan], **common}] if task != _WITHOUT_PAN else [])]
    return {
        "format": FORMAT,
        "id": arguments.get("ID") or identifier_of(title),
        "title": title,
        "method": match.method,
        "configuration": match.configuration,
        "task": task,
        "inputs": inputs,
        "output": {"kind": "image", "bands": len(bands), "classes": None, "residual_of": None},
        "ratio": {"min": round(low, 3), "max": round(high, 3), "trained": ratio},
        "gsd_m": None,
        "product_level": arguments.get("PRODUCT_LEVEL"),
        "window": {"trained": tile, "multiple": int(network.multiple), "min": int(network.multiple)},
        "halo": int(network.halo),
        "global_context": {"yes": bool(network.global_context), "seam_error": None},
        "stochastic": bool(getattr(network, "stochastic", False)),
        "files": [],
        "licence": arguments.get("LICENCE") or NO_LICENCE,
        "attribution": arguments.get("ATTRIBUTION") or origin.attribution,
        "training": {
            "script": f"imported from {source.name} ({match.family})",
            "commit": None,
            "data": list(arguments.get("TRAINING_DATA") or origin.training),
            "seed": None,
            "steps": None,
        },
        "scores": [],
        "limits": _limits(match, limits, bands, arguments),
    }


def _of_pairs(
    match: Any, bands: list[dict[str, Any]], value: Mapping[str, Any], ratio: float, given: bool
) -> tuple[list[dict[str, Any]], tuple[float, float], int]:
    """Return the inputs, the ratios and the side of the tiles of a network for pairs of images."""
    from .origins import origin_of

    network = match.network
    names = {*network.inputs, "coarse_target"}
    suffices = bool(getattr(network, "one_pair_suffices", False))
    inputs = card_inputs(names, bands, suffices, **value, normalise={"kind": "none"})
    own = float(getattr(network, "ratio", 0.0))
    reach = (1 - _RATIO_REACH, 1 + _RATIO_REACH) if given else (1.0, _LARGEST_USUAL)
    ratios = (own, own) if own else (ratio * reach[0], ratio * reach[1])
    tile = origin_of(match.family).tile
    return inputs, ratios, int(match.configuration.get("image_size", tile))


def _limits_of_pairs(network: Any, tile: int) -> tuple[str, ...]:
    said = []
    if "coarse_target" not in network.inputs:
        said.append("Its code never looks at the coarse image of the date to predict, so it follows no change.")
    if getattr(network, "fixed_size", False):
        said.append(f"Its attention is that of the published code, which is for squares of {tile} pixels alone.")
    return tuple(said)


def _bands(arguments: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    given = arguments.get("BANDS")
    if not given:
        return [{"name": f"Band {number + 1}", "wavelength_nm": None, "width_nm": None} for number in range(count)]
    if len(given) != count:
        names = ", ".join(str(band.get("name")) for band in given)
        raise InputError(f"BANDS names {len(given)} bands ({names}), but the weights are for {count}.")
    return [dict(band) for band in given]


def _limits(match: Any, usual: tuple[str, ...], bands: list[dict[str, Any]], arguments: Mapping[str, Any]) -> list[str]:
    limits = [
        "Imported, and not scored here: compare it with the classical methods on your scene before you rely on it."
    ]
    limits += usual
    if match.prefix.endswith("Sharpening.blockSharp."):
        limits.append("The sharpening part of a larger network, without the rest that it was trained with.")
    if any(band["wavelength_nm"] is None for band in bands):
        limits.append("Its bands' wavelengths are not stated: give bands in the order that it was trained on.")
    if (arguments.get("LICENCE") or NO_LICENCE) == NO_LICENCE:
        limits.append("No licence is stated for the weights: do not pass them on.")
    reason = getattr(match.network, "NOT_EXPORTABLE", None)
    return [*limits, str(reason)] if reason else limits


def _card_data(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read the model card {path}: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"The model card {path} is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise InputError(f"The model card {path} must be a JSON object.")
    return data


def _graph_facts(path: Path) -> dict[str, Any]:
    """Return an ONNX file's opset and named axes, once it is found to hold everything itself."""
    from .graphs import graph_facts

    return graph_facts(path)


def _run_files(card: ModelCard) -> None:
    """Run a model's files once on a small image.

    Raises:
        InputError: They do not fit the card, or do not run.
    """
    from .graphs import inputs_of, try_graph

    inputs = inputs_of(card)
    if card.file("safetensors") is not None:
        from .running import model_network, try_out

        try_out(model_network(card), inputs, card.id)
    if card.file("onnx") is not None:
        try_graph(card)


def _told(card: ModelCard, arguments: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    folder = Path(arguments["MODELS"]) / card.id
    tell({"progress": 1.0, "log": f"The model {card.id} is in {folder}"})
    return {"id": card.id, "title": card.title, "folder": str(folder), "method": card.method}
