"""Finding interpreters on every system, and probing them whatever state they are in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from satfusion_qgis.runtime import interpreters
from satfusion_qgis.runtime.child_environment import clean_environment
from satfusion_qgis.runtime.commands import run
from satfusion_qgis.runtime.interpreters import (
    CHOSEN,
    MANAGED,
    PACKAGES,
    VARIABLE,
    Package,
    candidates,
    find_engine,
    forget_probes,
    probe,
    problems_of,
)
from satfusion_qgis.runtime.machine import MACOS, WINDOWS, Machine, engine_folder, managed_python
from satfusion_qgis.tasks.errors import Cancelled, InputError
from tests.runtime.fake_machines import HEAD, interpreter, machine, script, site_packages

VERSIONS = ("3.12", "3.13")
HERE = Path(sys.executable)


@pytest.fixture(autouse=True)
def no_memory():
    """What other tests found is forgotten."""
    forget_probes()


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A real environment with packages in every state of damage."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    contents = {
        "numpy": "__version__ = '9.8.7'\nprint('numpy greets the standard output')\n",
        "onnxruntime": "raise OSError('[WinError 1114] A dynamic link library initialization routine failed')\n",
        "torch": "import os, sys\nsys.stderr.write('cannot go on\\n')\nsys.stderr.flush()\nos.kill(os.getpid(), 11)\n",
        "slow": "import time\ntime.sleep(60)\n",
        "nothing_said": "",
    }
    for name, text in contents.items():
        (site_packages(folder) / f"{name}.py").write_text(text)
    return folder


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    return path


# Which interpreter runs the engine.


def test_what_was_chosen_comes_first(tmp_path):
    chosen, variable = touch(tmp_path / "one" / "python3"), touch(tmp_path / "two" / "python3")
    here = machine(tmp_path)
    given = {**here.variables, VARIABLE: str(variable)}
    there = machine(tmp_path, variables=given)
    assert find_engine("", here) is None
    managed = touch(managed_python(here))
    assert (find_engine("", here).path, find_engine("", here).source) == (managed, MANAGED)
    assert (find_engine("", there).path, find_engine("", there).source) == (variable, VARIABLE)
    assert (find_engine(f" {chosen} ", there).path, find_engine(str(chosen), there).source) == (chosen, CHOSEN)


def test_what_was_chosen_is_never_replaced(tmp_path):
    touch(managed_python(machine(tmp_path)))
    with pytest.raises(InputError, match=r"^INTERPRETER: there is no interpreter .*nowhere.*bin/python3"):
        find_engine(str(tmp_path / "nowhere"), machine(tmp_path))
    variables = {VARIABLE: str(tmp_path / "gone")}
    with pytest.raises(InputError, match=r"SATFUSION_PYTHON: there is no interpreter .*gone.*python\.exe"):
        find_engine("", machine(tmp_path, WINDOWS, variables=variables))


@pytest.mark.parametrize(
    ("system", "inside"), [("linux", "bin/python"), ("win32", "Scripts/python.exe"), ("win32", "python.exe")]
)
def test_the_folder_of_an_environment_will_do(tmp_path, system, inside):
    path = touch(tmp_path / "mine" / inside)
    assert find_engine(str(tmp_path / "mine"), machine(tmp_path, system)).path == path


def test_where_the_engine_lies(tmp_path):
    home = tmp_path / "home"
    expected = {
        ("linux", ""): home / ".local" / "share" / "satfusion" / "engine",
        ("linux", "XDG_DATA_HOME=relative"): home / ".local" / "share" / "satfusion" / "engine",
        ("linux", f"XDG_DATA_HOME={tmp_path}/data"): tmp_path / "data" / "satfusion" / "engine",
        (MACOS, f"XDG_DATA_HOME={tmp_path}/data"): home / "Library" / "Application Support" / "satfusion" / "engine",
        (WINDOWS, f"LOCALAPPDATA={tmp_path}/local"): tmp_path / "local" / "satfusion" / "engine",
        (WINDOWS, ""): home / "AppData" / "Local" / "satfusion" / "engine",
        (WINDOWS, f"SATFUSION_ENGINE_FOLDER={tmp_path}/own"): tmp_path / "own",
    }
    for (system, setting), folder in expected.items():
        variables = dict([setting.split("=")]) if setting else {}
        assert engine_folder(machine(tmp_path, system, variables=variables)) == folder
    assert managed_python(machine(tmp_path, WINDOWS)) == tmp_path / "engine" / "environment" / "Scripts" / "python.exe"


# Which interpreters can make its environment.


def test_candidates_on_linux(tmp_path):
    order = [
        touch(tmp_path / "prefix" / "bin" / "python3.11"),
        touch(tmp_path / "second" / "python3.11"),
        touch(tmp_path / "first" / "python3.12"),
        touch(tmp_path / "second" / "python3"),
    ]
    conda = [
        touch(tmp_path / "prefix" / "bin" / "python3"),
        touch(tmp_path / "home" / "miniconda3" / "bin" / "python3"),
    ]
    (tmp_path / "prefix" / "conda-meta").mkdir()
    variables = {"PATH": f"{tmp_path}/first:{tmp_path}/second:{tmp_path}/none"}
    found = candidates(machine(tmp_path, variables=variables), VERSIONS)
    assert [path for path in found if tmp_path in path.parents] == [*order, *conda]


def test_the_same_interpreter_is_not_tried_twice(tmp_path):
    real = touch(tmp_path / "first" / "python3.12")
    (tmp_path / "first" / "python3").symlink_to(real)
    found = candidates(machine(tmp_path, variables={"PATH": f"{tmp_path}/first"}), VERSIONS)
    assert [path for path in found if tmp_path in path.parents] == [real]


def test_candidates_on_windows(tmp_path):
    own = touch(tmp_path / "prefix" / "python.exe")
    local = touch(tmp_path / "local" / "Programs" / "Python" / "Python312" / "python.exe")
    everyone = touch(tmp_path / "programs" / "Python313" / "python.exe")
    touch(tmp_path / "local" / "Microsoft" / "WindowsApps" / "python.exe")
    on_path = touch(tmp_path / "tools" / "python.exe")
    touch(tmp_path / "qgis" / "qgis-bin.exe")
    variables = {
        "LOCALAPPDATA": f"{tmp_path}/local",
        "ProgramFiles": f"{tmp_path}/programs",
        "PATH": f"{tmp_path}/local/Microsoft/WindowsApps;{tmp_path}/qgis;{tmp_path}/tools",
    }
    found = candidates(machine(tmp_path, WINDOWS, variables=variables), VERSIONS)
    assert found == [own, local, everyone, on_path]


def test_candidates_on_macos_leave_apples_stub_alone(tmp_path, monkeypatch):
    stub = touch(tmp_path / "usr" / "python3")
    monkeypatch.setattr(interpreters, "_XCODE_STUB", Path(os.path.realpath(stub)))
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "python3").symlink_to(stub)
    bundle = touch(tmp_path / "home" / "Applications" / "QGIS-LTR.app" / "Contents" / "MacOS" / "bin" / "python3")
    brew = touch(tmp_path / "brew" / "python3.13")
    own = touch(tmp_path / "prefix" / "bin" / "python3")
    variables = {"PATH": f"{tmp_path}/usr:{tmp_path}/linked:{tmp_path}/brew"}
    found = candidates(machine(tmp_path, MACOS, variables=variables), VERSIONS)
    assert [path for path in found if tmp_path in path.parents] == [own, bundle, brew]


def test_the_stub_is_that_of_xcode():
    assert Path("/usr/bin/python3") == interpreters._XCODE_STUB


def test_this_machine_has_candidates():
    found = candidates(Machine(), VERSIONS)
    assert found and all(path.is_file() for path in found)


# What is in an interpreter.


def test_a_real_interpreter():
    found = probe(HERE, ("json", "no_such_package_here"))
    assert not found.problem
    assert found.version == sys.version_info[:3]
    assert found.prefix == sys.prefix
    assert found.bits == 64
    assert found.package("json") == Package("json", found.package("json").version, "")
    assert found.package("no_such_package_here").missing


def test_a_broken_package_is_named_and_does_not_hide_the_others(environment):
    found = probe(environment / "bin" / "python", ("numpy", "onnxruntime", "onnx"))
    assert found.package("numpy") == Package("numpy", "9.8.7")
    assert "WinError 1114" in found.package("onnxruntime").error
    assert not found.package("onnxruntime").missing
    assert found.package("onnx").missing
    said = problems_of(found, ("numpy", "onnxruntime"))
    assert len(said) == 1
    assert "onnxruntime cannot be imported" in said[0] and "Visual C++" in said[0]


def test_a_package_that_ends_the_interpreter_is_named(environment):
    found = probe(environment / "bin" / "python", ("numpy", "torch", "onnx"))
    assert found.package("numpy").version == "9.8.7"
    assert "ended the interpreter" in found.package("torch").error
    assert "signal 11" in found.package("torch").error and "cannot go on" in found.package("torch").error
    assert "not tried" in found.package("onnx").error


def test_a_package_that_never_comes_back_is_named(environment):
    began = time.monotonic()
    found = probe(environment / "bin" / "python", ("numpy", "slow"), time_limit_s=2)
    assert time.monotonic() - began < 10
    assert found.package("numpy").version == "9.8.7"
    assert "within 2 s" in found.package("slow").error


def test_a_package_without_a_version_is_a_problem_of_that_package(environment):
    assert "PackageNotFoundError" in probe(environment / "bin" / "python", ("nothing_said",)).packages[0].error


def test_a_needed_package_that_is_missing(environment):
    found = probe(environment / "bin" / "python", ("numpy", "onnx"))
    assert problems_of(found, ("numpy",)) == []
    assert "satfusion:engine_install" in problems_of(found, ("numpy", "onnx"))[0]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("echo 'no such library' >&2; exit 3", "no such library (exit status 3)"),
        ("kill -9 $$", "signal 9"),
        ("echo nonsense", "exit status 0"),
        ("echo '{\"other\": 1}'", "exit status 0"),
    ],
)
def test_what_is_no_interpreter(tmp_path, body, word):
    found = probe(script(tmp_path / "python3", body))
    assert word in found.problem and str(tmp_path / "python3") in found.problem
    assert problems_of(found, ()) == [found.problem]


def test_a_file_that_cannot_be_run(tmp_path):
    path = touch(tmp_path / "python3")
    assert "cannot be started" in probe(path).problem
    assert "cannot be started" in probe(tmp_path / "none").problem


def test_a_foreign_python_home_does_no_harm(tmp_path):
    variables = {**os.environ, "PYTHONHOME": str(tmp_path), "PYTHONPATH": str(tmp_path), "LD_PRELOAD": "/none.so"}
    (tmp_path / "json.py").write_text("raise ImportError('the wrong one')")
    assert not probe(HERE, ("json",), variables=variables).package("json").error


def test_findings_are_kept_until_something_changes(tmp_path):
    count, inside = tmp_path / "count", tmp_path / "inside"
    inside.mkdir()
    path = interpreter(tmp_path / "python3", then=f"echo x >> '{count}'", packages_in=[str(inside)])
    for _ in range(3):
        assert probe(path).version == tuple(HEAD["version"])
    assert count.read_text() == "x\n"
    probe(path, ("numpy",))
    assert count.read_text() == "x\n" * 2
    touch(inside / "new_package.py")
    os.utime(inside, (1, 1))
    probe(path)
    assert count.read_text() == "x\n" * 3
    os.utime(path, (1, 1))
    probe(path)
    assert count.read_text() == "x\n" * 4


def test_a_failed_probe_is_not_kept(tmp_path):
    path = script(tmp_path / "python3", "exit 1")
    assert probe(path).problem
    stamp = path.stat().st_mtime_ns
    interpreter(path)
    os.utime(path, ns=(stamp, stamp))
    assert not probe(path).problem


def test_cancelling_a_probe(tmp_path):
    path = script(tmp_path / "python3", "sleep 30")
    began = time.monotonic()
    with pytest.raises(Cancelled):
        probe(path, cancelled=lambda: time.monotonic() - began > 0.3)
    assert time.monotonic() - began < 5


def test_what_a_program_started_ends_with_it(tmp_path):
    mark = tmp_path / "alive"
    path = script(tmp_path / "parent", f"(sleep 2; touch '{mark}') &\nsleep 30")
    ended = run([str(path)], os.environ, time_limit_s=0.5)
    assert ended.timed_out and ended.code == -9
    time.sleep(2.5)
    assert not mark.exists()


def test_a_great_deal_of_output_and_errors(tmp_path):
    path = script(
        tmp_path / "loud", "i=0; while [ $i -lt 20000 ]; do echo line $i; echo error $i >&2; i=$((i+1)); done"
    )
    lines = []
    ended = run([str(path)], os.environ, lines.append, time_limit_s=60)
    assert (ended.code, len(lines)) == (0, 20000)
    assert ended.errors.endswith("error 19999") and len(ended.errors) <= 16384


def test_the_variables_of_a_child():
    base = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "PYTHONHOME": "x",
        "PYTHONPATH": "x",
        "PYTHONEXECUTABLE": "x",
        "VIRTUAL_ENV": "x",
        "QGIS_PREFIX_PATH": "x",
        "GDAL_DATA": "x",
        "GDAL_DRIVER_PATH": "x",
        "PROJ_LIB": "x",
        "PROJ_DATA": "x",
        "LD_LIBRARY_PATH": "x",
        "LD_PRELOAD": "x",
        "DYLD_LIBRARY_PATH": "x",
        "HTTPS_PROXY": "y",
    }
    kept = {"PATH": "/bin", "HOME": "/home/me", "HTTPS_PROXY": "y"}
    assert clean_environment(base) == {**kept, "PYTHONIOENCODING": "utf-8", "PYTHONSAFEPATH": "1"}
    assert "PYTHONHOME" in base


def test_all_packages_of_the_engine_are_probed():
    assert {"numpy", "onnxruntime", "torch", "lightning", "safetensors", "onnx"} == set(PACKAGES)
