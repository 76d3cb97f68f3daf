"""Commands that score results."""

from __future__ import annotations

import argparse

from ..catalogue import Catalogue
from ..tasks.errors import InputError
from ..tasks.job import Input
from . import console, shared
from .console import ConsoleFeedback


def assess_outputs(parser: argparse.ArgumentParser) -> None:
    """Add where scores go."""
    parser.add_argument("--output", help="JSON file; default standard output")
    parser.add_argument("--csv", help="also write the scores as CSV")
    parser.add_argument("--report", help="also write a report as HTML")


def assess(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Score a result against the truth."""
    from ..pipeline.assess import Settings, compare

    bands = shared.numbers("--fused-bands", arguments.fused_bands)
    reference_bands = shared.numbers("--reference-bands", arguments.reference_bands)
    fused = Input("FUSED", arguments.fused, bands=bands)
    reference = Input("REFERENCE", arguments.reference, bands=reference_bands)
    console.prepare(feedback)
    settings = Settings(
        arguments.ratio,
        arguments.border,
        arguments.data_range,
        arguments.uqi_window,
        views=bool(arguments.report),
        registered=arguments.registered,
        shift=arguments.shift,
    )
    found = compare(fused, reference, settings, feedback)
    shared.write_scores(arguments, found.scores, found.table, found.report)


def assess_noreference(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Score a result at full scale, without a truth."""
    from ..pipeline.assess_noreference import FullScaleSettings, compare_full_scale

    shared.check_sensor(arguments.sensor)
    fused = Input("FUSED", arguments.fused, bands=shared.numbers("--fused-bands", arguments.fused_bands))
    bands = shared.numbers("--bands", arguments.bands)
    ms = [Input("MS", path, bands=list(bands)) for path in arguments.ms]
    console.prepare(feedback)
    settings = FullScaleSettings(arguments.sensor, arguments.mtf_gains, arguments.border, bool(arguments.report))
    found = compare_full_scale(fused, ms, Input("PAN", arguments.pan), settings, feedback)
    shared.write_scores(arguments, found.scores, found.table, found.report)


def assess_methods(arguments: argparse.Namespace, catalogue: Catalogue, feedback: ConsoleFeedback) -> None:
    """Score all methods on a scene."""
    from ..pipeline.assess_methods import MethodsSettings, compare_methods
    from ..pipeline.assess_revisits import compare_revisits
    from ..pipeline.revisit_inputs import revisit_inputs

    if bool(arguments.ms) == bool(arguments.revisits) or (arguments.ms and not arguments.pan):
        raise InputError("Give either --ms with --pan, or --revisits.")
    bands = shared.numbers("--bands", arguments.bands)
    console.prepare(feedback)
    settings = MethodsSettings(
        tuple(part.strip() for part in arguments.methods.split(",") if part.strip()),
        dict(shared.pair(text) for text in arguments.set),
        arguments.ratio,
        arguments.border,
        not arguments.no_full_scale,
        arguments.threads,
    )
    if arguments.revisits:
        given = [Input("REVISITS", path) for path in arguments.revisits]
        revisits = revisit_inputs(given, arguments.stack_bands, arguments.dates, bands, auto_masks=True)
        pan = Input("PAN", arguments.pan) if arguments.pan else None
        found = compare_revisits(revisits, pan, settings, catalogue, feedback)
    else:
        ms = [Input("MS", path, bands=list(bands)) for path in arguments.ms]
        found = compare_methods(ms, Input("PAN", arguments.pan), settings, catalogue, feedback)
    for line in found.sentences():
        feedback.info(line)
    shared.write_scores(arguments, found.scores, found.table, found.report)
