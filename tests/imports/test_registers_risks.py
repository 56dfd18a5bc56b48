"""What registers say beside their own records: what keeps a risk down, what risks, contracts and savings lead to."""

import pytest
from django.urls import reverse

from finance.models import Contract, Saving
from lambeth_plans import history
from lambeth_plans.imports.audit import audit
from lambeth_plans.imports.models import ImportBatch
from lambeth_plans.imports.registers.actions import confirm_register
from lambeth_plans.imports.registers.export import register_lines
from lambeth_plans.imports.registers.register_list import REGISTERS
from lambeth_plans.imports.undo import undo_records
from lambeth_plans.imports.workbook.actions import PlanMoved
from lambeth_plans.imports.workbook.changes import shown_cells
from lambeth_plans.spreadsheets.csv_files import write_csv
from risks.models import Mitigation, Risk
from tests import factories
from tests.imports.registers import bring, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(plan, elsewhere, division, post):
    """A risk with what it may lead to, records of another plan, and of another council."""
    factories.ObjectiveFactory(plan=plan, key="safe", ref="1.2", title="Safe homes")
    homes = factories.ObjectiveFactory(plan=plan, key="homes", ref="", title="Homes; and schools")
    factories.ActivityFactory(plan=plan, objective=homes, key="panel", ref="KA1", title="A weekly panel")
    indicator = factories.IndicatorFactory(council=plan.council, key="visits", title="Visits")
    factories.IndicatorCodeFactory(indicator=indicator, code="LC.06")
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator, key="visits-here", code="V1", title="Visits")
    factories.SavingFactory(plan=plan, key="buildings", ref="S1", title="Fewer buildings")
    factories.SavingFactory(plan=plan, key="fleet", ref="S2", title="Fleet")
    factories.ContractFactory(plan=plan, key="meals", ref="C 1", title="School meals")
    other = factories.PlanFactory(council=plan.council, slug="other-plan", title="The Other Plan")
    factories.ObjectiveFactory(plan=other, key="theirs", ref="O9", title="Theirs")
    factories.ObjectiveFactory(plan=factories.PlanFactory(council=elsewhere, slug="far"), key="far", ref="F9")
    risk = factories.RiskFactory(plan=plan, key="too-few", ref="R1", title="Too few homes", owner=post)
    factories.MitigationFactory(risk=risk, order=1, kind="", text="Duty desk")
    factories.MitigationFactory(risk=risk, order=2, kind="control", text="Audits")
    return plan


HEADS = "Ref,Title,Objectives,Indicators,Savings,Contracts,Other plans,Existing controls,Further actions"
ROW = 'R1,,"1.2; Homes; and schools\n1.2",LC06,s1;S2,c1,the other plan,"• Duty desk\nAudits",A panel [ka1]'
ROW = ROW.replace("1.2; Homes; and schools\n1.2", "Homes; and schools\n1.2\n1.2")


def shown(batch):
    return [
        (row["sheet"], row["label"], [f"{heading}: {old} → {new}" for _, heading, old, new in shown_cells(row)])
        for row in batch.rows["rows"]
    ]


def test_a_row_says_what_keeps_a_risk_down_and_what_it_may_hurt(held, analyst):
    batch = bring("risks", f"{HEADS}\n{ROW}\n", held, analyst)
    assert told(batch) == []
    assert shown(batch) == [
        (
            "Risks",
            "R1",
            [
                "Objectives:  → Homes; and schools; 1.2",
                "Indicators:  → V1",
                "Savings:  → S1; S2",
                "Contracts:  → C 1",
                "Further plans:  → The Other Plan",
            ],
        ),
        ("Mitigations", "R1, Duty desk", ["Kind:  → Control in place"]),
        (
            "Mitigations",
            "R1, A panel",
            ["Risk:  → R1", "Kind:  → Further action", "Text:  → A panel", "Activity:  → KA1"],
        ),
    ]
    confirm_register(batch=batch, by=analyst)
    risk = Risk.objects.get()
    assert risk.history.filter(batch=batch.number).count() == Risk.history.filter(batch=batch.number).count() == 1
    assert Mitigation.history.filter(batch=batch.number).count() == 2
    assert (risk.version, sorted(risk.history.first().links["savings"])) == (
        2,
        sorted(s.pk for s in Saving.objects.all()),
    )
    assert [(each.kind, each.text, str(each.activity or "")) for each in risk.mitigations.all()] == [
        ("control", "Duty desk", ""),
        ("control", "Audits", ""),
        ("action", "A panel", "KA1"),
    ]
    assert bring("risks", f"{HEADS}\n{ROW}\n", held, analyst).state == ImportBatch.State.UNCHANGED
    undo_records(batch=batch, by=analyst, reason="Only a test.")
    assert [each.kind for each in risk.mitigations.all()] == ["", "control"]
    assert not risk.objectives.exists()
    assert audit().differences == ()


