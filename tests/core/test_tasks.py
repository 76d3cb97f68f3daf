"""Jobs, parameters, model cards, sensors, geometry of windows, and the catalogue: plain data and its checks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satfusion_qgis.catalogue import AUTO, CATALOGUE, Catalogue
from satfusion_qgis.classical.resampling import CUBIC_HALO
from satfusion_qgis.tasks.errors import Cancelled, InputError
from satfusion_qgis.tasks.feedback import Feedback
from satfusion_qgis.tasks.job import FORMAT, Input, Job, Mask, Output
from satfusion_qgis.tasks.method import Implementation, SceneInfo
from satfusion_qgis.tasks.model_card import ModelCard
from satfusion_qgis.tasks.parameters import KINDS, Parameter, check_parameters
from satfusion_qgis.tasks.sensors import SENSORS, gains_for, sensor
from satfusion_qgis.tasks.window import Axis, BlockWindow, Window

ROOT = Path(__file__).resolve().parents[2]


def is_one_sentence(error: pytest.ExceptionInfo[InputError]) -> bool:
    """Starts with a capital or a parameter's name, ends with a full stop, holds one line."""
    text = str(error.value)
    return bool(re.fullmatch(r"[A-Z][^\n]*\.", text))


# Jobs

text = st.text(min_size=1, max_size=12)
number = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | number | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
masks = st.builds(
    Mask,
    path=text,
    band=st.integers(1, 9),
    invalid_values=st.lists(st.integers(), max_size=3),
    invalid_bits=st.lists(st.integers(0, 15), max_size=3),
    dilate_px=st.integers(0, 9),
)
inputs = st.builds(
    Input,
    role=text,
    path=text,
    index=st.integers(0, 9),
    bands=st.lists(st.integers(1, 300), max_size=3),
    band_names=st.lists(text, max_size=3),
    wavelengths_nm=st.lists(number, max_size=3),
    date=st.none() | st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    pair=st.none() | st.integers(),
    mask=st.none() | masks,
    scale=st.none() | number,
    offset=st.none() | number,
    nodata=st.none() | number,
)
outputs = st.builds(
    Output,
    name=text,
    path=text,
    kind=st.sampled_from(["image", "classes", "probability", "table"]),
    dtype=st.none() | st.sampled_from(["Byte", "UInt16", "Float32"]),
    options=st.dictionaries(text, plain, max_size=3),
)
jobs = st.builds(
    Job,
    task=text,
    method=text,
    inputs=st.lists(inputs, max_size=3),
    outputs=st.lists(outputs, max_size=2),
    grid=st.none() | st.just({"of": "PAN"}) | st.fixed_dictionaries({"crs": text, "size": st.just([3, 4])}),
    extent=st.none() | st.lists(number, min_size=4, max_size=4),
    parameters=st.dictionaries(text, plain, max_size=3),
    model=st.none() | st.fixed_dictionaries({"id": text, "sha256": text}),
    window=st.none() | st.integers(1, 9999),
    device=text,
    threads=st.integers(0, 64),
    seed=st.integers(),
    software=st.dictionaries(text, text, max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(jobs)
def test_jobs_go_to_json_and_back(job: Job) -> None:
    written = job.to_json()
    again = Job.from_json(written)
    assert again == job
    assert again.to_json() == written
    assert json.loads(written)["format"] == FORMAT


def test_a_job_with_infinite_or_missing_nodata() -> None:
    job = Job("t", "m", [Input("MS", "a.tif", nodata=math.nan), Input("MS", "b.tif", nodata=-math.inf)], [])
    again = Job.from_json(job.to_json())
    assert math.isnan(again.inputs[0].nodata or 0.0)
    assert again.inputs[1].nodata == -math.inf


def small_job() -> dict[str, Any]:
    return {
        "format": 1,
        "task": "pansharpening",
        "method": "gsa",
        "inputs": [{"role": "MS", "path": "ms.tif"}, {"role": "PAN", "path": "pan.tif", "mask": {"path": "m.tif"}}],
        "outputs": [{"name": "OUTPUT", "path": "out.tif"}],
    }


def test_a_small_job_takes_the_defaults() -> None:
    job = Job.from_dict(small_job())
    assert job == Job(
        "pansharpening",
        "gsa",
        [Input("MS", "ms.tif"), Input("PAN", "pan.tif", mask=Mask("m.tif"))],
        [Output("OUTPUT", "out.tif")],
    )
    assert (job.device, job.seed, job.window) == ("auto", 0, None)


@pytest.mark.parametrize(
    ("place", "what"),
    [((), "job"), (("inputs", 0), "input"), (("outputs", 0), "output"), (("inputs", 1, "mask"), "mask")],
)
def test_unknown_fields_are_refused(place: tuple[Any, ...], what: str) -> None:
    data = small_job()
    part: Any = data
    for step in place:
        part = part[step]
    part["colour"] = 1
    part["Art"] = 2
    with pytest.raises(InputError, match=f"The {what} has an unknown field: Art, colour.") as error:
        Job.from_dict(data)
    assert is_one_sentence(error)


@pytest.mark.parametrize(
    ("place", "name", "what"),
    [
        ((), "task", "job"),
        ((), "method", "job"),
        (("inputs", 0), "role", "input"),
        (("inputs", 1), "path", "input"),
        (("outputs", 0), "name", "output"),
        (("outputs", 0), "path", "output"),
        (("inputs", 1, "mask"), "path", "mask"),
    ],
)
@pytest.mark.parametrize("empty", [False, True])
def test_missing_fields_are_refused(place: tuple[Any, ...], name: str, what: str, empty: bool) -> None:
    data = small_job()
    part: Any = data
    for step in place:
        part = part[step]
    if empty:
        part[name] = ""
    else:
        del part[name]
    with pytest.raises(InputError, match=f"The {what} lacks the field: {name}.") as error:
        Job.from_dict(data)
    assert is_one_sentence(error)


@pytest.mark.parametrize("format_", [None, 0, 2, "1", [1]])
def test_other_formats_are_refused(format_: Any) -> None:
    data = small_job()
    data["format"] = format_
    with pytest.raises(InputError, match="this version reads format 1") as error:
        Job.from_dict(data)
    assert is_one_sentence(error)
    del data["format"]
    with pytest.raises(InputError, match="this version reads format 1"):
        Job.from_dict(data)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{", "not valid JSON"),
        ("", "not valid JSON"),
        ("[1]", "must be a JSON object"),
        ('"job"', "must be a JSON object"),
        ("null", "must be a JSON object"),
        ('{"format": 1, "task": "a", "method": "b"}', "'inputs' must be a list"),
        ('{"format": 1, "task": "a", "method": "b", "inputs": {}, "outputs": []}', "field inputs: {}"),
        ('{"format": 1, "task": "a", "method": "b", "inputs": [], "outputs": "x"}', "field outputs: 'x'"),
        ('{"format": 1, "task": "a", "method": "b", "inputs": ["x"], "outputs": []}', "Each input of the job"),
        ('{"format": 1, "task": "a", "method": "b", "inputs": [], "outputs": [3]}', "Each output of the job"),
    ],
)
def test_what_is_no_job_is_refused(written: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        Job.from_json(written)
    assert is_one_sentence(error)


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ((), "task", 5),
        ((), "threads", "two"),
        ((), "threads", True),
        ((), "threads", None),
        ((), "window", 2.5),
        ((), "extent", "all"),
        ((), "extent", [0, 0, 1, "1"]),
        ((), "grid", "PAN"),
        ((), "parameters", []),
        ((), "model", "net"),
        (("inputs", 0), "path", 3),
        (("inputs", 0), "index", "0"),
        (("inputs", 0), "bands", 1),
        (("inputs", 0), "bands", [1, None]),
        (("inputs", 0), "band_names", [1]),
        (("inputs", 0), "wavelengths_nm", ["480"]),
        (("inputs", 0), "date", 20260101),
        (("inputs", 0), "nodata", "0"),
        (("outputs", 0), "dtype", 1),
        (("outputs", 0), "options", None),
        (("inputs", 1, "mask"), "band", "1"),
        (("inputs", 1, "mask"), "invalid_bits", [0.5]),
    ],
)
def test_values_of_another_kind_are_refused(place: tuple[Any, ...], name: str, value: Any) -> None:
    data = small_job()
    part: Any = data
    for step in place:
        part = part[step]
    part[name] = value
    with pytest.raises(InputError, match=f"has a wrong value in its field {name}: ") as error:
        Job.from_dict(data)
    assert is_one_sentence(error)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_job_is_read_or_refused(data: Any) -> None:
    content = small_job()
    part = data.draw(
        st.sampled_from([content, content["inputs"][0], content["outputs"][0], content["inputs"][1]["mask"]])
    )
    kinds = {id(content): Job, id(content["inputs"][0]): Input, id(content["outputs"][0]): Output}
    name = data.draw(st.sampled_from([item.name for item in dataclasses.fields(kinds.get(id(part), Mask))]))
    part[name] = data.draw(plain)
    try:
        job = Job.from_dict(content)
    except InputError:
        return
    assert Job.from_json(job.to_json()) == job


