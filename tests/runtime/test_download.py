"""Downloads: over TLS alone, checked, taken up again, within a size, cancelled; and models made of them."""

from __future__ import annotations

import hashlib
import http.server
import json
import shutil
import ssl
import subprocess
import threading
import time
from types import SimpleNamespace

import pytest

from satfusion_qgis.inference.library import ModelLibrary
from satfusion_qgis.runtime import download, model_download
from satfusion_qgis.runtime.download import Downloader, Wanted
from satfusion_qgis.runtime.model_download import Source, download_model, read_sources, source_named
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here to make a certificate")

CONTENT = bytes(range(256)) * 4096  # 1 MiB
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves what the test has put there, and keeps what was asked."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        asked = self.headers.get("Range")
        server.asked.append((self.path, asked))
        path = self.path.partition("?")[0]
        if path in server.moved:
            self.send_response(302)
            self.send_header("Location", server.moved[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if path not in server.files:
            self.send_error(404)
            return
        content = server.files[path]
        begin = int(asked[len("bytes=") : -1]) if asked and server.resumes else 0
        if begin >= len(content) and begin:
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        if server.says_length:
            self.send_header("Content-Length", str(len(content) - begin))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        stop = len(content)
        if server.breaks:
            stop = min(stop, begin + server.breaks.pop(0))
        self.wfile.write(content[begin:stop])
        self.wfile.flush()
        if server.stalls:
            server.released.wait(20)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def served(certificate, monkeypatch):
    """A server on this machine, and a downloader that trusts its certificate."""
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.files, server.moved, server.asked, server.breaks = {"/a.bin": CONTENT}, {}, [], []
    server.resumes, server.says_length, server.stalls = True, True, False
    server.released = threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    yield SimpleNamespace(
        server=server, url=f"https://localhost:{server.server_port}", downloader=Downloader(context=trusting)
    )
    server.released.set()
    server.shutdown()
    server.server_close()


class Log(Feedback):
    """Keeps what was said; cancels when told to."""

    def __init__(self, cancel=lambda: False):
        self.fractions, self.lines, self.cancelled = [], [], cancel

    def progress(self, fraction, remaining_s=None):
        self.fractions.append(fraction)

    def info(self, text):
        self.lines.append(text)


def names(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def refused(folder, served, wanted, downloader=None):
    with pytest.raises(InputError) as caught:
        (downloader or served.downloader).download(wanted, folder / "a.bin")
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text
    return text


# One file


def test_download(served, tmp_path):
    log = Log()
    served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256, len(CONTENT)), tmp_path / "a.bin", log)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert names(tmp_path) == ["a.bin"]
    assert log.fractions == sorted(log.fractions) and log.fractions[-1] == 1


def test_without_a_stated_size(served, tmp_path):
    served.server.says_length = False
    served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256), tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_redirect(served, tmp_path):
    served.server.moved["/old"] = f"{served.url}/a.bin"
    served.downloader.download(Wanted(f"{served.url}/old", SHA256), tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


@pytest.mark.parametrize(
    "address", ["http://localhost/a.bin", "ftp://localhost/a", "file:///etc/hostname", "a.bin", "https://"]
)
def test_other_addresses_are_refused(served, tmp_path, address):
    assert "https://" in refused(tmp_path, served, Wanted(address, SHA256))
    served.server.moved["/old"] = address
    if address.startswith(("http:", "ftp:")):
        assert "https://" in refused(tmp_path, served, Wanted(f"{served.url}/old", SHA256))
    assert names(tmp_path) == []


def test_a_certificate_that_is_not_trusted(served, tmp_path):
    assert "certificate" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256), Downloader())
    assert names(tmp_path) == []


def test_another_file(served, tmp_path):
    assert "SHA-256" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", "0" * 64))
    assert names(tmp_path) == []


def test_another_size(served, tmp_path):
    assert "announced" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256, 100))
    served.server.says_length = False
    assert "larger than announced" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256, 100))
    assert "larger than announced" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256, most_bytes=100))
    served.server.says_length = True
    assert "more than" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256, most_bytes=100))
    assert names(tmp_path) == []


def test_not_there(served, tmp_path):
    assert "404" in refused(tmp_path, served, Wanted(f"{served.url}/none?secret=1", SHA256))
    assert "secret" not in refused(tmp_path, served, Wanted(f"{served.url}/none?secret=1", SHA256))
    assert "Cannot download" in refused(tmp_path, served, Wanted("https://localhost:1/a.bin", SHA256))


def test_a_connection_that_breaks_is_taken_up_again(served, tmp_path):
    served.server.breaks = [300000, 300000]
    log = Log()
    served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256, len(CONTENT)), tmp_path / "a.bin", log)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert [asked for _, asked in served.server.asked] == [None, "bytes=300000-", "bytes=600000-"]
    assert len(log.lines) == 2


