"""Installs the engine's managed environment: on request, with progress, and so that it can be gone on with.

pip does not notice a package whose installation was cut off after its description was written; such packages are
found by the file that pip writes last but one (INSTALLER), and taken away before the installation goes on.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from ..tasks.errors import InputError
from ..tasks.feedback import Feedback
from . import accelerators, pip_output
from .child_environment import clean_environment
from .commands import last_line, run
from .environment import COMPLETE, HALF, delete, locked, read_marker, wanted_digest, write_marker
from .interpreters import (
    PACKAGES,
    Interpreter,
    candidates,
    find_engine,
    forget_probes,
    probe,
    problems_of,
    stamp_of,
)
from .machine import WINDOWS, Machine, engine_folder, python_in
from .requirements import (
    DEVICES,
    SIZES,
    Requirements,
    Step,
    fits,
    how_to_get_python,
    preferred_versions,
    requirements,
    version_range,
)

_RAW_PROGRESS = (24, 1)  # pip says how far a download is since this version
_VENV_LIMIT_S = 600.0
_MAKING, _INSTALLING = 0.05, 0.85  # of the whole; the rest is the first start
_OF_A_USER = frozenset({"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN"})


@dataclass(frozen=True)
class Wish:
    """What a user wants to be installed.

    Attributes:
        size: "inference" (numpy, onnxruntime) or "full" (and torch with what training needs).
        device: "cpu" or "gpu".
        interpreter: The Python to make the environment with; "" chooses one.
        wheels: A folder of wheels to install from without the network; "" uses pip's index.
        reinstall: Whether to begin anew.
        network: Variables that lead pip through a proxy ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY").
        accelerator: Which packages "gpu" stands for; found by looking at the machine by default.
        torch_index: Address of the index of torch's builds; see `requirements`.
    """

    size: str = "inference"
    device: str = "cpu"
    interpreter: str = ""
    wheels: str = ""
    reinstall: bool = False
    network: Mapping[str, str] = field(default_factory=dict)
    accelerator: Optional[str] = None
    torch_index: Optional[str] = None


@dataclass(frozen=True)
class Installed:
    """What an installation gave.

    Attributes:
        python: The engine's interpreter.
        size: "inference" or "full".
        versions: Versions of the packages that were imported, by name; and of "python".
        seconds: How long it took.
    """

    python: Path
    size: str
    versions: Mapping[str, str]
    seconds: float


def base_interpreter(chosen: str, machine: Machine, feedback: Feedback) -> Interpreter:
    """Return the interpreter that makes the environment.

    Args:
        chosen: What the user names; "" takes the first that fits.
        machine: This machine.
        feedback: Whom to tell about those that do not fit.

    Raises:
        InputError: The chosen one does not fit, or none does; with how to get one.
    """
    if chosen.strip():
        found = find_engine(chosen, machine)
        tried = probe(found.path if found else Path(chosen), (), feedback.cancelled)
        unfit = _own(tried.path, machine) or _unfit(tried)
        if unfit:
            raise InputError(f"INTERPRETER: {unfit} {how_to_get_python(machine)}")
        return tried
    for path in candidates(machine, preferred_versions()):
        if _own(path, machine):
            continue
        tried = probe(path, (), feedback.cancelled)
        unfit = _unfit(tried)
        if not unfit:
            return tried
        feedback.info(f"Not taken: {unfit}")
    raise InputError(f"No Python was found that can run the engine. {how_to_get_python(machine)}")


def _own(path: Path, machine: Machine) -> str:
    """Return why an interpreter cannot make the environment: it is the environment's; "" for another one."""
    if engine_folder(machine) in path.parents:
        return f"{path} is the engine's own, which cannot make itself."
    return ""


def _unfit(found: Interpreter) -> str:
    """Return why an interpreter cannot make the environment; "" for one that can."""
    lowest, highest = version_range()
    if found.problem:
        return found.problem
    if not fits(found.version):
        return f"{found.path} is Python {found.version_text}; the engine needs {lowest} to {highest}."
    if found.bits != 64 or found.implementation != "cpython":
        return f"{found.path} is no 64-bit CPython, for which the engine's packages are made."
    if not found.can_make_environments:
        return f"{found.path} lacks its modules venv and ensurepip, which make environments."
    return ""


