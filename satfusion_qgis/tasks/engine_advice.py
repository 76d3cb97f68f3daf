"""What to do about an engine that does not work: one sentence for each kind of failure, found by the error's text.

Standard library only and loaded by path from `engine/check.py`, so that it also works in a broken interpreter.
The algorithms are named by their ids, by which the toolbox's search finds them in every language.
"""

from __future__ import annotations

import re

ADVICE = {
    "missing": "Install the engine with satfusion:engine_install.",
    "numpy_missing": "Install the engine again with satfusion:engine_install: it needs numpy.",
    "runtime_missing": "Install the engine again with satfusion:engine_install: it needs onnxruntime or torch.",
    "broken_package": "Install the engine again with satfusion:engine_install and REINSTALL: a package is damaged.",
    "numpy_abi": (
        "Install the engine again with satfusion:engine_install and REINSTALL: its numpy does not fit the other "
        "packages."
    ),
    "windows_library": (
        "Install the Microsoft Visual C++ Redistributable (2015-2022, x64), restart Windows, and check again."
    ),
    "blocked": (
        "Ask who looks after this computer to allow programs in the engine's folder, or set SATFUSION_ENGINE_FOLDER to "
        "a folder where they are allowed."
    ),
    "old_system": (
        "Take an older Python for the engine (INTERPRETER of satfusion:engine_install): its packages are made for "
        "systems as old as this one."
    ),
    "old_processor": (
        "Take another computer, or an INTERPRETER whose packages were built for this processor: it lacks instructions "
        "that the engine's packages use."
    ),
    "cuda_driver": "Update the NVIDIA driver, and check again; until then choose DEVICE=cpu.",
    "cuda_none": "Install the NVIDIA driver if there is an NVIDIA GPU; otherwise choose DEVICE=cpu.",
    "cuda_library": (
        "Install the engine again with satfusion:engine_install, DEVICE=gpu and REINSTALL: libraries of CUDA or cuDNN "
        "are missing."
    ),
    "gpu_unsupported": "Choose DEVICE=cpu: the installed packages were not made for this GPU.",
    "gpu_memory": "Close other programs that use the GPU, and check again; until then choose DEVICE=cpu.",
    "cpu_build": "Install the engine again with satfusion:engine_install and DEVICE=gpu to use this GPU.",
    "wrong_result": "Choose DEVICE=cpu and update the driver: the device computes wrong numbers.",
    "stopped": (
        "Install the engine again with satfusion:engine_install and REINSTALL; if it stops again, choose DEVICE=cpu."
    ),
    "slow": "Check again when the computer has less to do; a scan for viruses can make the first start very slow.",
    "unknown": "Install the engine again with satfusion:engine_install and REINSTALL, or name another INTERPRETER.",
}

# The first pattern that is found in an error decides.
_PATTERNS = (
    (r"out of memory|CUBLAS_STATUS_ALLOC_FAILED|Failed to allocate memory", "gpu_memory"),
    (r"driver version is insufficient|driver on your system is too old|CUDA driver version", "cuda_driver"),
    (r"no CUDA-capable device|Found no NVIDIA driver|No NVIDIA GPU|no NVIDIA driver", "cuda_none"),
    (r"no kernel image|not compatible with the current PyTorch|compute capability", "gpu_unsupported"),
    (r"providers_cuda|libcu\w+\.so|cudnn|cublas|cufft|cudart|CUDA_PATH|fell back to the CPU", "cuda_library"),
    (
        r"compiled using NumPy 1|_ARRAY_API not found|numpy\.dtype size changed|multiarray failed to import",
        "numpy_abi",
    ),
    (r"WinError (5|1260)\b|blocked by (group policy|your administrator)|AppLocker", "blocked"),
    (r"WinError (1114|126|127|193)\b|DLL load failed|vcruntime|msvcp", "windows_library"),
    (r"GLIBC(XX)?_[\d.]+|Symbol not found|built for (newer )?macOS", "old_system"),
    (r"illegal instruction|signal 4\b|-1073741795|SIGILL", "old_processor"),
    (r"wrong numbers", "wrong_result"),
    (
        r"No module named|cannot import name|undefined symbol|partially initialized|invalid ELF|file too short",
        "broken_package",
    ),
)


def kind_of(error: str) -> str:
    """Return the kind of a failure, a key of `ADVICE`, by the text of its error."""
    for pattern, kind in _PATTERNS:
        if re.search(pattern, error, re.IGNORECASE):
            return kind
    return "unknown"


def advice_on(error: str) -> str:
    """Return what to do about a failure, in one sentence, by the text of its error."""
    return ADVICE[kind_of(error)]
