"""A tiny network with its method and its checkpoint families, for the tests of what surrounds networks."""

from __future__ import annotations

import torch
from torch import nn

from satfusion_qgis.catalogue import PANSHARPENING, Catalogue
from satfusion_qgis.engine.backends import torch_backend
from satfusion_qgis.engine.checkpoints.family import Family
from satfusion_qgis.engine.models import recognise, running
from satfusion_qgis.tasks.errors import InputError
from satfusion_qgis.tasks.method import Method

TINY = Method(
    id="tiny",
    title="Tiny",
    task="pansharpening",
    summary="A tiny network.",
    citation="None.",
    implementation="none:None",
    runtime="engine",
    network="engine.networks.pansharpening.tiny:Tiny",
)


class Tiny(nn.Module):
    """MS plus a convolution of MS and PAN.

    Args:
        bands: Number of MS bands.
        width: Features.
    """

    multiple = 1
    global_context = False
    halo = 2

    def __init__(self, bands, width=6):
        super().__init__()
        self.first = nn.Conv2d(bands + 1, width, 3, padding=1)
        self.last = nn.Conv2d(width, bands, 3, padding=1)

    def forward(self, ms, pan):
        return ms + self.detail(ms, pan)

    def detail(self, ms, pan):
        return self.last(torch.relu(self.first(torch.cat((ms, pan), dim=1))))


class TinyWithoutSkip(Tiny):
    """The same without MS added."""

    def forward(self, ms, pan):
        return self.detail(ms, pan)


def translate(state):
    names = {"head": "first", "tail": "last"}
    if set(state) != {f"{layer}.{kind}" for layer in names for kind in ("weight", "bias")}:
        raise InputError("The checkpoint has other names")
    return {f"{names[name.partition('.')[0]]}.{name.partition('.')[2]}": value for name, value in state.items()}


def family_of(network=Tiny):
    return Family(
        method="tiny",
        build=lambda config: network(config["bands"]),
        translate=translate,
        call=lambda net, inputs: {"output": net(inputs["ms"], inputs["pan"])},
        configuration=lambda state: {"bands": state["tail.bias"].shape[0], "width": state["head.bias"].shape[0]},
    )


def install(monkeypatch, families=("dlpan.tiny",), network=Tiny):
    """Makes the tiny network the only one that is known, under some families."""
    known = {name: family_of(network) for name in families}
    catalogue = Catalogue((PANSHARPENING,), (TINY,))
    monkeypatch.setattr(recognise, "MODULES", {name: name for name in known})
    monkeypatch.setattr(recognise, "family", lambda name: known[name])
    monkeypatch.setattr(recognise, "CATALOGUE", catalogue)
    monkeypatch.setattr(running, "CATALOGUE", catalogue)
    for user in (recognise, torch_backend):
        monkeypatch.setattr(user, "build", lambda name, configuration: network(**configuration))


def official_state(bands=4, width=6, seed=0, prefix=""):
    """The weights of an official checkpoint, and our network with the same ones."""
    torch.manual_seed(seed)
    network = Tiny(bands, width).eval()
    names = {"first": "head", "last": "tail"}
    state = network.state_dict()
    official = {f"{prefix}{names[name.partition('.')[0]]}.{name.partition('.')[2]}": state[name] for name in state}
    return official, network
