"""Whatever people send by page, admin, monthly sheet or file: no year is stored that does not add up."""

from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.adding_up import PARTS, adds_up, slips_nowhere, what_is_negative
from finance.models import SavingYear
from lambeth_plans import history, periods
from lambeth_plans.dashboards.monthly import prefix_of
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register
from tests import factories
from tests.environment import SOAK
from tests.html import Page
from tests.imports.registers import bring
from tests.imports.workbooks import changed, put

AMOUNTS = ("planned", "over_delivered", *PARTS)
HEADINGS = {
    "planned": "Planned",
    "over_delivered": "Over-delivered",
    "delivered": "Delivered",
    "forecast": "Forecast",
    "slipped": "Slipped",
    "undeliverable": "Undeliverable",
    "slipped_to": "Slipped to",
}
#: Few different ones, so that a sum comes out right every now and then; and the largest there is room for.
TEXTS = st.sampled_from(["", "0", "10", "20", "30", "0.10", "0.20", "0.30", "-10", "999999999999.99", "1e5", "many"])
EDITS = st.tuples(
    st.sampled_from(["page", "admin", "sheet", "file"]), st.dictionaries(st.sampled_from(AMOUNTS), TEXTS, min_size=1)
)


@pytest.fixture
def year(plan, post):
    saving = factories.SavingFactory(plan=plan, key="sa1", ref="SA1", title="Fewer agency staff", owner=post)
    this_year = periods.financial_year(periods.financial_year_start(timezone.localdate()))
    return factories.SavingYearFactory(saving=saving, period=this_year, planned=Decimal("0.30"))


def is_sound(year):
    held = SavingYear.objects.get(pk=year.pk)
    amounts = [getattr(held, name) for name in AMOUNTS]
    assert all(amount is None or type(amount) is Decimal for amount in amounts)
    is_slipping = not held.slipped_to or (held.slipped and not slips_nowhere(held.slipped_to, held.period_start))
    return adds_up(held) and not what_is_negative(held) and is_slipping


def as_cell(text):
    """What somebody who types this into a spreadsheet program gets: a number where it is one."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text or None


class Hands:
    """Those who may change a year, each at their own door."""

    def __init__(self, client, year, administrator, analyst, director):
        self.client, self.year = client, year
        self.administrator, self.analyst, self.director = administrator, analyst, director

    def send(self, who, address, changed):
        self.client.force_login(who)
        page = Page.of(self.client.get(address))
        form = page.form_to(address) or next(form for form in page.forms if form.method == "post" and form.fields)
        return self.client.post(address, {**form.as_it_stands(), **changed})

    def page(self, typed):
        prefix = f"row-{self.year.period_start.year}"
        changed = {f"{prefix}-{name}": text for name, text in typed.items()} | {"reason": "Monitor."}
        return self.send(self.analyst, "/plans/borough-plan/savings/sa1/edit/", changed)

    def admin(self, typed):
        address = reverse("admin:finance_savingyear_change", args=[self.year.pk])
        return self.send(self.administrator, address, typed | {"change_reason": "Monitor."})

    def sheet(self, typed):
        prefix = prefix_of("saving", self.year.saving, self.year.period)
        changed = {f"{prefix}-{name}": text for name, text in typed.items() if name != "planned"}
        return self.send(self.director, "/my-updates/", changed | {"save": prefix})

    def file(self, typed):
        columns = ",".join(HEADINGS[name] for name in typed)
        cells = ",".join(text or "clear" for text in typed.values())
        content = f"Ref,Title,Year,{columns}\nSA1,Fewer agency staff,{self.year.period},{cells}\n"
        batch = bring("savings", content, self.year.saving.plan, self.analyst)
        if batch.state == ImportBatch.State.PREVIEWED:
            confirm_register(batch=batch, by=self.analyst)

    def workbook(self, typed):
        """The plan's whole workbook: downloaded, changed, uploaded and confirmed, by way of its pages."""
        self.client.force_login(self.administrator)
        file = self.client.get(reverse("plan_workbook", args=[self.year.saving.plan.slug])).content
        cells = [put("Saving years", 2, HEADINGS[name], as_cell(text)) for name, text in typed.items()]
        sent = {"file": SimpleUploadedFile("plan.xlsx", changed(file, *cells)), "reason": "Monitor."}
        response = self.client.post(reverse("plan_import_new"), sent)
        assert response.status_code == 302
        batch = ImportBatch.objects.latest("made_at")
        if batch.state != ImportBatch.State.PREVIEWED:
            return response
        return self.client.post(reverse("plan_import_confirm", args=[batch.number]))