def test_empty_cells_and_lines_that_are_left_out_change_nothing_and_the_preview_says_so(held, analyst):
    confirm_register(batch=bring("risks", f"{HEADS}\n{ROW}\n", held, analyst), by=analyst)
    batch = bring("risks", f"{HEADS},Owner,Key\nR1,,,,clear,,,Audits,,,\n", held, analyst)
    assert told(batch) == []
    assert shown(batch) == [("Risks", "R1", ["Savings: S1; S2 → "])]
    left = "Owner (1), Objectives (1), Indicators (1), Contracts (1), Further plans (1)"
    assert batch.notes == [
        f"Empty cells where something stands change nothing, and it stays: {left}. Write “clear” to take it away.",
        "Empty cells where something stands change nothing, and it stays: Further actions (1).",
        "Row 2, Controls in place: “Duty desk” is not in the cell and stays.",
    ]
    nothing = bring("risks", "Ref,Title,Further actions\nR1,Too few homes,A  PANEL\n", held, analyst)
    assert (nothing.state, nothing.notes) == (ImportBatch.State.UNCHANGED, [])
    gone = bring("risks", "Ref,Title,Further actions\nR1,,A panel [clear]\n", held, analyst)
    assert shown(gone) == [("Mitigations", "R1, A panel", ["Activity: KA1 → "])]


@pytest.mark.parametrize("register", ["risks", "contracts", "savings"])
def test_what_the_note_says_can_be_taken_away_can_be_taken_away(held, analyst, register):
    for model in (Risk, Contract, Saving):
        for record in model.objects.all():
            links = {"objectives": held.objective_set.all()}
            links |= {"savings": Saving.objects.all()} if model is not Saving else {}
            history.save(record, by=analyst, links=links)
    headings, *rows = register_lines(REGISTERS[register], held)
    keys = [row[headings.index("Key")] for row in rows]
    empty = [[key if heading == "Key" else "" for heading in headings] for key in dict.fromkeys(keys)]
    (note,) = (note for note in bring(register, write_csv([headings, *empty]), held, analyst).notes if "clear" in note)
    named = [heading for heading in headings if f" {heading} (" in note]
    assert "Objectives" in note
    assert ("Risks" in named) == (register == "savings")
    cleared = [
        ["clear" if heading in named else cell for heading, cell in zip(headings, row, strict=True)] for row in empty
    ]
    batch = bring(register, write_csv([headings, *cleared]), held, analyst)
    assert (told(batch), batch.state) == ([], ImportBatch.State.PREVIEWED)
    assert not [note for note in batch.notes if "clear" in note]


REFUSED = {
    "Objectives": ("1.2; O9", "The plan has no objective “O9”."),
    "Indicators": ("LC07", "The plan has no indicator “LC07”."),
    "Savings": ("S1, S2", "The plan has no saving “S1, S2”. Did you mean S2 or S1? Part several with semicolons."),
    "Contracts": ("meals; C2", "The plan has no contract “C2”."),
    "Further plans": ("far", "The council has no plan “far”."),
    "Plans": ("Borough-plan", "This plan has the risk already."),
    "Controls": ("clear", "A file takes nothing away that keeps a risk down."),
    "Actions": ("Desk [KA9]", "The plan has no activity “KA9”. Did you mean KA1?"),
    "Mitigation": ("New\nnew", "“new” stands here twice. Keep one."),
    "Mitigations": ("x" * 501, "The text has 501 characters"),
}


REPEATED = {
    "a control that is there": ("Controls", "Audits\nAudits"),
    "the same in the column of any kind": ("Controls,Mitigations", 'Audits","audits'),
    "two that are new": ("Controls,Mitigations", 'New","New'),
    "one of any kind that is there": ("Mitigations,Actions", 'Duty desk","Duty  desk'),
    "and before it": ("Actions,Mitigations", 'Duty desk","Duty desk'),
}


@pytest.mark.parametrize("case", REPEATED)
def test_no_line_is_added_that_stands_in_the_row_already(held, analyst, case):
    headings, cells = REPEATED[case]
    batch = bring("risks", f'Ref,Title,{headings}\nR1,,"{cells}"\n', held, analyst)
    (error,) = batch.errors
    assert "stands here twice. Keep one." in error["message"]


