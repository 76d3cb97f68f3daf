"""Where pixels are valid: a bool array, or None for everywhere."""

from __future__ import annotations

from typing import Optional

from .method import Array


def combine(one: Optional[Array], other: Optional[Array]) -> Optional[Array]:
    """Return where both are valid; None stands for everywhere."""
    if one is None or other is None:
        return other if one is None else one
    both: Array = one & other
    return both