def test_a_mask_must_be_an_object() -> None:
    data = small_job()
    data["inputs"][1]["mask"] = "m.tif"
    with pytest.raises(InputError, match="Each mask of the job must be a JSON object"):
        Job.from_dict(data)


# Parameters


def parameter(kind: str, default: Any = None, **more: Any) -> Parameter:
    return Parameter("NAME", "Name", kind, default, "Help.", **more)


@pytest.mark.parametrize(
    ("one", "value", "expected"),
    [
        (parameter("number"), 3, 3.0),
        (parameter("number"), "2.5", 2.5),
        (parameter("number"), np.float32(0.5), 0.5),
        (parameter("number", minimum=1.0, maximum=2.0), 1, 1.0),
        (parameter("number", minimum=1.0, maximum=2.0), 2, 2.0),
        (parameter("integer"), 3.0, 3),
        (parameter("integer"), "-7", -7),
        (parameter("integer"), np.int64(5), 5),
        (parameter("boolean"), True, True),
        (parameter("boolean"), " No ", False),
        (parameter("boolean"), "TRUE", True),
        (parameter("boolean"), 0, False),
        (parameter("choice", choices=("a", "b")), "b", "b"),
        (parameter("text"), "any", "any"),
        (parameter("text"), 5, "5"),
        (parameter("numbers"), "1, 2.5;3,", [1.0, 2.5, 3.0]),
        (parameter("numbers"), "", []),
        (parameter("numbers"), [1, "2"], [1.0, 2.0]),
        (parameter("numbers"), (), []),
        (parameter("numbers"), 4, [4.0]),
        (parameter("numbers"), np.array([1.0, 2.0]), [1.0, 2.0]),
    ],
)
def test_values_become_their_kind(one: Parameter, value: Any, expected: Any) -> None:
    found = one.check(value)
    assert found == expected
    assert type(found) is type(expected)
    assert one.check(found) == found


