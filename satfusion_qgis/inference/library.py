"""The models at hand: those that come with the plugin, and the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from ..locations import find, models_folder
from ..tasks.errors import InputError
from ..tasks.method import Method, SceneInfo
from ..tasks.model_card import CARD, ModelCard
from .suitability import part_against, reason_against

_ADVICE = {
    "pansharpening": "fit one to this scene (adapt_pansharpening), train one, or import one",
    "super_resolution": "train one (train_superresolution), or import one",
    "multi_image_pansharpening": "fit one to these revisits (adapt_satfusion), train one (train_satfusion), or import "
    "one",
    "spatiotemporal_fusion": "fit one to your own pairs (adapt_spatiotemporal), train one (train_spatiotemporal), or "
    "import one",
}


class ModelLibrary:
    """Model folders under some folders; a model in an earlier folder hides one of the same id in a later one.

    Args:
        folders: Where to look; those that are missing hold nothing.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def cards(self) -> list[ModelCard]:
        """Return the cards of all models whose card is right, in order of their ids."""
        found: dict[str, ModelCard] = {}
        for folder in self._model_folders():
            try:
                card = ModelCard.load(folder)
            except InputError:
                continue
            found.setdefault(card.id, card)
        return [found[name] for name in sorted(found)]

    def faults(self) -> list[str]:
        """Return a sentence for each model whose card is not right."""
        said = []
        for folder in self._model_folders():
            try:
                ModelCard.load(folder)
            except InputError as error:
                said.append(str(error))
        return said

    def find(self, model: str) -> ModelCard:
        """Return the card of a model.

        Args:
            model: Its id, or the folder that it lies in.

        Raises:
            InputError: There is no such model, or its card is not right.
        """
        folder = Path(model).expanduser()
        if (folder / CARD).is_file():
            return ModelCard.load(folder)
        for card in self.cards():
            if card.id == model:
                return card
        known = ", ".join(card.id for card in self.cards()) or "none"
        raise InputError(f"MODEL: there is no model {model!r}; known are: {known}, or the folder of another one.")

    def fitting(self, method: Method, scene: SceneInfo, parameters: Optional[Mapping[str, Any]] = None) -> ModelCard:
        """Return the model of a method that fits a scene; the one trained nearest its ratio where several do.

        Args:
            method: The method.
            scene: What is known of the scene.
            parameters: The method's parameters, of which some ask for a part of the network (ENCODER, SHARPENER).

        Raises:
            InputError: None does.
        """
        own = [card for card in self.cards() if card.method == method.id and card.task == method.task]
        against = {card.id: part_against(card, parameters or {}) or reason_against(card, scene) for card in own}
        fitting = [card for card in own if against[card.id] is None]
        if not fitting:
            raise InputError(_nothing_fits(method, against))
        ratio = max((max(pair) for pair in scene.ratio.values()), default=1.0)
        return min(fitting, key=lambda card: abs(_trained_ratio(card) - ratio))

    def _model_folders(self) -> list[Path]:
        found = []
        for folder in self._folders:
            if folder.is_dir():
                cards = sorted(folder.glob(f"*/{CARD}"))
                found += [path.parent for path in cards if not path.parent.name.startswith(".")]  # half written
        return found


def default_library(own: Optional[Path] = None) -> ModelLibrary:
    """Return the library of the models that come with the plugin and the user's.

    Args:
        own: Folder of the user's models; None for the usual one.
    """
    return ModelLibrary((find("models"), own or models_folder()))


def _trained_ratio(card: ModelCard) -> float:
    trained = card.data["ratio"].get("trained")
    return float(trained) if isinstance(trained, (int, float)) else card.ratio[0]


def _nothing_fits(method: Method, against: dict[str, Optional[str]]) -> str:
    advice = _ADVICE.get(method.task, "train or import one")
    if not against:
        return f"MODEL: there are no weights for {method.title} yet; {advice}."
    there = "; ".join(f"{name} {reason}" for name, reason in against.items())
    return f"MODEL: no weights for {method.title} fit this scene: {there}; {advice}."
