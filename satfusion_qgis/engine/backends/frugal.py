"""A network that makes do with the memory there is: smaller batches, then smaller windows, then the CPU."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Optional

import numpy as np

from ...tasks.errors import InputError
from ...tasks.method import Array
from ...tasks.model_card import ModelCard
from .backend import Backend, OutOfMemoryError

_SMALLEST = 64


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
        self._backend = backend
        self._on_cpu = on_cpu
        self._card = card
        self._tell = tell
        self._most: Optional[int] = None
        self._side: Optional[int] = None

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
                self._retreat(inputs)

    def close(self) -> None:
        """Free the device's memory."""
        self._backend.close()

    def _retreat(self, inputs: Mapping[str, Array]) -> None:
        """Take half of what did not fit.

        Raises:
            InputError: Nothing smaller is left.
        """
        batch, _, rows, columns = next(iter(inputs.values())).shape
        most = min(self._most or batch, batch)
        side = min(self._side or max(rows, columns), max(rows, columns))
        if most > 1:
            self._most = most // 2
            self._tell(f"Too little memory on {self.device}: {self._most} windows at a time")
        elif not self._card.global_context and side // 2 >= max(_SMALLEST, 2 * self._card.halo):
            self._side = side // 2
            self._tell(f"Too little memory on {self.device}: windows are cut to {self._side} pixels")
        elif self._on_cpu is not None:
            self._tell(f"Too little memory on {self.device}: going on with the CPU")
            self._backend.close()
            self._backend, self._on_cpu = self._on_cpu(), None
            self._most = self._side = None
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
        """Run on squares that overlap by the network's halo, where a window is too large."""
        _, _, rows, columns = next(iter(inputs.values())).shape
        if self._side is None or max(rows, columns) <= self._side:
            return self._backend.run(inputs, cancelled)
        result: dict[str, Array] = {}
        for own_rows, from_rows in self._spans(rows):
            for own_columns, from_columns in self._spans(columns):
                part = {name: array[..., from_rows, from_columns] for name, array in inputs.items()}
                for name, answer in self._backend.run(part, cancelled).items():
                    whole = result.setdefault(name, np.empty((*answer.shape[:2], rows, columns), np.float32))
                    inner = (_moved(own_rows, from_rows.start), _moved(own_columns, from_columns.start))
                    whole[..., own_rows, own_columns] = answer[..., inner[0], inner[1]]
        return result

    def _spans(self, length: int) -> list[tuple[slice, slice]]:
        """Return, along an axis, (what is kept, what is given) of each part; both begin at the network's multiple."""
        multiple = self._card.multiple
        halo = -(-self._card.halo // multiple) * multiple
        step = max((self._side or length) // multiple * multiple, multiple)
        spans = []
        for start in range(0, length, step):
            stop = min(start + step, length)
            spans.append((slice(start, stop), slice(max(start - halo, 0), min(stop + halo, length))))
        return spans


def _moved(span: slice, start: int) -> slice:
    return slice(span.start - start, span.stop - start)
