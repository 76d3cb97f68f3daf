"""Networks for several images of one place: sizes, masks, the base, what they see, and SatFusion's published wiring."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from satfusion_qgis.engine import checkpoints
from satfusion_qgis.engine.backends.onnx_backend import OnnxBackend
from satfusion_qgis.engine.backends.opening import open_network
from satfusion_qgis.engine.checkpoints import misr
from satfusion_qgis.engine.models import recognise
from satfusion_qgis.engine.models.exporting import export_model
from satfusion_qgis.engine.models.importing import import_model
from satfusion_qgis.engine.models.running import answer, example, model_network
from satfusion_qgis.engine.models.seam import seam_error
from satfusion_qgis.engine.networks.build import build
from satfusion_qgis.engine.networks.satfusion.satfusion import SHARPENERS, SatFusion, SatFusionStar
from satfusion_qgis.engine.networks.super_resolution.highresnet import HighResNet
from satfusion_qgis.engine.networks.super_resolution.rams import RAMS
from satfusion_qgis.engine.networks.super_resolution.srcnn import SRCNN
from satfusion_qgis.engine.networks.super_resolution.trmisr import TRMISR
from satfusion_qgis.inference.network import NetworkInput, network_inputs
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.model_card import ModelCard
from scripts import parity
from tests.shared_data import needs_shared, shared_folder

SMALL = {
    "highresnet": (HighResNet, {"hidden": 8, "blocks": 1, "fine": 4, "frames": 9}),
    "srcnn": (SRCNN, {"hidden": 8, "fine": 4, "frames": 9}),
    "rams": (RAMS, {"width": 8, "blocks": 2, "reduction": 1, "hidden": 8, "fine": 4, "frames": 9}),
    "trmisr": (TRMISR, {"width": 8, "blocks": 1, "layers": 2, "heads": 2, "hidden": 8, "fine": 4}),
}
NAMES = sorted(SMALL)
BANDS = 3


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def made(name, ratio=2, awake=True, **settings):
    """A small network; `awake`: with weights as training might leave them, also where it starts from zero."""
    torch.manual_seed(0)
    network, usual = SMALL[name]
    return woken(network(BANDS, ratio, **{**usual, **settings}), awake)


def woken(network, awake=True):
    generator = torch.Generator().manual_seed(1)
    if awake:
        with torch.no_grad():
            for parameter in network.parameters():
                if not parameter.any():
                    parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
    return network.eval()


def fused(sharpener="pannet", encoder="highresnet", ratio=2, awake=True, star=False, **settings):
    torch.manual_seed(0)
    inner = dict(SMALL["trmisr" if star else encoder][1])
    kind = {} if star else {"encoder": encoder}
    network = (SatFusionStar if star else SatFusion)(
        BANDS, ratio, sharpener=sharpener, encoder_settings=inner, **kind, **settings
    )
    return woken(network, awake)


def images(count=4, height=7, width=9, ratio=2, batch=2, seed=3):
    """Revisits, masks, base and PAN."""
    generator = torch.Generator().manual_seed(seed)
    revisits = torch.rand(batch, count, BANDS, height, width, generator=generator)
    masks = (torch.rand(batch, count, 1, height, width, generator=generator) > 0.3).float()
    base = torch.rand(batch, BANDS, ratio * height, ratio * width, generator=generator)
    pan = torch.rand(batch, 1, ratio * height, ratio * width, generator=generator)
    return revisits, masks, base, pan


def run(network, revisits, masks, base, pan):
    with torch.no_grad():
        if isinstance(network, SatFusion):
            return network(revisits, masks, pan, base)
        return network(revisits, masks, base)


ALL = [pytest.param(lambda name=name, **settings: made(name, **settings), id=name) for name in NAMES]
ALL += [pytest.param(lambda **settings: fused(**settings), id="satfusion")]
ALL += [pytest.param(lambda **settings: fused(star=True, **settings), id="satfusion_star")]


@pytest.mark.parametrize("ratio", [2, 3, 4])
@pytest.mark.parametrize("make", ALL)
def test_any_size_and_ratio(make, ratio):
    network = make(ratio=ratio)
    for height, width in ((7, 9), (1, 2), (5, 4)):
        given = images(3, height, width, ratio, batch=1)
        output = run(network, *given)
        assert output.shape == given[2].shape
        assert output.isfinite().all()
        assert (output - given[2]).abs().max() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_any_number_of_revisits(name):
    network = made(name)
    for count in range(1, 10):
        assert run(network, *images(count)).shape == (2, BANDS, 14, 18)
    if network.frames is not None:
        with pytest.raises(InputError, match="takes 1 to 9 revisits, not 10"):
            run(network, *images(10))


@pytest.mark.parametrize("make", ALL)
def test_untrained_returns_the_base(make):
    network = make(awake=False)
    given = images()
    assert torch.equal(run(network, *given), given[2])


@pytest.mark.parametrize("sharpener", sorted(SHARPENERS))
def test_untrained_with_every_sharpener(sharpener):
    for star in (False, True):
        network = fused(sharpener, awake=False, star=star)
        given = images(2, 8, 9, batch=1)
        assert torch.equal(run(network, *given), given[2])


@pytest.mark.parametrize("name", NAMES)
def test_own_base(name):
    """Without a base, an untrained network returns the enlarged mean of what counts."""
    network = made(name, awake=False)
    revisits, masks, _, _ = images(3)
    counted = np.where(masks.numpy() > 0, revisits.numpy(), 0).sum(1) / np.maximum(masks.numpy().sum(1), 1)
    wanted = functional.interpolate(torch.from_numpy(counted), scale_factor=2, mode="bicubic", align_corners=False)
    torch.testing.assert_close(run(network, revisits, masks, None, None), wanted)
    # No masks: all counts.
    torch.testing.assert_close(
        run(network, revisits, None, None, None), run(network, revisits, torch.ones_like(masks), None, None)
    )


@pytest.mark.parametrize("with_base", [True, False])
@pytest.mark.parametrize("make", ALL)
def test_masked_values_have_no_effect(make, with_base):
    network = make()
    revisits, masks, base, pan = images()
    masks[:, 2] = 0
    base = base if with_base else None
    first = run(network, revisits, masks, base, pan)
    for other in (1e4, float("nan")):
        changed = torch.where(masks > 0, revisits, torch.full_like(revisits, other))
        assert torch.equal(run(network, changed, masks, base, pan), first)
    changed = torch.where(masks > 0, revisits + 0.1, revisits)
    assert not torch.allclose(run(network, changed, masks, base, pan), first, atol=1e-4)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_masked_revisits_are_not_there(make, count):
    network = make()
    revisits, masks, base, pan = images(count)
    more, none = images(3, seed=9)[0], torch.zeros(2, 3, 1, 7, 9)
    longer = run(network, torch.cat((revisits, more), 1), torch.cat((masks, none), 1), base, pan)
    torch.testing.assert_close(longer, run(network, revisits, masks, base, pan))


@pytest.mark.parametrize("star", [False, True])
def test_order_does_not_matter_to_the_transformer(star):
    network = fused(star=True) if star else made("trmisr")
    revisits, masks, base, pan = images(5)
    order = [0, 3, 1, 4, 2]
    torch.testing.assert_close(
        run(network, revisits[:, order], masks[:, order], base, pan), run(network, revisits, masks, base, pan)
    )


def test_many_pixels_in_parts(monkeypatch):
    """What bounds the memory changes nothing, with and without masks."""
    network = made("trmisr")
    revisits, masks, base, pan = images()
    whole = [run(network, revisits, one, base, pan) for one in (masks, None)]
    monkeypatch.setattr("satfusion_qgis.engine.networks.super_resolution.trmisr.PIXELS_AT_ONCE", 37)
    parts = [run(network, revisits, one, base, pan) for one in (masks, None)]
    for one, other in zip(whole, parts):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("make", ALL)
def test_every_parameter_learns(make):
    """Nothing is built that is not used."""
    network = make().train()
    revisits, masks, base, pan = images(9)
    output = network(revisits, masks, pan, base) if isinstance(network, SatFusion) else network(revisits, masks, base)
    (output * torch.rand(output.shape, generator=torch.Generator().manual_seed(5))).sum().backward()
    idle = [name for name, one in network.named_parameters() if one.grad is None or not one.grad.any()]
    assert idle == []


def test_an_untrained_network_learns():
    """The last layer starts at zero, but what leads to it does not, so that it moves."""
    network = made("highresnet", awake=False).train()
    revisits, masks, base, _ = images()
    (network(revisits, masks, base) - base - 1).square().sum().backward()
    assert network.decoder.last.weight.grad.any()


LOCAL = [
    pytest.param(lambda name=name, **settings: made(name, **settings), id=name) for name in NAMES if name != "rams"
]
LOCAL += [pytest.param(lambda **settings: fused("fusionnet", "srcnn", **settings), id="satfusion")]
LOCAL += [pytest.param(lambda **settings: fused(star=True, **settings), id="satfusion_star")]
LOCAL += [pytest.param(lambda **settings: fused("pnn", "srcnn", published=True, **settings), id="published")]
LOCAL += [pytest.param(lambda **settings: fused("pnn", star=True, published=True, **settings), id="published_star")]


@pytest.mark.parametrize("ratio", [2, 3])
@pytest.mark.parametrize("make", LOCAL)
def test_halo(make, ratio):
    """Pixels beyond the halo do not matter, and those well inside it do."""
    network = make(ratio=ratio).double()
    assert not network.global_context
    side = 2 * (network.halo // ratio + 4) + 1
    for with_base in {False, not getattr(network, "published", False)}:
        for pixel in (ratio * (side // 2), ratio * (side // 2) + ratio - 1):
            given = [one.double() for one in images(9, side, side, ratio, batch=1)]
            given[1] = torch.ones_like(given[1])
            if not with_base:
                given[2] = None
            first = run(network, *given)[..., pixel, pixel]
            moved = run(network, *(beyond(one, pixel, network.halo, side * ratio) for one in given))
            assert torch.equal(moved[..., pixel, pixel], first)
            # Looser than two thirds, it would cost time for nothing.
            moved = run(network, *(beyond(one, pixel, network.halo * 2 // 3 - ratio, side * ratio) for one in given))
            assert not torch.equal(moved[..., pixel, pixel], first)


def beyond(image, pixel, halo, fine):
    """An image with other values where it is farther from a fine pixel than the halo; masks stay."""
    if image is None or (image.ndim == 5 and image.shape[2] == 1):
        return image
    ratio = fine // image.shape[-1]
    place = torch.arange(image.shape[-1]) * ratio
    far = (place > pixel + halo) | (place + ratio - 1 < pixel - halo)
    return torch.where(far[:, None] | far[None, :], image + 10, image)


def test_what_is_global():
    assert made("rams").global_context and not made("highresnet").global_context
    assert fused("u2net").global_context and fused("pnn", "rams").global_context and not fused("pnn").global_context
    assert (made("srcnn", ratio=3).multiple, fused("u2net", ratio=3).multiple) == (3, 12)
    assert [made(name).any_frames for name in NAMES] == [False, False, False, True]
    assert (fused(star=True).frames, fused(star=True).any_frames, fused().frames) == (None, True, 9)


def test_seams():
    """Tiles of a network with gates over the whole tile differ from the whole, and those of a local one do not."""
    inputs = (NetworkInput("revisits", BANDS, 3, 2), NetworkInput("masks", 1, 3, 2), NetworkInput("base", BANDS))
    network = made("rams", ratio=3, blocks=1)
    assert 0 < seam_error(network, BANDS, 48, inputs=inputs) < 1
    local = made("trmisr", ratio=3, layers=1)
    assert seam_error(local, BANDS, 48, inputs=inputs) is None
    local.global_context = True
    whole = seam_error(local, BANDS, 8 * 3 * 16, inputs=inputs)
    assert whole == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"encoder": "unet"}, "encoder must be one of"),
        ({"sharpener": "gsa"}, "sharpener must be one of"),
        ({"sharpener": "none"}, "needs a sharpener"),
        ({"pan_guided": True}, "trmisr alone"),
        ({"encoder_settings": {"depth": 3}}, "HighResNet does not take the settings"),
        ({"sharpener_settings": {"depth": 0}}, "PanNet's depth"),
        ({"ratio": 0}, "a ratio of 1 or more"),
        ({"encoder": "trmisr", "encoder_settings": {"width": 9}}, "multiple of its heads"),
        ({"encoder": "rams", "encoder_settings": {"blocks": 0}}, "1 block"),
        ({"published": True, "encoder_settings": {"hidden": 9}}, "multiple of 4 features"),
    ],
)
def test_wrong_settings(settings, said):
    with pytest.raises(InputError, match=said):
        SatFusion(BANDS, **settings)


def test_pan_is_needed():
    revisits, masks, base, _ = images()
    with pytest.raises(InputError, match="PAN is needed"):
        made("trmisr", pan_guided=True)(revisits, masks, base)


def test_published_wiring_wants_all_its_revisits():
    for name in ("srcnn", "rams", "highresnet"):
        network = made(name, published=True, frames=4, zoom=2)
        assert (network.fewest_frames, network.frames) == (4, 4)
        with pytest.raises(InputError, match="takes 4 revisits, not 3"):
            run(network, *images(3))
        revisits, masks, _, _ = images(4)
        masks[:, 1] = 0
        first = run(network, revisits, masks, None, None)
        revisits[:, 1] = 50.0
        assert torch.equal(run(network, revisits, masks, None, None), first)


# Official checkpoints.

STAGES = {
    "SRCNN": "satfusion-srcnn-pnn",
    "HighResNet": "satfusion-highresnet-pannet",
    "RAMS": "satfusion-rams-innformer",
    "TRNet": "satfusion-trnet-panmamba",
    "TRNet_pan": "satfusion-star-trnetpan-u2net",
}
SHARPENINGS = {
    "PNN": "satfusion-srcnn-pnn",
    "PANNet": "satfusion-highresnet-pannet",
    "PSIT": "satfusion-rams-innformer",
    "U2Net": "satfusion-star-trnetpan-u2net",
    "ARConv": "satfusion-highresnet-arconv",
    "Pan_Mamba": "satfusion-trnet-panmamba",
}


def manifest_of(case):
    return json.loads((shared_folder() / "parity" / case / "manifest.json").read_text())


def composed(stage, sharpening, seed=7):
    """The configuration and the state dict of a composition, its parts' names being those of two cases."""
    first, second = manifest_of(STAGES[stage]), manifest_of(SHARPENINGS[sharpening])
    entries = [one for one in first["state"] if not one["key"].startswith("Sharpening.")]
    entries += [one for one in second["state"] if one["key"].startswith("Sharpening.")]
    config = {**first["config"], "model_MISR": stage, "model_Sharpening": sharpening, "output_size": [36, 28]}
    return config, parity.official_state({"state": entries, "seed": seed, "gain": 0.8})


