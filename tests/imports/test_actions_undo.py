"""Undoing an import: all of it or nothing, once, and never over what somebody changed since."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kpis.models import Outturn
from lambeth_plans import history
from lambeth_plans.imports.actions import ChangedSince, NotApplied, confirm_batch, undo_batch, upload_figures
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from tests import factories


@pytest.fixture
def indicator(borough):
    indicator = factories.IndicatorFactory(council=borough, key="assessments", title="Health assessments on time")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.OutturnFactory(
        indicator=indicator,
        period="2018/19",
        value=Decimal(40),
        value_as_stated="40 %",
        note="As printed",
        status="final",
    )
    factories.OutturnFactory(indicator=indicator, period="2017/18", value=Decimal(45))
    return indicator


FILE = b"Indicator,Period,Value,Note\nLC06,2019/20,47.5%,\nLC06,2018/19,TBC,Recounted\nLC06,2017/18,45,\n"


@pytest.fixture
def batch(borough, analyst, indicator):
    uploaded = upload_figures(
        council=borough, file_name="figures.csv", content=FILE, sheet="", reason="Year end", by=analyst
    )
    return confirm_batch(batch=uploaded, by=analyst)


def facts(indicator):
    names = ("period_start", "value", "value_as_stated", "reason", "numerator", "denominator", "note", "status")
    return list(Outturn.objects.filter(indicator=indicator).order_by("period_start").values_list(*names))


def outturn(indicator, year):
    return Outturn.objects.get(indicator=indicator, period_start=f"{year}-04-01")


def test_every_figure_is_what_it_was_before_with_one_history_row_more(borough, analyst, indicator):
    before = facts(indicator)
    uploaded = upload_figures(council=borough, file_name="a.csv", content=FILE, sheet="", reason="", by=analyst)
    confirm_batch(batch=uploaded, by=analyst)
    assert facts(indicator) != before
    entries = Outturn.history.count()
    undone = undo_batch(batch=uploaded, by=analyst, reason="Last year's file.")
    assert facts(indicator) == before
    assert (undone.state, undone.undone_by_name) == (ImportBatch.State.UNDONE, analyst.name)
    assert undone.undone_because == "Last year's file."
    latest = Outturn.history.order_by("-history_id")[: Outturn.history.count() - entries]
    assert sorted(entry.history_type for entry in latest) == ["-", "~"]
    for entry in latest:
        assert (entry.history_user, entry.actor, entry.batch) == (analyst, analyst.name, undone.number)
        assert entry.history_change_reason == f"Undid batch {undone.number}, a.csv. Last year's file."
    assert ImportBatch.history.filter(id=undone.pk).count() == 3
    assert audit().differences == ()


def test_a_colleague_may_undo_it(borough, batch, indicator):
    colleague = factories.UserFactory(username="colleague", role="analyst", councils=[borough])
    assert undo_batch(batch=batch, by=colleague, reason="Wrong file.").undone_by_name == colleague.name


def test_undoing_twice_undoes_once(batch, analyst, indicator):
    undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    entries = Outturn.history.count()
    again = undo_batch(batch=batch, by=analyst, reason="Once more.")
    assert again.undone_because == "Wrong file."
    assert Outturn.history.count() == entries


def test_the_file_may_come_in_again_after_it(borough, batch, analyst, indicator):
    after = facts(indicator)
    undo_batch(batch=batch, by=analyst, reason="Too early.")
    again = upload_figures(council=borough, file_name="a.csv", content=FILE, sheet="", reason="", by=analyst)
    assert (again.new_count, again.changed_count, again.unchanged_count) == (1, 1, 1)
    confirm_batch(batch=again, by=analyst)
    assert facts(indicator) == after


@pytest.mark.parametrize("year", [2019, 2018])
def test_a_figure_that_was_changed_since_stands_in_the_way_and_is_named(batch, analyst, director, indicator, year):
    changed = outturn(indicator, year)
    changed.value, changed.reason = Decimal(48), ""
    history.save(changed, by=director, reason="Recounted.")
    before, entries = facts(indicator), Outturn.history.count()
    with pytest.raises(ChangedSince) as refusal:
        undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    (later,) = refusal.value.later
    assert (later.proposal.code, later.proposal.period.start.year) == ("LC06", year)
    assert (later.now_words, later.actor) == ("48%" if indicator.unit else "48", director.name)
    assert (facts(indicator), Outturn.history.count()) == (before, entries)
    assert ImportBatch.objects.get().is_applied


def test_a_figure_that_was_removed_since_stands_in_the_way(batch, analyst, director, indicator):
    history.remove(outturn(indicator, 2019), by=director, reason="Counted twice.")
    with pytest.raises(ChangedSince) as refusal:
        undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    assert [(later.now_words, later.actor) for later in refusal.value.later] == [("no figure", director.name)]


def test_a_later_import_is_undone_first(borough, batch, analyst, indicator):
    content = b"Indicator,Period,Value\nLC06,2019/20,49\n"
    later = upload_figures(council=borough, file_name="b.csv", content=content, sheet="", reason="", by=analyst)
    confirm_batch(batch=later, by=analyst)
    with pytest.raises(ChangedSince):
        undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    undo_batch(batch=later, by=analyst, reason="Wrong file.")
    assert undo_batch(batch=batch, by=analyst, reason="Wrong file.").is_undone
    assert [row[1] for row in facts(indicator)] == [45, 40]
    assert audit().differences == ()


def test_what_changed_nothing_cannot_be_undone(borough, analyst, indicator):
    waiting = upload_figures(council=borough, file_name="a.csv", content=FILE, sheet="", reason="", by=analyst)
    with pytest.raises(NotApplied):
        undo_batch(batch=waiting, by=analyst, reason="Wrong file.")


def test_undoing_needs_a_reason_and_the_right_to_import(batch, analyst, director, stranger, administrator, indicator):
    with pytest.raises(ValueError, match="Say why"):
        undo_batch(batch=batch, by=analyst, reason=" ")
    for person in (director, stranger, administrator):
        with pytest.raises(PermissionDenied):
            undo_batch(batch=batch, by=person, reason="Wrong file.")
    assert ImportBatch.objects.get().is_applied


def test_the_page_undoes_with_a_reason_and_says_so_afterwards(client, batch, analyst, indicator):
    client.force_login(analyst, "lambeth_plans.accounts.backends.RoleBackend")
    detail, undo = (reverse(name, args=[batch.number]) for name in ("import_detail", "import_undo"))
    assert f'href="{undo}"' in client.get(detail).content.decode()
    assert "brought in 1 new and 1 changed figure." in client.get(undo).content.decode()
    unsaid = client.post(undo, {"reason": ""})
    assert (unsaid.status_code, "Say why the import is undone." in unsaid.content.decode()) == (200, True)
    done = client.post(undo, {"reason": "Wrong file."}, follow=True)
    page = done.content.decode()
    assert "This import was undone" in page
    assert "Wrong file." in page
    assert f'href="{undo}"' not in page
    assert client.get(undo).status_code == 302
    assert client.post(undo, {"reason": "Again."}).status_code == 302
    assert "Undone" in client.get(reverse("import_list")).content.decode()


def test_the_page_names_what_stands_in_the_way(client, batch, analyst, director, indicator):
    changed = outturn(indicator, 2019)
    changed.value = Decimal(48)
    history.save(changed, by=director, reason="Recounted.")
    client.force_login(analyst, "lambeth_plans.accounts.backends.RoleBackend")
    undo = reverse("import_undo", args=[batch.number])
    for answer in (client.get(undo), client.post(undo, {"reason": "Wrong file."})):
        assert "This import cannot be undone" in answer.content.decode()
        assert director.name in answer.content.decode()
    assert answer.status_code == 409


def test_undoing_asks_no_more_with_more_figures(borough, analyst, indicator, django_assert_max_num_queries):
    lines = [f"LC06,{month} {year},{year - 1990}" for year in range(1995, 2015) for month in ("Apr", "May", "Jun")]
    content = "\n".join(["Indicator,Period,Value", *lines]).encode()
    batch = upload_figures(council=borough, file_name="a.csv", content=content, sheet="", reason="", by=analyst)
    confirm_batch(batch=batch, by=analyst)
    with django_assert_max_num_queries(30):
        undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    assert Outturn.objects.filter(indicator=indicator).count() == 2


def bring_in(borough, analyst, value):
    content = f"Indicator,Period,Value\nLC06,Apr 2020,{value}\n".encode()
    uploaded = upload_figures(council=borough, file_name="a.csv", content=content, sheet="", reason="", by=analyst)
    return confirm_batch(batch=uploaded, by=analyst)


def by_hand(indicator, person, value):
    held = Outturn.objects.filter(indicator=indicator, period_start="2020-04-01").first()
    if held is None:
        return factories.OutturnFactory(indicator=indicator, period="Apr 2020", value=Decimal(value), by=person)
    held.value, held.value_as_stated = Decimal(value), str(value)
    return history.save(held, by=person, reason="By hand.")


@pytest.mark.parametrize("values", [(5,), (7, 8), (5, 5)])
def test_a_figure_that_was_removed_and_entered_anew_stands_in_the_way(borough, analyst, director, indicator, values):
    first, second = bring_in(borough, analyst, 4), bring_in(borough, analyst, 5)
    by_hand(indicator, analyst, 4)
    undo_batch(batch=first, by=analyst, reason="Wrong file.")
    for value in values:
        by_hand(indicator, director, value)
    with pytest.raises(ChangedSince) as refusal:
        undo_batch(batch=second, by=analyst, reason="Wrong file.")
    assert [later.actor for later in refusal.value.later] == [director.name]
    assert Outturn.objects.get(period_start="2020-04-01").value == values[-1]


def test_a_figure_whose_indicator_has_another_key_now_is_taken_back_all_the_same(borough, analyst, indicator):
    before = facts(indicator)
    batch = bring_in(borough, analyst, 4)
    indicator.key = "renamed"
    history.save(indicator, by=analyst, reason="Renamed.")
    undo_batch(batch=batch, by=analyst, reason="Wrong file.")
    assert facts(indicator) == before
