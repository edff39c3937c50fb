"""A list as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io

from clinic.lists import Listing

# With these, a spreadsheet takes what a visitor wrote for a formula, and carries it out.
BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(listing: Listing) -> bytes:
    """The list as CSV, as spreadsheets of all makers open it. What could be a formula begins
    with an apostrophe, so that it is text; so do telephone numbers, which keep their plus."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(listing.columns)
    writer.writerows([_text(cell) for cell in row.cells] for row in listing.rows)
    return file.getvalue().encode("utf-8-sig")


def _text(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(BEGIN_A_FORMULA) else cell
