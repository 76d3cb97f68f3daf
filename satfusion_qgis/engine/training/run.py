"""Training a network on a patch set, from arguments as plain data to a model folder.

The model folder holds `card.json`, `model.safetensors` (the state with the lowest validation loss) and `training/`,
with which an interrupted training goes on: `last.ckpt`, `best.safetensors`, `settings.json` and Lightning's logs.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import math
import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Optional

import lightning
import torch
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.plugins.environments import LightningEnvironment
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ...tasks.errors import Cancelled, InputError
from ...tasks.patch_set import FILE, PANSHARPENING, TEST, TRAIN, VALIDATION, PatchSet
from ..networks.build import build, settings_of_network
from .card import describe_model, describe_scores, describe_training, read_state, write_model, write_state
from .data import Order, Patches, Scaling, scaling_of, some_of
from .losses import loss
from .module import TrainingModule
from .scores import Judge, margin_of
from .settings import Settings, settings_of

Tell = Callable[[Mapping[str, Any]], None]
_FORMAT = 1
_FEWEST_STEPS_BETWEEN, _MOST_STEPS_BETWEEN = 20, 500
_BETWEEN_TELLS_S = 0.5
_MODEL_S = 0.2
_FREEZE_PATCHES = 32
_PROBE, _NOTHING = 64, 1e-6
_FINISHED, _TIME, _CANCELLED, _FAILED = "finished", "time", "cancelled", "not a number"
_RUN_FOLDER = "training"
_WHOLE = 1e-6
_ANY_FRAMES = "trmisr"  # the encoder that takes any number of revisits


def train(arguments: Mapping[str, Any], tell: Tell, cancelled: Callable[[], bool]) -> dict[str, Any]:
    """Train a network and write its model folder.

    Args:
        arguments: "patches" (folder), "method" (id), "network" ("module:Class" below the package), "model_folder";
            optional: "configuration" (keyword arguments of the network; "bands", and for revisits "ratio" and "frames",
            are taken from the patches), "script" (id of the algorithm that asks), "settings"
            (see `settings.settings_of`), "resume" (go on where an earlier run of the same folder stopped), "initial"
            (a safetensors file to start from), "title", "licence", "attribution".
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
    settings = settings_of(arguments.get("settings") or {}, str(arguments["method"]))
    configuration = _completed(arguments.get("configuration") or {}, str(arguments["network"]), patches)
    arguments = {**arguments, "configuration": configuration}
    for split in (TRAIN, VALIDATION):
        if not patches.count(split):
            raise InputError(f"PATCHES: the patch set has no {split} patches; make one with more or larger scenes.")
    with _quiet(settings):
        torch.manual_seed(settings.seed)
        network = build(str(arguments["network"]), arguments["configuration"])
        if settings.channels_last:
            network = network.to(memory_format=torch.channels_last)
        if arguments.get("initial"):
            load_state(network, read_state(Path(str(arguments["initial"]))), str(arguments["initial"]))
        elif settings.start_at_exp and patches.kind.task == PANSHARPENING:
            start_at_interpolation(network, patches.bands)
        run = _Training(arguments, settings, patches, network, tell, cancelled, begin)
        return run.run()


def _completed(given: Mapping[str, Any], network: str, patches: PatchSet) -> dict[str, Any]:
    """Return a network's configuration with what it takes from the patches.

    Raises:
        InputError: The ratio of the revisits is no whole number, or there is no such network.
    """
    if patches.kind.task == PANSHARPENING:
        return {"bands": patches.bands, **given}
    ratio = round(patches.ratio)
    if abs(patches.ratio - ratio) > _WHOLE or ratio < 1:
        raise InputError(f"PATCHES: the ratio is {patches.ratio:g}; networks for revisits need a whole number.")
    found = {"bands": patches.bands, "ratio": ratio, **given}
    names, frames = settings_of_network(network), {"frames": patches.frames}
    if "frames" in names:
        found = {**frames, **found}
    elif "encoder" in names and found.get("encoder") != _ANY_FRAMES:
        found["encoder_settings"] = {**frames, **(found.get("encoder_settings") or {})}
    return found


