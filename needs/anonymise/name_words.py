"""Names by how a text falls into words: tags, surnames left alone, sounds, rare words."""

from collections.abc import Iterator

from needs.anonymise import lexicon
from needs.anonymise.name_scores import (
    COMMON_WORD,
    FUNCTION_CHARACTERS,
    GIVEN_AND_SURNAME,
    HAN,
    RARE,
    Candidate,
    can_end_name,
    score_around,
    score_cues,
    score_given,
    score_word,
)
from needs.anonymise.tokens import Token, frequency, is_in_dictionary

NUMERALS = frozenset("一二三四五六七八九十百千万半几两每数")


def from_words(text: str, words: list[Token], guessed: list[Token]) -> Iterator[Candidate]:
    """Yield what the dictionary's words, and those it guesses, leave over as names."""
    for tokens in (guessed, words):
        yield from _from_tags(text, tokens)
        yield from _from_surnames(text, tokens)
    yield from _from_sounds(words)
    yield from _from_given_names(text, words)
    yield from _from_lone_characters(text, words)


def _from_tags(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    for place, token in enumerate(tokens):
        if place:
            yield from _from_joined_sounds(text, tokens[place - 1], token)
        if len(token.word) < 2 or token.word in lexicon.NOT_NAMES or not HAN.fullmatch(token.word):
            continue
        if token.word[0] in lexicon.SURNAMES and token.word[1:] in lexicon.TITLES:
            yield Candidate(token.start, token.start + 1, 1.0)
        yield from _from_other_word(text, token)
        if not token.tag.startswith("nr"):
            continue
        score = score_word(token.word, is_unknown=not is_in_dictionary(token.word))
        score += score_around(text, token.start, token.end)
        if len(token.word) > 2 and token.tag == "nrt":
            score = max(score, 0.7)
        yield Candidate(token.start, token.end, score)
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following and len(token.word) == 2 and can_end_name(following):
            yield Candidate(token.start, following.end, score)


def _from_other_word(text: str, token: Token) -> Iterator[Candidate]:
    """Yield words that no tag calls a name: rare ones, and a surname with an office in one word."""
    word, seen = token.word, frequency(token.word)
    if word[:2] in lexicon.FOREIGN_SURNAMES and len(word) > 2:
        yield Candidate(token.start, token.end, 0.9)
    if not lexicon.NEVER_IN_NAMES.isdisjoint(word) or token.tag in {"q", "t"} or word[0] in NUMERALS:
        return
    score = next((score for limit, score in RARE if seen <= limit), 0.0)
    if all(character in lexicon.SOUND_CHARACTERS for character in word):
        score += 0.3 * (len(word) - 1)
    if seen <= RARE[0][0] and all(character in lexicon.GIVEN_CHARACTERS for character in word):
        score += 0.15
    elif score and lexicon.NAME_CHARACTERS.issuperset(word):
        score += 0.1
    if len(word) > 2 and word[0] in lexicon.SURNAMES and seen < COMMON_WORD and token.tag not in {"ns", "nt"}:
        score += 0.6 if word[0] in lexicon.CLEAR_SURNAMES else 0.4
        score += 0.1 * sum(1 if character in lexicon.GIVEN_CHARACTERS else -1 for character in word[1:3])
    score += 0.2 * (token.tag == "nz")
    if word[0] == word[-1] and word[0] in lexicon.GIVEN_CHARACTERS:
        score += 0.3
    if score:
        yield Candidate(token.start, token.end, score + score_cues(text, token.start, token.end))
    if len(word) > 3 and word.endswith("主义"):
        yield Candidate(token.start, token.end - 2, 0.9)


def _from_joined_sounds(text: str, before: Token, token: Token) -> Iterator[Candidate]:
    """Yield two neighbours that are written with the characters of foreign names, one of them rare."""
    both = before.word + token.word
    rare = min(frequency(before.word), frequency(token.word)) < RARE[-1][0]
    if 3 <= len(both) <= 6 and rare and all(character in lexicon.SOUND_CHARACTERS for character in both):
        yield Candidate(before.start, token.end, 0.7 + score_around(text, before.start, token.end))


def _from_surnames(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    for place, token in enumerate(tokens):
        is_compound = token.word in lexicon.COMPOUND_SURNAMES or token.word in lexicon.FOREIGN_SURNAMES
        if token.word in lexicon.CLEAR_SURNAMES or is_compound:
            base = 1.4
        elif token.word in lexicon.DOUBTFUL_SURNAMES:
            base = 0.4 - 0.1 * (token.tag[0] in "pcmqur" or text[token.start - 1 : token.start].isdigit())
        else:
            yield from _from_swallowed_surname(text, tokens, place)
            continue
        yield Candidate(token.start, token.end, base - 0.4 + score_around(text, token.start, token.end))
        yield from _with_given_name(text, tokens, place, base)
        yield from _with_two_left_over(tokens, place)


def _with_two_left_over(tokens: list[Token], place: int) -> Iterator[Candidate]:
    """Yield a surname with two characters after it that no word explains, whatever they are."""
    given = tokens[place + 1 : place + 3]
    if len(given) == 2 and all(
        len(token.word) == 1 and HAN.match(token.word) and token.word not in FUNCTION_CHARACTERS
        for token in given
    ):
        yield Candidate(tokens[place].start, given[1].end, 0.45)


def _with_given_name(text: str, tokens: list[Token], place: int, base: float) -> Iterator[Candidate]:
    first = tokens[place + 1] if place + 1 < len(tokens) else None
    second = tokens[place + 2] if place + 2 < len(tokens) else None
    start = tokens[place].start
    if first is None or not HAN.fullmatch(first.word) or len(first.word) > 3:
        return
    if (
        len(first.word) == 1
        and first.word in FUNCTION_CHARACTERS
        and first.word not in lexicon.GIVEN_CHARACTERS
    ):
        return
    score = base + score_given(first) + score_around(text, start, first.end)
    yield Candidate(start, first.end, score)
    if (
        len(first.word) == 1
        and second
        and len(second.word) <= 2
        and can_end_name(Token(second.word[0], second.tag, 0))
    ):
        end = first.end + 1
        score = base + score_given(first) + 0.5 * score_given(Token(second.word[0], second.tag, 0))
        yield Candidate(start, end, score + score_around(text, start, end))


def _from_swallowed_surname(text: str, tokens: list[Token], place: int) -> Iterator[Candidate]:
    """Yield names whose surname the dictionary took for the beginning of a word (王国 + 强)."""
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    is_three = len(token.word) == GIVEN_AND_SURNAME and token.word[0] in lexicon.SURNAMES
    is_place = token.tag in {"ns", "nt"}
    if (
        is_three
        and not is_place
        and all(character in lexicon.GIVEN_CHARACTERS for character in token.word[1:])
    ):
        yield Candidate(token.start, token.end, 1.0 + score_around(text, token.start, token.end))
    if len(token.word) != 2 or token.word[0] not in lexicon.CLEAR_SURNAMES or token.word in lexicon.NOT_NAMES:
        return
    if following and can_end_name(following) and following.word in lexicon.GIVEN_CHARACTERS:
        score = 0.8 + score_around(text, token.start, following.end)
        yield Candidate(token.start, following.end, score)


def _from_given_names(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    """Yield usual given names that stand between the bounds of words, whether one word or two characters."""
    bounds = {token.start for token in tokens} | {len(text)}
    for start in sorted(bounds):
        if start + 2 in bounds and text[start : start + 2] in lexicon.GIVEN_NAMES:
            yield Candidate(start, start + 2, 0.7)


def _from_sounds(tokens: list[Token]) -> Iterator[Candidate]:
    """Yield runs of characters that foreign names are written with and no dictionary knows."""
    run: list[Token] = []
    for token in [*tokens, Token("。", "x", 0)]:
        sounds = all(character in lexicon.SOUND_CHARACTERS for character in token.word)
        if sounds and (len(token.word) == 1 or token.tag.startswith("nr")) and token.tag[0] not in "puc":
            run.append(token)
            continue
        length = sum(len(each.word) for each in run)
        if length > 1 and any(len(each.word) == 1 for each in run):
            yield Candidate(run[0].start, run[-1].end, 0.5 + 0.5 * (length - 1))
        run = []


def _from_lone_characters(text: str, tokens: list[Token]) -> Iterator[Candidate]:
    """Yield runs of two to four characters that no dictionary joins; Chinese prose has few of them."""
    run: list[Token] = []
    for token in [*tokens, Token("。", "x", 0)]:
        if len(token.word) == 1 and HAN.match(token.word) and token.word not in FUNCTION_CHARACTERS:
            run.append(token)
            continue
        if 2 <= len(run) <= 4:
            start, end = run[0].start, run[-1].end
            likely = 0.1 * sum(each.word in lexicon.GIVEN_CHARACTERS for each in run)
            if lexicon.NEVER_IN_NAMES.isdisjoint(text[start:end]):
                yield Candidate(start, end, 0.3 + likely + score_around(text, start, end))
        run = []