def install(wish: Wish, machine: Machine, feedback: Feedback) -> Installed:
    """Make the environment, go on with one that is half-installed, or bring one up to date.

    Args:
        wish: What is wanted.
        machine: This machine.
        feedback: Progress, log and cancelling.

    Raises:
        InputError: It cannot be done; what is there stays, and installing again goes on with it.
        Cancelled: The user stopped it; pip is gone, and installing again goes on.
    """
    began = time.monotonic()
    _check_wish(wish)
    accelerator = _accelerator(wish, machine)
    feedback.info("Looks for a Python that can run the engine.")
    base = base_interpreter(wish.interpreter, machine, feedback)
    needed = requirements(wish.size, accelerator, machine, base.version, wish.torch_index)
    feedback.info(f"Python {base.version_text}: {base.path}")
    folder = engine_folder(machine)
    _check_space(folder, needed, feedback)
    with locked(folder) as touch:
        maker = _Maker(wish, machine, feedback, base, needed, folder, touch)
        versions = maker.make()
    return Installed(maker.python, maker.size, versions, time.monotonic() - began)


def _check_wish(wish: Wish) -> None:
    if wish.size not in SIZES:
        raise InputError(f"SIZE must be one of {', '.join(SIZES)}, not {wish.size!r}.")
    if wish.device not in DEVICES:
        raise InputError(f"DEVICE must be one of {', '.join(DEVICES)}, not {wish.device!r}.")
    if wish.wheels and not any(Path(wish.wheels).glob("*.whl")):
        raise InputError(f"WHEELS: the folder {wish.wheels} holds no wheel (*.whl); name one that holds the packages.")


def _accelerator(wish: Wish, machine: Machine) -> str:
    if wish.device == "cpu":
        return accelerators.CPU
    found = wish.accelerator or accelerators.accelerator_of(machine)
    if found == accelerators.CPU:
        raise InputError(
            "DEVICE: no GPU was found that the engine can use (NVIDIA with its driver; on Windows any, on Linux also "
            "Intel): choose DEVICE cpu, or install the driver first."
        )
    return found


def _check_space(folder: Path, needed: Requirements, feedback: Feedback) -> None:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    held = _size_of(folder)
    wanted = max(0, needed.disk_bytes - held)
    feedback.info(
        f"Fetches about {_size(needed.download_bytes)} and needs about {_size(wanted)} of disk in {folder}, where "
        f"{_size(free)} are free."
    )
    if free < wanted:
        raise InputError(
            f"The engine needs about {_size(wanted)} in {folder}, and {_size(free)} are free: free some space, or set "
            "SATFUSION_ENGINE_FOLDER to a folder on another disk."
        )


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"


