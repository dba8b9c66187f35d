"""
One chain for Chinese text: normalise → traditional to simplified → segment → search terms.

Documents and queries go through the same functions, so both search engines see the same tokens.
Importing is cheap; dictionaries are loaded at first use.
"""

from jiujinan.text.aligning import Aligned, align
from jiujinan.text.normalising import normalise
from jiujinan.text.searching import (
    CHAIN_VERSION,
    Term,
    highlight,
    query_terms,
    read_query,
    search_terms,
    sentence_tokens,
)
from jiujinan.text.segmenting import segment
from jiujinan.text.simplifying import to_simplified

__all__ = [
    "CHAIN_VERSION",
    "Aligned",
    "Term",
    "align",
    "highlight",
    "normalise",
    "query_terms",
    "read_query",
    "search_terms",
    "segment",
    "sentence_tokens",
    "to_simplified",
]
