"""Rows of a spreadsheet become quotes: reads CSV and JSON Lines, checks each row, and loads them batch by batch.

For the command and for the desk alike. It leaves what an editor has hidden alone, and drops nothing silently.
"""

from .files import Sheet, SpreadsheetError
from .loading import Loaded, load
from .rows import COLUMNS, Problem

__all__ = ["COLUMNS", "Loaded", "Problem", "Sheet", "SpreadsheetError", "load"]
