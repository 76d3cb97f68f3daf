"""A method: its description (data, listed in the catalogue) and the base class of its computation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional

import numpy as np

from .parameters import Parameter
from .window import Window

if TYPE_CHECKING:
    Array = np.ndarray[Any, Any]
else:
    Array = np.ndarray
Blocks = Mapping[str, Any]
State = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """The description of a method, as data: listing it imports nothing that computes.

    Attributes:
        id: Stable lower-case id ("gsa").
        title: Name in the field's literature.
        task: Task id.
        summary: One sentence: what it does and when to take it.
        citation: Author, title, year, DOI.
        implementation: "module:Class" below `satfusion_qgis`, resolved on first use.
        parameters: Settings beyond those that every method of the task has.
        runtime: "numpy", or "engine" for networks, whose weights come with a model card.
        network: For networks, "module:Class" of the PyTorch module below `satfusion_qgis`, resolved in the engine.
        window_multiple: Window sides must be a multiple of this.
        invariant_to_gain: A common gain on the inputs only scales the result.
        invariant_to_offset: An offset on an input only shifts the result.
            Methods that are not run in physical units when scale and offset are known.
        stochastic: The result depends on the seed.
        compiled: Its inner loops also have a compiled form and one for graphics cards, in the engine; one result.
    """

    id: str
    title: str
    task: str
    summary: str
    citation: str
    implementation: str
    parameters: tuple[Parameter, ...] = ()
    runtime: str = "numpy"
    network: str = ""
    window_multiple: int = 1
    invariant_to_gain: bool = True
    invariant_to_offset: bool = True
    stochastic: bool = False
    compiled: bool = False


@dataclass(frozen=True)
class SceneInfo:
    """What a method is told about the scene before any pixel is read.

    Attributes:
        bands: Number of bands for each role (of each item, for lists).
        items: Number of images for each role.
        ratio: For each role, the pixel size relative to the target grid (rows, columns); first item.
        band_names: Band names of each role's first item.
        wavelengths_nm: Centre wavelengths of each role's first item; empty when unknown.
        days: For dated roles, days from the target date of each item.
    """

    bands: Mapping[str, int]
    items: Mapping[str, int]
    ratio: Mapping[str, tuple[float, float]]
    band_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wavelengths_nm: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Pass:
    """One streaming pass over the whole scene, before anything is fused.

    The pipeline cuts the scene into fixed windows that do not depend on the user's window or threads, calls
    `add` for each, and merges the accumulators in window order. So the results depend on neither.

    Attributes:
        name: Key under which `finish`'s result stands in the state.
        roles: Inputs it reads.
        halo: Pixels needed around the window, for each role, in that role's own pixels.
        add: (blocks, window, state) -> accumulator of this window; None when it holds nothing.
        merge: (a, b) -> accumulator of both.
        finish: (accumulator or None, state) -> plain data and arrays.
        windows: At most so many windows are looked at, spread evenly over the scene; None for all of them.
    """

    name: str
    roles: tuple[str, ...]
    halo: Mapping[str, int]
    add: Callable[[Blocks, Window, State], Any]
    merge: Callable[[Any, Any], Any]
    finish: Callable[[Any, State], Any]
    windows: Optional[int] = None


class Implementation:
    """Base class of what computes a method.

    An instance is made for one scene, holds only its settings, and is used from several threads.

    Args:
        parameters: Checked values by name.
        scene: What is known of the scene.
    """

    def __init__(self, parameters: Mapping[str, Any], scene: SceneInfo) -> None:
        self.parameters = parameters
        self.scene = scene

    def halo(self) -> dict[str, int]:
        """Return, for each role, the pixels (its own) that `fuse` needs around a window."""
        return {}

    def passes(self) -> tuple[Pass, ...]:
        """Return the scene-wide passes, in order; a later one sees the results of earlier ones."""
        return ()

    def output_bands(self) -> dict[str, list[str]]:
        """Return the band names of outputs that take over no role's bands (classes, probabilities)."""
        return {}

    def warnings(self) -> list[str]:
        """Return what the user should look at, known before any pixel is read."""
        return []

    def describe(self, state: State) -> list[str]:
        """Return lines for the log about what the passes found."""
        return []

    def tables(self, state: State) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of each output of kind "table"."""
        return {}

    def compute_with(self, kernels: Any) -> None:
        """Have another form of the inner loops compute; only for methods that are `compiled`."""
        raise RuntimeError(f"{type(self).__name__} has no compiled form.")

    def fuse(self, blocks: Blocks, state: State, window: Window) -> dict[str, Array]:
        """Compute the outputs in one window; pure: the result depends on the arguments alone.

        Args:
            blocks: For each role a float32 array (bands, rows, columns) as `window.blocks` places it; a tuple of them
                for a list role. `<role>_valid` is a bool array (rows, columns), or None where every pixel is valid;
                `<role>_days` holds days from the target date.
            state: Results of the passes, by pass name.
            window: The rectangle of the target grid to compute.

        Returns:
            For each output of kind image, classes or probability an array (bands, rows, columns) of the window's size,
            and `<output>_valid` (rows, columns) bool, or None, where some pixels are not valid.
        """
        raise RuntimeError(f"{type(self).__name__} does not compute anything.")
