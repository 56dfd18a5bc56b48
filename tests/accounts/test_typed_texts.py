"""What is kept of typed texts, and given back of a form that could not be saved."""

import pytest
from django.http import QueryDict

from lambeth_plans.accounts.typed_texts import typed_texts
from lambeth_plans.accounts.versioned_forms import LongTextField


def test_fields_come_back_in_their_order_with_words_for_names():
    found = typed_texts(QueryDict("what_happened=Two+cases&row-ka1-path_to_green=Hire&rag=amber"))
    assert [(typed.label, typed.text) for typed in found] == [
        ("What happened", "Two cases"),
        ("Ka1 path to green", "Hire"),
        ("Rag", "amber"),
    ]


def test_empty_fields_and_secrets_and_machinery_do_not_come_back():
    post = QueryDict(
        "csrfmiddlewaretoken=a&old_password=b&Password2=c&version=1&row-ka1-version=2"
        "&form-TOTAL_FORMS=3&next=/x/&empty=&blank=++"
    )
    assert typed_texts(post) == []


def test_several_choices_come_back_together():
    assert typed_texts(QueryDict("goals=a&goals=b"))[0].text == "a, b"


def test_the_box_grows_with_the_text_up_to_a_limit():
    assert typed_texts(QueryDict("a=x"))[0].rows == 1
    assert typed_texts(QueryDict("a=" + "x" * 150))[0].rows == 3
    assert typed_texts(QueryDict("a=" + "x%0A" * 100))[0].rows == 12


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("one\x0btwo\x0cthree", "one\ntwo\nthree"), ("a\x07b\x7f\tc\r\nd", "ab\tc\nd"), ("\x01", ""), ("é “ ”", "é “ ”")],
)
def test_a_long_text_keeps_its_lines_and_no_control_characters(typed, kept):
    assert LongTextField(required=False).clean(typed) == kept
