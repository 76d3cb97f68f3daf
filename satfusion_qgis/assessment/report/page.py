"""The pieces of a page: headings, paragraphs, tables and figures, in HTML that small viewers understand."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence

from ...locations import version

Translate = Callable[[str], str]
_STYLE = """
body { font-family: "DejaVu Sans", "Segoe UI", Helvetica, Arial, sans-serif; font-size: 14px; color: #22292f;
  background-color: #ffffff; margin: 24px; max-width: 1060px; }
h1 { font-size: 23px; margin-bottom: 2px; }
h2 { font-size: 17px; margin-top: 28px; margin-bottom: 6px; color: #14466f; }
p { margin-top: 4px; margin-bottom: 8px; line-height: 1.4; }
.note { color: #5a6570; font-size: 12px; }
table.data { border-collapse: collapse; }
th { text-align: left; vertical-align: bottom; background-color: #e6eef6; padding: 4px 10px; }
td { padding: 4px 10px; vertical-align: middle; }
table.data td { border-bottom: 1px solid #dfe3e8; }
td.number, th.number { text-align: right; }
td.number, td.name { white-space: nowrap; }
tr.total td { font-weight: bold; background-color: #f5f7f9; }
tr.best td { background-color: #eef6ec; }
table.figures td { padding: 0px 14px 8px 0px; vertical-align: top; }
"""


def plain(text: str) -> str:
    """Return the text as it stands: the translation of whoever has none."""
    return text


def escaped(text: object) -> str:
    """Return text with the characters escaped that HTML gives a meaning."""
    return html.escape(str(text))


class Page:
    """A page that is written from top to bottom.

    Args:
        title: Its title, translated.
        tr: Translation of texts.
    """

    def __init__(self, title: str, tr: Translate) -> None:
        self._title = title
        self._tr = tr
        self._parts: list[str] = [f"<h1>{escaped(title)}</h1>"]

    def heading(self, text: str) -> None:
        """Add a heading."""
        self._parts.append(f"<h2>{escaped(text)}</h2>")

    def text(self, *sentences: str, note: bool = False) -> None:
        """Add a paragraph."""
        kind = ' class="note"' if note else ""
        self._parts.append(f"<p{kind}>{escaped(' '.join(sentences))}</p>")

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add a table of names and values."""
        rows = [
            f'<tr><td class="name"><b>{escaped(name)}</b></td><td>{escaped(value)}</td></tr>'
            for name, value in pairs
            if value
        ]
        self._parts.append(f'<table class="data" cellspacing="0">{"".join(rows)}</table>')

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        words: int = 1,
        marked: Sequence[str] = (),
        trusted: int = 0,
    ) -> None:
        """Add a table.

        Args:
            head: Titles of the columns.
            rows: Cells of each row.
            words: How many columns, from the left, hold words; the others hold numbers.
            marked: Class of each row, or "".
            trusted: How many columns, from the right, hold HTML.
        """
        plain_columns = len(head) - trusted
        cells = [_cell("th", text, place, words, place >= plain_columns) for place, text in enumerate(head)]
        lines = [f"<tr>{''.join(cells)}</tr>"]
        for number, row in enumerate(rows):
            kind = marked[number] if number < len(marked) else ""
            made = [_cell("td", text, place, words, place >= plain_columns) for place, text in enumerate(row)]
            lines.append(f"<tr{_class(kind)}>{''.join(made)}</tr>")
        self._parts.append(f'<table class="data" cellspacing="0">{"".join(lines)}</table>')

    def figures(self, cells: Sequence[tuple[str, str]], columns: int) -> None:
        """Add figures side by side.

        Args:
            cells: Caption and HTML of each.
            columns: How many stand in a row.
        """
        lines = []
        for start in range(0, len(cells), columns):
            row = cells[start : start + columns]
            made = [
                f"<td>{f'<b>{escaped(caption)}</b><br>' if caption else ''}{figure}</td>" for caption, figure in row
            ]
            lines.append(f"<tr>{''.join(made)}</tr>")
        self._parts.append(f'<table class="figures" cellspacing="0">{"".join(lines)}</table>')

    def html(self) -> str:
        """Return the whole page."""
        self.text(self._tr("Made by SatFusion {}.").format(version()), note=True)
        body = "\n".join(self._parts)
        return (
            '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escaped(self._title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
        )


def _cell(kind: str, text: str, place: int, words: int, trusted: bool) -> str:
    if trusted:
        return f"<{kind}>{text}</{kind}>"
    if place >= words:
        return f'<{kind} class="number" align="right">{escaped(text)}</{kind}>'
    return f"<{kind}{_class('name' if place == 0 else '')}>{escaped(text)}</{kind}>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
