"""Says what the engine can do: run in the engine's interpreter, by this file's path.

    PYTHON engine/check.py --json     one JSON object on the standard output, and nothing else there
    PYTHON engine/check.py            the same as a table

On every device the same small convolution is really computed, compared with numpy, and timed. What fails comes with
its error and what to do about it (`tasks/engine_advice.py`). While it works, lines that begin with "checking: " on the
standard error say what it is at, so that whoever started it knows at what a crash happened. At import only the
standard library is needed: a damaged environment is what this is for.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

FORMAT = 1
PACKAGES = ("numpy", "onnxruntime", "torch", "safetensors", "onnx", "lightning")
_CHANNELS, _SIDE = 8, 64  # of the convolution
_TOLERANCE = 1e-2  # of values near 1: GPUs may multiply with 10 bits (TF32)
_REPEATS = 5
_NO_COMPUTING = frozenset({"AzureExecutionProvider"})  # it would send data away
_PROVIDERS = {
    "CPUExecutionProvider": "cpu",
    "CUDAExecutionProvider": "cuda",
    "CoreMLExecutionProvider": "coreml",
    "DmlExecutionProvider": "directml",
    "OpenVINOExecutionProvider": "openvino",
    "ROCMExecutionProvider": "rocm",
    "TensorrtExecutionProvider": "tensorrt",
}


@dataclass
class Device:
    """One device of one runtime.

    Attributes:
        runtime: "torch" or "onnxruntime".
        device: "cpu", "cuda:0", "mps", "directml:0", "coreml", ...
        name: What the hardware is called; "" where it is not known.
        memory_free: Bytes; None where it is not known.
        memory_total: Bytes; None where it is not known.
        ok: Whether it computed the right numbers.
        milliseconds: Best time of one convolution; None when it failed.
        error: Why it failed.
        fix: What to do about it, in one sentence.
    """

    runtime: str
    device: str
    name: str = ""
    memory_free: Optional[int] = None
    memory_total: Optional[int] = None
    ok: bool = False
    milliseconds: Optional[float] = None
    error: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Gpu:
    """What the NVIDIA driver says of a GPU.

    Attributes:
        name: Its name.
        memory_free: Bytes.
        memory_total: Bytes.
    """

    name: str
    memory_free: int
    memory_total: int


@dataclass
class Check:
    """All that was found.

    Attributes:
        interpreter: File of the interpreter.
        python: Its version.
        system: Name and version of the system.
        packages: Name, version, error and fix of each package that was imported.
        devices: What the runtimes offer, each tried.
        problems: Error and fix of what hinders the engine or slows it down.
        ok: Whether networks can run: one device at least computes.
    """

    interpreter: str
    python: str
    system: str
    packages: list[dict[str, str]] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    ok: bool = False


def advice() -> ModuleType:
    """Return the module of advice, loaded by its place: the package itself need not be importable here."""
    path = Path(__file__).resolve().parents[1] / "tasks" / "engine_advice.py"
    spec = importlib.util.spec_from_file_location("satfusion_engine_advice", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def say(what: str) -> None:
    """Say what is being done, for whoever looks on, or looks for the reason of a crash."""
    sys.stderr.write(f"checking: {what}\n")
    sys.stderr.flush()


def text_of(error: BaseException) -> str:
    """Return an error in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:600]


def import_packages(names: Sequence[str]) -> tuple[dict[str, ModuleType], list[dict[str, str]]]:
    """Import packages.

    Returns:
        Those that can be imported by name, and what became of each.
    """
    modules, told = {}, []
    words = advice()
    for name in names:
        say(name)
        entry = {"name": name, "version": "", "error": "", "fix": ""}
        try:
            modules[name] = importlib.import_module(name)
            entry["version"] = str(getattr(modules[name], "__version__", "unknown"))
        except BaseException as error:  # whatever a damaged package raises
            entry["error"] = text_of(error)
            missing = isinstance(error, ModuleNotFoundError) and error.name == name
            entry["fix"] = words.ADVICE["missing"] if missing else words.advice_on(entry["error"])
        told.append(entry)
    return modules, told


def is_missing(entry: dict[str, str]) -> bool:
    """Tell whether a package is not there at all."""
    return entry["error"] == f"ModuleNotFoundError: No module named '{entry['name']}'"


