"""Lightning's trainer as trainings here use it: its device, precision and logs, and nothing printed."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.loggers import CSVLogger, TensorBoardLogger
from lightning.pytorch.plugins.environments import LightningEnvironment

Tell = Callable[[Mapping[str, Any]], None]


def trainer_of(
    folder: Path,
    name: str,
    accelerator: tuple[str, Any],
    precision: str,
    watch: lightning.Callback,
    clip: float,
    scaled: bool = True,
) -> lightning.Trainer:
    """Return Lightning's trainer.

    Args:
        folder: Where its logs go, as CSV, and for TensorBoard where that is there.
        name: Begins the name of the logs' folder.
        accelerator: Lightning's accelerator and devices; see `device_of`.
        precision: "32", "16-mixed" or "bf16-mixed"; on a CPU always "32".
        watch: Told about each step.
        clip: Largest norm of the gradient; 0 for none.
        scaled: Losses may be scaled, as 16-mixed wants it; otherwise bf16-mixed takes its place.
    """
    kind, devices = accelerator
    if kind == "cpu" or precision == "32":
        precision = "32-true"
    elif precision == "16-mixed" and not scaled:
        precision = "bf16-mixed"
    number = len(list(folder.glob(f"{name}_[0-9]*")))
    loggers: list[Any] = [CSVLogger(folder, name="", version=f"{name}_{number}")]
    if importlib.util.find_spec("tensorboard") is not None:
        loggers.append(TensorBoardLogger(folder, name="", version=f"{name}_{number}"))
    return lightning.Trainer(
        accelerator=kind,
        devices=devices,
        precision=precision,
        max_epochs=1,
        logger=loggers,
        callbacks=[watch],
        limit_val_batches=0,
        num_sanity_val_steps=0,
        log_every_n_steps=10,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=clip or None,
        use_distributed_sampler=False,
        default_root_dir=folder,
        plugins=[LightningEnvironment()],
    )


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
def quiet(threads: int) -> Iterator[None]:
    """Keep Lightning from printing, and take the given threads, for as long as it runs."""
    names = ("lightning", "lightning.pytorch", "lightning.fabric", "pytorch_lightning")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    before = torch.get_num_threads()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    if threads:
        torch.set_num_threads(threads)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.set_num_threads(before)
        for logger, level in zip(loggers, levels):
            logger.setLevel(level)
