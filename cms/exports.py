"""Tables as CSV that opens in any spreadsheet: UTF-8 with mark, and no cell that would be computed."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def csv_response(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return the table as a download of that name."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_cell(one) for one in header])
    writer.writerows([_cell(one) for one in row] for row in rows)
    return response


def yuan_text(fen: int) -> str:
    """Return fen as a plain number of yuan for a table: 1234.50."""
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{cents:02d}"


def _cell(value: object) -> object:
    """Return a number as it is, any other text so that a spreadsheet shows it and computes nothing."""
    text = str(value)
    is_number = text.lstrip("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_COMPUTED) and not is_number else text
