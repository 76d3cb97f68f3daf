"""What the user set for the engine in QGIS's options, as plain values.

The settings lie under "satfusion/" in QGIS's own: interpreter, device, threads, models_folder. They are read here and
passed down; nothing below this floor knows of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from qgis.core import QgsSettings

from ..runtime.settings import EngineSettings
from ..tasks.errors import InputError
from .texts import tr

DEVICES = ("auto", "cpu", "cuda", "mps", "directml")
MOST_THREADS = 256
_PREFIX = "satfusion"
_DEVICE = re.compile(r"auto|cpu|mps|coreml|openvino|(cuda|directml)(:\d+)?")
_SCHEMES = {"HttpProxy": "http", "HttpCachingProxy": "http", "DefaultProxy": "http", "Socks5Proxy": "socks5"}


def chosen() -> EngineSettings:
    """Return where networks run, and where the user's models lie."""
    return EngineSettings(
        *(Path(text).expanduser() if text else None for text in (interpreter(), models_folder())),
    )


def interpreter() -> str:
    """Return the Python to run the engine in; "" for that of `SATFUSION_PYTHON` or of the managed environment."""
    return _text("interpreter")


def device() -> str:
    """Return where networks run: "auto", "cpu", "cuda", "cuda:1", "mps", ..."""
    found = _text("device").lower() or "auto"
    return found if _DEVICE.fullmatch(found) else "auto"


def threads() -> int:
    """Return how many processor cores networks use; 0 for all."""
    text = _text("threads")
    return min(int(text), MOST_THREADS) if text.isdigit() else 0


def models_folder() -> str:
    """Return the folder of the user's models; "" for the usual place."""
    return _text("models_folder")


def store(name: str, value: str) -> None:
    """Keep a setting; an empty one is forgotten.

    Args:
        name: "interpreter", "device", "threads" or "models_folder".
        value: Its text.

    Raises:
        InputError: It is no device or no number of threads.
    """
    text = value.strip()
    if name == "device" and text and not _DEVICE.fullmatch(text.lower()):
        raise InputError(tr("The device must be one of {}, not {}.").format("auto, cpu, cuda, cuda:1, mps", text))
    if name == "threads" and text and not text.isdigit():
        raise InputError(tr("The number of threads must be a whole number, not {}.").format(text))
    if text:
        QgsSettings().setValue(f"{_PREFIX}/{name}", text)
    else:
        QgsSettings().remove(f"{_PREFIX}/{name}")


def _text(name: str) -> str:
    return str(QgsSettings().value(f"{_PREFIX}/{name}", "") or "").strip()


def proxy() -> dict[str, str]:
    """Return QGIS's proxy as the environment variables that pip knows; empty where none is set."""
    settings = QgsSettings()
    if str(settings.value("proxy/proxyEnabled", "false")).lower() not in ("true", "1"):
        return {}
    host = str(settings.value("proxy/proxyHost", "") or "").strip()
    if not host:
        return {}
    port = str(settings.value("proxy/proxyPort", "") or "").strip()
    user = str(settings.value("proxy/proxyUser", "") or "")
    secret = str(settings.value("proxy/proxyPassword", "") or "")
    scheme = _SCHEMES.get(str(settings.value("proxy/proxyType", "HttpProxy")), "http")
    login = f"{quote(user, safe='')}:{quote(secret, safe='')}@" if user else ""
    address = f"{scheme}://{login}{host}{':' + port if port else ''}"
    found = {"HTTPS_PROXY": address, "HTTP_PROXY": address}
    spared = settings.value("proxy/noProxyUrls", None) or settings.value("proxy/proxyExcludedUrls", None) or []
    names = spared.split("|") if isinstance(spared, str) else list(spared)
    hosts = [re.sub(r"^\w+://|/.*$", "", str(name)) for name in names if str(name).strip()]
    return {**found, "NO_PROXY": ",".join(hosts)} if hosts else found