def processor_name(listed: Path = Path("/proc/cpuinfo")) -> str:
    """Return what the processor is called, as far as the system says."""
    with contextlib.suppress(OSError):
        found = re.search(
            r"^model name\s*:\s*(.+)$", listed.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
        )
        if found:
            return found.group(1).strip()
    return platform.processor() or platform.machine()


def nvidia_gpus() -> list[Gpu]:
    """Return what the NVIDIA driver lists; nothing where there is no driver."""
    command = ["nvidia-smi", "--query-gpu=name,memory.free,memory.total", "--format=csv,noheader,nounits"]
    try:
        # The driver's own program, without a shell; on Windows it lies in a folder of the system.
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # nosec B603
    except (OSError, subprocess.SubprocessError):
        return []
    return parse_gpus(done.stdout) if done.returncode == 0 else []


def parse_gpus(lines: str) -> list[Gpu]:
    """Return the GPUs in the driver's answer: name, free and total memory in MiB, separated by commas."""
    found = []
    for line in lines.splitlines():
        parts = [part.strip() for part in line.rsplit(",", 2)]
        if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
            found.append(Gpu(parts[0], int(parts[1]) << 20, int(parts[2]) << 20))
    return found


class Convolution:
    """The small computation: 8 channels of 64 x 64 pixels, 3 x 3 pixels wide, zeros around.

    Args:
        numpy: The module.
    """

    def __init__(self, numpy: Any) -> None:
        rng = numpy.random.default_rng(0)
        self.numpy = numpy
        self.image = rng.random((1, _CHANNELS, _SIDE, _SIDE), dtype=numpy.float32)
        self.weights = (rng.random((_CHANNELS, _CHANNELS, 3, 3), dtype=numpy.float32) - 0.5) / _CHANNELS
        padded = numpy.pad(self.image[0].astype(numpy.float64), ((0, 0), (1, 1), (1, 1)))
        truth = numpy.zeros((_CHANNELS, _SIDE, _SIDE))
        for row in range(3):
            for column in range(3):
                shifted = padded[:, row : row + _SIDE, column : column + _SIDE]
                truth += numpy.tensordot(self.weights[:, :, row, column].astype(numpy.float64), shifted, 1)
        self.truth = truth

    def try_on(self, device: Device, compute: Callable[[], Any]) -> None:
        """Compute on a device, compare and time; what was found is written into `device`.

        Args:
            device: The device.
            compute: Computes there, and returns an array [1, channels, rows, columns].
        """
        say(f"{device.runtime} on {device.device}")
        try:
            found = self.numpy.asarray(compute())[0]
            worst = float(self.numpy.max(self.numpy.abs(found - self.truth)))
            if not worst <= _TOLERANCE:
                raise ArithmeticError(f"wrong numbers: off by {worst:.3g}")
            times = []
            for _ in range(_REPEATS):
                began = time.perf_counter()
                compute()
                times.append(time.perf_counter() - began)
            device.milliseconds = round(1000 * min(times), 3)
            device.ok = True
        except Exception as error:  # whatever a driver raises
            failed(device, text_of(error))


def failed(device: Device, error: str) -> None:
    """Write down why a device failed, and what to do."""
    device.error = error
    device.fix = advice().advice_on(error)


def torch_devices(torch: Any, work: Convolution, gpus: Sequence[Gpu]) -> list[Device]:
    """Try all devices of torch.

    Args:
        torch: The module.
        work: What to compute.
        gpus: What the NVIDIA driver lists.
    """
    found = [Device("torch", "cpu", processor_name())]
    found += _torch_cuda(torch, gpus)
    mps = getattr(getattr(torch, "backends", None), "mps", None)
    if mps is not None and mps.is_available():
        found.append(Device("torch", "mps", "Apple GPU"))
    for device in found:
        if not device.error:
            work.try_on(device, _torch_convolution(torch, work, device.device))
    return found


def _torch_cuda(torch: Any, gpus: Sequence[Gpu]) -> list[Device]:
    if torch.cuda.is_available():
        return [_cuda_device(torch, number) for number in range(torch.cuda.device_count())]
    made = []
    for number, gpu in enumerate(gpus):
        device = Device("torch", f"cuda:{number}", gpu.name, gpu.memory_free, gpu.memory_total)
        if torch.version.cuda is None:
            device.error = "the installed torch is made for the CPU only"
            device.fix = advice().ADVICE["cpu_build"]
        else:
            try:
                torch.cuda.init()
                failed(device, "torch does not list this GPU")
            except Exception as error:  # it says why there is none
                failed(device, text_of(error))
        made.append(device)
    return made


