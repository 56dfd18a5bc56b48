"""How wide the columns of a printed table are: by their shares, but none so narrow that it breaks a word."""

from collections.abc import Iterable, Sequence

#: Widths of letters in Arial, in hundredths of its size; the others are as wide as a figure. Bold ones are wider.
_NARROW, _FIGURE, _CAPITAL, _WIDE = 30, 56, 72, 84
_WIDTHS = dict.fromkeys("fijlrtI.,:;'’!|()[]/-", _NARROW) | dict.fromkeys("mwMW%—", _WIDE)
_PLAIN, _BOLD = 100, 106


def word_width(word: str, size: int, *, is_bold: bool = False) -> int:
    """About how wide a word is, rather too much than too little; in the unit of `size`."""
    hundredths = sum(_WIDTHS.get(letter, _CAPITAL if letter.isupper() else _FIGURE) for letter in word)
    return -(-hundredths * size * (_BOLD if is_bold else _PLAIN) // 10_000)


def longest(texts: Iterable[tuple[str, bool]], size: int) -> int:
    """How wide the widest word of some texts is, each with whether it is bold; 0 where there is none."""
    return max((word_width(word, size, is_bold=is_bold) for text, is_bold in texts for word in text.split()), default=0)


def fitted(shares: Sequence[int], least: Sequence[int], total: int) -> list[int]:
    """The widths of columns that share `total` as `shares` say, where none is narrower than its least width.

    Where all the least ones together need more than there is, the shares alone decide, and words break.
    """
    if sum(least) > total:
        least = [0] * len(shares)
    tight: set[int] = set()
    while True:
        room = total - sum(least[place] for place in tight)
        of_rest = sum(share for place, share in enumerate(shares) if place not in tight)
        grid = [least[place] if place in tight else room * share // of_rest for place, share in enumerate(shares)]
        too_narrow = {place for place, width in enumerate(grid) if width < least[place]}
        if not too_narrow:
            return grid
        tight |= too_narrow
