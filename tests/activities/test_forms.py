from datetime import date

import pytest
from django.http import QueryDict

from activities.challenge import Known
from activities.forms import ProgressForm
from lambeth_plans import history
from lambeth_plans.fields import PartialDate
from lambeth_plans.rag import REPORTABLE, Rag
from tests import factories

NOTHING = Known(on=date(2021, 3, 15))


def form_of(activity, last=None, prefix=None, known=NOTHING, **typed):
    data = QueryDict(mutable=True)
    for name, value in {"version": "1", **typed}.items():
        data[f"{prefix}-{name}" if prefix else name] = value
    return ProgressForm(data, activity=activity, last=last, known=known, prefix=prefix)


def errors_of(form):
    return {name: list(errors) for name, errors in form.errors.items()}


@pytest.fixture
def last(activity):
    """Last month's report: Amber, forecast Green."""
    factories.ProgressUpdateFactory(
        activity=activity,
        period="Feb 2021",
        rag=Rag.AMBER,
        forecast_rag=Rag.GREEN,
        what_happened="Two of five posts are filled.",
        path_to_green="Three more start in May.",
    )
    return activity.last_report()


def test_form_offers_every_rating_a_person_may_give(activity):
    form = ProgressForm(activity=activity, last=None, known=NOTHING)
    for name in ("rag", "forecast_rag"):
        assert [value for value, _ in form.fields[name].choices] == [rating.value for rating in REPORTABLE]


def test_good_report_cleans_to_what_the_action_asks_for(activity):
    form = form_of(
        activity,
        rag="amber",
        forecast_rag="green",
        what_happened="  One post is filled.\r\nTwo are not.  ",
        path_to_green="They start in May.",
        new_due_date="June 2021",
        due_date_reason="The builder left.",
    )
    # The plan of the cast is the current year's; its activity may move to any date after it starts.
    activity.plan.start_date = PartialDate("2020-04-01").earliest
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "rag": Rag.AMBER,
        "forecast_rag": Rag.GREEN,
        "what_happened": "One post is filled.\nTwo are not.",
        "is_unchanged": False,
        "path_to_green": "They start in May.",
        "new_due_date": PartialDate("2021-06"),
        "due_date_reason": "The builder left.",
        "rosier_reason": "",
        "version": 1,
    }


def test_every_error_comes_at_once_with_a_link_to_its_field(activity):
    form = form_of(activity, prefix="ka1-p1", rag="red", new_due_date="soon")
    assert [(line.text, line.href) for line in form.error_lines()] == [
        ("KA1: Say what happened.", "#id_ka1-p1-what_happened"),
        ("KA1: Say how it gets from Red back to Green.", "#id_ka1-p1-path_to_green"),
        (
            "KA1: “soon” is not a date. Write it like 31 March 2021, March 2021 or 2021.",
            "#id_ka1-p1-new_due_date",
        ),
    ]


def test_empty_report_asks_for_a_rating_and_what_happened(activity):
    assert errors_of(form_of(activity)) == {"rag": ["Choose a rating."], "what_happened": ["Say what happened."]}


def test_empty_report_offers_no_change_where_there_is_a_last_report(activity, last):
    assert errors_of(form_of(activity, last))["what_happened"] == ["Say what happened, or tick “No change”."]


@pytest.mark.parametrize("rag", ["red", "amber"])
def test_red_and_amber_need_a_path_to_green(activity, rag):
    form = form_of(activity, rag=rag, what_happened="Late.", path_to_green="   ")
    assert errors_of(form) == {"path_to_green": [f"Say how it gets from {Rag(rag).word} back to Green."]}


@pytest.mark.parametrize("rag", ["green", "blue", "not_started"])
def test_other_ratings_need_no_path_to_green(activity, rag):
    assert form_of(activity, rag=rag, what_happened="As planned.").is_valid()


@pytest.mark.parametrize("rag", ["not_reported", "purple", "Amber", "<script>"])
def test_unknown_rating_is_refused(activity, rag):
    assert list(errors_of(form_of(activity, rag=rag, what_happened="Done."))) == ["rag"]


