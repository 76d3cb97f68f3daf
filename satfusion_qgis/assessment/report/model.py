"""A model's card as a page: what it is for, where it comes from, what it reaches, where it loses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from ...tasks.model_card import CardInput, ModelCard
from .page import Page, Translate, plain


def model_report(
    card: ModelCard, method: str, faults: Optional[Mapping[str, Optional[str]]] = None, tr: Translate = plain
) -> str:
    """Return a model's card as HTML.

    Args:
        card: The card.
        method: Title of its method.
        faults: For each file that was checked, what is wrong with it, or None; None where none was checked.
        tr: Translation of texts.
    """
    page = Page(card.title, tr)
    page.facts(_facts(card, method, tr))
    page.heading(tr("What it takes"))
    for item in card.inputs:
        _input(page, item, tr)
    page.heading(tr("Files"))
    _files(page, card, faults, tr)
    page.heading(tr("Limits"))
    limits = _texts(card.data.get("limits"))
    for line in limits or [tr("None are stated.")]:
        page.text(line)
    page.heading(tr("Scores"))
    _scores(page, card, tr)
    page.heading(tr("Training"))
    _training(page, card, tr)
    return page.html()


def _facts(card: ModelCard, method: str, tr: Translate) -> list[tuple[str, str]]:
    low, high = card.ratio
    trained = card.data["ratio"].get("trained")
    ratio = f"{low:g}" if low == high else tr("{} to {}").format(f"{low:g}", f"{high:g}")
    if isinstance(trained, (int, float)) and low != high:
        ratio += tr(", trained with {}").format(f"{trained:g}")
    settings = ", ".join(f"{name} = {value}" for name, value in card.configuration.items())
    context = tr("the whole tile of {} pixels").format(card.tile) if card.global_context else ""
    base = [(tr("Adds to the estimate of"), card.residual_of or tr("its own"))] if _has_revisits(card) else []
    return [
        (tr("Id"), card.id),
        (tr("Task"), card.task),
        (tr("Method"), f"{method} ({card.method})"),
        (tr("Configuration"), settings),
        (tr("Ratio (MS pixel / PAN pixel)") if _has_ms(card) else tr("Ratio (coarse pixel / fine pixel)"), ratio),
        *base,
        (tr("Ground sampling distance"), _range(card.data.get("gsd_m"), "m")),
        (tr("Product level"), _plain(card.data.get("product_level"))),
        (tr("A pixel depends on"), context or tr("{} pixels around it").format(card.halo)),
        (tr("Result depends on the seed"), tr("yes") if card.stochastic else tr("no")),
        (tr("Licence"), card.licence),
        (tr("Attribution"), _plain(card.data.get("attribution"))),
        (tr("Folder"), str(card.folder)),
    ]


def _has_revisits(card: ModelCard) -> bool:
    return any(item.role == "REVISITS" for item in card.inputs)


def _has_ms(card: ModelCard) -> bool:
    return any(item.role == "MS" for item in card.inputs)


def _input(page: Page, item: CardInput, tr: Translate) -> None:
    units = tr("physical values") if item.units == "physical" else tr("numbers as stored")
    value = f"{units} x {item.scale:.6g}" + (f" + {item.offset:g}" if item.offset else "")
    if item.clip is not None:
        value += tr(", cut to {} to {}").format(f"{item.clip[0]:g}", f"{item.clip[1]:g}")
    if item.normalise != "none":
        means = {"standard": tr("the training data"), "scene": tr("the scene")}
        value += tr(", then less the mean and over the standard deviation of {}").format(means[item.normalise])
    page.text(tr("{}: {} bands; the network gets {}.").format(item.role, len(item.bands), value))
    if item.max_count != 1:
        page.text(_several(item, tr))
    if item.min_count == 0:
        page.text(tr("{} may be left out.").format(item.role))
    rows = [[band.name, _known(band.wavelength_nm), _known(band.width_nm)] for band in item.bands]
    page.table([tr("Band"), tr("Wavelength [nm]"), tr("Width [nm]")], rows)


def _several(item: CardInput, tr: Translate) -> str:
    """Return how many images of one role a network takes."""
    if item.max_count is None:
        number = tr("{}: {} images or more").format(item.role, item.min_count)
    elif item.max_count == item.min_count:
        number = tr("{}: {} images").format(item.role, item.min_count)
    else:
        number = tr("{}: {} to {} images").format(item.role, item.min_count, item.max_count)
    masks = tr("with masks of what counts in each") if item.masks else tr("without masks")
    return f"{number}, {masks}."


def _files(page: Page, card: ModelCard, faults: Optional[Mapping[str, Optional[str]]], tr: Translate) -> None:
    rows = []
    for file in card.files:
        state = tr("not checked")
        if faults is not None:
            state = faults.get(file.name) or tr("verified: size and SHA-256 are those of the card")
        size = "" if file.bytes is None else f"{file.bytes / 1e6:.1f}"
        rows.append([file.name, file.sha256, state, size])
    page.table([tr("File"), "SHA-256", tr("State"), tr("Size [MB]")], rows, words=3)


def _scores(page: Page, card: ModelCard, tr: Translate) -> None:
    scores = [item for item in _list(card.data.get("scores")) if isinstance(item, Mapping)]
    if not scores:
        page.text(tr("None are stated: compare it with the classical methods on your own scene."))
        return
    rows = [
        [
            _plain(item.get("place")),
            _plain(item.get("protocol")),
            _plain(item.get("metric")),
            _plain(item.get("value")),
            _interval(item.get("interval")),
            _plain(item.get("baseline")),
        ]
        for item in scores
    ]
    head = [tr("Where measured"), tr("Protocol"), tr("Score"), tr("Value"), tr("Interval"), tr("Baseline")]
    page.table(head, rows, words=3)


def _training(page: Page, card: ModelCard, tr: Translate) -> None:
    training = card.data.get("training")
    known = training if isinstance(training, Mapping) else {}
    titles = {
        "script": tr("Script"),
        "commit": tr("Version"),
        "data": tr("Data"),
        "seed": tr("Seed"),
        "steps": tr("Steps"),
    }
    pairs = [(title, _plain(known.get(name))) for name, title in titles.items()]
    if any(value for _, value in pairs):
        page.facts(pairs)
    else:
        page.text(tr("Nothing is stated."))


def _plain(value: Any) -> str:
    """Return what a card says in a field that nobody checked, as text."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "; ".join(_texts(value)) if isinstance(value, (list, tuple)) else str(value)
    return f"{value:.6g}"


def _texts(value: Any) -> list[str]:
    return [str(item) for item in _list(value)]


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _interval(value: Any) -> str:
    ends = _list(value)
    return f"{_plain(ends[0])} - {_plain(ends[1])}" if len(ends) == 2 else _plain(value)


def _range(value: Any, unit: str) -> str:
    if not isinstance(value, Mapping) or value.get("min") is None:
        return ""
    return f"{_plain(value.get('min'))} - {_plain(value.get('max'))} {unit}"


def _known(value: Optional[float]) -> str:
    return "" if value is None else f"{value:g}"