@pytest.mark.parametrize(
    ("one", "value", "message"),
    [
        (parameter("number"), "many", "must be a number, not 'many'"),
        (parameter("number"), "", "must be a number"),
        (parameter("number"), [1], "must be a number"),
        (parameter("number"), math.nan, "must be a number"),
        (parameter("number"), "inf", "must be a number"),
        pytest.param(parameter("number"), 10**400, "must be a number", id="huge"),
        (parameter("number", minimum=1.0), 0.99, "must be at least 1, not 0.99"),
        (parameter("number", maximum=2.0), 2.5, "must be at most 2, not 2.5"),
        (parameter("integer"), 2.5, "must be a whole number, not 2.5"),
        (parameter("integer"), "x", "must be a whole number"),
        (parameter("integer"), math.inf, "must be a whole number"),
        (parameter("integer", minimum=1), 0, "must be at least 1, not 0"),
        (parameter("boolean"), "perhaps", "must be true or false"),
        (parameter("boolean"), 2, "must be true or false"),
        (parameter("choice", choices=("a", "b")), "c", "must be one of a, b, not 'c'"),
        (parameter("choice", choices=("a", "b")), ["a"], "must be one of a, b"),
        (parameter("choice", choices=("a", "b")), 0, "must be one of a, b"),
        (parameter("numbers"), "1, x", "must be a number, not ' x'"),
        (parameter("numbers"), [[1]], "must be a number"),
        (parameter("numbers", minimum=0.0), [1, -1], "must be at least 0, not -1"),
        (parameter("numbers", maximum=3.0), "1,4", "must be at most 3, not 4"),
    ],
)
def test_values_that_do_not_fit(one: Parameter, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"NAME {message}")) as error:
        one.check(value)
    assert is_one_sentence(error)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_given_is_the_default(kind: str) -> None:
    default = object()
    assert parameter(kind, default).check(None) is default


