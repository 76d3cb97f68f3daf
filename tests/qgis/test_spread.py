"""A spread among draws is offered where a method draws its result, and nowhere else."""

from __future__ import annotations

from satfusion_qgis.catalogue import CATALOGUE


def test_only_what_draws_offers_a_spread(provider):
    drawing = {f"predict_{method.id}" for method in CATALOGUE.methods_of("spatiotemporal_fusion") if method.stochastic}
    assert drawing == {"predict_stfdiff"}
    with_spread = {
        algorithm.name()
        for algorithm in provider.algorithms()
        if algorithm.name().startswith("predict") and algorithm.parameterDefinition("SPREAD") is not None
    }
    assert with_spread & {f"predict_{method.id}" for method in CATALOGUE.methods_of("spatiotemporal_fusion")} == drawing
    assert "predict" in with_spread


def test_the_network_s_own_settings(provider):
    names = {item.name() for item in provider.algorithm("predict_stfdiff").parameterDefinitions()}
    assert {"SAMPLES", "SAMPLER", "STEPS", "SEED", "MODEL", "DEVICE", "PRECISION"} <= names
    assert "MODEL" not in {item.name() for item in provider.algorithm("predict_starfm").parameterDefinitions()}
