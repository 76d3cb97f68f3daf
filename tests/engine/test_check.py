"""The engine's check, really run in the engine's interpreter; GPUs are faked by modules that compute with numpy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch", reason="the engine's interpreter is needed")
numpy = pytest.importorskip("numpy")
onnxruntime = pytest.importorskip("onnxruntime")

from satfusion_qgis.engine import check  # noqa: E402
from satfusion_qgis.engine.check import Convolution, Device, Gpu  # noqa: E402

PROGRAM = Path(check.__file__)
GIB = 2**30
GPUS = [Gpu("First card", 5 * GIB, 8 * GIB), Gpu("Second card", 20 * GIB, 24 * GIB)]


@pytest.fixture(scope="module")
def work():
    return Convolution(numpy)


def run(*arguments, **variables):
    return subprocess.run(
        [sys.executable, str(PROGRAM), *arguments],
        env={**os.environ, "OMP_NUM_THREADS": "1", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


# In earnest.


@pytest.fixture(scope="module")
def answer():
    """What the program says here."""
    done = run("--json")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    return SimpleNamespace(found=json.loads(done.stdout), errors=done.stderr)


def test_the_processor_really_computes(answer):
    devices = {(item["runtime"], item["device"]): item for item in answer.found["devices"]}
    for runtime in ("torch", "onnxruntime"):
        device = devices[runtime, "cpu"]
        assert device["ok"] and device["error"] == "" and 0 < device["milliseconds"] < 1000
    assert answer.found["ok"] is True


def test_versions_are_those_of_the_packages(answer):
    versions = {entry["name"]: entry["version"] for entry in answer.found["packages"]}
    assert versions["torch"] == torch.__version__
    assert versions["numpy"] == numpy.__version__
    assert versions["onnxruntime"] == onnxruntime.__version__
    assert answer.found["interpreter"] == sys.executable
    assert answer.found["python"] == ".".join(map(str, sys.version_info[:3]))


def test_it_says_what_it_is_at(answer):
    steps = [line[10:] for line in answer.errors.splitlines() if line.startswith("checking: ")]
    assert steps.index("numpy") < steps.index("torch") < steps.index("onnxruntime") < steps.index("torch on cpu")


def test_a_table_for_people(answer):
    done = run()
    assert "The engine works." in done.stdout
    assert f"torch        {torch.__version__}" in done.stdout


def test_packages_that_write_to_the_standard_output_do_no_harm(tmp_path):
    (tmp_path / "safetensors.py").write_text("print('hello'); import os; os.write(1, b'there'); __version__ = '1'\n")
    done = run("--json", PYTHONPATH=str(tmp_path))
    assert json.loads(done.stdout)["ok"] is True


def test_damaged_packages_are_named_with_what_to_do(tmp_path):
    (tmp_path / "torch.py").write_text("raise OSError('[WinError 126] c10.dll or one of its dependencies')\n")
    (tmp_path / "onnx.py").write_text("import no_such_module_of_onnx\n")
    done = run("--json", PYTHONPATH=str(tmp_path))
    found = json.loads(done.stdout)
    problems = {item["subject"]: item for item in found["problems"]}
    assert found["ok"] is True  # ONNX Runtime still works
    assert "WinError 126" in problems["torch"]["error"] and "Visual C++" in problems["torch"]["fix"]
    assert "no_such_module_of_onnx" in problems["onnx"]["error"] and "damaged" in problems["onnx"]["fix"]
    assert [device["runtime"] for device in found["devices"]] == ["onnxruntime"]


def test_an_interpreter_without_packages():
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), "--json"], capture_output=True, text=True, timeout=60, check=False
    )
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["ok"] is False and found["devices"] == []
    said = {item["subject"]: item["fix"] for item in found["problems"]}
    assert "needs numpy" in said["numpy"] and "onnxruntime or torch" in said["onnxruntime"]


# The model that is written by hand.


def test_the_model_is_a_convolution(work):
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(check.convolution_model())
    onnx.checker.check_model(model, full_check=True)
    assert [node.op_type for node in model.graph.node] == ["Conv"]
    assert list(model.graph.node[0].attribute[0].ints) == [1, 1, 1, 1]


def test_the_truth_is_that_of_torch(work):
    image, weights = torch.from_numpy(work.image).double(), torch.from_numpy(work.weights).double()
    expected = torch.nn.functional.conv2d(image, weights, padding=1)[0].numpy()
    assert numpy.abs(work.truth - expected).max() < 1e-12
    assert 0.1 < numpy.abs(expected).max() < 10


def test_wrong_numbers_are_found(work):
    for wrong in (work.truth[None] * 1.1, work.truth[None] + 0.1, work.truth[None] * numpy.nan, work.truth[None, ::-1]):
        device = Device("torch", "cuda:0")
        work.try_on(device, lambda wrong=wrong: wrong)
        assert not device.ok and "wrong numbers" in device.error and device.milliseconds is None
        assert "DEVICE=cpu" in device.fix


def test_what_the_driver_says():
    lines = "NVIDIA RTX A4000, 15000, 16376\nTesla V100, with a comma, 1, 2\n\nfailed to read\n"
    assert check.parse_gpus(lines) == [
        Gpu("NVIDIA RTX A4000", 15000 << 20, 16376 << 20),
        Gpu("Tesla V100, with a comma", 1 << 20, 2 << 20),
    ]


def test_what_the_processor_is_called(tmp_path):
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name\t: A fast one @ 3 GHz\nflags : fpu\n")
    assert check.processor_name(tmp_path / "cpuinfo") == "A fast one @ 3 GHz"
    assert check.processor_name(tmp_path / "none")


# Faked devices.


class FakeCuda:
    def __init__(self, count=0, broken=(), reason="Found no NVIDIA driver on your system"):
        self.count, self.broken, self.reason = count, broken, reason

    def is_available(self):
        return self.count > 0

    def device_count(self):
        return self.count

    def get_device_name(self, number):
        return GPUS[number].name

    def mem_get_info(self, number):
        if number in self.broken:
            raise RuntimeError("CUDA error: out of memory")
        return GPUS[number].memory_free, GPUS[number].memory_total

    def init(self):
        raise RuntimeError(self.reason)


class OnProcessor:
    """A tensor that says it is elsewhere, and is not."""

    def __init__(self, tensor):
        self.tensor = tensor

    def to(self, where):
        return self

    def cpu(self):
        return self.tensor


def fake_torch(cuda, mps=False, version="13.0"):
    def conv2d(image, weights, padding):
        return OnProcessor(torch.nn.functional.conv2d(image.tensor, weights.tensor, padding=padding))

    return SimpleNamespace(
        cuda=cuda,
        version=SimpleNamespace(cuda=version),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
        inference_mode=torch.inference_mode,
        from_numpy=lambda array: OnProcessor(torch.from_numpy(array)),
        nn=SimpleNamespace(functional=SimpleNamespace(conv2d=conv2d)),
    )


def test_two_gpus_with_their_memory(work):
    found = check.torch_devices(fake_torch(FakeCuda(2)), work, GPUS)
    assert [device.device for device in found] == ["cpu", "cuda:0", "cuda:1"]
    assert [device.name for device in found[1:]] == ["First card", "Second card"]
    assert (found[2].memory_free, found[2].memory_total) == (20 * GIB, 24 * GIB)
    assert all(device.ok for device in found)


def test_a_gpu_that_is_full(work):
    found = check.torch_devices(fake_torch(FakeCuda(2, broken=(0,))), work, GPUS)
    assert [device.ok for device in found] == [True, False, True]
    assert "out of memory" in found[1].error and "Close other programs" in found[1].fix


def test_torch_for_the_processor_beside_a_gpu(work):
    found = check.torch_devices(fake_torch(FakeCuda(), version=None), work, GPUS[:1])
    assert [device.device for device in found] == ["cpu", "cuda:0"]
    assert not found[1].ok and "CPU only" in found[1].error and "DEVICE=gpu" in found[1].fix


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("The NVIDIA driver on your system is too old (found version 11040).", "Update the NVIDIA driver"),
        ("Found no NVIDIA driver on your system.", "Install the NVIDIA driver"),
    ],
)
def test_why_torch_sees_no_gpu(work, reason, word):
    found = check.torch_devices(fake_torch(FakeCuda(reason=reason)), work, GPUS[:1])
    assert not found[1].ok and word in found[1].fix


def test_no_gpu_is_no_problem(work):
    assert [device.device for device in check.torch_devices(fake_torch(FakeCuda(), version=None), work, [])] == ["cpu"]


def test_apples_gpu(work):
    found = check.torch_devices(fake_torch(FakeCuda(), mps=True), work, [])
    assert [(device.device, device.ok) for device in found] == [("cpu", True), ("mps", True)]


class FakeRuntime:
    """ONNX Runtime with providers that it does not have: sessions compute on the processor."""

    def __init__(self, offered, failing=(), falling=(), noise=""):
        self.offered, self.failing, self.falling, self.noise = offered, failing, falling, noise
        self.opened, self.preloaded = [], False
        self.SessionOptions = onnxruntime.SessionOptions

    def get_available_providers(self):
        return self.offered

    def preload_dlls(self):
        self.preloaded = True

    def InferenceSession(self, model, options, providers):
        self.opened.append(providers[0])
        name = providers[0] if isinstance(providers[0], str) else providers[0][0]
        if name in self.failing:
            raise RuntimeError("no kernel image is available for execution on the device")
        os.write(2, self.noise.encode())
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        used = ["CPUExecutionProvider"] if name in self.falling else [name, "CPUExecutionProvider"]
        return SimpleNamespace(run=session.run, get_providers=lambda: used)


def test_providers_are_tried_on_every_gpu(work):
    fake = FakeRuntime(["CUDAExecutionProvider", "AzureExecutionProvider", "CPUExecutionProvider"])
    found = check.onnxruntime_devices(fake, work, GPUS)
    assert [device.device for device in found] == ["cuda:0", "cuda:1", "cpu"]
    assert fake.opened == [
        ("CUDAExecutionProvider", {"device_id": "0"}),
        ("CUDAExecutionProvider", {"device_id": "1"}),
        "CPUExecutionProvider",
    ]
    assert found[1].name == "Second card" and found[1].memory_total == 24 * GIB
    assert fake.preloaded and all(device.ok for device in found)


@pytest.mark.parametrize(
    ("provider", "device"),
    [
        ("DmlExecutionProvider", "directml:0"),
        ("CoreMLExecutionProvider", "coreml"),
        ("OpenVINOExecutionProvider", "openvino"),
    ],
)
def test_other_providers(work, provider, device):
    found = check.onnxruntime_devices(FakeRuntime([provider, "CPUExecutionProvider"]), work, [])
    assert [(item.device, item.ok) for item in found] == [(device, True), ("cpu", True)]


def test_a_silent_fall_back_to_the_processor_is_a_failure(work):
    noise = (
        "\x1b[1;31m[E:onnxruntime] Failed to load libonnxruntime_providers_cuda.so: libcudnn.so.9: cannot open\x1b[m\n"
    )
    fake = FakeRuntime(
        ["CUDAExecutionProvider", "CPUExecutionProvider"], falling=["CUDAExecutionProvider"], noise=noise
    )
    found = check.onnxruntime_devices(fake, work, GPUS[:1])
    assert [device.ok for device in found] == [False, True]
    assert "fell back to the CPU" in found[0].error and "libcudnn.so.9" in found[0].error
    assert "\x1b" not in found[0].error
    assert "DEVICE=gpu" in found[0].fix


def test_a_provider_that_fails(work):
    fake = FakeRuntime(["CUDAExecutionProvider", "CPUExecutionProvider"], failing=["CUDAExecutionProvider"])
    found = check.onnxruntime_devices(fake, work, GPUS[:1])
    assert not found[0].ok and "not made for this GPU" in found[0].fix and found[1].ok


def test_a_runtime_for_the_processor_beside_a_gpu(work):
    found = check.onnxruntime_devices(FakeRuntime(["CPUExecutionProvider"]), work, GPUS)
    assert [(device.device, device.ok) for device in found] == [("cpu", True), ("cuda:0", False)]
    assert "DEVICE=gpu" in found[1].fix


def test_the_standard_error_comes_back(work, capfd):
    with check._quiet_errors() as said:
        os.write(2, b"hidden")
    os.write(2, b"shown")
    assert said() == "hidden"
    assert capfd.readouterr().err == "shown"


# What is advised.


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ImportError: DLL load failed while importing onnxruntime_pybind11_state", "windows_library"),
        ("OSError: [WinError 1114] A DLL initialization routine failed", "windows_library"),
        ("OSError: [WinError 1260] blocked by group policy", "blocked"),
        ("ImportError: /lib64/libm.so.6: version `GLIBC_2.27' not found", "old_system"),
        ("A module that was compiled using NumPy 1.x cannot be run in NumPy 2.4.6", "numpy_abi"),
        ("it was ended by signal 4", "old_processor"),
        ("RuntimeError: CUDA error: no kernel image is available", "gpu_unsupported"),
        ("torch.cuda.OutOfMemoryError: CUDA out of memory.", "gpu_memory"),
        ("RuntimeError: The NVIDIA driver on your system is too old", "cuda_driver"),
        ("Failed to load library libonnxruntime_providers_cuda.so", "cuda_library"),
        ("ModuleNotFoundError: No module named 'torch._C'", "broken_package"),
        ("something else", "unknown"),
    ],
)
def test_errors_have_their_advice(error, kind):
    assert check.advice().kind_of(error) == kind
    sentence = check.advice().advice_on(error)
    assert sentence.endswith(".") and "\n" not in sentence and sentence.count(". ") == 0