def load_state(network: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Load a state dict into a network.

    Raises:
        InputError: It belongs to another network.
    """
    try:
        network.load_state_dict(dict(state))
    except RuntimeError as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{name} holds the weights of another network: {reason[:300].rstrip('. ')}.") from None


@torch.no_grad()
def start_at_interpolation(network: nn.Module, bands: int) -> bool:
    """Set a network's last layer to 0 where its output is then MS itself; return whether it is.

    Adding nothing is where plain interpolation stands; a random last layer adds noise that has to be unlearned first.
    """
    names = [name for name, _ in network.named_parameters()]
    if not names:
        return False
    layer = names[-1].rpartition(".")[0]
    own = {name: value for name, value in network.named_parameters() if name.rpartition(".")[0] == layer}
    kept = {name: value.clone() for name, value in own.items()}
    for value in own.values():
        value.zero_()
    generator = torch.Generator().manual_seed(0)
    ms, pan = (torch.rand(1, count, _PROBE, _PROBE, generator=generator) for count in (bands, 1))
    training, state = network.training, torch.get_rng_state()
    added = network.eval()(ms, pan) - ms
    torch.set_rng_state(state)
    network.train(training)
    if float(added.abs().max()) < _NOTHING:
        return True
    for name, value in own.items():
        value.copy_(kept[name])
    return False


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
        self._optimiser: Optional[Mapping[str, Any]] = None
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
            trainer = self._fit()
            return self._finish(trainer)
        except BaseException:
            if not resumed and self.best_step < 0:
                self._remove()
            raise

    def _open(self) -> bool:
        """Make the folder, or take up what an earlier run left; return whether that was done."""
        resume = bool(self._arguments.get("resume"))
        last = self._own / "last.ckpt"
        if resume and last.is_file():
            self._take_up(last)
            return True
        if (self._folder / "card.json").exists() or last.exists():
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

    def _take_up(self, path: Path) -> None:
        try:
            kept = torch.load(path, map_location="cpu", weights_only=True)
            identity, step = dict(kept["identity"]), int(kept["step"])
        except (OSError, RuntimeError, KeyError, TypeError, ValueError, EOFError) as error:
            raise InputError(f"RESUME: cannot read {path}: {str(error).splitlines()[0].rstrip('.')}.") from None
        differs = [name for name, value in self._identity().items() if identity.get(name) != value]
        if differs:
            raise InputError(f"RESUME: the earlier training differs in {', '.join(differs)}; choose another folder.")
        if step >= self._total:
            raise InputError(f"RESUME: the training has done its {step} steps already; raise EPOCHS to go on.")
        load_state(self.network, kept["network"], str(path))
        self._optimiser = kept["optimiser"]
        self.step, self.best_step, self._best_loss = step, int(kept["best_step"]), float(kept["best_loss"])
        self.history, self._seconds_before = list(kept["history"]), float(kept["seconds"])
        self._best_scores = dict(kept["best_scores"])
        if self.best_step >= 0:
            self._best = read_state(self._own / "best.safetensors")
        torch.set_rng_state(kept["random"])
        self.tell({"log": f"The training goes on at step {step}"})

    def _fit(self) -> lightning.Trainer:
        settings = self._settings
        module = TrainingModule(
            self.network, settings, self._patches.bands, self._per_epoch, self.step, self.time_used, self._optimiser,
            self._patches.kind,
        )  # fmt: skip
        order = Order(len(self._data), self._batch, settings.seed, self.step, self._total)
        accelerator, devices = self._accelerator
        trainer = lightning.Trainer(
            accelerator=accelerator,
            devices=devices,
            precision="32-true" if accelerator == "cpu" or settings.precision == "32" else settings.precision,
            max_epochs=1,
            logger=self._loggers(),
            callbacks=[_Watch(self)],
            limit_val_batches=0,
            num_sanity_val_steps=0,
            log_every_n_steps=10,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            gradient_clip_val=settings.gradient_clip or None,
            use_distributed_sampler=False,
            default_root_dir=self._own,
            plugins=[LightningEnvironment()],
        )
        first = self.step
        try:
            trainer.fit(module, DataLoader(self._data, batch_sampler=order, num_workers=0))
        except torch.cuda.OutOfMemoryError:
            raise InputError(f"DEVICE: not enough memory for BATCH {self._batch}; take a smaller one.") from None
        if module.failed is not None:
            self.stopped, self.step = _FAILED, max(first, module.failed)
        return trainer

    def _loggers(self) -> list[Any]:
        number = len(list(self._own.glob("run_*")))
        loggers: list[Any] = [CSVLogger(self._own, name="", version=f"run_{number}")]
        if importlib.util.find_spec("tensorboard") is not None:
            loggers.append(TensorBoardLogger(self._own, name="", version=f"run_{number}"))
        return loggers

    # While it runs; called by the watch after each step.

    def after_step(self, trainer: lightning.Trainer, found: float) -> None:
        """Count a step; validate, tell, and stop where it is time."""
        self.step += 1
        self._losses.append(found)
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
        now = time.monotonic()
        if ends or now - self._told >= _BETWEEN_TELLS_S:
            self._told = now
            self.tell({"progress": self._progress(), "remaining_s": self._remaining()})

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
            found = self._judge.judge(self.network, trainer.precision_plugin.forward_context)
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
            self._best = {name: value.detach().cpu().clone() for name, value in self.network.state_dict().items()}
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
            "optimiser": trainer.optimizers[0].state_dict()["state"],
            "random": torch.get_rng_state(),
        }

        def write() -> None:
            part = self._own / ".last.ckpt.part"
            try:
                torch.save(kept, part)
                part.replace(self._own / "last.ckpt")
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
        """Return the fraction of the time limit that is used up."""
        limit = self._settings.time_limit_s
        return (time.monotonic() - self._begin) / max(1e-9, limit - self._reserve()) if limit else 0.0

    def _reserve(self) -> float:
        """Return the seconds that are still needed once training stops: a validation, the scores, the model."""
        final = self._final_split()
        patches = len(self._judge.patches) + 2 * self._patches.count(final)
        return 1.2 * self._judging_s * patches / len(self._judge.patches) + _MODEL_S

    def _out_of_time(self) -> bool:
        limit = self._settings.time_limit_s
        return bool(limit) and time.monotonic() - self._begin + self._reserve() >= limit

    def _seconds(self) -> float:
        return self._seconds_before + time.monotonic() - self._begin

    def _progress(self) -> float:
        return min(1.0, max(self.step / self._total, self.time_used()))

    def _remaining(self) -> Optional[float]:
        done, spent = self._progress(), time.monotonic() - self._begin
        return spent * (1 - done) / done if done > 0 else None

    # Before and after.

    def _judge_of(self, split: str, most: Optional[int] = None) -> Judge:
        count = self._patches.count(split)
        chosen = None if most is None or most <= 0 else some_of(count, most)
        data = Patches(self._patches, split, self._scaling, chosen)
        margin = margin_of(self.network, self._patches.side)
        return Judge(
            data, self._scaling, loss(self._settings.loss), self._patches.ratio, margin, self._batch, self.cancelled
        )

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

    def _finish(self, trainer: lightning.Trainer) -> dict[str, Any]:
        """Write the model of the best state, with its scores."""
        if self.best_step < 0:
            if self.stopped == _CANCELLED:
                raise Cancelled
            self._raise_failed(kept=False)
        split, scores, exp = VALIDATION, self._best_scores, self._baseline
        if self.stopped != _CANCELLED:  # nobody waits for the scores of all patches then
            split = self._final_split()
            judge = replace(self._judge_of(split), cancelled=lambda: False)
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


def device_of(device: str, tell: Tell) -> tuple[str, Any]:
    """Return Lightning's accelerator and devices for a device by name; the CPU where it is not there, which is said.

    Args:
        device: "auto", "cpu", "cuda", "cuda:1" or "mps".
        tell: Is told where the CPU takes its place.
    """
    kind, _, number = device.partition(":")
    if device == "auto":
        return ("cuda" if torch.cuda.is_available() else "cpu"), 1
    place = int(number) if number.isdigit() else 0
    there = {"cpu": True, "cuda": place < torch.cuda.device_count(), "mps": torch.backends.mps.is_available()}
    if not there.get(kind, False):
        tell({"warning": f"PyTorch has no device {device} here; the processor takes its place"})
        return "cpu", 1
    return kind, [place] if kind == "cuda" else 1


@contextlib.contextmanager
def _quiet(settings: Settings) -> Iterator[None]:
    """Keep Lightning from printing, and take the settings' threads, for as long as it runs."""
    names = ("lightning", "lightning.pytorch", "lightning.fabric", "pytorch_lightning")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    threads = torch.get_num_threads()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.set_num_threads(threads)
        for logger, level in zip(loggers, levels):
            logger.setLevel(level)
