"""The errors a user may see, each one sentence that says what to do."""

from __future__ import annotations


class InputError(ValueError):
    """Bad input or parameter, found before or during a run; the text is meant for the user."""


class Cancelled(Exception):
    """The user cancelled; nothing is wrong and nothing is left behind."""