@settings(max_examples=200 if SOAK else 6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_no_sequence_of_edits_stores_a_year_that_does_not_add_up(client, year, administrator, analyst, director, edits):
    hands = Hands(client, year, administrator, analyst, director)
    for door, typed in edits:
        response = getattr(hands, door)(typed)
        assert response is None or response.status_code in (200, 302)
        assert is_sound(year), (door, typed)


LATER = st.sampled_from(["", "2090/91", "2001/02", "Q3 2090/91", "after 31 Mar 2090", "soon"])
TYPED = st.dictionaries(st.sampled_from(AMOUNTS), TEXTS, min_size=1)
THROUGH_THE_WORKBOOK = st.tuples(TYPED, LATER).map(lambda told: ("workbook", {**told[0], "slipped_to": told[1]}))


@settings(
    max_examples=60 if SOAK else 4,  # and the one below
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=st.lists(EDITS, max_size=2), through=THROUGH_THE_WORKBOOK, after=st.lists(EDITS, max_size=1))
@example(
    [], ("workbook", {"delivered": "0.10", "slipped": "0.20", "slipped_to": "2090/91"}), [("page", {"slipped": ""})]
)
def test_no_edit_of_the_whole_workbook_among_others_stores_a_year_that_does_not_add_up(
    client, year, administrator, analyst, director, before, through, after
):
    with transaction.atomic():
        hands = Hands(client, year, administrator, analyst, director)
        for door, typed in [*before, through, *after]:
            response = getattr(hands, door)(typed)
            assert response is None or response.status_code in (200, 302)
            assert is_sound(year), (door, typed)
        transaction.set_rollback(True)


@pytest.mark.parametrize("door", ["page", "admin", "sheet", "file", "workbook"])
def test_every_door_takes_what_adds_up_and_refuses_what_does_not(client, year, administrator, analyst, director, door):
    hands = Hands(client, year, administrator, analyst, director)
    getattr(hands, door)({"delivered": "0.10", "forecast": "0.10"})
    assert SavingYear.objects.get(pk=year.pk).delivered is None
    getattr(hands, door)({"delivered": "0.10", "forecast": "0.20"})
    held = SavingYear.objects.get(pk=year.pk)
    assert (held.delivered, held.forecast) == (Decimal("0.10"), Decimal("0.20"))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(AMOUNTS, st.sampled_from([
    None, "0", "0.10", "0.20", "0.30", "333333333333.33", "666666666666.66", "999999999999.99", "-0.10",
]))), min_size=8, max_size=8))  # fmt: skip
def test_the_database_says_what_the_rule_says(year, analyst, rows):
    for row in rows:
        for name, amount in row.items():
            setattr(year, name, None if amount is None else Decimal(amount))
        is_right = adds_up(year) and not what_is_negative(year)
        is_stored = False
        with suppress(IntegrityError), transaction.atomic():
            history.save(year, by=analyst, reason="Straight to the database.")
            is_stored = True
        assert is_stored == is_right, row
        year.refresh_from_db()


#: What may be typed, or have been stored before the rule; the year of the fixture begins in 2026 at the latest.
NO_LATER_YEAR = [
    "2001/02",
    "31 Dec 2090",
    "Q3 2090/91",
    "soon",
    "2090",
    "2090/9",
    "2090/91 or so",
    "2x90/91",
    "after 2001",
]


@pytest.mark.parametrize("text", NO_LATER_YEAR)
def test_the_database_takes_no_period_to_slip_to_that_is_none(year, analyst, text):
    year.slipped, year.slipped_to = Decimal("0.30"), text
    with pytest.raises(IntegrityError, match="slips_later"), transaction.atomic():
        history.save(year, by=analyst, reason="Straight to the database.")
    with pytest.raises(ValidationError):
        year.full_clean()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(starts=st.lists(st.integers(1990, 2099), min_size=8, max_size=8))