def _cuda_device(torch: Any, number: int) -> Device:
    device = Device("torch", f"cuda:{number}")
    try:
        device.name = torch.cuda.get_device_name(number)
        device.memory_free, device.memory_total = (int(count) for count in torch.cuda.mem_get_info(number))
    except Exception as error:
        failed(device, text_of(error))
    return device


def _torch_convolution(torch: Any, work: Convolution, where: str) -> Callable[[], Any]:
    def compute() -> Any:
        with torch.inference_mode():
            image, weights = (torch.from_numpy(array).to(where) for array in (work.image, work.weights))
            return torch.nn.functional.conv2d(image, weights, padding=1).cpu().numpy()

    return compute


def onnxruntime_devices(onnxruntime: Any, work: Convolution, gpus: Sequence[Gpu]) -> list[Device]:
    """Try all providers of ONNX Runtime, CUDA on each GPU.

    Args:
        onnxruntime: The module.
        work: What to compute.
        gpus: What the NVIDIA driver lists.
    """
    found = []
    model = convolution_model()
    preload = getattr(onnxruntime, "preload_dlls", None)
    offered = [name for name in onnxruntime.get_available_providers() if name not in _NO_COMPUTING]
    if preload is not None and "CUDAExecutionProvider" in offered:
        with _quiet_errors(), contextlib.suppress(Exception):
            preload()  # finds the libraries of CUDA and cuDNN that were installed as packages
    for provider in offered:
        several = provider == "CUDAExecutionProvider" and len(gpus) > 0
        for number in range(len(gpus) if several else 1):
            device = Device("onnxruntime", _device_name(provider, number))
            if provider == "CPUExecutionProvider":
                device.name = processor_name()
            if several:
                gpu = gpus[number]
                device.name, device.memory_free, device.memory_total = gpu.name, gpu.memory_free, gpu.memory_total
            work.try_on(device, _onnx_convolution(onnxruntime, work, model, provider, number if several else None))
            found.append(device)
    if gpus and "CUDAExecutionProvider" not in offered and "DmlExecutionProvider" not in offered:
        gpu = gpus[0]
        device = Device("onnxruntime", "cuda:0", gpu.name, gpu.memory_free, gpu.memory_total)
        device.error = "the installed ONNX Runtime is made for the CPU only"
        device.fix = advice().ADVICE["cpu_build"]
        found.append(device)
    return found


def _device_name(provider: str, number: int) -> str:
    known = _PROVIDERS.get(provider, provider)
    return f"{known}:{number}" if known in ("cuda", "directml", "rocm", "tensorrt") else known


def _onnx_convolution(
    onnxruntime: Any, work: Convolution, model: bytes, provider: str, number: Optional[int]
) -> Callable[[], Any]:
    sessions: list[Any] = []

    def compute() -> Any:
        if not sessions:
            sessions.append(_session(onnxruntime, model, provider, number))
        return sessions[0].run(["y"], {"x": work.image, "w": work.weights})[0]

    return compute