def test_a_line_without_words_is_refused_and_says_so(held, analyst):
    batch = bring("risks", 'Ref,Title,Actions\nR1,,"[KA1]\n[KA1]"\n', held, analyst)
    assert told(batch) == ["2 C (Further actions): “[KA1]” says nothing of what is done. Write that in front of it."]


def test_lines_that_are_there_twice_go_out_and_come_in_unchanged(held, analyst):
    risk = Risk.objects.get()
    history.save(risk, by=analyst, links={"plans": [held]})  # to its own plan, of old
    for order, text in enumerate(("Same", "Same", "same"), start=3):
        activity = held.activity_set.get() if order == 4 else None
        factories.MitigationFactory(risk=risk, order=order, kind="action", text=text, activity=activity)
    batch = bring("risks", write_csv(list(register_lines(REGISTERS["risks"], held))), held, analyst)
    assert (told(batch), batch.state) == ([], ImportBatch.State.UNCHANGED)


def test_a_new_line_finds_a_place_where_the_last_is_taken(held, analyst):
    factories.MitigationFactory(risk=Risk.objects.get(), order=32_767, text="Last")
    batch = bring("risks", 'Ref,Title,Controls\nR1,,"Rota\nPanel"\n', held, analyst)
    confirm_register(batch=batch, by=analyst)
    assert [each.order for each in Mitigation.objects.order_by("order")] == [1, 2, 3, 4, 32_767]


@pytest.mark.parametrize("heading", REFUSED)
def test_what_is_not_there_or_cannot_be_is_refused_at_its_place(held, analyst, heading):
    cell, message = REFUSED[heading]
    batch = bring("risks", f'Ref,Title,{heading}\nR1,,"{cell}"\n', held, analyst)
    (error,) = batch.errors
    assert (error["row"], error["column"][0], error["value"]) == (2, "C", " ".join(cell.split())[:200])
    assert message in error["message"]


def test_a_contract_and_a_saving_name_what_belongs_to_them(held, analyst):
    batch = bring("contracts", "Title,Savings,Objectives\nSchool meals,S1; fleet,1.2\n", held, analyst)
    assert shown(batch)[0][2] == ["Objectives:  → 1.2", "Savings:  → S1; S2"]
    confirm_register(batch=batch, by=analyst)
    meals = Contract.objects.get()
    assert ([each.key for each in meals.savings.order_by("key")], meals.history.count()) == (["buildings", "fleet"], 2)
    text = "Ref,Title,Objectives,What delivers it,Indicators\nS1,,1.2,KA1,V1\n"
    confirm_register(batch=bring("savings", text, held, analyst), by=analyst)
    saving = Saving.objects.get(ref="S1")
    assert [str(each) for each in (*saving.activities.all(), *saving.indicators.all())] == ["KA1", "V1 Visits"]


def test_a_saving_says_which_risks_lead_to_it_and_they_get_the_link(held, analyst):
    second = factories.RiskFactory(plan=held, key="late", ref="R2", title="Late")
    history.save(second, by=analyst, links={"savings": [Saving.objects.get(ref="S1")]})
    text = "Ref,Title,Risks,Year,Planned\nS1,,R1,2020/21,10\nS1,,too-few,2021/22,10\nS2,,r1;R2,,\nS3,New,R1,,\n"
    batch = bring("savings", text, held, analyst)
    assert told(batch) == []
    assert sorted(row for row in shown(batch) if row[0] == "Risks") == [
        ("Risks", "R1", ["Savings:  → S1; S2; S3"]),
        ("Risks", "R2", ["Savings: S1 → S2"]),
    ]
    assert [note for note in batch.notes if note.startswith("Risks")] == []
    confirm_register(batch=batch, by=analyst)
    assert Risk.history.filter(batch=batch.number).count() == 2
    assert sorted(saving.ref for saving in Risk.objects.get(ref="R1").savings.all()) == ["S1", "S2", "S3"]
    assert bring("savings", text, held, analyst).state == ImportBatch.State.UNCHANGED
    apart = bring("savings", "Ref,Title,Risks,Year\nS1,,R1,2020/21\nS1,,R1; R2,2021/22\n", held, analyst)
    assert told(apart) == ["3 C (Risks): Row 2 says “R1” here, of the same saving. They must agree."]
    taken = bring("savings", "Ref,Title,Risks\nS1,,clear\n", held, analyst)
    assert shown(taken) == [("Risks", "R1", ["Savings: S1; S2; S3 → S2; S3"])]
    undo_records(batch=batch, by=analyst, reason="Only a test.")
    assert [saving.ref for saving in second.savings.all()] == ["S1"]


