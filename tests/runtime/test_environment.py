"""The managed environment: what is wanted, its installation from real wheels, and everything that can go wrong."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from satfusion_qgis.runtime import environment, install, pip_output
from satfusion_qgis.runtime.accelerators import accelerator_of, has_intel_gpu, has_nvidia_gpu
from satfusion_qgis.runtime.environment import (
    ABSENT,
    BROKEN,
    COMPLETE,
    HALF,
    OUTDATED,
    locked,
    read_marker,
    remove,
    state_of,
    usable_engine,
    write_marker,
)
from satfusion_qgis.runtime.install import Wish, base_interpreter, manual_commands, torn_packages
from satfusion_qgis.runtime.interpreters import forget_probes, probe
from satfusion_qgis.runtime.machine import LINUX, MACOS, WINDOWS, Machine
from satfusion_qgis.runtime.requirements import how_to_get_python, requirements
from satfusion_qgis.tasks.errors import Cancelled, InputError
from tests.runtime.fake_machines import Log, interpreter, machine, processes_with, script, site_packages, wheel

HERE = (sys.version_info[0], sys.version_info[1])
PYTHON = sys.executable
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fakes the other systems on Linux")


@pytest.fixture(autouse=True)
def no_memory():
    """What other tests found is forgotten."""
    forget_probes()


def here(folder, **variables):
    """Returns this machine with the engine in a folder of the test."""
    own = {name: value for name, value in os.environ.items() if name != "SATFUSION_PYTHON"}
    return Machine(variables={**own, "SATFUSION_ENGINE_FOLDER": str(folder), **variables})


def wheels_for(folder, size="inference", without=()):
    """Writes tiny wheels with the names and versions that are wanted here."""
    for pin in requirements(size, "cpu", Machine(), HERE).pins:
        name, version = pin.split("==")
        if name not in without:
            wheel(folder, name, version)
    return folder


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """A folder with all that an inference engine wants."""
    return wheels_for(tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheels):
    """An engine that was really installed from wheels, and what was said meanwhile."""
    folder = tmp_path_factory.mktemp("installed") / "engine"
    log = Log()
    made = install.install(Wish(wheels=str(wheels), interpreter=PYTHON), here(folder), log)
    return SimpleNamespace(folder=folder, log=log, made=made)


@pytest.fixture
def engine(installed, tmp_path):
    """A copy of the installed engine, to be damaged."""
    folder = tmp_path / "engine"
    shutil.copytree(installed.folder, folder, symlinks=True)
    return folder


def halve(folder):
    """Leaves an environment in which ONNX Runtime has not been installed yet."""
    packages = site_packages(folder / "environment")
    for path in packages.glob("onnxruntime*"):
        shutil.rmtree(path)
    write_marker(folder, {**read_marker(folder), "state": HALF})
    return folder


def again(folder, wheels, log=None, **changes):
    wish = Wish(wheels=str(wheels), **changes)
    return install.install(wish, here(folder), log or Log())


def ran_pip(log):
    return any(line.startswith("Installs") for line in log.lines)


# What is wanted.


@pytest.mark.parametrize(
    ("python", "system", "accelerator", "changes", "pins"),
    [
        ((3, 9), LINUX, "cpu", {}, ["numpy==2.0.2", "onnxruntime==1.19.2", "torch==2.8.0"]),
        ((3, 10), LINUX, "cpu", {}, ["numpy==2.2.6", "onnxruntime==1.23.2", "torch==2.13.0"]),
        ((3, 11), LINUX, "cpu", {}, ["numpy==2.4.6", "onnxruntime==1.31.1", "torch==2.13.0"]),
        ((3, 14), WINDOWS, "cpu", {}, ["onnxruntime==1.31.1", "torch==2.13.0", "lightning==2.6.6"]),
        ((3, 9), WINDOWS, "cpu", {}, ["lightning==2.6.0", "onnx==1.19.1", "safetensors==0.7.0"]),
        ((3, 12), WINDOWS, "directml", {}, ["onnxruntime-directml==1.24.4", "torch==2.13.0"]),
        ((3, 12), LINUX, "cuda", {}, ["onnxruntime-gpu[cuda,cudnn]==1.31.1"]),
        ((3, 10), LINUX, "cuda", {}, ["onnxruntime-gpu[cuda,cudnn]==1.23.2"]),
        ((3, 9), WINDOWS, "cuda", {}, ["onnxruntime-gpu==1.19.2"]),
        ((3, 13), LINUX, "openvino", {}, ["onnxruntime-openvino==1.24.1"]),
        ((3, 12), MACOS, "apple", {"architecture": "arm64", "macos": 15}, ["onnxruntime==1.31.1", "torch==2.13.0"]),
        ((3, 12), MACOS, "apple", {"architecture": "arm64", "macos": 13}, ["onnxruntime==1.23.2"]),
    ],
)
def test_the_packages_of_each_system(tmp_path, python, system, accelerator, changes, pins):
    needed = requirements("full", accelerator, machine(tmp_path, system, **changes), python)
    assert set(pins) <= set(needed.pins)
    assert sum(step.share for step in needed.steps) == pytest.approx(1)
    # What comes later is never resolved without what came before.
    assert needed.steps[1].pins[: len(needed.steps[0].pins)] == needed.steps[0].pins
    assert requirements("inference", accelerator, machine(tmp_path, system, **changes), python).pins == needed.pins[:2]


def test_an_intel_mac(tmp_path):
    mac = machine(tmp_path, MACOS, macos=14)
    assert requirements("inference", "apple", mac, (3, 12)).pins == ("numpy==2.4.6", "onnxruntime==1.23.2")
    assert requirements("inference", "cpu", mac, (3, 9)).pins == ("numpy==2.0.2", "onnxruntime==1.19.2")
    with pytest.raises(InputError, match=r"Macs with an Intel processor.*SIZE inference"):
        requirements("full", "apple", mac, (3, 12))
    with pytest.raises(InputError, match=r"Python 3\.14 on a Mac.*INTERPRETER"):
        requirements("inference", "apple", mac, (3, 14))


@pytest.mark.parametrize("python", [(3, 8), (3, 15), (2, 7)])
def test_other_versions_of_python_are_refused(tmp_path, python):
    with pytest.raises(InputError, match=r"INTERPRETER: the engine needs Python 3\.9 to 3\.14, not"):
        requirements("inference", "cpu", machine(tmp_path), python)


def test_where_builds_of_torch_come_from(tmp_path):
    def index(system, accelerator, python=(3, 12), variables=None, chosen=None):
        steps = requirements(
            "full", accelerator, machine(tmp_path, system, variables=variables or {}), python, chosen
        ).steps
        assert steps[0].index == steps[2].index == ""
        return steps[1].index

    assert index(LINUX, "cpu").endswith("/cpu")
    assert index(WINDOWS, "directml").endswith("/cpu")
    assert index(LINUX, "cuda") == ""
    assert index(WINDOWS, "cuda").endswith("/cu130")
    assert index(WINDOWS, "cuda", (3, 9)).endswith("/cu128")
    assert index(LINUX, "cpu", variables={"SATFUSION_TORCH_INDEX": ""}) == ""
    assert index(LINUX, "cpu", variables={"SATFUSION_TORCH_INDEX": "x"}) == "x"
    assert index(LINUX, "cpu", variables={"SATFUSION_TORCH_INDEX": "x"}, chosen="y") == "y"
    arm = machine(tmp_path, MACOS, architecture="arm64", macos=15, variables={})
    assert requirements("full", "apple", arm, (3, 12)).steps[1].index == ""


def test_addresses_stand_in_one_file():
    folder = Path(install.__file__).parents[1]
    addresses = json.loads((folder / "runtime" / "data" / "addresses.json").read_text(encoding="utf-8"))
    host = addresses["torch"]["cpu"].split("/")[2]
    holding = [path for path in folder.rglob("*") if path.suffix in (".py", ".json") and host in path.read_text()]
    assert [path.name for path in holding] == ["addresses.json"]


def test_other_packages_have_another_sum(tmp_path):
    here_ = machine(tmp_path)
    sums = {requirements("inference", "cpu", here_, (3, minor)).digest for minor in range(9, 12)}
    assert len(sums) == 3
    assert (
        requirements("inference", "cpu", here_, (3, 11)).digest
        == requirements("inference", "cpu", here_, (3, 12)).digest
    )


# Which GPU there is.


def test_the_nvidia_driver_is_asked(tmp_path):
    program = tmp_path / "nvidia-smi"
    given = machine(tmp_path, variables={"PATH": str(tmp_path)})
    assert not has_nvidia_gpu(given)
    script(program, "echo 'GPU 0: NVIDIA RTX 4000 (UUID: GPU-1)'")
    assert has_nvidia_gpu(given)
    script(program, "echo 'No devices were found'")
    assert not has_nvidia_gpu(given)
    script(program, "echo 'GPU 0: it fell off the bus'; exit 9")
    assert not has_nvidia_gpu(given)


def test_an_intel_gpu_is_seen(tmp_path):
    vendor = tmp_path / "card0" / "device" / "vendor"
    assert not has_intel_gpu(tmp_path)
    vendor.parent.mkdir(parents=True)
    vendor.write_text("0x10de\n")
    assert not has_intel_gpu(tmp_path)
    vendor.write_text("0x8086\n")
    assert has_intel_gpu(tmp_path)


@pytest.mark.parametrize(
    ("system", "nvidia", "intel", "expected"),
    [
        (LINUX, True, True, "cuda"),
        (LINUX, False, True, "openvino"),
        (LINUX, False, False, "cpu"),
        (WINDOWS, True, False, "cuda"),
        (WINDOWS, False, False, "directml"),
        (MACOS, False, False, "apple"),
    ],
)
def test_what_a_gpu_needs(tmp_path, system, nvidia, intel, expected):
    assert accelerator_of(machine(tmp_path, system), lambda machine: nvidia, lambda: intel) == expected


def test_no_gpu_is_said(tmp_path, wheels, monkeypatch):
    monkeypatch.setattr(install.accelerators, "accelerator_of", lambda machine: "cpu")
    with pytest.raises(InputError, match=r"^DEVICE: no GPU was found.*choose DEVICE cpu"):
        again(tmp_path / "engine", wheels, device="gpu")
    assert not (tmp_path / "engine").exists()


# Installing.


def test_a_real_installation(installed, wheels):
    made, log = installed.made, installed.log
    assert made.python == installed.folder / "environment" / "bin" / "python"
    pins = dict(pin.split("==") for pin in requirements("inference", "cpu", Machine(), HERE).pins)
    assert {name: made.versions[name] for name in pins} == pins
    shown = subprocess.run(
        [made.python, "-c", "import numpy; print(numpy.__version__)"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == pins["numpy"]
    assert log.fractions == sorted(log.fractions) and log.fractions[-1] == 1.0
    assert any(re.search(r"needs about .* of disk in .*, where .* are free", line) for line in log.lines)
    assert any(line.startswith("Successfully installed") for line in log.lines)
    marker = json.loads((installed.folder / "installed.json").read_text())
    assert marker["state"] == COMPLETE and marker["versions"]["numpy"] == pins["numpy"]
    assert marker["size"] == "inference" and marker["accelerator"] == "cpu" and marker["base"] == PYTHON
    state = state_of(here(installed.folder))
    assert (state.kind, state.python) == (COMPLETE, made.python)
    assert usable_engine("", here(installed.folder)).path == made.python
    assert sorted(path.name for path in installed.folder.iterdir()) == ["environment", "installed.json"]


@pytest.mark.slow
def test_beginning_anew(engine, wheels):
    stray = touch_in(engine)
    again(engine, wheels, reinstall=True)
    assert not stray.exists() and state_of(here(engine)).kind == COMPLETE


def touch_in(folder):
    path = site_packages(folder / "environment") / "stray.py"
    path.write_text("")
    return path


def test_installing_what_is_there_does_nothing(engine, wheels):
    log = Log()
    before = (engine / "installed.json").read_bytes()
    made = again(engine, wheels, log)
    assert any("complete already" in line for line in log.lines) and not ran_pip(log)
    assert made.versions["numpy"] and made.size == "inference"
    assert (engine / "installed.json").read_bytes() == before


@pytest.mark.slow
def test_it_grows(engine, tmp_path):
    made = again(engine, wheels_for(tmp_path / "all", "full"), size="full")
    assert made.size == "full" and {"torch", "lightning", "numpy"} <= set(made.versions)
    assert json.loads((engine / "installed.json").read_text())["size"] == "full"
    log = Log()
    assert again(engine, tmp_path / "all", log).size == "full"
    assert not ran_pip(log)


@pytest.mark.slow
def test_cancelling_while_the_environment_is_made(tmp_path, wheels):
    folder = tmp_path / "engine"
    check_cancelling(folder, wheels, "Makes the environment")
    log = Log()
    again(folder, wheels, log)
    assert state_of(here(folder)).kind == COMPLETE
    assert any(line.startswith("Makes the environment") for line in log.lines)


def test_cancelling_while_pip_works(engine, wheels):
    check_cancelling(halve(engine), wheels, "Installs")
    log = Log()
    again(engine, wheels, log)
    assert state_of(here(engine)).kind == COMPLETE
    assert not any(line.startswith("Makes the environment") for line in log.lines)


def check_cancelling(folder, wheels, until):
    began = time.monotonic()
    with pytest.raises(Cancelled):
        again(folder, wheels, Log(until))
    assert time.monotonic() - began < 10
    time.sleep(0.2)
    assert not processes_with(str(folder))
    assert state_of(here(folder)).kind == HALF
    assert "half-installed" in state_of(here(folder)).sentence
    with pytest.raises(InputError, match=r"half-installed.*satfusion:engine_install"):
        usable_engine("", here(folder))
    assert not (folder / "install.lock").exists() and not (folder / "temporary").exists()


def test_a_torn_package_is_installed_again(engine, wheels):
    """pip believes in a package of which the description and half of the files are there."""
    packages = site_packages(engine / "environment")
    info = next(packages.glob("numpy-*.dist-info"))
    (info / "INSTALLER").unlink()
    (info / "RECORD").unlink()
    (packages / "numpy" / "__init__.py").write_text("raise ImportError('half of me is missing')")
    (packages / "~umpy").mkdir()
    write_marker(engine, {**read_marker(engine), "state": HALF})
    assert [path.name for path in torn_packages(packages)] == [info.name, "~umpy"]
    log = Log()
    again(engine, wheels, log)
    assert probe(engine / "environment" / "bin" / "python", ("numpy",)).package("numpy").error == ""
    assert torn_packages(packages) == []
    assert sum("whose installation was cut off" in line for line in log.lines) == 2


def test_a_missing_wheel_is_named(tmp_path, engine, wheels):
    folder = wheels_for(tmp_path / "wheels", without=("onnxruntime",))
    log = Log()
    with pytest.raises(InputError) as told:
        again(halve(engine), folder, log)
    version = ".".join(map(str, HERE))
    assert re.fullmatch(
        rf"WHEELS: the folder {re.escape(str(folder))} has no wheel of onnxruntime==[\d.]+ for Python {version} on "
        rf"linux x86_64; add it, and install again\.",
        str(told.value),
    )
    assert state_of(here(engine)).kind == HALF
    wheels_for(folder)
    again(engine, folder)
    assert state_of(here(engine)).kind == COMPLETE


def test_a_wheel_that_another_one_needs_is_named_too(tmp_path, engine):
    folder = wheels_for(tmp_path / "wheels")
    pin = requirements("inference", "cpu", Machine(), HERE).pins[1].split("==")
    wheel(folder, *pin, requires=["another-package>=2"])
    with pytest.raises(InputError, match=r"has no wheel of another-package>=2 for"):
        again(halve(engine), folder)


def test_a_failed_update_leaves_what_worked(engine, wheels):
    with pytest.raises(InputError, match="has no wheel of torch=="):
        again(engine, wheels, size="full")
    state = state_of(here(engine))
    assert state.kind == COMPLETE and state.marker["size"] == "inference"


@pytest.mark.parametrize("name", ["none", "empty"])
def test_a_folder_without_wheels(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=rf"^WHEELS: the folder .*{name} holds no wheel"):
        again(tmp_path / "engine", tmp_path / name)
    assert not (tmp_path / "engine").exists()


def test_packages_that_do_not_import_are_no_engine(tmp_path, engine, wheels):
    folder = shutil.copytree(wheels, tmp_path / "wheels")
    name, version = requirements("inference", "cpu", Machine(), HERE).pins[1].split("==")
    wheel(folder, name, version, {f"{name}/__init__.py": "raise ImportError('DLL load failed while importing x')"})
    with pytest.raises(InputError, match=r"onnxruntime cannot be imported.*Visual C\+\+"):
        again(halve(engine), folder)
    assert state_of(here(engine)).kind == HALF


def test_no_space(tmp_path, wheels, monkeypatch):
    monkeypatch.setattr(install.shutil, "disk_usage", lambda path: SimpleNamespace(free=10 * 2**20))
    with pytest.raises(InputError, match=r"needs about .* MiB in .*, and 10 MiB are free.*SATFUSION_ENGINE_FOLDER"):
        again(tmp_path / "engine", wheels)
    assert not (tmp_path / "engine").exists()


def test_a_folder_that_cannot_be_written(tmp_path, wheels):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="SATFUSION_ENGINE_FOLDER"):
        again(tmp_path / "file" / "engine", wheels)


def test_one_installation_at_a_time(engine, wheels):
    with locked(engine) as touch:
        touch()
        with pytest.raises(InputError, match="Another installation"):
            again(engine, wheels)
        with pytest.raises(InputError, match="Another installation"):
            remove(here(engine))
    assert not (engine / "install.lock").exists()
    (engine / "install.lock").write_text("")
    os.utime(engine / "install.lock", (1, 1))
    again(engine, wheels)
    assert not (engine / "install.lock").exists()


@pytest.mark.slow
def test_the_python_it_was_made_with_is_gone(engine, wheels):
    for path in (engine / "environment" / "bin").glob("python*"):
        path.unlink()
    (engine / "environment" / "bin" / "python").symlink_to(engine / "gone")
    state = state_of(here(engine))
    assert state.kind == BROKEN and PYTHON in state.sentence
    with pytest.raises(InputError, match="does not start"):
        usable_engine("", here(engine))
    again(engine, wheels)
    assert state_of(here(engine)).kind == COMPLETE


def test_a_new_version_of_the_plugin_wants_other_packages(engine, wheels):
    write_marker(engine, {**read_marker(engine), "requirements": "0123456789abcdef"})
    state = state_of(here(engine))
    assert state.kind == OUTDATED and "wants other packages" in state.sentence
    assert usable_engine("", here(engine)).path == state.python
    again(engine, wheels)
    assert state_of(here(engine)).kind == COMPLETE


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99, "state": "complete"}'])
def test_a_marker_that_cannot_be_read(engine, wheels, text):
    (engine / "installed.json").write_text(text)
    assert state_of(here(engine)).kind == HALF


def test_what_somebody_made_by_hand_is_taken(engine):
    (engine / "installed.json").unlink()
    assert state_of(here(engine)).kind == COMPLETE


@pytest.mark.slow
def test_builds_for_other_devices_are_not_put_over_each_other(engine, wheels):
    write_marker(engine, {**read_marker(engine), "accelerator": "cuda"})
    log = Log()
    again(engine, wheels, log)
    assert any(line.startswith("Makes the environment") for line in log.lines)
    assert read_marker(engine)["accelerator"] == "cpu"


def test_removing(engine):
    assert remove(here(engine)) is True
    assert not engine.exists()
    assert state_of(here(engine)).kind == ABSENT
    assert remove(here(engine)) is False


def test_removing_leaves_what_is_not_the_engines(engine):
    (engine / "notes.txt").write_text("mine")
    assert remove(here(engine)) is True
    assert [path.name for path in engine.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("folder", ["engine"])
def test_a_file_in_use(engine, folder, monkeypatch):
    def fails(path, *more, **options):
        if not options.get("ignore_errors"):
            raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr(environment.shutil, "rmtree", fails)
    with pytest.raises(InputError, match=r"cannot be deleted \(in use\): close what uses the engine"):
        remove(here(engine))


# With which Python.


def test_the_first_python_that_fits_is_taken(tmp_path):
    names = ("a", "b", "c", "d", "e", "f")
    folders = [tmp_path / name for name in names]
    interpreter(folders[0] / "python3", version=[3, 8, 1])
    interpreter(folders[1] / "python3", can_make_environments=False)
    interpreter(folders[2] / "python3", bits=32)
    script(folders[3] / "python3", "exit 1")
    interpreter(folders[4] / "python3", version=[3, 13, 2])
    interpreter(folders[5] / "python3")
    log = Log()
    given = machine(tmp_path, variables={"PATH": ":".join(map(str, folders))})
    paths = [folder / "python3" for folder in folders]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(install, "candidates", lambda machine, versions: paths)
        assert base_interpreter("", given, log).path == paths[4]
    said = "\n".join(log.lines)
    assert "is Python 3.8.1; the engine needs 3.9 to 3.14" in said
    assert "lacks its modules venv and ensurepip" in said
    assert "no 64-bit CPython" in said
    assert "exit status 1" in said


@pytest.mark.parametrize(
    ("system", "word"), [(LINUX, "apt install python3-venv"), (MACOS, "brew install"), (WINDOWS, "installer")]
)
def test_no_python_fits(tmp_path, system, word, monkeypatch):
    monkeypatch.setattr(install, "candidates", lambda machine, versions: [])
    with pytest.raises(InputError, match=rf"No Python was found.*3\.9 to 3\.14.*{word}.*INTERPRETER\.$"):
        base_interpreter("", machine(tmp_path, system), Log())
    assert how_to_get_python(machine(tmp_path, system)).count(". ") == 0


def test_a_chosen_python_that_does_not_fit(tmp_path, wheels):
    path = interpreter(tmp_path / "python3", version=[3, 8, 1])
    with pytest.raises(InputError, match=r"^INTERPRETER: .*is Python 3\.8\.1; the engine needs 3\.9 to 3\.14"):
        again(tmp_path / "engine", wheels, interpreter=str(path))


def test_the_engine_cannot_make_itself(engine, wheels):
    own = engine / "environment" / "bin" / "python"
    with pytest.raises(InputError, match=r"^INTERPRETER: .*is the engine's own"):
        again(engine, wheels, interpreter=str(own))
    assert state_of(here(engine)).kind == COMPLETE
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(install, "candidates", lambda machine, versions: [own, Path(PYTHON)])
        assert base_interpreter("", here(engine), Log()).path == Path(PYTHON)


def test_a_python_that_cannot_make_an_environment(tmp_path, wheels):
    lie = "case \"$1\" in -m) echo 'ensurepip is not available' >&2; exit 1;; esac"
    path = interpreter(tmp_path / "python3", version=[*HERE, 0])
    path.write_text(path.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\n{lie}\n"))
    with pytest.raises(InputError, match=r"could not make an environment.*ensurepip is not available.*INTERPRETER"):
        again(tmp_path / "engine", wheels, interpreter=str(path))


# What pip is told, and what it says.


def test_the_commands_by_hand_do_the_same(engine, wheels, tmp_path):
    shutil.rmtree(next(site_packages(engine / "environment").glob("numpy-*.dist-info")))
    wish = Wish(wheels=str(wheels), torch_index="")
    made, filled = manual_commands(wish, here(engine), probe(Path(PYTHON)))
    assert shlex.split(made) == [PYTHON, "-m", "venv", str(engine / "environment")]
    done = subprocess.run(shlex.split(filled), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(site_packages(engine / "environment").glob("numpy-*.dist-info"))


def test_the_commands_on_windows(tmp_path):
    given = machine(
        tmp_path, WINDOWS, variables={"SATFUSION_ENGINE_FOLDER": f"{tmp_path}/Program Data"}, python=(3, 12)
    )
    wish = Wish(size="full", device="gpu", accelerator="cuda")
    made, filled = manual_commands(wish, given)
    assert made.startswith("python3 -m venv ") and f'"{tmp_path}/Program Data/environment"' in made
    assert "onnxruntime-gpu[cuda,cudnn]==1.31.1" in filled and "torch==2.13.0" in filled
    assert "/cu130 " in filled


def test_pip_gets_the_proxy_and_nothing_of_the_users(engine, wheels, monkeypatch):
    seen = []

    def watch(arguments, variables, *more, **options):
        seen.append((list(arguments), dict(variables)))
        return run(arguments, variables, *more, **options)

    run = install.run
    monkeypatch.setattr(install, "run", watch)
    proxy = {"HTTPS_PROXY": "http://me:secret@proxy.invalid:8080"}
    given = here(halve(engine), PIP_TARGET="/elsewhere", PYTHONHOME="/elsewhere", PIP_USER="1")
    log = Log()
    install.install(Wish(wheels=str(wheels), network=proxy), given, log)
    arguments, variables = next(item for item in seen if "install" in item[0])
    assert variables["HTTPS_PROXY"] == variables["https_proxy"] == proxy["HTTPS_PROXY"]
    assert not {"PIP_TARGET", "PIP_USER", "PYTHONHOME"} & set(variables)
    assert variables["TMPDIR"] == str(engine / "temporary")
    assert "--only-binary=:all:" in arguments and "--no-index" in arguments
    assert not any("secret" in line for line in log.lines)
    assert "secret" not in (engine / "installed.json").read_text()


def test_progress_follows_pip():
    progress = pip_output.PipProgress(100_000_000)
    lines = [
        ("Collecting torch==2.13.0", 0.0),
        ("  Downloading torch-2.13.0-cp312-none-any.whl (80.0 MB)", 0.0),
        ("Progress 40000000 of 80000000", 0.32),
        ("Progress 80000000 of 80000000", 0.64),
        ("  Downloading numpy-2.4.6-cp312-none-any.whl (20.0 MB)", 0.64),
        ("Installing collected packages: numpy, torch", 0.9),
        ("Successfully installed numpy-2.4.6 torch-2.13.0", 0.9),
    ]
    for line, fraction in lines:
        shown = progress.take(line)
        assert progress.fraction == pytest.approx(fraction), line
        assert (shown is None) == line.startswith("Progress")
    assert pip_output.PipProgress(0).fraction == 0


def test_what_is_satisfied_is_not_news():
    assert pip_output.PipProgress(1).take("Requirement already satisfied: numpy==2.4.6 in x") is None


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: Could not install packages due to an OSError: Missing dependencies for SOCKS support.", "SOCKS"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy'))", "proxy refused"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificate"),
        ("NewConnectionError('Failed to establish a new connection: Name or service not known')", "cannot be reached"),
        (
            "ERROR: Could not find a version that satisfies the requirement torch==2.13.0 (from versions: none)",
            "torch==",
        ),
        ("PermissionError: [WinError 5] Access is denied: 'torch_cpu.dll'", "in use or protected"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "damaged"),
        ("ERROR: ResolutionImpossible: see the documentation", "REINSTALL"),
        ("ERROR: something new at http://me:secret@host/x", r"something new at http://\*\*\*@host/x"),
        ("", "it said nothing"),
    ],
)
def test_failures_of_pip_are_one_sentence(said, word):
    sentence = pip_output.failure(said, {})
    assert re.search(word, sentence)
    assert "\n" not in sentence and "secret" not in sentence


def test_a_real_pip_without_a_network(engine):
    """The address is one that no name server knows."""
    pip = {"PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_CERT": ""}
    nowhere = here(halve(engine), PIP_INDEX_URL="https://packages.invalid/simple", **pip)
    with pytest.raises(InputError, match=r"The package server cannot be reached"):
        install.install(Wish(), nowhere, Log())
