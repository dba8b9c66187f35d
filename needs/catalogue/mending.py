"""Mending slips: pinyin for characters, a sound-alike for the right word, one wrong letter (pure)."""

import re
from collections.abc import Iterator
from itertools import islice

import rjieba
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jiujinan.text.searching import stop_words
from jiujinan.text.segmenting import HAN, fold
from needs.catalogue.lexicon import HAN_RUN, Lexicon, Sound, syllables

MOST_CORRECTIONS = 5
LONGEST_WORD = 6
SHORTEST_SLIP = 3  # characters of a word of which one may be wrong; of three, not the first
SHORTEST_MISSPELT = 4
LONG_WORD = 8
LONG_PINYIN = 6
SHORTEST_SYLLABLE = 2
_LETTERS = re.compile(r"[a-z]+")
_PIECE = re.compile(rf"[{HAN}]+|[a-z' ]+|[^a-z{HAN}]+")
Choices = tuple[str, ...]  # what a piece of the text may have been meant as, the likeliest first


def corrections(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield the text with what is not known replaced by what was probably meant, the likeliest first; at most five."""
    folded = fold(text)
    parts = [part for piece in _PIECE.findall(folded) for part in _mended(piece, lexicon)]
    yield from islice((variant for variant in _variants(parts) if variant != folded), MOST_CORRECTIONS)


def _variants(parts: list[Choices]) -> Iterator[str]:
    """Yield the likeliest text, then those with another word of the same sound in one place."""
    first = [choices[0] for choices in parts]
    yield "".join(first)
    for place, choices in enumerate(parts):
        for other in choices[1:]:
            yield "".join([*first[:place], other, *first[place + 1 :]])


def _mended(piece: str, lexicon: Lexicon) -> list[Choices]:
    if HAN_RUN.fullmatch(piece):
        return list(_mend_characters(piece, lexicon))
    if _LETTERS.search(piece):
        return _mend_letters(piece, lexicon)
    return [(piece,)]


def _mend_letters(piece: str, lexicon: Lexicon) -> list[Choices]:
    """Read letters as pinyin (whole or initials), else as English words with a slip."""
    words = _LETTERS.findall(piece)
    if all(word in lexicon.english or word in stop_words() for word in words):
        return [(piece,)]
    joined = "".join(words)
    whole = lexicon.by_letters.get(joined)
    if whole:
        return [whole]
    cut = _cut_pinyin(joined, lexicon)
    if cut:
        return cut
    parts = [part for word in words for part in (*_mend_word(word, lexicon), (" ",))]
    if "".join(choices[0] for choices in parts).split() == words:
        near = _near_in_sound(joined, lexicon)
        return [near] if near else [(piece,)]
    return parts


def _mend_word(word: str, lexicon: Lexicon) -> list[Choices]:
    if word in lexicon.english or word in stop_words() or len(word) < SHORTEST_SYLLABLE:
        return [(word,)]
    known = lexicon.by_letters.get(word)
    if known:
        return [known]
    cut = _cut_pinyin(word, lexicon)
    if cut:
        return cut
    initials = lexicon.by_initials.get(word)
    if initials:
        return [initials]
    if len(word) < SHORTEST_MISSPELT:
        return [(word,)]
    most = 2 if len(word) >= LONG_WORD else 1
    near = process.extractOne(word, sorted(lexicon.english), scorer=OSA.distance, score_cutoff=most)
    if near is not None:
        return [(str(near[0]),)]
    return [_near_in_sound(word, lexicon) or (word,)]


def _near_in_sound(letters: str, lexicon: Lexicon) -> Choices | None:
    """Return the words whose pinyin is one slip away from the letters."""
    if len(letters) < LONG_PINYIN:
        return None
    near = process.extractOne(letters, list(lexicon.by_letters), scorer=OSA.distance, score_cutoff=1)
    return lexicon.by_letters[near[0]] if near is not None else None


def _cut_pinyin(letters: str, lexicon: Lexicon) -> list[Choices] | None:
    """Return words whose pinyin make up the letters, the longest first; None if some letters are left."""
    longest = max(map(len, lexicon.by_letters), default=0)
    parts: list[Choices] = []
    start = 0
    while start < len(letters):
        ends = range(min(len(letters), start + longest), start + SHORTEST_SYLLABLE, -1)
        end = next((end for end in ends if letters[start:end] in lexicon.by_letters), None)
        if end is None:
            return None
        parts += [lexicon.by_letters[letters[start:end]], (" ",)]
        start = end
    return parts


def _mend_characters(run: str, lexicon: Lexicon) -> Iterator[Choices]:
    """Yield a run of characters word by word, a stretch that sounds like a known word as that word."""
    sounds = syllables(run)
    if len(sounds) != len(run):
        yield (run,)
        return
    start = 0
    while start < len(run):
        length, choices = _word_at(run, sounds, start, lexicon)
        yield choices
        start += length


def _word_at(run: str, sounds: Sound, start: int, lexicon: Lexicon) -> tuple[int, Choices]:
    for length in range(min(LONGEST_WORD, len(run) - start), 1, -1):
        stretch = run[start : start + length]
        if stretch in lexicon.words or stretch in stop_words():
            return length, (stretch,)
        if _cuts_a_word(run, start, length, lexicon):
            continue
        alike = _alike(stretch, sounds[start : start + length], lexicon)
        if alike:
            return length, alike
        near = _one_wrong(stretch, lexicon) if length >= SHORTEST_SLIP else None
        if near:
            return length, (near,)
    return 1, (run[start],)


def _alike(stretch: str, sound: Sound, lexicon: Lexicon) -> Choices:
    """Return what sounds like the stretch; a word of the language is no division's short name: 家里 is not 嘉黎."""
    alike = lexicon.by_sound.get(sound, ())
    if len(stretch) <= SHORTEST_SYLLABLE and rjieba.has_word(stretch):
        return tuple(word for word in alike if word not in lexicon.known_names)
    return alike


def _cuts_a_word(run: str, start: int, length: int, lexicon: Lexicon) -> bool:
    """Return whether a word that is written rightly begins within the stretch: 旧衣服 holds 衣服, not 就医."""
    return any(
        run[inner : inner + size] in lexicon.field_words
        for inner in range(start + 1, start + length)
        for size in range(2, min(LONGEST_WORD, len(run) - inner) + 1)
    )


def _one_wrong(stretch: str, lexicon: Lexicon) -> str | None:
    """Return the field's word that differs from the stretch in one character, none of a word written rightly."""
    for place in range(len(stretch)):
        words = lexicon.with_a_gap.get((stretch[:place], stretch[place + 1 :]))
        if words and _may_be_wrong(stretch, place, lexicon):
            return words[0]
    return None


def _may_be_wrong(stretch: str, place: int, lexicon: Lexicon) -> bool:
    if len(stretch) == SHORTEST_SLIP and place == 0:
        return False  # 租不起 is no slip of 还不起
    around = ((start, end) for start in range(place + 1) for end in range(place + 1, len(stretch) + 1))
    return not any(end - start > 1 and stretch[start:end] in lexicon.field_words for start, end in around)