def test_the_database_takes_every_later_year_and_no_other(year, analyst, starts):
    own = year.period_start.year
    for start in [*starts, own - 1, own, own + 1]:
        for period in (periods.financial_year(start), periods.undated(date(start, 12, 31))):
            year = SavingYear.objects.get(pk=year.pk)
            year.slipped, year.slipped_to = Decimal("0.30"), period.label
            is_stored = False
            with suppress(IntegrityError), transaction.atomic():
                history.save(year, by=analyst, reason="Straight to the database.")
                is_stored = True
            assert is_stored == (not slips_nowhere(period.label, year.period_start)), period


def test_a_year_that_slips_nowhere_stays_marked_until_somebody_changes_it(client, year, analyst):
    year.slipped, year.slipped_to, year.is_from_before = Decimal("0.30"), "soon", True
    history.save(year, by=analyst, reason="As it was found.")
    client.force_login(analyst)
    for address in ("/plans/borough-plan/savings/", "/plans/borough-plan/savings/sa1/"):
        assert "“soon” is not a period." in client.get(address).content.decode()
    with pytest.raises(ValidationError, match="“soon” is not a period"):
        year.full_clean()


def test_the_largest_amounts_add_up_to_the_penny(year, analyst):
    year.planned, year.delivered, year.slipped = Decimal("999999999999.99"), Decimal("999999999999.98"), Decimal("0.01")
    history.save(year, by=analyst, reason="Large.")
    year.slipped = Decimal("0.02")
    with pytest.raises(IntegrityError), transaction.atomic():
        history.save(year, by=analyst, reason="A penny too many.")


def test_a_year_is_slipped_to_only_with_an_amount(year, analyst):
    year.slipped_to = "2090/91"
    with pytest.raises(ValidationError, match="Say how much slips"):
        year.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        history.save(year, by=analyst, reason="Nothing slips.")


@pytest.mark.parametrize("door", ["page", "admin", "sheet", "file"])
def test_every_door_takes_a_later_year_to_slip_to_and_refuses_another_period(
    client, year, administrator, analyst, director, door
):
    hands = Hands(client, year, administrator, analyst, director)
    for text, held in (("31 Dec 2090", ""), ("Q3 2090/91", ""), ("2090/91", "2090/91"), ("after 31 Mar 2090",) * 2):
        getattr(hands, door)({"slipped": "0.30", "slipped_to": text})
        assert SavingYear.objects.get(pk=year.pk).slipped_to == held, text


def test_a_register_says_why_a_period_is_none_to_slip_to(year, analyst):
    content = f"Ref,Title,Year,Slipped,Slipped to\nSA1,Fewer agency staff,{year.period},0.30,Q3 2090/91\n"
    batch = bring("savings", content, year.saving.plan, analyst)
    assert "“Q3 2090/91” is no financial year." in batch.errors[0]["message"]


def test_a_register_tells_what_became_of_a_year(year, analyst):
    columns = (
        "Ref,Title,Cash or cost avoidance,Recurrent or one-off,Year,Planned,Delivered,Slipped,Slipped to,Status,Why"
    )
    line = f"SA1,Fewer agency staff,Cash,recurring,{year.period},100,60,40,2090-91,Amber,Late"
    batch = bring("savings", f"{columns}\n{line}\n", year.saving.plan, analyst)
    assert batch.state == ImportBatch.State.PREVIEWED, batch.errors
    confirm_register(batch=batch, by=analyst)
    year.refresh_from_db()
    assert (year.slipped, year.slipped_to, year.status, year.status_reason) == (40, "2090/91", "at_risk", "Late")
    year.saving.refresh_from_db()
    assert (year.saving.kind, year.saving.recurrence) == ("cashable", "recurrent")


def test_a_register_that_does_not_add_up_is_refused_with_what_is_missing(year, analyst):
    content = f"Ref,Title,Year,Planned,Delivered\nSA1,Fewer agency staff,{year.period},100,60\n"
    batch = bring("savings", content, year.saving.plan, analyst)
    assert batch.state == ImportBatch.State.REFUSED
    assert "£40 of the £100 planned has no place." in batch.errors[0]["message"]