def test_no_change_copies_the_last_rating_forecast_and_path(activity, last):
    form = form_of(activity, last, is_unchanged="on")
    assert form.is_valid(), form.errors
    answers = form.cleaned_data
    assert (answers["rag"], answers["forecast_rag"]) == (Rag.AMBER, Rag.GREEN)
    assert (answers["is_unchanged"], answers["what_happened"]) == (True, "")
    assert answers["path_to_green"] == "Three more start in May."


def test_no_change_keeps_what_was_given(activity, last):
    form = form_of(activity, last, is_unchanged="on", forecast_rag="red", path_to_green="Four more start.")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["forecast_rag"], form.cleaned_data["path_to_green"]) == (Rag.RED, "Four more start.")


def test_no_change_says_what_it_keeps(activity, last):
    field = ProgressForm(activity=activity, last=last, known=NOTHING).fields["is_unchanged"]
    assert field.help_text == "Keeps Amber, forecast Green and the last text."


def test_no_change_with_another_rating_must_say_what_happened(activity, last):
    form = form_of(activity, last, is_unchanged="on", rag="green")
    assert errors_of(form) == {"what_happened": ["The rating changes from Amber: say what happened."]}
    assert form_of(activity, last, is_unchanged="on", rag="green", what_happened="All are filled.").is_valid()


def test_no_change_is_not_offered_before_the_first_report(activity):
    form = form_of(activity, is_unchanged="on", rag="green")
    assert "is_unchanged" not in form.fields
    assert errors_of(form) == {"what_happened": ["Say what happened."]}


def test_new_due_date_needs_a_reason_and_a_reason_needs_a_date(activity):
    good = {"rag": "green", "what_happened": "As planned."}
    assert errors_of(form_of(activity, **good, new_due_date="31/12/2099")) == {
        "due_date_reason": ["Say why the due date moves."]
    }
    assert errors_of(form_of(activity, **good, due_date_reason="The builder left.")) == {
        "new_due_date": ["Give the new due date, or take out the reason."]
    }


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("31/06/2021", "is not a date that exists"),
        ("06/30/2021", "is not a date that exists"),
        ("2101", "is too far away"),
        ("March 1999", "is before the plan starts"),
        ("31 March 2021", "It is due on 31 March 2021 already"),
        ("2021-02-30", "is not a date that exists"),
        ("٢٠٩٩", "is not a date that exists"),
    ],
)
def test_impossible_due_date_is_refused_in_words(activity, typed, words):
    activity.due_date = PartialDate("2021-03-31")
    form = form_of(activity, rag="green", what_happened="Done.", new_due_date=typed, due_date_reason="Late.")
    activity.plan.start_date = PartialDate("2020-04-01").earliest
    (error,) = errors_of(form)["new_due_date"]
    assert words in error


def test_text_that_is_too_long_is_refused_and_kept(activity):
    text = "a" * 5_001
    form = form_of(activity, rag="green", what_happened=text)
    assert errors_of(form) == {"what_happened": ["This has 5001 characters. Use 5000 at most."]}
    assert form["what_happened"].value() == text


@pytest.mark.parametrize("version", ["", "two", "1e400"])
def test_form_without_its_version_is_refused(activity, version):
    form = form_of(activity, version=version, rag="green", what_happened="Done.")
    assert errors_of(form) == {"version": ["Open this page again: it has lost its place."]}


def test_form_is_touched_only_by_what_a_person_fills_in(activity, last):
    assert not form_of(activity, last, version="77").is_touched
    assert not form_of(activity, last, what_happened="  \r\n ").is_touched
    for name, value in {
        "is_unchanged": "on",
        "rag": "amber",
        "forecast_rag": "green",
        "what_happened": "Text.",
        "path_to_green": "Text.",
        "new_due_date": "soon",
        "due_date_reason": "Text.",
    }.items():
        assert form_of(activity, last, **{name: value}).is_touched, name