def test_check_parameters() -> None:
    described = [parameter("number", 1.0), Parameter("OTHER", "Other", "text", "x", "Help.")]
    assert check_parameters(described, {}) == {"NAME": 1.0, "OTHER": "x"}
    assert check_parameters(iter(described), {"NAME": "2"}) == {"NAME": 2.0, "OTHER": "x"}
    with pytest.raises(InputError, match="Unknown parameter A, name; this method takes: NAME, OTHER") as error:
        check_parameters(described, {"name": 1, "A": 2})
    assert is_one_sentence(error)
    with pytest.raises(InputError, match="this method takes: none"):
        check_parameters([], {"A": 1})


# Model cards


def card() -> dict[str, Any]:
    return {
        "format": 1,
        "id": "net",
        "title": "Net",
        "method": "pannet",
        "task": "pansharpening",
        "configuration": {"bands": 2},
        "inputs": [
            {
                "role": "MS",
                "bands": [{"name": "red", "wavelength_nm": 660, "width_nm": 60}, {"name": "nir"}],
                "units": "dn",
                "scale": 0.5,
                "clip": [0, 1],
                "normalise": {"kind": "standard", "values": {"mean": [0.25, 0.5], "std": [1, 2]}},
                "resampling": {"kernel": "bilinear"},
            },
            {"role": "PAN", "bands": [{"name": "pan"}]},
        ],
        "output": {"kind": "image", "bands": 2, "residual_of": "MS"},
        "ratio": {"min": 4, "max": 4},
        "halo": 8,
        "files": [{"name": "net-1.0.safetensors", "sha256": "0" * 64}, {"name": "net.onnx", "sha256": "a1" * 32}],
        "licence": "MIT",
    }


def one_input(**changes: Any) -> dict[str, Any]:
    return {"role": "MS", "bands": [{"name": "red"}], **changes}


def standard(mean: list[float], std: list[float]) -> dict[str, Any]:
    return {"kind": "standard", "values": {"mean": mean, "std": std}}


def write_card(folder: Path, data: Any) -> Path:
    (folder / "card.json").write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return folder


def test_model_card(tmp_path: Path) -> None:
    found = ModelCard.load(write_card(tmp_path, card()))
    assert (found.id, found.title, found.method, found.task) == ("net", "Net", "pannet", "pansharpening")
    assert found.data == card()
    assert found.folder == tmp_path
    assert (found.ratio, found.halo, found.multiple, found.output_bands) == ((4, 4), 8, 1, 2)
    assert (found.residual_of, found.global_context, found.seam_error, found.stochastic) == ("MS", False, None, False)
    ms, pan = found.input("MS"), found.input("PAN")
    assert [(band.name, band.wavelength_nm) for band in ms.bands] == [("red", 660), ("nir", None)]
    assert (ms.units, ms.scale, ms.offset, ms.clip, ms.kernel) == ("dn", 0.5, 0, (0, 1), "bilinear")
    assert (ms.normalise, ms.mean, ms.std) == ("standard", (0.25, 0.5), (1, 2))
    assert (pan.units, pan.normalise, pan.kernel, pan.max_count) == ("physical", "none", "cubic", 1)
    with pytest.raises(KeyError, match="takes no FINE_1"):
        found.input("FINE_1")


