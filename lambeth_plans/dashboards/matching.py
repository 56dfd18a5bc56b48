"""How words that somebody looks for are found in a text, whatever their case, accents, quotes and dashes. Pure.

A word becomes a regular expression that Python, SQLite (through Python) and PostgreSQL read alike: every letter with
an accent is spelled out in it, because the databases do not agree on what an accent or a capital letter is.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: How much of a text stands around the first word that is found in it.
BEFORE, AFTER = 60, 180
_ALIKE = ("'’‘ʼ`´", '"“”„', "-–—−‑")


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


def _variants() -> dict[str, str]:
    """Each plain letter with all that have an accent on it; each kind of quote and dash with all that look alike."""
    found: dict[str, str] = {}
    for code in range(0xC0, 0x180):
        base = _base(chr(code))
        if base.isascii():
            found[base] = found.get(base, base) + chr(code)
    for signs in _ALIKE:
        found |= dict.fromkeys(signs, signs)
    return found


_VARIANTS = _variants()


def words_of(text: str) -> list[str]:
    """The words of a question, each once, in their order."""
    return list(dict.fromkeys(text.split()))


def pattern(word: str) -> str:
    """The regular expression of a word; to be used without regard to case."""
    composed = unicodedata.normalize("NFC", word)
    return "".join(_of_sign(sign) for sign in composed if not unicodedata.combining(sign))


def _of_sign(sign: str) -> str:
    alike = _VARIANTS.get(sign) or _VARIANTS.get(_base(sign))
    if alike:
        dash = "-" if "-" in alike else ""  # first in its brackets, or it would mean "from … to"
        return f"[{dash}{alike.replace('-', '')}]"
    if not sign.isascii() and sign.lower() != sign.upper():
        return f"[{sign.lower()}{sign.upper()}]" if len(sign.lower() + sign.upper()) == 2 else re.escape(sign)
    return re.escape(sign)


def squeezed(reference: str) -> str:
    """A reference without blanks, in capitals: "AOI 1.5" is "AOI1.5"."""
    return "".join(reference.split()).upper()


@dataclass(frozen=True)
class Piece:
    """A part of a text; `is_match` where it is one of the words looked for."""

    text: str
    is_match: bool


def pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The whole text, cut at the words that are found in it."""
    if not words:
        return (Piece(text, False),) if text else ()
    longest_first = sorted(words, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(pattern, longest_first))})", text, flags=re.IGNORECASE)
    return tuple(Piece(part, number % 2 == 1) for number, part in enumerate(parts) if part)


def in_context(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The words that are found, with some of the text around the first of them; nothing where none is found."""
    flat = " ".join(text.split())
    places = [found.start() for found in _found(flat, words)]
    if not places:
        return ()
    start = _beginning_of_word(flat, max(0, min(places) - BEFORE))
    end = _end_of_word(flat, min(places) + AFTER)
    cut = f"{'… ' if start else ''}{flat[start:end]}{' …' if end < len(flat) else ''}"
    return pieces(cut, words)


def _found(text: str, words: Iterable[str]) -> Iterable[re.Match]:
    for word in words:
        found = re.search(pattern(word), text, flags=re.IGNORECASE)
        if found:
            yield found


def _beginning_of_word(text: str, place: int) -> int:
    return 0 if place == 0 else text.find(" ", place) + 1


def _end_of_word(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    end = text.rfind(" ", 0, place)
    return end if end > 0 else place