def _session(onnxruntime: Any, model: bytes, provider: str, number: Optional[int]) -> Any:
    """Return a session on a provider; ONNX Runtime itself would take the CPU, and say so on the standard error only."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    wanted = provider if number is None else (provider, {"device_id": str(number)})
    with _quiet_errors() as said:
        session = onnxruntime.InferenceSession(model, options, providers=[wanted])
    used = session.get_providers()
    if provider not in used:
        reason = re.sub(r"\x1b\[[\d;]*m", "", said())
        lines = [line for line in reason.splitlines() if line.strip()]
        raise RuntimeError(f"ONNX Runtime fell back to the CPU. {' '.join(lines)[-400:]}".strip())
    return session


@contextlib.contextmanager
def _quiet_errors() -> Iterator[Callable[[], str]]:
    """Catch what libraries write to the standard error; what it yields returns it afterwards."""
    kept = os.dup(2)
    text = ""
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield lambda: text
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            caught.seek(0)
            text = caught.read().decode("utf-8", "replace")


def convolution_model() -> bytes:
    """Return the convolution as an ONNX model (opset 13), written by hand: the package onnx may not be there.

    The numbers of the fields are those of onnx.proto (ONNX 1.x). Inputs x [1, 8, 64, 64] and w [8, 8, 3, 3], output y.
    """
    pads = _field(1, b"pads") + b"".join(_number(8, 1) for _ in range(4)) + _number(20, 7)
    node = _field(1, b"x") + _field(1, b"w") + _field(2, b"y") + _field(4, b"Conv") + _field(5, pads)
    image, weights = (1, _CHANNELS, _SIDE, _SIDE), (_CHANNELS, _CHANNELS, 3, 3)
    ports = _field(11, _port(b"x", image)) + _field(11, _port(b"w", weights)) + _field(12, _port(b"y", image))
    graph = _field(1, node) + _field(2, b"check") + ports
    return _number(1, 7) + _field(7, graph) + _field(8, _field(1, b"") + _number(2, 13))


def _port(name: bytes, shape: Sequence[int]) -> bytes:
    dimensions = b"".join(_field(1, _number(1, length)) for length in shape)
    tensor = _number(1, 1) + _field(2, dimensions)  # 1: 32-bit floats
    return _field(1, name) + _field(2, _field(1, tensor))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def check() -> Check:
    """Import, compute and judge."""
    made = Check(sys.executable, platform.python_version(), platform.platform())
    # torch first: on Windows ONNX Runtime then finds the libraries of CUDA that come with it.
    order = ("numpy", "torch", *(name for name in PACKAGES if name not in ("numpy", "torch")))
    modules, told = import_packages(order)
    made.packages = sorted(told, key=lambda entry: PACKAGES.index(entry["name"]))
    words = advice()
    if "numpy" in modules:
        work, gpus = Convolution(modules["numpy"]), nvidia_gpus()
        for name, tried in (("torch", torch_devices), ("onnxruntime", onnxruntime_devices)):
            if name in modules:
                made.devices += _tried(name, tried, modules[name], work, gpus)
    made.ok = any(device.ok for device in made.devices)
    for entry in made.packages:
        if entry["error"] and not is_missing(entry):
            made.problems.append({"subject": entry["name"], "error": entry["error"], "fix": entry["fix"]})
    missing = {entry["name"] for entry in made.packages if is_missing(entry)}
    if "numpy" in missing:
        made.problems.append(
            {"subject": "numpy", "error": "numpy is not installed", "fix": words.ADVICE["numpy_missing"]}
        )
    if {"torch", "onnxruntime"} <= missing:
        error = "neither onnxruntime nor torch is installed"
        made.problems.append({"subject": "onnxruntime", "error": error, "fix": words.ADVICE["runtime_missing"]})
    for device in made.devices:
        if device.error:
            subject = f"{device.runtime} on {device.device}"
            made.problems.append({"subject": subject, "error": device.error, "fix": device.fix})
    return made


def _tried(
    name: str, tried: Callable[[Any, Convolution, Sequence[Gpu]], list[Device]], module: Any, work: Any, gpus: Any
) -> list[Device]:
    """Try a runtime's devices; one that cannot even list them is a device that failed."""
    try:
        return tried(module, work, gpus)
    except Exception as error:
        device = Device(name, "cpu")
        failed(device, text_of(error))
        return [device]


def as_table(made: Check) -> str:
    """Return what was found for a person to read."""
    lines = [f"interpreter  {made.interpreter}", f"Python       {made.python}", f"system       {made.system}"]
    lines += [f"{entry['name']:<12} {entry['version'] or entry['error']}" for entry in made.packages]
    for device in made.devices:
        result = f"{device.milliseconds} ms" if device.ok else device.error
        lines.append(f"{device.runtime:<12} {device.device:<10} {device.name}  {result}")
    lines += [f"! {problem['subject']}: {problem['error']} {problem['fix']}" for problem in made.problems]
    return "\n".join([*lines, "The engine works." if made.ok else "The engine does not work."])


def main(arguments: Sequence[str]) -> int:
    """Write what was found to the standard output.

    Returns:
        The exit status: 0 when networks can run.
    """
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print does not get between
    here = Path(__file__).resolve().parent
    sys.path[:] = [place for place in sys.path if Path(place).resolve() != here]  # its folders are no packages
    made = check()
    stream.write(json.dumps({"format": FORMAT, **asdict(made)}) if "--json" in arguments else as_table(made))
    stream.write("\n")
    stream.flush()
    return 0 if made.ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