def test_weights_are_those_of_the_card(tmp_path: Path) -> None:
    data = card()
    weights = b"weights" * 1000
    data["files"] = [{"name": "net.onnx", "sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights)}]
    found = ModelCard.load(write_card(tmp_path, data))
    file = found.file("onnx")
    assert file is not None and found.file("safetensors") is None
    with pytest.raises(InputError, match="Cannot read the weights"):
        found.verified(file)
    (tmp_path / "net.onnx").write_bytes(weights)
    assert found.verified(file) == tmp_path / "net.onnx"
    (tmp_path / "net.onnx").write_bytes(weights[:-1])
    with pytest.raises(InputError, match="have 6999 bytes in place of 7000; get the model net again") as error:
        found.verified(file)
    assert is_one_sentence(error)
    (tmp_path / "net.onnx").write_bytes(weights[:-1] + b"S")
    with pytest.raises(InputError, match="not those of the card") as error:
        found.verified(file)
    assert is_one_sentence(error)


@pytest.mark.parametrize("name", [name for name in card() if name != "format"])
def test_model_card_lacks_a_field(tmp_path: Path, name: str) -> None:
    data = card()
    del data[name]
    with pytest.raises(InputError, match=f"lacks: {name}") as error:
        ModelCard.load(write_card(tmp_path, data))
    assert is_one_sentence(error)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "has format 2; this version reads 1"),
        ({"format": None}, "has format None"),
        ({"files": [{"name": "net.pt", "sha256": "0" * 64}]}, "neither safetensors nor ONNX: 'net.pt'"),
        ({"files": [{"name": "../net.onnx", "sha256": "0" * 64}]}, "neither safetensors nor ONNX"),
        ({"files": [{"name": "a/net.onnx", "sha256": "0" * 64}]}, "neither safetensors nor ONNX"),
        ({"files": [{"name": "net.onnx\n", "sha256": "0" * 64}]}, "neither safetensors nor ONNX"),
        ({"files": [{"sha256": "0" * 64}]}, "neither safetensors nor ONNX"),
        ({"files": [{"name": "net.onnx"}]}, "no valid sha256 for net.onnx"),
        ({"files": [{"name": "net.onnx", "sha256": "A" * 64}]}, "no valid sha256"),
        ({"files": [{"name": "net.onnx", "sha256": "0" * 63}]}, "no valid sha256"),
        ({"files": "net.onnx"}, "files"),
        ({"files": ["net.onnx"]}, "files"),
        ({"files": None}, "files"),
        ({"files": 3}, "files"),
        ({"id": "../net"}, "an id that is no plain name"),
        ({"id": 3}, "needs a text as its id"),
        ({"title": " "}, "needs a text as its title"),
        ({"configuration": [4]}, "must give its configuration as a JSON object"),
        ({"inputs": {}}, "must list its inputs"),
        ({"inputs": [{"role": "MS", "bands": []}]}, "an input without bands"),
        ({"inputs": [{"role": "MS", "bands": [{"name": "a", "wavelength_nm": "red"}]}]}, "wavelength_nm 'red'"),
        ({"inputs": [one_input(units="percent")]}, "has units 'percent'; allowed are physical, dn"),
        ({"inputs": [one_input(scale=0)]}, "a scale other than 0"),
        ({"inputs": [one_input(offset=math.inf)]}, "has offset inf where a number is needed"),
        ({"inputs": [one_input(clip=[1, 0])]}, "a clip of two rising numbers"),
        ({"inputs": [one_input(normalise={"kind": "batch"})]}, "has kind 'batch'"),
        ({"inputs": [one_input(normalise={"kind": "standard"})]}, "must give its values"),
        ({"inputs": [one_input(normalise=standard([1, 2], [1]))]}, "needs 1 numbers as its mean"),
        ({"inputs": [one_input(normalise=standard([1], [0]))]}, "standard deviations above 0"),
        ({"inputs": [one_input(resampling={"kernel": "lanczos"})]}, "has kernel 'lanczos'"),
        ({"output": {"bands": 0}}, "has bands 0 where a whole number from 1 to 4096 is needed"),
        ({"ratio": {"min": 4, "max": 2}}, "needs a ratio with 0 < min <= max"),
        ({"ratio": {"min": 4}}, "has max None"),
        ({"halo": -1}, "has halo -1"),
        ({"halo": 8.5}, "has halo 8.5"),
        ({"window": {"multiple": True}}, "has multiple True"),
        ({"global_context": {"yes": "no"}}, "needs true or false as its yes"),
    ],
)
def test_bad_model_cards(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ModelCard.load(write_card(tmp_path, {**card(), **change}))


@pytest.mark.parametrize(("written", "message"), [("{", "not valid JSON"), ("[]", "must be a JSON object")])
def test_unreadable_model_cards(tmp_path: Path, written: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        ModelCard.load(write_card(tmp_path, written))
    with pytest.raises(InputError, match="Cannot read the model card"):
        ModelCard.load(tmp_path / "nowhere")
    (tmp_path / "card.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not valid JSON"):
        ModelCard.load(tmp_path)


# Sensors


def test_sensors_are_complete() -> None:
    assert len({item.id for item in SENSORS}) == len({item.title for item in SENSORS}) == len(SENSORS)
    assert SENSORS[0].id == "default"
    for item in SENSORS:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", item.id)
        assert sensor(item.id) is item
        assert all(0.05 <= gain <= 0.6 for gain in (*item.gains, item.pan_gain))
        assert len(item.gains) in (1, len(item.wavelengths_nm))
        assert len(item.band_names) in (0, len(item.wavelengths_nm))
        assert all(400 <= wavelength <= 2500 for wavelength in item.wavelengths_nm)
    with pytest.raises(KeyError, match="landsat99"):
        sensor("landsat99")


@pytest.mark.parametrize(
    ("sensor_id", "bands", "wavelengths", "expected"),
    [
        ("default", 3, (), (0.3, 0.3, 0.3)),
        ("quickbird", 4, (), (0.34, 0.32, 0.30, 0.22)),
        ("quickbird", 4, (830.0, 660.0, 560.0, 480.0), (0.22, 0.30, 0.32, 0.34)),
        ("quickbird", 1, (800.0,), (0.22,)),
        ("quickbird", 2, (), (0.295, 0.295)),
        ("quickbird", 2, (660.0,), (0.295, 0.295)),  # one wavelength for two bands says nothing
        ("geoeye1", 5, (), (0.23,) * 5),
        ("worldview3", 8, (), (0.325, 0.355, 0.360, 0.350, 0.365, 0.360, 0.335, 0.315)),
        ("worldview3", 4, (), (0.355, 0.360, 0.365, 0.335)),
        ("worldview3", 3, (660.0, 545.0, 480.0), (0.365, 0.360, 0.355)),
        ("worldview2", 4, (427.0, 478.0, 546.0, 908.0), (0.35, 0.35, 0.35, 0.27)),
        ("prisma", 66, (), (0.28,) * 66),
    ],
)
def test_gains_for(sensor_id: str, bands: int, wavelengths: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert gains_for(sensor(sensor_id), bands, wavelengths) == pytest.approx(expected)


# Geometry


@st.composite
def axes(draw: Any) -> Axis:
    ratio = draw(st.sampled_from([1.0, 1.3, 2.0, 2.5, 3.0, 4.0, 4.00025, 6.0, 0.5]) | st.floats(0.25, 12.0))
    corner = draw(st.sampled_from([0.0, -0.5, 0.5, 7.0]) | st.floats(-40.0, 40.0))
    return Axis(-corner / ratio, 1.0 / ratio, draw(st.integers(1, 60)))


@settings(max_examples=150, deadline=None)
@given(axis=axes(), cuts=st.lists(st.integers(1, 80), max_size=6), size=st.integers(1, 80))
def test_adjoining_windows_own_each_pixel_once(axis: Axis, cuts: list[int], size: int) -> None:
    edges = sorted({0, size, *(cut for cut in cuts if cut < size)})
    owners = np.zeros(axis.size, int)
    for start, stop in zip(edges[:-1], edges[1:]):
        first, last = axis.owned(start, stop)
        assert 0 <= first <= axis.size
        assert 0 <= last <= axis.size
        owners[first:last] += 1
        for pixel in range(first, last):
            centre = (pixel + 0.5 - axis.origin) / axis.scale
            assert start - 1e-6 <= centre <= stop + 1e-6
    for pixel, count in enumerate(owners):
        centre = (pixel + 0.5 - axis.origin) / axis.scale
        if 1e-6 < centre < size - 1e-6:
            assert count == 1
        elif not -1e-6 <= centre <= size + 1e-6:
            assert count == 0
        assert count <= 1


@settings(max_examples=150, deadline=None)
@given(axis=axes(), start=st.integers(0, 80), count=st.integers(1, 40), halo=st.integers(0, 5))
def test_cover_holds_what_the_cubic_needs(axis: Axis, start: int, count: int, halo: int) -> None:
    first, last = axis.cover(start, start + count, CUBIC_HALO)
    assert 0 <= first < last <= axis.size
    for target in range(start, start + count):
        nearest = math.floor(axis.sample(target))
        for tap in range(nearest - 1, nearest + 3):
            assert first <= min(max(tap, 0), axis.size - 1) < last
    # And every pixel that the window owns, whatever the halo.
    first, last = axis.cover(start, start + count, halo)
    assert 0 <= first < last <= axis.size
    own_first, own_last = axis.owned(start, start + count)
    if own_first < own_last:
        assert first <= own_first
        assert own_last <= last


def test_cover_adds_no_more_than_the_halo() -> None:
    axis = Axis(0.0, 0.25, 100)
    assert axis.cover(40, 80, 0) == (10, 20)
    assert axis.cover(41, 79, 0) == (10, 20)
    assert axis.cover(40, 80, 2) == (8, 22)
    assert axis.cover(0, 400, 3) == (0, 100)
    assert axis.cover(1000, 1010, 2) == (99, 100)
    assert Axis(-50.0, 0.25, 100).cover(0, 8, 2) == (0, 1)


@given(axis=axes(), index=st.integers(-100, 100))
def test_sample_and_target_are_inverse(axis: Axis, index: int) -> None:
    assert axis.target(axis.sample(index)) == pytest.approx(index, abs=1e-6)


def test_landsat_phase() -> None:
    """PAN's corner lies half a PAN pixel inside the MS's: MS pixel j is centred on PAN pixel 2j."""
    axis = Axis(0.25, 0.5, 50)
    assert [axis.target(j) for j in (0, 1, 2)] == [0.0, 2.0, 4.0]
    assert [axis.sample(i) for i in (0, 1, 2)] == [0.0, 0.5, 1.0]
    assert axis.owned(0, 3) == (0, 2)


def test_window() -> None:
    block = BlockWindow(0, 0, 4, 4, Axis(0, 1, 4), Axis(0, 1, 4))
    window = Window(0, 0, 4, 4, {"MS": block, "SERIES": (block, block)})
    assert window.block("MS") is block
    assert window.block("SERIES") is block
    window.raise_if_cancelled()
    with pytest.raises(Cancelled):
        dataclasses.replace(window, cancelled=lambda: True).raise_if_cancelled()


def test_feedback_is_silent() -> None:
    feedback = Feedback()
    feedback.progress(0.5, 2.0)
    feedback.info("a")
    feedback.warning("b")
    assert not feedback.cancelled()


# Catalogue


def scene_for(task_id: str) -> SceneInfo:
    roles = [role.name for role in CATALOGUE.task(task_id).roles]
    coarse = CATALOGUE.task(task_id).coarse
    ratio = {role: 4.0 if role == coarse or role.startswith("COARSE") else 1.0 for role in roles}
    return SceneInfo(
        bands={role: 1 if role == "PAN" else 4 for role in roles},
        items=dict.fromkeys(roles, 1),
        ratio={role: (value, value) for role, value in ratio.items()},
        days={"FINE_1": (-8,), "FINE_2": (8,)} if "FINE_1" in roles else {},
    )


METHODS = [pytest.param(method, id=method.id) for method in CATALOGUE.methods]


def card_for(method: Any) -> Any:
    if method.runtime == "numpy":
        return None
    roles = scene_for(method.task).bands
    if "FINE_1" in roles:
        inputs = [one_input(role=role, bands=[{"name": "a"}] * roles[role]) for role in roles]
        data = {**card(), "method": method.id, "task": method.task, "inputs": inputs, "output": {"bands": 4}}
        return ModelCard.from_data(data, Path("models"))
    first = "MS" if "MS" in roles else "REVISITS"
    inputs = [one_input(role=first, bands=[{"name": "a"}] * roles[first])]
    inputs += [one_input(role="PAN")] if "PAN" in roles else []
    data = {**card(), "method": method.id, "task": method.task, "inputs": inputs, "output": {"bands": roles[first]}}
    if first == "REVISITS":
        data["ratio"] = {"min": 4.0, "max": 4.0}
    return ModelCard.from_data(data, Path("models"))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_resolves(method: Any) -> None:
    made = CATALOGUE.implement(method, {}, scene_for(method.task), card_for(method))
    assert isinstance(made, Implementation)
    assert set(made.parameters) == {parameter.name for parameter in method.parameters}
    roles = {role.name for role in CATALOGUE.task(method.task).roles}
    assert set(made.halo()) <= roles
    assert all(halo >= 0 for halo in made.halo().values())
    names = [one.name for one in made.passes()]
    assert len(set(names)) == len(names)
    for one in made.passes():
        assert set(one.roles) <= roles
        assert set(one.halo) <= set(one.roles)
    with pytest.raises(InputError, match="Unknown parameter NONSENSE"):
        CATALOGUE.implement(method, {"NONSENSE": 1}, scene_for(method.task), card_for(method))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_described(method: Any) -> None:
    assert method.task in {task.id for task in CATALOGUE.tasks}
    assert re.fullmatch(r"[a-z][a-z0-9_]*", method.id)
    assert method.id != AUTO
    assert method.title
    assert method.summary.endswith(".")
    assert method.runtime in ("numpy", "engine")
    assert method.network.startswith("engine.networks.") == (method.runtime == "engine")
    assert method.window_multiple >= 1
    assert re.match(r"[^()]+ \(\d{4}\): .{10,}", method.citation)
    doi, pages = r" 10\.\d{4,9}/\S+$", r" \d+\(\d+\), \d+-\d+$"
    assert re.search(doi, method.citation) or re.search(pages, method.citation)
    names = [parameter.name for parameter in method.parameters]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "parameter",
    [
        pytest.param(parameter, id=f"{method.id}-{parameter.name}")
        for method in CATALOGUE.methods
        for parameter in method.parameters
    ],
)
def test_every_parameter_is_described(parameter: Parameter) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", parameter.name)
    assert parameter.kind in KINDS
    assert parameter.title
    assert len(parameter.help) > 20
    assert parameter.help.endswith(".")
    assert len(parameter.choice_titles) in (0, len(parameter.choices))
    assert bool(parameter.choices) == (parameter.kind == "choice")
    given_again = parameter.check(parameter.default)
    assert given_again == parameter.default or list(given_again) == list(parameter.default)


def test_ids_are_unique() -> None:
    assert len({task.id for task in CATALOGUE.tasks}) == len(CATALOGUE.tasks)
    assert len({task.verb for task in CATALOGUE.tasks}) == len(CATALOGUE.tasks)
    ids = [(method.task, method.id) for method in CATALOGUE.methods]
    assert len(set(ids)) == len(ids)
    assert {"exp", "brovey", "gsa", "mtf_glp_fs"} <= {method.id for method in CATALOGUE.methods_of("pansharpening")}


@pytest.mark.parametrize("task", [pytest.param(task, id=task.id) for task in CATALOGUE.tasks])
def test_every_task_is_described(task: Any) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", task.id)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", task.verb)
    assert task.outputs
    for item in (*task.roles, *task.outputs):
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", item.name)
        assert item.title
        assert item.help.endswith(".")
    names = {role.name for role in task.roles}
    assert {task.grid_of, task.coarse, *(output.like for output in task.outputs)} - {None} <= names
    assert all(task.role(name).name == name for name in names)
    assert all(task.output(output.name) is output for output in task.outputs)
    with pytest.raises(KeyError):
        task.role("NOBODY")
    with pytest.raises(KeyError):
        task.output("NOTHING")


def test_finding_tasks_and_methods() -> None:
    assert CATALOGUE.method("pansharpening", AUTO).id == AUTO
    assert CATALOGUE.method("degradation", AUTO).id == "degrade"
    assert CATALOGUE.method("pansharpening", "gsa").title.startswith("GSA")
    with pytest.raises(InputError, match="Unknown method 'degrade' for pansharpening; known are: exp, ") as error:
        CATALOGUE.method("pansharpening", "degrade")
    assert is_one_sentence(error)
    with pytest.raises(InputError, match="Unknown task 'painting'; known are: pansharpening, ") as error:
        CATALOGUE.task("painting")
    assert is_one_sentence(error)
    with pytest.raises(InputError, match="Unknown method 'auto'"):
        Catalogue(CATALOGUE.tasks, ()).method("pansharpening", AUTO)


def test_listing_imports_nothing_that_computes() -> None:
    """Neither implementations nor GDAL, QGIS or torch: a list of methods is there at once."""
    program = (
        "import sys, satfusion_qgis.catalogue as c; print(len(c.CATALOGUE.methods)); "
        "heavy = ('satfusion_qgis.classical', 'satfusion_qgis.engine', 'satfusion_qgis.raster', "
        "'satfusion_qgis.pipeline', 'satfusion_qgis.algorithms', 'osgeo', 'qgis', 'torch', 'scipy', 'onnxruntime'); "
        "print(sorted(m for m in sys.modules if any(m == h or m.startswith(h + '.') for h in heavy)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == [str(len(CATALOGUE.methods)), "[]"]
