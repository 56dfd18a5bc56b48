from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Activity, ProgressUpdate
from kpis.models import Outturn
from lambeth_plans.fields import FigureField, PartialDate, PartialDateField, RagField
from lambeth_plans.rag import Rag
from tests import factories


@pytest.mark.parametrize(
    ("text", "iso", "words", "latest"),
    [
        ("31st March 2021", "2021-03-31", "31 March 2021", date(2021, 3, 31)),
        ("13/12/2020", "2020-12-13", "13 December 2020", date(2020, 12, 13)),
        ("October 2022", "2022-10", "October 2022", date(2022, 10, 31)),
        ("Feb 2024", "2024-02", "February 2024", date(2024, 2, 29)),
        ("2020", "2020", "2020", date(2020, 12, 31)),
        ("2021-03", "2021-03", "March 2021", date(2021, 3, 31)),
    ],
)
def test_a_partial_date_keeps_its_precision(text, iso, words, latest):
    found = PartialDate.parse(text)
    assert (found.iso, str(found), found.latest) == (iso, words, latest)


@pytest.mark.parametrize("text", ["31 Feb 2021", "soon", "N/A", "13/13/2020", "2021-13", "12/2020", "1st of May 2020"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="not a date"):
        PartialDate.parse(text)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_a_whole_date_reads_back(day):
    found = PartialDate.of(day)
    assert PartialDate.parse(str(found)) == found
    assert found.earliest == found.latest == day


def test_the_field_says_what_is_wrong_with_a_date():
    with pytest.raises(ValidationError, match="not a date"):
        PartialDateField().to_python("whenever")


@pytest.mark.django_db
def test_the_database_gives_partial_dates_and_ratings_back_as_themselves(plan):
    activity = factories.ActivityFactory(plan=plan, due_date="October 2022")
    factories.ProgressUpdateFactory(activity=activity, rag="green")
    assert Activity.objects.get().due_date == PartialDate("2022-10")
    assert ProgressUpdate.objects.get().rag is Rag.GREEN
    assert Activity.objects.filter(due_date__lt=PartialDate("2022-11")).exists()


def test_an_unknown_rating_is_refused():
    with pytest.raises(ValidationError, match="Choose a rating"):
        RagField().to_python("purple")


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["999999999.999999", "999999999999", "-999999999999", "0.000001", "123456789.123456"])
def test_a_figure_of_15_digits_comes_back_as_it_was(value):
    outturn = factories.OutturnFactory(value=Decimal(value))
    assert Outturn.objects.get(pk=outturn.pk).value == Decimal(value)


@pytest.mark.parametrize("value", ["999999999999.999999", "1234567890.123456"])
def test_a_figure_that_sqlite_would_round_is_refused(value):
    with pytest.raises(ValidationError, match="at most 15 digits"):
        FigureField().clean(Decimal(value), None)