def test_a_later_call_goes_on(served, tmp_path):
    served.server.breaks = [100000, 0]
    wanted = Wanted(f"{served.url}/a.bin", SHA256, len(CONTENT))
    assert "broke" in refused(tmp_path, served, wanted)
    assert len(names(tmp_path)) == 1 and names(tmp_path)[0].startswith(".")
    served.downloader.download(wanted, tmp_path / "a.bin")
    assert served.server.asked[-1][1] == "bytes=100000-"
    assert names(tmp_path) == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_server_that_begins_anew(served, tmp_path):
    served.server.breaks, served.server.resumes = [100000], False
    served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256, len(CONTENT)), tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("left", [b"other bytes", CONTENT + b"too long"])
def test_a_part_that_does_not_fit(served, tmp_path, left):
    """Whatever lies in the place of the hidden part, the file is right in the end."""
    for stated in (len(CONTENT), None):
        (tmp_path / f".a.bin.{SHA256[:12]}.part").write_bytes(left)
        served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256, stated), tmp_path / "a.bin")
        assert (tmp_path / "a.bin").read_bytes() == CONTENT
        assert names(tmp_path) == ["a.bin"]


def test_cancel(served, tmp_path):
    """A cancel is seen at once, also while the server says nothing."""
    served.server.stalls, served.server.breaks = True, [200000]
    begin = time.monotonic()
    log = Log(lambda: time.monotonic() > begin + 0.5)
    with pytest.raises(Cancelled):
        served.downloader.download(Wanted(f"{served.url}/a.bin", SHA256, len(CONTENT)), tmp_path / "a.bin", log)
    assert time.monotonic() < begin + 3
    assert names(tmp_path) == []


def test_a_disk_that_is_full(served, tmp_path, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    assert "1000 bytes" in refused(tmp_path, served, Wanted(f"{served.url}/a.bin", SHA256))
    assert names(tmp_path) == []


def test_a_proxy(served, tmp_path):
    with pytest.raises(InputError, match="PROXY"):
        Downloader("ftp://user:word@host")
    with pytest.raises(InputError) as caught:
        Downloader("user:word@host")
    assert "word" not in str(caught.value)
    wanted = Wanted("https://models.invalid/a.bin", SHA256)
    assert "Cannot download" in refused(tmp_path, served, wanted, Downloader("http://localhost:1"))


def test_the_proxy_is_asked(tmp_path):
    """The proxy gets a CONNECT for the server, and nothing else."""
    asked = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self):
            asked.append(self.path)
            self.send_error(403)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    downloader = Downloader(f"http://127.0.0.1:{server.server_port}")
    with pytest.raises(InputError):
        downloader.download(Wanted("https://models.invalid/a.bin", SHA256), tmp_path / "a.bin")
    server.shutdown()
    server.server_close()
    assert asked == ["models.invalid:443"]


# A model