def test_draft_keeps_everything_typed_and_judges_nothing(activity, last):
    typed = {"version": "3", "rag": "red", "what_happened": "Half a sent", "new_due_date": "soon", "is_unchanged": "on"}
    draft = form_of(activity, last, prefix="ka1-p1", **typed).as_draft()
    assert {name: str(draft[name].value()) for name in typed} == {**typed, "is_unchanged": "True"}
    assert not draft.errors
    assert draft.prefix == "ka1-p1"


def test_form_that_corrects_starts_with_the_report(activity, last):
    form = ProgressForm.correcting(activity, last, NOTHING)
    assert form["rag"].value() is Rag.AMBER
    assert form["what_happened"].value() == "Two of five posts are filled."
    assert form["path_to_green"].value() == "Three more start in May."
    assert form["new_due_date"].value() is None


def test_reopened_form_carries_the_new_version_and_everything_typed(activity, administrator):
    form = form_of(activity, prefix="ka1-p1", rag="green", what_happened="Mine.")
    activity.title = "Another title"
    history.save(activity, by=administrator, reason="Corrected.")
    form.reopen(activity)
    assert (form["version"].value(), form["what_happened"].value()) == (2, "Mine.")


def test_activity_without_a_reference_is_named_shortly_in_errors(plan):
    activity = factories.ActivityFactory(plan=plan, ref="", title="Open a centre " * 20)
    (line, _) = ProgressForm(QueryDict("version=1"), activity=activity, last=None, known=NOTHING).error_lines()
    assert len(line.text) < 90
    assert line.text.startswith("Open a centre Open")


LATE = Known(on=date(2021, 3, 15), due=PartialDate("2021-03-01"), times_moved=1)
ALL_WELL = {"rag": "green", "what_happened": "All is well."}
BETTER = (
    "You rate it Green, but what is known allows Amber at best. It is 14 days past its due date, 1 March 2021. "
    "Say why it is still Green."
)


def test_rating_better_than_what_is_known_asks_why(activity):
    form = form_of(activity, known=LATE, **ALL_WELL)
    assert errors_of(form) == {"rosier_reason": [BETTER]}
    assert form.asks_why
    assert form_of(activity, known=LATE, rosier_reason="It opens on Monday.", **ALL_WELL).is_valid()


def test_what_is_known_stands_beside_the_form_before_anything_is_typed(activity, last):
    assert ProgressForm(activity=activity, last=last, known=LATE).floor.rag is Rag.AMBER
    assert ProgressForm(activity=activity, last=last, known=LATE).asks_why
    assert not ProgressForm(activity=activity, last=last, known=NOTHING).asks_why


def test_what_is_complete_is_not_asked_about_its_date(activity):
    factories.ProgressUpdateFactory(activity=activity, rag=Rag.BLUE)
    assert not ProgressForm(activity=activity, last=activity.last_report(), known=LATE).asks_why


def test_a_reason_that_was_typed_is_shown_again_where_it_is_no_longer_asked_for(activity):
    form = form_of(activity, rag="green", rosier_reason="It opens on Monday.")
    assert not form.is_valid()
    assert form.asks_why


def test_no_change_asks_why_too(activity):
    factories.ProgressUpdateFactory(activity=activity, period="Feb 2021")
    form = form_of(activity, last=activity.last_report(), known=LATE, is_unchanged="on")
    assert errors_of(form) == {"rosier_reason": [BETTER]}


def test_new_due_date_that_is_typed_is_counted(activity):
    activity.plan.start_date = date(2020, 4, 1)
    moved = {"new_due_date": "June 2021", "due_date_reason": "The builder left."}
    (words,) = form_of(activity, known=LATE, **ALL_WELL, **moved).errors["rosier_reason"]
    assert "Its due date was postponed twice." in words
    assert "past its due date" not in words
    once = Known(on=LATE.on, due=LATE.due)
    assert form_of(activity, known=once, **ALL_WELL, **moved).is_valid()


def test_report_that_is_put_right_starts_with_its_reason(activity):
    factories.ProgressUpdateFactory(
        activity=activity, floor="amber", floor_because="It is late.", rosier_reason="It opens on Monday."
    )
    form = ProgressForm.correcting(activity, activity.last_report(), LATE)
    assert form["rosier_reason"].value() == "It opens on Monday."
