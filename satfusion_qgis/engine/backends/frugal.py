"""A network that makes do with the memory there is: smaller batches, then smaller windows, then the CPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Optional

import numpy as np

from ...inference.network import network_inputs, network_multiple
from ...tasks.errors import InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from .backend import Backend, OutOfMemoryError

_SMALLEST = 64
# Side of a window, without its halo, beyond which the CPU gains nothing but takes more memory and sees a cancel later.
# Below it, the halos of parts and the copies cost small networks some hundredths.
_CPU_SIDE = 1024


class FrugalNetwork:
    """Runs a backend; where memory runs out it halves what it gives it, and says so.

    Args:
        backend: Where the network runs.
        on_cpu: Opens the same network on the CPU; None where it runs there already.
        card: The card of the weights.
        tell: Gets a line for the log.
    """

    def __init__(
        self,
        backend: Backend,
        on_cpu: Optional[Callable[[], Backend]],
        card: ModelCard,
        tell: Callable[[str], None],
    ) -> None:
        self._on_cpu = on_cpu
        self._card = card
        self._factors = {item.name: item.factor for item in network_inputs(card)}
        self._multiple = network_multiple(card)
        self._tell = tell
        self._take(backend)

    @property
    def device(self) -> str:
        """The device in use."""
        return self._backend.device

    def __call__(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run the network; see `inference.network.Network`."""
        while True:
            try:
                return self._in_batches(inputs, cancelled)
            except OutOfMemoryError:
                pass  # what the error holds in memory goes before anything else is tried
            self._retreat(inputs)

    def close(self) -> None:
        """Free the device's memory."""
        self._backend.close()

    def _take(self, backend: Backend) -> None:
        self._backend = backend
        self._most: Optional[int] = None
        self._side: Optional[int] = _CPU_SIDE if backend.device == "cpu" else None

    def _retreat(self, inputs: Mapping[str, Array]) -> None:
        """Take half of what did not fit.

        Raises:
            InputError: Nothing smaller is left.
        """
        batch = len(next(iter(inputs.values())))
        most = min(self._most or batch, batch)
        side = self._kept(max(self._grid(inputs))) // 2
        if most > 1:
            self._most = most // 2
            self._tell(f"Too little memory on {self.device}: {self._most} windows at a time")
        elif self._can_cut(inputs) and side >= max(_SMALLEST, 2 * self._card.halo):
            self._side = side
            self._tell(f"Too little memory on {self.device}: windows are cut to {side} pixels")
        elif self._on_cpu is not None:
            self._tell(f"Too little memory on {self.device}: going on with the CPU")
            self._backend.close()
            open_there, self._on_cpu = self._on_cpu, None
            self._take(open_there())
        else:
            raise InputError(f"Too little memory on {self.device} for {self._card.id}; choose a smaller WINDOW.")

    def _in_batches(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        batch = len(next(iter(inputs.values())))
        most = self._most or batch
        if batch <= most:
            return self._in_parts(inputs, cancelled)
        parts = [
            self._in_parts({name: array[start : start + most] for name, array in inputs.items()}, cancelled)
            for start in range(0, batch, most)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _in_parts(self, inputs: Mapping[str, Array], cancelled: Callable[[], bool]) -> dict[str, Array]:
        """Run on rectangles that overlap by the network's halo, where a window is too large."""
        rows, columns = self._grid(inputs)
        by_row, by_column = self._spans(rows), self._spans(columns)
        if not self._can_cut(inputs) or len(by_row) == len(by_column) == 1:
            return self._backend.run(inputs, cancelled)
        result: dict[str, Array] = {}
        for own_rows, from_rows in by_row:
            for own_columns, from_columns in by_column:
                part = {
                    name: array[..., self._coarse(name, from_rows), self._coarse(name, from_columns)]
                    for name, array in inputs.items()
                }
                for name, answer in self._backend.run(part, cancelled).items():
                    whole = result.setdefault(name, np.empty((*answer.shape[:-2], rows, columns), np.float32))
                    inner = (_moved(own_rows, from_rows.start), _moved(own_columns, from_columns.start))
                    whole[..., own_rows, own_columns] = answer[..., inner[0], inner[1]]
        return result

    def _can_cut(self, inputs: Mapping[str, Array]) -> bool:
        """Tell whether parts give what the whole does: no global context, and all images cover the same."""
        return not self._card.global_context and len({self._size(*item) for item in inputs.items()}) == 1

    def _grid(self, inputs: Mapping[str, Array]) -> tuple[int, int]:
        """Return the rows and columns of the fine grid."""
        return max(self._size(*item) for item in inputs.items())

    def _size(self, name: str, array: Array) -> tuple[int, int]:
        """Return the fine rows and columns that an image covers."""
        factor = self._factors.get(name, 1)
        return factor * array.shape[-2], factor * array.shape[-1]

    def _coarse(self, name: str, span: slice) -> slice:
        """Return the pixels of an image that lie in a span of the fine grid."""
        factor = self._factors.get(name, 1)
        return slice(span.start // factor, -(-span.stop // factor))

    def _kept(self, length: int) -> int:
        """Return how much of each part is kept along an axis of a window, whose own halo does not count."""
        inside = self._inside(length)
        return inside if self._side is None else min(self._side, inside)

    def _inside(self, length: int) -> int:
        return max(length - 2 * _up(self._card.halo, self._multiple), 1)

    def _spans(self, length: int) -> list[tuple[slice, slice]]:
        """Return, along an axis, (what is kept, what is given) of equal parts; both begin at the network's multiple."""
        multiple = self._multiple
        halo = _up(self._card.halo, multiple)
        parts = -(-self._inside(length) // self._kept(length))
        step = _up(-(-length // parts), multiple)
        spans = []
        for start in range(0, length, step):
            stop = min(start + step, length)
            spans.append((slice(start, stop), slice(max(start - halo, 0), min(stop + halo, length))))
        return spans


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def _moved(span: slice, start: int) -> slice:
    return slice(span.start - start, span.stop - start)
