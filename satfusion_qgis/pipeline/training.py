"""Training a network in the engine: the arguments, the call, and a report that is rewritten at each validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

from ..assessment.report.page import Translate, plain
from ..assessment.report.training import training_report
from ..catalogue import CATALOGUE, Catalogue
from ..runtime.settings import USUAL, EngineSettings
from ..runtime.worker_session import run_in_engine as engine_call
from ..tasks.errors import Cancelled, InputError
from ..tasks.feedback import Feedback
from ..tasks.method import Method
from ..tasks.patch_set import PANSHARPENING, SPLITS, PatchSet
from .assess import write_text
from .sessions import engine_python

# What stands there without a network, by its method, as the log calls it.
_BASELINES = {
    "exp": "EXP",
    "back_projection": "back-projection",
    "sharpened_back_projection": "back-projection with PAN's detail",
    "add_change": "added change",
}
# (interpreter, function, arguments, feedback) -> result
RunInEngine = Callable[[Optional[Path], str, Mapping[str, Any], Feedback], dict[str, Any]]


@dataclass(frozen=True)
class TrainingRequest:
    """What is to be trained.

    Attributes:
        patches: Folder of the patch set.
        method: Id of the network in the catalogue.
        model_folder: Where the model goes.
        settings: Those of the engine's training, by name; None stands for the preset's.
        configuration: Keyword arguments of the network, beyond the number of bands.
        resume: Go on where an earlier run with the same folder stopped.
        title: Name of the model.
        licence: SPDX identifier of its licence.
        report: Where the report goes; "" for none.
        task: Id of the network's task.
    """

    patches: str
    method: str
    model_folder: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    configuration: Mapping[str, Any] = field(default_factory=dict)
    resume: bool = False
    title: str = ""
    licence: str = ""
    report: str = ""
    task: str = PANSHARPENING


def networks(catalogue: Catalogue = CATALOGUE, task: str = PANSHARPENING) -> tuple[Method, ...]:
    """Return the methods of a task that can be trained."""
    return tuple(method for method in catalogue.methods_of(task) if method.network)


def check_request(request: TrainingRequest, catalogue: Catalogue = CATALOGUE) -> PatchSet:
    """Return the patch set of a request, after checking what can be checked without the engine.

    Raises:
        InputError: The patch set, the network or the folder cannot be used.
    """
    method = catalogue.method(request.task, request.method)
    if not method.network:
        names = ", ".join(item.id for item in networks(catalogue, request.task))
        raise InputError(f"NETWORK must be one of {names}, not {request.method}.")
    patches = PatchSet.load(Path(request.patches))
    if patches.kind.task != request.task:
        wanted, found = (catalogue.task(task).title for task in (request.task, patches.kind.task))
        raise InputError(f"PATCHES: {request.patches} holds patches for {found}; those for {wanted} are needed.")
    if (Path(request.model_folder) / "card.json").exists() and not request.resume:
        raise InputError(
            f"MODEL_FOLDER: {request.model_folder} already holds a model; choose another folder, or RESUME its "
            f"training."
        )
    return patches


def train_network(
    request: TrainingRequest,
    engine: EngineSettings = USUAL,
    feedback: Optional[Feedback] = None,
    tr: Translate = plain,
    catalogue: Catalogue = CATALOGUE,
    run_in_engine: Optional[RunInEngine] = None,
) -> dict[str, Any]:
    """Train a network in the engine.

    Args:
        request: What is to be trained.
        engine: Where the engine is.
        feedback: Who is told about progress, and who may cancel.
        tr: Translation of the report.
        catalogue: Methods to choose from.
        run_in_engine: Runs a function in the engine; default the package's own.

    Returns:
        What the engine's `train` returns.

    Raises:
        InputError: Bad arguments, or the engine is not there.
        Cancelled: The user cancelled; the best state so far stays in the model folder.
    """
    feedback = feedback or Feedback()
    patches = check_request(request, catalogue)
    method = catalogue.method(request.task, request.method)
    watching = _Watching(feedback, request, method, patches, tr)
    arguments = {
        "patches": str(Path(request.patches).absolute()),
        "method": method.id,
        "network": method.network,
        "configuration": dict(request.configuration),
        "model_folder": str(Path(request.model_folder).absolute()),
        "settings": dict(request.settings),
        "resume": request.resume,
        "title": request.title or f"{method.title} ({Path(request.model_folder).name})",
        "licence": request.licence,
    }
    try:
        if run_in_engine is None:
            result = engine_call(engine_python(engine), "train", arguments, watching)
        else:
            result = run_in_engine(None, "train", arguments, watching)
    except Cancelled:
        watching.finish(None, "cancelled")
        if not (Path(request.model_folder) / "card.json").is_file():
            raise
        kept = f"Cancelled; the best model so far is in {request.model_folder}, and RESUME goes on from there."
        feedback.info(kept)
        raise Cancelled(kept) from None
    watching.finish(result, str(result["stopped"]))
    feedback.info(_bands_line(result, patches))
    return result


class _Watching(Feedback):
    """Passes on what a training says, and rewrites the report at each validation.

    Args:
        feedback: Who is told.
        request: What is trained.
        method: Its network.
        patches: What it is trained on.
        tr: Translation of the report.
    """

    def __init__(
        self, feedback: Feedback, request: TrainingRequest, method: Method, patches: PatchSet, tr: Translate
    ) -> None:
        self._feedback, self._request, self._patches, self._tr = feedback, request, patches, tr
        self._history: list[dict[str, Any]] = []
        self._exp: Mapping[str, Any] = {}
        self._method = method

    def progress(self, fraction: float, remaining_s: Optional[float] = None) -> None:
        """Pass it on."""
        self._feedback.progress(fraction, remaining_s)

    def info(self, text: str) -> None:
        """Pass it on."""
        self._feedback.info(text)

    def warning(self, text: str) -> None:
        """Pass it on."""
        self._feedback.warning(text)

    def cancelled(self) -> bool:
        """Pass it on."""
        return self._feedback.cancelled()

    def scores(self, values: Mapping[str, Any]) -> None:
        """Take in a validation."""
        self._exp = values["exp"]
        self._history.append({key: value for key, value in values.items() if key != "exp"})
        self._feedback.info(_line(values, _BASELINES[self._patches.kind.baseline]))
        self._write("running", None)

    def finish(self, result: Optional[Mapping[str, Any]], state: str) -> None:
        """Write the report a last time."""
        if result is not None:
            self._history = list(result["history"])
        self._write(state, result)

    def _write(self, state: str, final: Optional[Mapping[str, Any]]) -> None:
        if not self._request.report:
            return
        found = {
            "title": self._method.title,
            "state": state,
            "facts": self._facts(final),
            "history": self._history,
            "exp": self._exp or (final or {}).get("baseline", {}),
            "baseline": _BASELINES[self._patches.kind.baseline],
            "unit": self._patches.data["unit"],
            "bands": [band["name"] for band in self._patches.data["bands"]],
            "final": final,
        }
        try:
            write_text(self._request.report, training_report(found, self._tr))
        except InputError as error:
            if final is not None:
                raise
            self._feedback.warning(str(error))  # a training is worth more than its picture

    def _facts(self, final: Optional[Mapping[str, Any]]) -> list[tuple[str, str]]:
        tr, data = self._tr, self._patches.data
        counts = ", ".join(f"{self._patches.count(split)} {split}" for split in SPLITS)
        given = final["card"]["training"]["settings"] if final else self._request.settings
        settings = ", ".join(f"{name} {value}" for name, value in given.items() if value not in (None, ""))
        places = ", ".join(str(source["name"]) for source in data["sources"])
        return [
            (tr("Network"), self._method.title),
            (tr("Scenes"), places),
            (tr("Patches"), f"{counts}; {data['side']} x {data['side']}"),
            (tr("Bands"), ", ".join(str(band["name"]) for band in data["bands"])),
            (tr("Ratio of pixel sizes"), f"{data['ratio']:.6g}"),
            (tr("Units"), str(data["unit"])),
            (tr("Model folder"), str(self._request.model_folder)),
            (tr("Settings"), settings),
        ]


def _bands_line(result: Mapping[str, Any], patches: PatchSet) -> str:
    """Return the final errors by band, beside those of what stands there without the network."""
    names = [str(band["name"]) for band in patches.data["bands"]]
    own, other = result["scores"]["rmse"], result["baseline"]["rmse"]
    baseline = _BASELINES[patches.kind.baseline]
    errors = (f"{name} {mine:.4g} ({baseline} {theirs:.4g})" for name, mine, theirs in zip(names, own, other))
    return f"RMSE by band on the {result['split']} patches: {', '.join(errors)}"


def _line(values: Mapping[str, Any], baseline: str) -> str:
    """Return a validation as a line of the log."""

    def text(value: Optional[float]) -> str:
        return "-" if value is None else f"{value:.4g}"

    exp = values["exp"]
    return (
        f"Step {values['step']} (epoch {values['epoch']:.2f}): loss {text(values['train_loss'])}, validation "
        f"{text(values['validation_loss'])}; ERGAS {text(values['ergas'])} ({baseline} {text(exp['ergas'])}), SAM "
        f"{text(values['sam_degrees'])} ({baseline} {text(exp['sam_degrees'])})"
    )
