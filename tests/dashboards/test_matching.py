import re

import pytest

from lambeth_plans.dashboards.matching import in_context, pattern, pieces, squeezed, words_of


def told(found):
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in found)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cafe", "The Café"),
        ("CAFÉ", "the cafe"),
        ("café", "the cafe\u0301".replace("e\u0301", "é")),
        ("zoë", "ZOE"),
        ("ÉTÉ", "été"),
        ("children's", "the children’s centre"),
        ("“plan”", 'the "plan"'),
        ("2023-26", "Roadmap 2023–26"),
        ("ß", "Straße"),
        ("ж", "Ж"),
    ],
)
def test_case_accents_quotes_and_dashes_make_no_difference(word, text):
    assert re.search(pattern(word), text, re.IGNORECASE)


@pytest.mark.parametrize("word", ["a.b", "(a", "[a]", "a*", "a\\", "50%", "_", "a|b", "^a$", "a{2}", "***:a", "(?i)a"])
def test_signs_stand_for_themselves(word):
    assert re.fullmatch(pattern(word), word)
    assert not re.fullmatch(pattern(word), "aab")


def test_words_are_taken_once():
    assert words_of("  early  help early ") == ["early", "help"]


def test_references_are_alike_but_for_blanks_and_case():
    assert squeezed("aoi 1.5") == squeezed("AOI1.5") == "AOI1.5"


def test_a_text_is_cut_at_what_is_found():
    assert told(pieces("Early help, earlier", ["early", "help"])) == "[Early] [help], earlier"
    assert told(pieces("Nothing", ["early"])) == "Nothing"
    assert told(pieces("Nothing", [])) == "Nothing"
    assert pieces("", ["early"]) == ()


def test_the_longer_of_two_words_is_marked_whole():
    assert told(pieces("helpful", ["help", "helpful"])) == "[helpful]"


def test_the_context_begins_near_the_first_word_and_is_cut_between_words():
    text = f"{'before ' * 40}needle {'after ' * 60}"
    found = told(in_context(text, ["needle"]))
    assert found.startswith("… before")
    assert "[needle]" in found
    assert found.endswith("after …")
    assert len(found) < 300


def test_a_short_text_is_its_own_context():
    assert told(in_context("A needle\nin hay", ["NEEDLE"])) == "A [needle] in hay"
    assert in_context("Only hay", ["needle"]) == ()
    assert in_context("", ["needle"]) == ()


def test_a_text_without_blanks_is_cut_where_it_must_be():
    assert "[needle]" in told(in_context(f"needle{'x' * 500}", ["needle"]))
