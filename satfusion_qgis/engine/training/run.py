"""Training a network on a patch set, from arguments as plain data to a model folder.

The model folder holds `card.json`, `model.safetensors` (the state with the lowest validation loss) and `training/`,
with which an interrupted training goes on: `last.ckpt`, `best.safetensors`, `settings.json` and Lightning's logs.
Networks for spatiotemporal fusion may have an auto-encoder, which is trained first (`auto_encoder.ckpt`), and a
discriminator, which is kept to go on with alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import lightning
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ...tasks.errors import Cancelled, InputError
from ...tasks.patch_set import FILE, PANSHARPENING, SPATIOTEMPORAL, TEST, TRAIN, VALIDATION, PatchSet
from ..networks.build import build
from . import spatiotemporal_losses
from .auto_encoder import AutoEncoderModule, Stage, StageWatch
from .card import describe_model, describe_scores, describe_training, read_state, write_model, write_state
from .data import Order, Patches, Scaling, scaling_of, some_of, statistics
from .ema import Average
from .losses import loss
from .module import TrainingModule
from .pairs_module import PairsModule
from .recipes import Helpers, helpers_of
from .scores import Judge, drawing_cost, margin_of
from .settings import Settings, settings_of
from .start import completed, load_state, start_at_interpolation
from .trainer import Tell, device_of, quiet, trainer_of

_FORMAT = 2
_FEWEST_STEPS_BETWEEN, _MOST_STEPS_BETWEEN = 20, 500
_BETWEEN_TELLS_S = 0.5
_MODEL_S = 0.2
_FREEZE_PATCHES = 32
_FINISHED, _TIME, _CANCELLED, _FAILED = "finished", "time", "cancelled", "not a number"
_RUN_FOLDER = "training"
_LAST, _AUTO_ENCODER = "last.ckpt", "auto_encoder.ckpt"
_FEWEST_JUDGED_TOGETHER = 2


def train(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Train a network and write its model folder.

    Args:
        arguments: "patches" (folder), "method" (id), "network" ("module:Class" below the package), "model_folder";
            optional: "configuration" (keyword arguments of the network; "bands", for revisits "ratio" and "frames", and
            for spatiotemporal fusion what the network wants to know, are taken from the patches), "script" (id of the
            algorithm that asks), "settings" (see `settings.settings_of`), "resume" (go on where an earlier run of the
            same folder stopped), "initial" (a safetensors file to start from), "title", "licence", "attribution".
        tell: Is told {"progress", "remaining_s"}, {"log"} and {"scores"} now and then.
        cancelled: Tells whether the user has cancelled.

    Returns:
        "model_folder", "card", "stopped" ("finished", "time" or "cancelled"), "steps", "best_step", "split" and
        "scores" of the best state there, "baseline" (what stands there without it, on the same patches), "history"
        (one entry for each validation), "seconds".

    Raises:
        InputError: Bad arguments or patches, a full disk, or a loss that is no number (the best state so far is kept).
        Cancelled: The user cancelled before any state was validated; nothing is left.
    """
    begin = time.monotonic()
    patches = PatchSet.load(Path(str(arguments["patches"])))
    wanted = str(patches.data.get("loss") or "")
    settings = settings_of(arguments.get("settings") or {}, str(arguments["method"]), wanted)
    given = arguments.get("configuration") or {}
    configuration = completed(given, str(arguments["network"]), patches, settings.start_at_exp)
    arguments = {**arguments, "configuration": configuration}
    for split in (TRAIN, VALIDATION):
        if not patches.count(split):
            raise InputError(f"PATCHES: the patch set has no {split} patches; make one with more or larger scenes.")
    with quiet(settings.threads):
        torch.manual_seed(settings.seed)
        network = build(str(arguments["network"]), arguments["configuration"])
        if settings.channels_last:
            network = network.to(memory_format=torch.channels_last)
        if arguments.get("initial"):
            load_state(network, read_state(Path(str(arguments["initial"]))), str(arguments["initial"]))
        elif settings.start_at_exp and patches.kind.task == PANSHARPENING:
            start_at_interpolation(network, patches.bands)
        if getattr(network, "pairs", 1) > patches.pairs:
            raise InputError(
                f"PATCHES: {arguments['method']} needs two pairs, and {patches.folder} has one; make patches of two."
            )
        run = _Training(arguments, settings, patches, network, tell, cancelled, begin)
        return run.run()


