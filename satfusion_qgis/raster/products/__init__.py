"""Satellite products as delivered: found by content, offered as virtual rasters with all that is known of them."""

from .find import Resolved, find_product, is_product, pinned, resolve, split_choice
from .model import Image, Product
from .prepare import Prepared, prepare

__all__ = [
    "Image",
    "Prepared",
    "Product",
    "Resolved",
    "find_product",
    "is_product",
    "pinned",
    "prepare",
    "resolve",
    "split_choice",
]