@pytest.fixture
def model(served):
    """A model on the server, and the entry of a list for it."""
    weights = b"\x02\x00\x00\x00\x00\x00\x00\x00{}"
    files = {"model.safetensors": weights, "model.onnx": CONTENT}
    card = {
        "format": 1,
        "id": "net-4",
        "title": "Net",
        "method": "pnn",
        "task": "pansharpening",
        "configuration": {},
        "inputs": [{"role": "MS", "bands": [{"name": "a"}]}, {"role": "PAN", "bands": [{"name": "PAN"}]}],
        "output": {"bands": 1},
        "ratio": {"min": 4, "max": 4, "trained": 4},
        "halo": 4,
        "files": [
            {"name": name, "sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)} for name, raw in files.items()
        ],
        "licence": "CC-BY-4.0",
        "attribution": "Somebody",
    }
    raw = json.dumps(card).encode()
    served.server.files.update({f"/net/{name}": content for name, content in files.items()})
    served.server.files["/net/card.json"] = raw
    url = f"{served.url}/net/card.json"
    return SimpleNamespace(card=card, source=Source(url, hashlib.sha256(raw).hexdigest(), "net-4"))


def fetch(served, model, models, accepted=True, log=None, **more):
    return download_model(model.source, models, accepted, log or Log(), served.downloader, **more)


def not_fetched(served, model, models, **more):
    before = names(models)
    with pytest.raises(InputError) as caught:
        fetch(served, model, models, **more)
    assert names(models) == before
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text
    return text


def republish(served, model, **changes):
    raw = json.dumps({**model.card, **changes}).encode()
    served.server.files["/net/card.json"] = raw
    model.source = Source(model.source.url, hashlib.sha256(raw).hexdigest(), "net-4")


def test_a_model(served, model, tmp_path):
    log = Log()
    card = fetch(served, model, tmp_path / "models", log=log)
    assert names(tmp_path / "models") == ["card.json", "model.onnx", "model.safetensors", "net-4"]
    assert [item.id for item in ModelLibrary([tmp_path / "models"]).cards()] == ["net-4"]
    assert card.verified(card.file("onnx")).read_bytes() == CONTENT
    assert log.lines[1:3] == ["Licence: CC-BY-4.0", "Attribution: Somebody"]
    assert log.fractions == sorted(log.fractions)


def test_the_licence_comes_first(served, model, tmp_path):
    log = Log()
    text = not_fetched(served, model, tmp_path / "models", accepted=False, log=log)
    assert "ACCEPT_LICENCE" in text and "CC-BY-4.0" in text
    assert "Licence: CC-BY-4.0" in log.lines
    assert [path for path, _ in served.server.asked] == ["/net/card.json"]


def test_an_address_without_a_list(served, model, tmp_path):
    model.source = source_named(model.source.url, [])
    assert fetch(served, model, tmp_path / "models").id == "net-4"


def test_a_model_that_is_there(served, model, tmp_path):
    fetch(served, model, tmp_path / "models")
    assert "already" in not_fetched(served, model, tmp_path / "models")
    republish(served, model, title="Newer")
    assert fetch(served, model, tmp_path / "models", replace=True).title == "Newer"
    assert len(names(tmp_path / "models")) == 4


def test_a_download_that_broke_goes_on(served, model, tmp_path):
    served.server.breaks = [10**9, 10**9, 1000, 0]
    with pytest.raises(InputError, match="broke"):
        fetch(served, model, tmp_path / "models")
    assert ModelLibrary([tmp_path / "models"]).cards() == []
    served.server.asked.clear()
    fetch(served, model, tmp_path / "models")
    assert served.server.asked == [("/net/card.json", None), ("/net/model.onnx", "bytes=1000-")]
    assert len(names(tmp_path / "models")) == 4


def test_a_cancelled_model(served, model, tmp_path):
    for number in range(1, 12):
        asked = []

        def cancel(asked=asked, number=number):
            asked.append(None)
            return len(asked) > number

        try:
            fetch(served, model, tmp_path / "models", log=Log(cancel))
        except Cancelled:
            assert names(tmp_path / "models") == []
        else:
            shutil.rmtree(tmp_path / "models")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "other"}, "net-4"),
        ({"id": "../up"}, "id"),
        ({"files": []}, "names no file"),
        ({"format": 2}, "format 2"),
        ({"halo": -1}, "halo"),
    ],
)
def test_cards_that_are_not_right(served, model, tmp_path, changes, words):
    republish(served, model, **changes)
    assert words in not_fetched(served, model, tmp_path / "models")


def test_other_cards(served, model, tmp_path):
    served.server.files["/net/card.json"] += b" "
    assert "SHA-256" in not_fetched(served, model, tmp_path / "models")
    model.source = Source(model.source.url)
    served.server.files["/net/card.json"] = b"<html>"
    assert "not valid JSON" in not_fetched(served, model, tmp_path / "models")
    served.server.files["/net/card.json"] = b" " * (2 << 20)
    assert "larger than" in not_fetched(served, model, tmp_path / "models")
    served.server.files.pop("/net/card.json")
    assert "404" in not_fetched(served, model, tmp_path / "models")


def test_weights_that_are_not_right(served, model, tmp_path):
    served.server.files["/net/model.onnx"] = CONTENT[:-1] + b"x"
    assert "SHA-256" in not_fetched(served, model, tmp_path / "models")
    served.server.files.pop("/net/model.onnx")
    assert "404" in not_fetched(served, model, tmp_path / "models")


def test_a_models_folder_that_cannot_be_written(served, model, tmp_path):
    (tmp_path / "models").write_text("a file in its place")
    with pytest.raises(InputError, match="models folder"):
        fetch(served, model, tmp_path / "models")


def test_lists(tmp_path):
    assert read_sources() == model_download.read_sources(None)
    path = tmp_path / "list.json"
    good = {"id": "a", "licence": "MIT", "url": "https://example.org/a/card.json", "sha256": "0" * 64}
    path.write_text(json.dumps({"format": 1, "models": [good]}))
    (source,) = read_sources(path)
    assert (source.id, source.title, source.licence) == ("a", "a", "MIT")
    assert source_named("a", [source]) is source
    for name in ("b", "http://example.org/a/card.json"):
        with pytest.raises(InputError):
            source_named(name, [source])
    for wrong in (
        "[",
        "[]",
        json.dumps({"format": 2, "models": []}),
        json.dumps({"format": 1, "models": {}}),
        json.dumps({"format": 1, "models": [3]}),
        *(json.dumps({"format": 1, "models": [{**good, name: ""}]}) for name in good),
        json.dumps({"format": 1, "models": [{**good, "url": "http://example.org/card.json"}]}),
    ):
        path.write_text(wrong)
        with pytest.raises(InputError):
            read_sources(path)
    with pytest.raises(InputError, match="list of models"):
        read_sources(tmp_path / "none.json")