class _Training:
    """One run of a training.

    Args:
        arguments: Those of `train`, with the whole configuration.
        settings: How it is trained.
        patches: What it is trained on.
        network: The network.
        tell: Is told what happens.
        cancelled: Tells whether the user has cancelled.
        begin: When the run began (monotonic seconds).
    """

    def __init__(
        self,
        arguments: Mapping[str, Any],
        settings: Settings,
        patches: PatchSet,
        network: nn.Module,
        tell: Tell,
        cancelled: Callable[[], bool],
        begin: float,
    ) -> None:
        self._arguments, self._settings, self._patches = arguments, settings, patches
        self.network, self.tell, self.cancelled, self._begin = network, tell, cancelled, begin
        self._folder = Path(str(arguments["model_folder"]))
        self._own = self._folder / _RUN_FOLDER
        self._scaling: Scaling = scaling_of(patches, settings.normalise, settings.scale, settings.clip)
        self._data = Patches(patches, TRAIN, self._scaling)
        self._batch = min(settings.batch, len(self._data))
        self._per_epoch = len(self._data) / self._batch
        self._total = settings.steps or math.ceil(settings.epochs * self._per_epoch)
        self._helpers = self._made_helpers() if patches.kind.task == SPATIOTEMPORAL else None
        share = settings.auto_encoder_share if self._helpers and self._helpers.auto_encoder else 0.0
        self._stage = Stage(max(1, round(self._total * share / (1 - share))) if share else 0)
        self._first_share = share
        self._judge = self._judge_of(VALIDATION, settings.validation_patches)
        usual = min(max(math.ceil(self._per_epoch), _FEWEST_STEPS_BETWEEN), _MOST_STEPS_BETWEEN)
        every = settings.validate_every or usual
        self._every = max(1, min(every, self._total))
        self.stopped = _FINISHED
        self.step = 0
        self.best_step, self._best_loss = -1, math.inf
        self._best: dict[str, Tensor] = {}
        self._best_scores: dict[str, Any] = {}
        self.history: list[dict[str, Any]] = []
        self._seconds_before = 0.0
        self._optimisers: Sequence[Mapping[str, Any]] = ()
        self._kept_helpers: Mapping[str, Mapping[str, Tensor]] = {}
        self._kept_average: Mapping[str, Any] = {}
        self._average: Optional[Average] = None
        self._module: Optional[TrainingModule] = None
        self._before_s = 0.0
        self._judging_s = 0.0
        self._losses: list[float] = []
        self._made = False
        self._accelerator = device_of(settings.device, tell)
        kind, devices = self._accelerator
        self._device = torch.device(kind, devices[0]) if isinstance(devices, list) else torch.device(kind)
        self._told = 0.0

    # The run.

    def run(self) -> dict[str, Any]:
        """Train, and write the model."""
        resumed = self._open()
        try:
            self._baseline = self._judge.baseline()
            self._first_judgement()
            self._say_start()
            self._train_auto_encoder()
            self._fit()
            return self._finish()
        except BaseException:
            if not resumed and self.best_step < 0 and not (self._own / _AUTO_ENCODER).is_file():
                self._remove()
            raise

    def _open(self) -> bool:
        """Make the folder, or take up what an earlier run left; return whether that was done."""
        resume = bool(self._arguments.get("resume"))
        last, first = self._own / _LAST, self._own / _AUTO_ENCODER
        if resume and first.is_file() and self._stage.total:
            self._take_up_auto_encoder(first)
        if resume and last.is_file():
            self._take_up(last)
        if resume and (last.is_file() or first.is_file()):
            return True
        if (self._folder / "card.json").exists() or last.exists() or first.exists():
            raise InputError(
                f"MODEL_FOLDER: {self._folder} already holds a model; choose another folder, or RESUME its training."
            )
        self._made = not self._folder.exists()
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            text = json.dumps({**self._identity(), "settings": self._settings.plain()}, indent=1)
            (self._own / "settings.json").write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"MODEL_FOLDER: cannot write to {self._folder}: {error.strerror}.") from None
        return False

    def _remove(self) -> None:
        shutil.rmtree(self._own, ignore_errors=True)
        if self._made:
            with contextlib.suppress(OSError):
                self._folder.rmdir()

    def _identity(self) -> dict[str, Any]:
        """Return what must be the same for a training to go on."""
        digest = hashlib.sha256((self._patches.folder / FILE).read_bytes()).hexdigest()
        return {
            "format": _FORMAT,
            "method": str(self._arguments["method"]),
            "network": str(self._arguments["network"]),
            "configuration": json.dumps(self._arguments["configuration"], sort_keys=True),
            "patches": digest,
            "batch": self._batch,
            "seed": self._settings.seed,
            "loss": self._settings.loss,
            "normalise": self._settings.normalise,
        }

    def _read(self, path: Path) -> dict[str, Any]:
        """Return what an earlier run left.

        Raises:
            InputError: It cannot be read, or is of another training.
        """
        try:
            kept = dict(torch.load(path, map_location="cpu", weights_only=True))
            identity = dict(kept["identity"])
        except (OSError, RuntimeError, KeyError, TypeError, ValueError, EOFError) as error:
            raise InputError(f"RESUME: cannot read {path}: {str(error).splitlines()[0].rstrip('.')}.") from None
        differs = [name for name, value in self._identity().items() if identity.get(name) != value]
        if differs:
            raise InputError(f"RESUME: the earlier training differs in {', '.join(differs)}; choose another folder.")
        return kept

    def _take_up(self, path: Path) -> None:
        kept = self._read(path)
        step = int(kept["step"])
        if step >= self._total:
            raise InputError(f"RESUME: the training has done its {step} steps already; raise EPOCHS to go on.")
        load_state(self.network, kept["network"], str(path))
        self._optimisers = kept["optimisers"]
        self._kept_helpers, self._kept_average = kept["helpers"], kept["average"]
        self.step, self.best_step, self._best_loss = step, int(kept["best_step"]), float(kept["best_loss"])
        self.history, self._seconds_before = list(kept["history"]), float(kept["seconds"])
        self._best_scores = dict(kept["best_scores"])
        if self.best_step >= 0:
            self._best = read_state(self._own / "best.safetensors")
        self.tell({"log": f"The training goes on at step {step}"})

    # The auto-encoder of a network's own loss, trained first.

    def _made_helpers(self) -> Helpers:
        """Return what a network for spatiotemporal fusion is trained with.

        Raises:
            InputError: The settings do not suit it.
        """
        settings, data = self._settings, self._patches.data
        mean, _ = statistics(data["statistics"], self._scaling.scale, self._scaling.offset)
        method = str(self._arguments["method"])
        found = helpers_of(method, settings.loss, data["bands"], mean[self._patches.kind.coarse])
        if found.recipe.bounded and settings.normalise != "none":
            raise InputError(f"NORMALISE must be none for {method}, whose values lie between 0 and 1.")
        if found.discriminator is not None and self._batch < _FEWEST_JUDGED_TOGETHER:
            raise InputError(f"BATCH must be at least 2 for {method}, whose discriminator compares images.")
        return found

    def _take_up_auto_encoder(self, path: Path) -> None:
        kept = self._read(path)
        if self._helpers is None or self._helpers.auto_encoder is None:
            return
        load_state(self._helpers.auto_encoder, kept["network"], str(path))
        self._stage.step, self._stage.done, self._stage.optimiser = kept["step"], kept["done"], kept["optimiser"]

    def _train_auto_encoder(self) -> None:
        """Train the auto-encoder, where there is one and it is not trained yet.

        Raises:
            Cancelled: The user cancelled; what was learnt is kept.
            InputError: The loss is no number.
        """
        stage, settings = self._stage, self._settings
        if not stage.total or stage.done or self._helpers is None:
            return
        begin, first = time.monotonic(), stage.step
        limit = self._first_share * max(0.0, settings.time_limit_s - self._reserve())
        stopped = False

        def used() -> float:
            return (time.monotonic() - begin) / max(limit, 1e-9) if settings.time_limit_s else 0.0

        def after(trainer: lightning.Trainer) -> None:
            nonlocal stopped
            stopped = self.cancelled()
            stage.done = stage.step >= stage.total or used() >= 1 or not math.isfinite(stage.loss)
            if stopped or stage.done:
                trainer.should_stop = True
            if stopped or stage.done or stage.step % self._every == 0:
                self._keep_auto_encoder(trainer)
            self._tell_progress(self._first_share * max(stage.step / stage.total, used()), stage.done)

        module = AutoEncoderModule(self._helpers, settings, stage.total, first, used, stage.optimiser)
        order = Order(len(self._data), self._batch, settings.seed, first, stage.total)
        trainer = self._trainer(StageWatch(stage, after), "auto_encoder", settings.gradient_clip)
        self._run_trainer(trainer, module, order)
        if stopped:
            raise Cancelled
        if not math.isfinite(stage.loss):
            (self._own / _AUTO_ENCODER).unlink(missing_ok=True)
            raise InputError("The auto-encoder's loss is not a number; take a lower LEARNING_RATE (no model was made).")
        self._before_s = time.monotonic() - self._begin
        self.tell({"log": f"Auto-encoder of the loss: {stage.step} steps, last loss {stage.loss:.4g}"})

    def _keep_auto_encoder(self, trainer: lightning.Trainer) -> None:
        if self._helpers is None or self._helpers.auto_encoder is None:
            return
        kept = {
            "identity": self._identity(),
            "step": self._stage.step,
            "done": self._stage.done,
            "network": self._helpers.auto_encoder.state_dict(),
            "optimiser": trainer.optimizers[0].state_dict()["state"],
        }
        self._save(_AUTO_ENCODER, kept)

    def _fit(self) -> None:
        settings = self._settings
        arguments: dict[str, Any] = {
            "network": self.network,
            "settings": settings,
            "bands": self._patches.bands,
            "steps_per_epoch": self._per_epoch,
            "first_step": self.step,
            "time_used": self.time_used,
            "optimiser_states": self._optimisers,
            "kind": self._patches.kind,
        }
        module = TrainingModule(**arguments) if self._helpers is None else PairsModule(self._helpers, **arguments)
        for name, helper in module.helpers().items():
            if name in self._kept_helpers:
                load_state(helper, self._kept_helpers[name], str(self._own / _LAST))
        if settings.average:
            self._average = Average(self.network.to(self._device), settings.average, settings.average_by_epoch)
            if self._kept_average:
                self._average.load(self._kept_average["weights"], int(self._kept_average["updates"]))
        self._module, first = module, self.step
        order = Order(len(self._data), self._batch, settings.seed, self.step, self._total)
        clip = settings.gradient_clip if module.automatic_optimization else 0.0
        trainer = self._trainer(_Watch(self), "run", clip, module.automatic_optimization)
        self._run_trainer(trainer, module, order)
        if module.failed is not None:
            self.stopped, self.step = _FAILED, max(first, module.failed)

    def _trainer(self, watch: lightning.Callback, name: str, clip: float, scaled: bool = True) -> lightning.Trainer:
        """Return Lightning's trainer; arguments as those of `trainer.trainer_of`."""
        return trainer_of(self._own, name, self._accelerator, self._settings.precision, watch, clip, scaled)

    def _run_trainer(self, trainer: lightning.Trainer, module: lightning.LightningModule, order: Order) -> None:
        try:
            trainer.fit(module, DataLoader(self._data, batch_sampler=order, num_workers=0))
        except torch.cuda.OutOfMemoryError:
            raise InputError(f"DEVICE: not enough memory for BATCH {self._batch}; take a smaller one.") from None

    # While it runs; called by the watch after each step.

    def after_step(self, trainer: lightning.Trainer, found: float) -> None:
        """Count a step; validate, tell, and stop where it is time."""
        self.step += 1
        self._losses.append(found)
        self._update_average()
        if self.step == self._settings.freeze_step:
            self._freeze()
        if self.cancelled():
            self.stopped = _CANCELLED
        elif self._out_of_time():
            self.stopped = _TIME
        if self.stopped != _FINISHED:
            trainer.should_stop = True
        ends = self.stopped != _FINISHED or self.step >= self._total
        if self.stopped == _CANCELLED:
            self._keep(trainer)
        elif ends or self.step % self._every == 0:
            self._validate(trainer)
        self._tell_progress(self._progress(), ends)

    def _tell_progress(self, done: float, ends: bool) -> None:
        """Tell how much is done, not too often."""
        now = time.monotonic()
        if not ends and now - self._told < _BETWEEN_TELLS_S:
            return
        self._told, spent = now, now - self._begin
        self.tell({"progress": done, "remaining_s": spent * (1 - done) / done if done > 0 else None})

    def _update_average(self) -> None:
        """Take the step's weights into their average, where there is one."""
        if self._average is None:
            return
        ended = int(self.step / self._per_epoch) > int((self.step - 1) / self._per_epoch)
        if ended or not self._settings.average_by_epoch:
            self._average.update(self.network)

    @property
    def _judged(self) -> nn.Module:
        """What is judged and kept: the network, or its average."""
        return self.network if self._average is None else self._average.network

    def _freeze(self) -> None:
        """Have a network settle what it changes in the first steps alone, from some of the training patches."""
        freeze = getattr(self.network, "freeze", None)
        if freeze is None:
            return
        some = [self._data[index] for index in some_of(len(self._data), _FREEZE_PATCHES)]
        inputs = self._patches.kind.inputs
        freeze([tuple(item[name][None].to(self._device) for name in inputs) for item in some])

    def _validate(self, trainer: lightning.Trainer) -> None:
        begin = time.monotonic()
        try:
            found = self._judge.judge(self._judged, trainer.precision_plugin.forward_context)
        except Cancelled:
            self.stopped = _CANCELLED
            trainer.should_stop = True
            self._keep(trainer)
            return
        self._judging_s = max(time.monotonic() - begin, self._judging_s / 2)
        self._record(found)
        for logger in trainer.loggers:
            logger.log_metrics({"validation_loss": found["loss"], "ergas": found["ergas"] or 0.0}, self.step)
        if math.isfinite(found["loss"]) and found["loss"] < self._best_loss:
            self._best_loss, self.best_step = found["loss"], self.step
            self._best = {name: value.detach().cpu().clone() for name, value in self._judged.state_dict().items()}
            self._best_scores = found
            self._write(lambda: write_state(self._own / "best.safetensors", self._best))
            self._write_model(VALIDATION, found, self._baseline)  # so that a killed training leaves a model too
        self._keep(trainer)

    def _record(self, found: Mapping[str, Any]) -> None:
        mean = sum(self._losses) / len(self._losses) if self._losses else None
        self._losses = []
        entry = {
            "step": self.step,
            "epoch": self.step / self._per_epoch,
            "seconds": self._seconds(),
            "train_loss": mean,
            "validation_loss": found["loss"],
            **{name: found[name] for name in ("ergas", "sam_degrees", "rmse")},
        }
        self.history.append(entry)
        exp = {name: self._baseline[name] for name in ("loss", "ergas", "sam_degrees", "rmse")}
        self.tell({"scores": {**entry, "exp": exp}})

    def _keep(self, trainer: lightning.Trainer) -> None:
        """Write what is needed to go on later."""
        kept = {
            "identity": self._identity(),
            "step": self.step,
            "best_step": self.best_step,
            "best_loss": self._best_loss,
            "best_scores": self._best_scores,
            "history": self.history,
            "seconds": self._seconds(),
            "network": self.network.state_dict(),
            "optimisers": [optimiser.state_dict()["state"] for optimiser in trainer.optimizers],
            "helpers": {name: item.state_dict() for name, item in self._module.helpers().items()}
            if self._module
            else {},
            "average": {"weights": self._average.state(), "updates": self._average.updates} if self._average else {},
        }
        self._save(_LAST, kept)

    def _save(self, name: str, kept: Mapping[str, Any]) -> None:
        """Write a file to go on with; it has its name only when it is whole."""

        def write() -> None:
            part = self._own / f".{name}.part"
            try:
                torch.save(dict(kept), part)
                part.replace(self._own / name)
            finally:
                part.unlink(missing_ok=True)

        self._write(write)

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or "the disk may be full"
            raise InputError(f"MODEL_FOLDER: cannot write to {self._own}: {reason}.") from None

    # Time.

    def time_used(self) -> float:
        """Return the fraction of the network's time that is used up; an auto-encoder's comes before."""
        limit = self._settings.time_limit_s
        spent = time.monotonic() - self._begin - self._before_s
        return spent / max(1e-9, limit - self._before_s - self._reserve()) if limit else 0.0

    def _reserve(self) -> float:
        """Return the seconds that are still needed once training stops: a validation, the scores, the model."""
        patches = len(self._judge.patches) + (1 + drawing_cost(self.network)) * self._final_count()
        return 1.2 * self._judging_s * patches / len(self._judge.patches) + _MODEL_S

    def _out_of_time(self) -> bool:
        limit = self._settings.time_limit_s
        return bool(limit) and time.monotonic() - self._begin + self._reserve() >= limit

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._begin

    def _progress(self) -> float:
        own = min(1.0, max(self.step / self._total, self.time_used()))
        return self._first_share + (1 - self._first_share) * own

    # Before and after.

    def _judge_of(self, split: str, most: Optional[int] = None) -> Judge:
        count = self._patches.count(split)
        chosen = None if most is None or most <= 0 else some_of(count, most)
        data = Patches(self._patches, split, self._scaling, chosen)
        margin, ratio = margin_of(self.network, self._patches.side), self._patches.ratio
        if self._helpers is None:
            return Judge(data, self._scaling, loss(self._settings.loss), ratio, margin, self._batch, self.cancelled)
        # Losses of their own cannot be compared from one network to the next; the square error is what all lower.
        masked = spatiotemporal_losses.mae if self._settings.loss == "l1" else spatiotemporal_losses.mse
        return Judge(data, self._scaling, masked, ratio, margin, self._batch, self.cancelled, masked)

    def _first_judgement(self) -> None:
        """Judge the network as it begins: where the curve starts, and how long a validation takes."""
        if self.history:
            return
        begin = time.monotonic()
        self._record(self._judge.judge(self.network.to(self._device)))
        self._judging_s = time.monotonic() - begin

    def _say_start(self) -> None:
        count = sum(parameter.numel() for parameter in self.network.parameters())
        counts = ", ".join(f"{self._patches.count(split)} {split}" for split in (TRAIN, VALIDATION, TEST))
        self.tell({"log": f"{self._arguments['method']}: {count:,} parameters; patches: {counts}"})
        self.tell({"log": f"{self._total} steps of {self._batch} patches, {self._per_epoch:.4g} an epoch"})

    def _final_split(self) -> str:
        return TEST if self._patches.count(TEST) else VALIDATION

    def _final_count(self) -> int:
        """Return how many patches the final scores are of: some, where drawing each result takes long."""
        count = self._patches.count(self._final_split())
        most = self._settings.validation_patches
        return min(count, most) if drawing_cost(self.network) > 1 and most > 0 else count

    def _finish(self) -> dict[str, Any]:
        """Write the model of the best state, with its scores."""
        if self.best_step < 0:
            if self.stopped == _CANCELLED:
                raise Cancelled
            self._raise_failed(kept=False)
        split, scores, exp = VALIDATION, self._best_scores, self._baseline
        if self.stopped != _CANCELLED:  # nobody waits for the scores of all patches then
            split = self._final_split()
            judge = replace(self._judge_of(split, self._final_count()), cancelled=lambda: False, quick=False)
            load_state(self.network.to(self._device), self._best, "best.safetensors")
            scores, exp = judge.judge(self.network), judge.baseline()
        card = self._write_model(split, scores, exp)
        if self.stopped == _FAILED:
            self._raise_failed(kept=True)
        return {
            "model_folder": str(self._folder),
            "card": card,
            "stopped": self.stopped,
            "steps": self.step,
            "best_step": self.best_step,
            "split": split,
            "scores": scores,
            "baseline": exp,
            "history": self.history,
            "seconds": self._seconds(),
        }

    def _write_model(self, split: str, scores: Mapping[str, Any], exp: Mapping[str, Any]) -> dict[str, Any]:
        """Write the model folder of the best state; return its card."""
        card = describe_model(self._folder, self._arguments, self.network, self._patches, self._scaling)
        card["training"] = describe_training(
            self._arguments, self._settings, self._patches, self.step, self.best_step, self.stopped
        )
        card["scores"], card["limits"] = describe_scores(self._patches, split, scores, exp)
        return write_model(self._folder, self._best, card)

    def _raise_failed(self, kept: bool) -> None:
        what = f"the state of step {self.best_step} is kept in {self._folder}" if kept else "no model was made"
        raise InputError(f"The loss is not a number at step {self.step}; take a lower LEARNING_RATE ({what}).")


class _Watch(lightning.Callback):
    """Tells a training about each step."""

    def __init__(self, training: _Training) -> None:
        self._training = training

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        if pl_module.failed is None:
            self._training.after_step(trainer, float(outputs["loss"]))