def _size_of(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:
                continue
    return total


class _Maker:
    """One installation.

    Args:
        wish: What is wanted.
        machine: This machine.
        feedback: Progress, log and cancelling.
        base: The interpreter to make the environment with.
        needed: What is to be installed.
        folder: The engine's folder.
        touch: Renews the lock.
    """

    def __init__(
        self,
        wish: Wish,
        machine: Machine,
        feedback: Feedback,
        base: Interpreter,
        needed: Requirements,
        folder: Path,
        touch: Callable[[], None],
    ) -> None:
        self._wish, self._machine, self._feedback = wish, machine, feedback
        self._base, self._needed, self._folder, self._touch = base, needed, folder, touch
        self._environment = folder / "environment"
        self._temporary = folder / "temporary"
        self._version = base.version[:2]
        self._marker = read_marker(folder)
        self.python = python_in(self._environment, machine.system)
        self.size = needed.size

    def make(self) -> dict[str, str]:
        """Do what is to be done, and return the versions of what is there."""
        before, kept = dict(self._marker), None if self._wish.reinstall else self._kept()
        if kept is not None and self._is_complete(kept):
            self._feedback.info(f"The engine in {self._folder} is complete already.")
            self.size = str(before["size"])
            return dict(before["versions"])
        stamp = stamp_of(kept) if kept is not None else ()
        self._mark(HALF, made=kept is not None)
        try:
            if kept is None:
                self._make_environment()
                self._mark(HALF)
            self._take_torn_away()
            self._install_packages()
        except BaseException:
            if kept is not None and before.get("state") == COMPLETE and stamp == stamp_of(kept):
                write_marker(self._folder, before)  # nothing was changed: it works as it did
            raise
        finally:
            shutil.rmtree(self._temporary, ignore_errors=True)
        return self._verify()

    def _kept(self) -> Optional[Interpreter]:
        """Return the environment that is there, when it can be gone on with."""
        # ONNX Runtime's builds lie in one folder: one may not be put over another.
        if not self._marker.get("made") or self._marker.get("accelerator") != self._needed.accelerator:
            return None
        found = probe(self.python, (), self._feedback.cancelled)
        if found.problem or not fits(found.version):
            return None
        if self._wish.interpreter and self._marker.get("base") != str(self._base.path):
            return None
        if found.version[:2] != self._version:
            # It was made with another Python, which still works: its packages are what that one needs.
            needed, wish = self._needed, self._wish
            self._needed = requirements(needed.size, needed.accelerator, self._machine, found.version, wish.torch_index)
            self._version = found.version[:2]
        return found

    def _is_complete(self, found: Interpreter) -> bool:
        """Tell whether all that is wanted is there already, and imports."""
        if self._marker.get("state") != COMPLETE:
            return False
        larger = self._marker.get("size") == "full"
        if not larger and self._marker.get("requirements") != self._needed.digest:
            return False
        if larger and wanted_digest(self._marker, self._machine) != self._marker.get("requirements"):
            return False
        tried = probe(self.python, PACKAGES, self._feedback.cancelled)
        return not problems_of(tried, self._needed.imports)

    def _make_environment(self) -> None:
        self._feedback.info(f"Makes the environment {self._environment}.")
        delete(self._environment)
        arguments = [str(self._base.path), "-m", "venv", str(self._environment)]
        ended = run(
            arguments,
            self._variables(),
            cancelled=self._feedback.cancelled,
            time_limit_s=_VENV_LIMIT_S,
            on_poll=self._touch,
        )
        if ended.code != 0 or not self.python.exists():
            said = last_line(ended.errors, "it said nothing")
            raise InputError(
                f"{self._base.path} could not make an environment in {self._environment} ({said}): name another "
                f"INTERPRETER. {how_to_get_python(self._machine)}"
            )

    def _take_torn_away(self) -> None:
        """Take away packages whose installation was cut off, so that pip installs them again."""
        for folder in probe(self.python, (), self._feedback.cancelled).packages_in:
            for torn in torn_packages(Path(folder)):
                self._feedback.info(f"Takes away {torn.name}, whose installation was cut off.")
                shutil.rmtree(torn, ignore_errors=True)

    def _install_packages(self) -> None:
        options = _options(self._wish.wheels, self._raw_progress())
        done = _MAKING
        for step in self._needed.steps:
            begun = done
            progress = pip_output.PipProgress(int(self._needed.download_bytes * step.share))
            self._feedback.info(f"Installs {', '.join(step.packages)}.")
            self._run_pip(step, options, progress, begun, _INSTALLING * step.share)
            done += _INSTALLING * step.share
            self._feedback.progress(done)

    def _run_pip(
        self, step: Step, options: list[str], progress: pip_output.PipProgress, begun: float, share: float
    ) -> None:
        said: list[str] = []

        def take(line: str) -> None:
            news = progress.take(line)
            if news is not None:
                said.append(news)
                self._feedback.info(news)
            self._feedback.progress(begun + share * progress.fraction)

        arguments = [str(self.python), *_pip(step, options)]
        ended = run(arguments, self._variables(), take, self._feedback.cancelled, on_poll=self._touch)
        if ended.code != 0:
            system = f"{self._machine.system} {self._machine.architecture}"
            python = ".".join(map(str, self._version))
            offline = {"wheels": self._wish.wheels, "python": python, "system": system} if self._wish.wheels else {}
            errors = "\n".join([*said[-20:], ended.errors])
            for line in ended.errors.splitlines()[-20:]:
                self._feedback.info(pip_output.without_credentials(line))
            raise InputError(pip_output.failure(errors, offline))

    def _raw_progress(self) -> bool:
        """Tell whether the environment's pip says how far a download is."""
        lines: list[str] = []
        run([str(self.python), "-m", "pip", "--version"], self._variables(), lines.append, time_limit_s=60.0)
        found = re.search(r"pip (\d+)\.(\d+)", " ".join(lines))
        return found is not None and tuple(map(int, found.groups())) >= _RAW_PROGRESS

    def _variables(self) -> dict[str, str]:
        """Return the variables of pip: with the proxy, and with its temporary files beside the environment."""
        self._temporary.mkdir(parents=True, exist_ok=True)
        base = {name: value for name, value in self._machine.variables.items() if name.upper() not in _OF_A_USER}
        if self._wish.wheels:  # nothing but the folder: a configuration may name other places
            base = {name: value for name, value in base.items() if not name.upper().startswith("PIP_")}
            base["PIP_CONFIG_FILE"] = os.devnull
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._temporary))
        lower = {name.lower(): value for name, value in self._wish.network.items()}
        return {**clean_environment(base), **places, **lower, **self._wish.network, "PYTHONNOUSERSITE": "1"}

    def _verify(self) -> dict[str, str]:
        """Import everything in the environment, and say that it is complete."""
        self._feedback.info("Starts the engine for the first time.")
        forget_probes()
        self._touch()
        found = probe(self.python, PACKAGES, self._feedback.cancelled)
        problems = problems_of(found, self._needed.imports)
        if problems:
            raise InputError(problems[0])
        self._mark(COMPLETE, _versions(found))
        self._feedback.progress(1.0)
        return _versions(found)

    def _mark(self, state: str, versions: Optional[Mapping[str, str]] = None, made: bool = True) -> None:
        marker = {
            "state": state,
            "made": made,
            "size": self._needed.size,
            "accelerator": self._needed.accelerator,
            "python": ".".join(map(str, self._version)),
            "base": str(self._base.path),
            "requirements": self._needed.digest,
            "pins": list(self._needed.pins),
            "versions": dict(versions or {}),
            "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        write_marker(self._folder, marker)


def _versions(found: Interpreter) -> dict[str, str]:
    known = {package.name: package.version for package in found.packages if package.version}
    return {"python": found.version_text, **known}


def torn_packages(folder: Path) -> list[Path]:
    """Return the descriptions of packages whose installation was cut off, and what pip set aside meanwhile.

    Args:
        folder: The environment's site-packages.
    """
    if not folder.is_dir():
        return []
    described = [path for path in folder.glob("*.dist-info") if path.is_dir()]
    torn = [path for path in described if not (path / "INSTALLER").is_file()]
    return sorted([*torn, *(path for path in folder.glob("~*") if path.is_dir())])


def _pip(step: Step, options: list[str]) -> list[str]:
    index = ["--extra-index-url", step.index] if step.index and "--no-index" not in options else []
    return ["-m", "pip", "install", *options, *index, *step.pins]


def _options(wheels: str, raw_progress: bool = False) -> list[str]:
    shown = "raw" if raw_progress else "off"
    quiet = ["--disable-pip-version-check", "--no-input", "--no-warn-script-location", "--progress-bar", shown]
    offline = ["--no-index", "--find-links", wheels] if wheels else []
    return [*quiet, "--only-binary=:all:", *offline]


def manual_commands(wish: Wish, machine: Machine, base: Optional[Interpreter] = None) -> list[str]:
    """Return what makes the same environment from a shell, line by line, ready to be copied.

    Args:
        wish: What is wanted.
        machine: This machine.
        base: The interpreter to make it with; a placeholder stands for one that was not found.

    Raises:
        InputError: Nothing fits the machine.
    """
    environment = engine_folder(machine) / "environment"
    version = base.version if base is not None else machine.python
    program = str(base.path) if base is not None else "python3"
    needed = requirements(wish.size, _accelerator(wish, machine), machine, version, wish.torch_index)
    whole = replace(needed.steps[-1], index=next((step.index for step in needed.steps if step.index), ""))
    python = str(python_in(environment, machine.system))
    short = ["--only-binary=:all:", *(["--no-index", "--find-links", wish.wheels] if wish.wheels else [])]
    return [
        _joined([program, "-m", "venv", str(environment)], machine),
        _joined([python, *_pip(whole, short)], machine),
    ]


def _joined(arguments: list[str], machine: Machine) -> str:
    return subprocess.list2cmdline(arguments) if machine.system == WINDOWS else shlex.join(arguments)
