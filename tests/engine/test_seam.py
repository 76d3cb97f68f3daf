"""How far blended tiles lie from the whole."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from satfusion_qgis.engine.models.seam import seam_error


class Local(nn.Module):
    halo, global_context = 2, True

    def forward(self, ms, pan):
        return ms + nn.functional.avg_pool2d(pan, 5, 1, 2)


class Mean(nn.Module):
    halo, global_context = 0, True

    def __init__(self, share):
        super().__init__()
        self.share = share

    def forward(self, ms, pan):
        return ms + self.share * pan.mean(dim=(2, 3), keepdim=True)


def test_a_network_that_sees_less_than_its_margin_has_no_seam():
    assert seam_error(Local(), 3, 32) == pytest.approx(0, abs=1e-6)


def test_a_network_that_sees_the_whole_has_one():
    none, some, more = (seam_error(Mean(share), 3, 32) for share in (0.0, 0.5, 1.0))
    assert none == pytest.approx(0, abs=1e-6)
    assert 0 < some < more < 1


def test_local_networks_have_none():
    network = Local()
    network.global_context = False
    assert seam_error(network, 3, 32) is None


def test_nothing_random_in_it():
    torch.manual_seed(1)
    first = seam_error(Mean(1.0), 2, 32, standardised=True)
    torch.manual_seed(2)
    assert seam_error(Mean(1.0), 2, 32, standardised=True) == first