@needs_shared("parity")
@pytest.mark.parametrize("sharpening", sorted(SHARPENINGS))
@pytest.mark.parametrize("stage", sorted(STAGES))
def test_every_official_composition(stage, sharpening):
    """M is what the stage alone gives, S what the sharpener makes of it, and the output F + c(F)."""
    config, official = composed(stage, sharpening)
    family = checkpoints.family("satfusion.framework")
    torch.manual_seed(0)
    network = family.build(config)
    network.load_state_dict(family.translate(official))
    network.eval()
    inputs = {
        "lr": torch.from_numpy(parity.make_input("lr", (1, 8, 3, 12, 10), 1)),
        "pan": torch.from_numpy(parity.make_input("pan", (1, 1, 1, 36, 28), 1)),
    }
    with torch.no_grad():
        given = family.call(network, inputs)

        alone = checkpoints.family("satfusion.misr_pan" if stage == "TRNet_pan" else "satfusion.misr")
        own = {name[5:]: value for name, value in official.items() if name.startswith("MISR.")}
        one = alone.build({**manifest_of("misr-trmisr")["config"], "model_MISR": stage, "output_size": [36, 28]})
        one.load_state_dict(alone.translate(own))
        image = alone.call(one.eval(), inputs)["output"]
        torch.testing.assert_close(given["misr_out"], image)

        detail = network.sharpener.detail(image[:, 0], inputs["pan"][:, 0])
        torch.testing.assert_close(given["sharpening_out"][:, 0], detail, atol=1e-4, rtol=1e-4)
        total = image[:, 0] + detail
        weights = {
            name: official[f"color_correct.conv.{name}"] for name in ("0.weight", "0.bias", "2.weight", "2.bias")
        }
        inner = torch.relu(functional.conv2d(total, weights["0.weight"], weights["0.bias"]))
        wanted = total + functional.conv2d(inner, weights["2.weight"], weights["2.bias"])
        torch.testing.assert_close(given["output"][:, 0], wanted, atol=1e-4, rtol=1e-4)

        found = recognise.recognise({f"module.model.{name}": value for name, value in official.items()}, "it")
        assert found.family == "satfusion.framework"
        assert found.method == ("satfusion_star" if stage == "TRNet_pan" else "satfusion")
        assert found.prefix == "module.model." and found.others == ()
        again = family.call(found.network, inputs)["output"]
        torch.testing.assert_close(again, given["output"])


