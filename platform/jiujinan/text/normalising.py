"""First step of the chain: one spelling for each character, no invisible ones."""

import unicodedata

KEPT_CONTROLS = frozenset("\n\t")
INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})
# Blank or joining, though Unicode counts them as letters, marks or symbols.
BLANK_CHARACTERS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800\ufe0e\ufe0f")


def is_invisible(character: str) -> bool:
    """
    Return whether the character shows nothing and may hide or reorder text.

    Zero-width and bidirectional controls, soft hyphen, tags, variation selectors and lone
    surrogates count; line feed and tab don't.
    """
    if character in KEPT_CONTROLS:
        return False
    if character in BLANK_CHARACTERS or "\U000e0100" <= character <= "\U000e01ef":
        return True
    return unicodedata.category(character) in INVISIBLE_CATEGORIES


def normalise(text: str) -> str:
    r"""
    Return the text in Unicode form NFKC without invisible characters; idempotent.

    Full-width forms become half-width, compatibility ideographs their unified character. Line
    ends become `\n`. Case and script variants stay.
    """
    if text.isascii() and text.isprintable():
        return text
    visible = _drop_invisible(text.replace("\r\n", "\n").replace("\r", "\n"))
    if unicodedata.is_normalized("NFKC", visible):
        return visible
    # Folding can bring forth what was dropped before (U+3164 becomes U+1160).
    return _drop_invisible(unicodedata.normalize("NFKC", visible))


def _drop_invisible(text: str) -> str:
    """Return the text without invisible characters; each different character is judged once."""
    invisible = [character for character in set(text) if is_invisible(character)]
    return text.translate(dict.fromkeys(map(ord, invisible))) if invisible else text