def test_what_moved_between_preview_and_confirmation_is_told_in_words(held, analyst, director):
    risk = Risk.objects.get()
    batch = bring("risks", "Ref,Title,Objectives,Actions\nR1,,1.2,Desk\n", held, analyst)
    history.save(risk, by=director, links={"objectives": held.objective_set.filter(key="homes")})
    factories.MitigationFactory(risk=risk, order=3, text="Meanwhile")
    with pytest.raises(PlanMoved) as refusal:
        confirm_register(batch=batch, by=analyst)
    assert [row["now"] for row in refusal.value.rows] == [
        {"objectives": "Homes; and schools"},
        {"risk": "R1", "order": "3", "kind": "", "text": "Meanwhile"},
    ]


def test_what_a_row_leads_to_and_is_gone_is_named_with_what_stands_there_now(held, analyst, director, client):
    risk = Risk.objects.get()
    homes = held.objective_set.get(key="homes")
    history.save(risk, by=analyst, links={"objectives": [homes]})
    text = "Ref,Title,Objectives,Cause\nR1,,1.2,Because\nR2,Other,,x\nR3,New,1.2,x\n"
    batch = bring("risks", text, held, analyst)
    history.remove(held.objective_set.get(key="safe"), by=director, reason="Entered twice.")
    with pytest.raises(PlanMoved) as refusal:
        confirm_register(batch=batch, by=analyst)
    gone = ["There is no objective “1.2” any more."]
    assert [(row["label"], row["cells"].keys(), row["now"], row["why"]) for row in refusal.value.rows] == [
        ("R1", {"objectives"}, {"objectives": "Homes; and schools"}, gone),
        ("R3", set(), {}, gone),
    ]
    client.force_login(analyst)
    response = client.post(reverse("register_import_confirm", args=[batch.number]))
    assert response.status_code == 409
    shown = " ".join(response.content.decode().split())
    assert f"R1<br>{gone[0]}<br>Objectives: Homes; and schools when you uploaded it, Homes; and schools now;" in shown
    assert [objective.key for objective in risk.objectives.all()] == ["homes"]


def test_text_that_no_cell_takes_is_shown_where_somebody_wrote_it_since_the_preview(held, analyst, director):
    risk = Risk.objects.get()
    batch = bring("risks", "Ref,Title,Cause\nR1,,Because\n", held, analyst)
    risk.cause = "one\x0btwo"
    history.save(risk, by=director)
    with pytest.raises(PlanMoved) as refusal:
        confirm_register(batch=batch, by=analyst)
    assert refusal.value.rows[0]["now"] == {"cause": "one\x0btwo"}


def test_what_of_another_plan_a_risk_leads_to_may_stay(held, analyst):
    risk = Risk.objects.get()
    theirs = held.council.plans.get(slug="other-plan").objective_set.get()
    history.save(risk, by=analyst, links={"objectives": [theirs]})
    lines = list(register_lines(REGISTERS["risks"], held))
    assert "other-plan/theirs" in lines[1]
    batch = bring("risks", "Ref,Title,Objectives\nR1,,1.2; other-plan/theirs\n", held, analyst)
    confirm_register(batch=batch, by=analyst)
    assert sorted(each.key for each in risk.objectives.all()) == ["safe", "theirs"]


@pytest.mark.parametrize("register", ["risks", "contracts"])
def test_links_of_200_rows_ask_no_more_than_those_of_20(held, analyst, django_assert_max_num_queries, register):
    """What is written is written in batches."""
    factory = factories.RiskFactory if register == "risks" else factories.ContractFactory
    model = factory._meta.model
    without = {"owner": None} if register == "risks" else {"supplier": None, "director": None, "division": None}
    made = [factory.build(plan=held, key=f"n{number}", title=f"Row {number}", **without) for number in range(200)]
    rows = history.create_all(made, by=analyst)
    for number, objective in ((20, "1.2"), (200, "homes")):
        controls = f'"Desk {objective}\nPanel [KA1]"' if register == "risks" else ""
        lines = "".join(f"{row.key},{row.title},{objective},S1; S2,{controls}\n" for row in rows[:number])
        last = "Controls" if register == "risks" else "Note"
        with django_assert_max_num_queries(70):
            batch = bring(register, f"Key,Title,Objectives,Savings,{last}\n{lines}", held, analyst)
        assert told(batch) == []
        with django_assert_max_num_queries(115):
            confirm_register(batch=batch, by=analyst)
        assert model.history.filter(batch=batch.number).count() == number


def test_a_risk_that_stands_twice_is_told_once_for_each_row(held, analyst):
    batch = bring("risks", "Ref,Title,Controls\nR1,,Panel\nr1,,Panel\n", held, analyst)
    assert [said.split(":")[0] for said in told(batch)] == ["2 A (Reference)", "3 A (Reference)"]