@needs_shared("parity")
@pytest.mark.parametrize("frames", [4, 5, 7, 9])
def test_rams_of_other_frames(frames):
    """An official RAMS for another number of revisits has another last convolution; both are in its state."""
    manifest = manifest_of("misr-rams")
    for one in manifest["state"]:
        if one["key"].startswith("blockMISR.RTAB"):
            one["shape"] = resized(one["key"], one["shape"], 3 * frames)
        if one["key"] == "blockMISR.before_upsampling_Con2d.weight":
            one["shape"][1] = 3 * frames
    family = checkpoints.family("satfusion.misr")
    official = parity.official_state(manifest)
    network = recognise.network_of("rams", family.configuration(official))
    ours = family.translate(official)
    network.load_state_dict(ours)
    assert network(torch.rand(1, frames, 3, 6, 5)).shape == (1, 3, 18, 15)


def resized(key, shape, stacked):
    """The shape of a tensor of RTAB for so many stacked bands."""
    inside = max(1, stacked // 8)
    sides = {"conv1": (stacked, stacked), "conv2": (stacked, stacked), "attention.1": (inside, stacked)}
    sides["attention.3"] = (stacked, inside)
    outputs, inputs = sides[key[len("blockMISR.RTAB.") :].rpartition(".")[0]]
    return [outputs] if key.endswith("bias") else [outputs, inputs, *shape[2:]]


@needs_shared("parity")
def test_a_checkpoint_of_another_kind_is_refused():
    stage = checkpoints.family("satfusion.misr")
    guided = checkpoints.family("satfusion.misr_pan")
    alone, with_pan = (parity.official_state(manifest_of(case)) for case in ("misr-trmisr", "misr-trmisr-pan"))
    with pytest.raises(InputError, match="guided by PAN"):
        stage.translate(with_pan)
    with pytest.raises(InputError, match="not guided by PAN"):
        guided.translate(alone)
    with pytest.raises(InputError, match="no fusion block"):
        misr.method_of({"conv1.weight": torch.zeros(1)})
    with pytest.raises(InputError, match="model_MISR"):
        stage.build({"model_MISR": "ESA"})
    with pytest.raises(InputError, match="kernel_size"):
        stage.build({**manifest_of("misr-srcnn")["config"], "kernel_size": 5})


def imported(tmp_path, case, **answers):
    path = tmp_path / "official.pth"
    torch.save(parity.official_state(manifest_of(case)), path)
    arguments = {"INPUT": str(path), "MODELS": str(tmp_path / "models"), **answers}
    result = import_model(arguments, lambda said: None, lambda: False)
    return ModelCard.load(tmp_path / "models" / result["id"])


@needs_shared("parity")
def test_import_writes_a_card_for_revisits(tmp_path):
    card = imported(tmp_path, "misr-highresnet")
    assert (card.task, card.method, card.ratio, card.residual_of) == (
        "super_resolution",
        "highresnet",
        (3.0, 3.0),
        None,
    )
    revisits = card.input("REVISITS")
    assert (revisits.min_count, revisits.max_count, revisits.masks, revisits.grid) == (8, 8, True, "coarse")
    assert [item.name for item in network_inputs(card)] == ["revisits", "masks"]
    assert any("3.12" in line for line in card.data["limits"])

    (tmp_path / "star").mkdir()
    card = imported(tmp_path / "star", "dlpan-trnetpan-pnn")
    assert (card.task, card.method) == ("multi_image_pansharpening", "satfusion_star")
    assert (card.input("REVISITS").min_count, card.input("REVISITS").max_count) == (1, None)
    assert [item.name for item in network_inputs(card)] == ["revisits", "masks", "pan"]
    assert card.configuration["sharpener"] == "pnn" and card.ratio == (4.0, 4.0)


@needs_shared("parity")
def test_import_at_another_ratio(tmp_path):
    card = imported(tmp_path, "misr-trmisr", RATIO=2.0)
    assert card.ratio == (2.0, 2.0) and model_network(card).ratio == 2
    with pytest.raises(InputError, match="RATIO must be a whole number"):
        imported(tmp_path, "misr-trmisr", RATIO=2.5, ID="other")


# ONNX.

EXPORTED = {
    "srcnn": ("super_resolution.srcnn:SRCNN", {"hidden": 4, "fine": 2, "frames": 3}, False, True, 3),
    "highresnet": ("super_resolution.highresnet:HighResNet", {"hidden": 4, "blocks": 1, "frames": 4}, False, True, 4),
    "rams": ("super_resolution.rams:RAMS", {"width": 8, "hidden": 8, "blocks": 1, "frames": 5}, False, True, 5),
    "trmisr": (
        "super_resolution.trmisr:TRMISR",
        {"width": 8, "heads": 2, "layers": 1, "hidden": 8},
        False,
        False,
        None,
    ),
    "satfusion": (
        "satfusion.satfusion:SatFusion",
        {"sharpener": "fusionnet", "encoder_settings": {"hidden": 4, "blocks": 1, "frames": 4}},
        True,
        True,
        4,
    ),
    "satfusion_star": (
        "satfusion.satfusion:SatFusionStar",
        {"sharpener": "pnn", "published": True, "encoder_settings": {"width": 8, "heads": 2, "layers": 1, "hidden": 8}},
        True,
        False,
        None,
    ),
}
SLOW = [name for name in EXPORTED if name not in ("srcnn", "trmisr")]


@pytest.mark.parametrize("name", ["srcnn", "trmisr", *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_export(tmp_path, name):
    """The graph gives the network's values, with fewer revisits than it was traced with too, and beside its weights."""
    network, configuration, pan, base, frames = EXPORTED[name]
    card, module = stored(
        tmp_path, name, f"engine.networks.{network}", {"bands": 2, "ratio": 2, **configuration}, pan, base, frames
    )
    result = export_model({"MODEL": str(card.folder)}, lambda said: None, lambda: False)
    assert result["max_difference"] < 1e-4
    card = ModelCard.load(card.folder)
    axes = next(file for file in card.data["files"] if file["name"] == "model.onnx")["dynamic_axes"]
    assert set(axes) == {item.name for item in network_inputs(card)}
    assert ("frames" in axes["revisits"]) == (frames is None)
    backend = OnnxBackend(card, "cpu", 1)
    for count in (1, 2, 3):
        given = example(network_inputs(card), 26, 30, items=count, seed=count)
        with torch.no_grad():
            wanted = answer(module, given).numpy()
        got = backend.run({key: value.numpy() for key, value in given.items()}, lambda: False)["output"]
        np.testing.assert_allclose(got, wanted, atol=1e-4)
    backend.close()
    for number, source in enumerate((card.folder, card.folder / "model.onnx")):
        arguments = {"INPUT": str(source), "MODELS": str(tmp_path / "models"), "ID": f"copy{number}"}
        import_model(arguments, lambda said: None, lambda: False)
        again = ModelCard.load(tmp_path / "models" / f"copy{number}")
        assert (again.task, again.input("REVISITS").max_count) == (card.task, frames)
        assert again.file("onnx").sha256 == card.file("onnx").sha256


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("name", sorted(EXPORTED))
def test_in_torch(tmp_path, name, half):
    """What is opened for a session gives the network's values, in half precision nearly."""
    network, configuration, pan, base, frames = EXPORTED[name]
    network, configuration = f"engine.networks.{network}", {"bands": 2, "ratio": 2, **configuration}
    card, module = stored(tmp_path, name, network, configuration, pan, base, frames)
    opened = open_network(card, network, "cpu", 1, half, lambda said: None, backend="torch")
    given = example(network_inputs(card), 46, 60, items=2, batch=2)
    with torch.no_grad():
        wanted = answer(module, given).numpy()
    got = opened({key: value.numpy() for key, value in given.items()}, lambda: False)["output"]
    opened.close()
    np.testing.assert_allclose(got, wanted, atol=(0.02 if half else 1e-5) * np.ptp(wanted))
    assert half == (np.abs(got - wanted).max() > 1e-4 * np.ptp(wanted))


def stored(tmp_path, name, network, configuration, pan, base, frames):
    torch.manual_seed(1)
    module = woken(build(network, configuration))
    folder = tmp_path / name
    folder.mkdir()
    save_file({key: value.contiguous() for key, value in module.state_dict().items()}, folder / "model.safetensors")
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    revisits = {"role": "REVISITS", "bands": [{"name": "a"}, {"name": "b"}], "grid": "coarse"}
    data = {
        "format": 1,
        "id": name,
        "title": name,
        "method": name,
        "task": "multi_image_pansharpening" if pan else "super_resolution",
        "configuration": configuration,
        "inputs": [
            {**revisits, "min_count": 1, "max_count": frames},
            *([{"role": "PAN", "bands": [{"name": "PAN"}]}] if pan else []),
        ],
        "output": {"bands": 2, "residual_of": "back_projection" if base else None},
        "ratio": {"min": 2, "max": 2},
        "halo": module.halo,
        "window": {"multiple": module.multiple},
        "global_context": {"yes": module.global_context},
        "licence": "MIT",
        "files": [{"name": "model.safetensors", "sha256": digest}],
    }
    (folder / "card.json").write_text(json.dumps(data), encoding="utf-8")
    return ModelCard.load(folder), module
