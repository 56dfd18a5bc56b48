"""Who does not see small counts cannot tell two worlds apart that differ only in what is withheld: on no page, in no
file, over no address of the API and at no past moment."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kpis.models import Benchmark, Indicator, Outturn, PlanIndicator, Target
from kpis.withholding import LETTER, NOTHING, WORDS, withheld_from, withheld_of_plan
from lambeth_plans import history
from lambeth_plans.history import entry_model
from lambeth_plans.imports.figures_export import wide_lines
from objectives.models import DataQualityNote, Plan
from tests import factories
from tests.bare import without_contexts
from tests.permissions.walk import own_patterns
from tests.published import publish

#: Beside every page and file of a plan.
ASKED = (
    "/plans/",
    "/search/?q=three+children",
    "/plans/borough-plan/figures.csv?shape=wide",
    *(
        f"/api/v1/{register}?plan=borough-plan{day}"
        for register in ("indicators", "outturns", "benchmarks", "notes", "outturns.csv", "benchmarks.csv", "notes.csv")
        for day in ("", "&at={yesterday}")
    ),
    *(
        f"/api/v1/indicators/{key}/analysis?plan=borough-plan{day}"
        for key in ("missing", "share")
        for day in ("", "&at={yesterday}")
    ),
)


def figure(indicator, period, value, **more):
    return factories.OutturnFactory(indicator=indicator, period=period, value=Decimal(value), **more)


@pytest.fixture
def small(borough, plan, analyst):
    """April's count was 2 and is 3; May's would give it back. A share of 3 in 7919; another area's 2; a note on all."""
    missing, share, other = (
        factories.IndicatorFactory(council=borough, key=key, unit=unit, counts_people=counts, title=f"Children {key}")
        for key, unit, counts in (("missing", "number", True), ("share", "%", True), ("other", "number", False))
    )
    for number, indicator in enumerate((missing, share, other)):
        factories.PlanIndicatorFactory(plan=plan, indicator=indicator, code=f"S{number}")
        factories.TargetFactory(indicator=indicator, period="2025/26", rule_kind="points")
    april = figure(missing, "Apr 2025", 2, note="Two children.", status="provisional")
    for period, value in (("May 2025", 4271), ("Jun 2025", 9000), ("Q1 2025/26", 13274), ("2024/25", 3300)):
        figure(missing, period, value)
    figure(missing, "2023/24", 5, is_published=True)
    figure(share, "2025/26", "0.037884", numerator=3, denominator=7919, note="3 of 7919", value_as_stated="0.04")
    figure(other, "2025/26", 4)
    factories.BenchmarkFactory(indicator=missing, area="Elsewhere", period="2024/25", value=Decimal(2))
    factories.DataQualityNoteFactory(
        plan=plan, record_kind="indicator", record_key="missing", field="Apr 2025", printed="three children"
    )
    for days, models in ((4, (Plan,)), (3, (Indicator, PlanIndicator, Target, Outturn, Benchmark, DataQualityNote))):
        for model in models:
            QuerySet(entry_model(model)).update(history_date=timezone.now() - timedelta(days=days))
    april.value, april.note, april.value_as_stated = Decimal(3), "Three children.", "three"
    history.save(april, by=analyst, reason="There were three children.")
    publish(plan)
    return {"missing": missing, "share": share}


def turned(small) -> None:
    """The other world: behind the back of the trail, so that nothing else differs."""

    def write(model, where, **values):
        for each in (model, entry_model(model)):
            assert QuerySet(each).filter(**where).update(**values)

    april = {"indicator": small["missing"], "period_kind": "month", "period_start": "2025-04-01"}
    write(Outturn, april, value=4, value_as_stated="four", note="Four children.")
    QuerySet(entry_model(Outturn)).filter(**april, history_type="+").update(value=5)
    QuerySet(entry_model(Outturn)).filter(**april, history_type="~").update(history_change_reason="There were four.")
    write(Outturn, {**april, "period_start": "2025-05-01"}, value=4270)
    write(
        Outturn, {"indicator": small["share"]}, value="0.03", numerator=2, denominator=6667, note="", value_as_stated=""
    )
    write(Benchmark, {"indicator": small["missing"]}, value=5)
    write(DataQualityNote, {"record_key": "missing"}, printed="four children", why="Four.", understood="Four.")


def addresses() -> list[str]:
    """Every page and file of a plan that there is, and what else tells figures."""
    yesterday = timezone.localdate() - timedelta(days=1)
    found = [url.format(yesterday=yesterday) for url in ASKED]
    for pattern in own_patterns().values():
        names = set(re.findall(r"<\w+:(\w+)>", str(pattern.pattern)))
        if "plan" in names and names <= {"plan", "key", "register"}:
            for key, register in (("missing", "benchmarks"), ("share", "targets")):
                every = {"plan": "borough-plan", "key": key, "register": register}
                found.append(reverse(pattern.name, kwargs={name: every[name] for name in names}))
    return list(dict.fromkeys(found))


def asked(person, urls) -> dict[str, bytes]:
    """What a person is answered at these addresses."""
    client = Client()
    client.force_login(person)
    answers = {}
    for url in urls:
        with without_contexts():
            response = client.get(url)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        answers[url] = b"%d " % response.status_code + re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", content)
    return answers


#: Files that can be imported again are for those who see drafts.
FOR_DRAFTERS = ("/plans/borough-plan/figures.csv?shape=wide", "/plans/borough-plan/registers/benchmarks.csv")
CHANGES, WORKBOOK = "/plans/borough-plan/changes/", "/plans/borough-plan/workbook.xlsx"
TELLING = (
    "/plans/borough-plan/indicators/missing/",
    "/plans/borough-plan/indicators/share/",
    "/plans/borough-plan/indicators/",
    "/plans/borough-plan/data-quality/",
    *FOR_DRAFTERS,
    *(f"/api/v1/{name}?plan=borough-plan" for name in ("indicators", "outturns", "benchmarks", "notes")),
    "/api/v1/indicators/missing/analysis?plan=borough-plan",
)


def test_two_worlds_that_differ_in_what_is_withheld_look_the_same(small, plan, scrutiny_member, analyst):
    urls, known = addresses(), withheld_of_plan(plan.pk)
    before, by_analyst = asked(scrutiny_member, urls), asked(analyst, TELLING)
    assert set(TELLING) <= {url for url in urls if by_analyst.get(url, b"").startswith(b"200")}
    assert set(TELLING) - {url for url in urls if before[url].startswith(b"200")} == set(FOR_DRAFTERS)
    turned(small)
    assert withheld_of_plan(plan.pk).versions != known.versions
    after = asked(scrutiny_member, urls)
    assert [url for url in urls if before[url] != after[url]] == []
    # The control: the analyst is told of it everywhere.
    now = asked(analyst, [*TELLING, CHANGES, WORKBOOK])
    assert [url for url in TELLING if now[url] == by_analyst[url]] == []
    assert b"There were four." in now[CHANGES]
    assert b"There were" not in after[CHANGES]
    assert now[WORKBOOK].startswith(b"200")


def test_withheld_figures_read_c_and_say_why(small, plan, client, scrutiny_member):
    client.force_login(scrutiny_member)
    page = client.get("/plans/borough-plan/indicators/missing/").content.decode()
    assert page.count(WORDS) >= 2  # below the table, and in place of the judgement
    assert "Apr 2025: c (withheld) was changed." in page
    assert "4271" not in page
    assert "9,000" in page
    heading, *lines = wide_lines(plan, withheld_from(scrutiny_member, plan))
    told = {line[1]: dict(zip(heading, line, strict=True)) for line in lines}
    missing = told["Children missing"]
    assert (missing["Apr 2025"], missing["May 2025"], missing["Jun 2025"]) == (LETTER, LETTER, "9,000")
    assert (missing["2023/24"], missing["Q1 2025/26"]) == ("5", "13,274")
    assert told["Children share"]["2025/26"] == LETTER
    assert told["Children other"]["2025/26"] == "4"  # it counts no people


def test_councillors_do_not_see_small_counts(
    small, plan, analyst, director, administrator, scrutiny_member, lead_member, nobody
):
    assert {withheld_from(person, plan) for person in (analyst, director, administrator)} == {NOTHING}
    assert {withheld_from(person, plan) for person in (scrutiny_member, lead_member, nobody)} == {
        withheld_of_plan(plan.pk)
    }
    assert withheld_of_plan(plan.pk) != NOTHING


def test_a_note_about_what_is_withheld_is_not_found_either(small, client, scrutiny_member, analyst):
    for person, number in ((scrutiny_member, 0), (analyst, 1)):
        client.force_login(person)
        assert client.get("/search/?q=three+children&kind=note").content.count(b"<mark>three</mark>") == number


def test_a_groups_total_and_our_own_figure_among_other_areas_give_nothing_back(borough, plan):
    indicator = factories.IndicatorFactory(council=borough, unit="number", counts_people=True)
    factories.PlanIndicatorFactory(plan=plan, indicator=indicator)
    group = factories.ComparatorGroupFactory(council=borough, name="All", members=["The Borough", "Near", "Far"])
    figure(indicator, "2025/26", 3)
    rows = {
        area: factories.BenchmarkFactory(indicator=indicator, area=area, period="2025/26", group=group, value=value)
        for area, value in (("Near", Decimal(20)), ("Far", Decimal(30)), ("All", Decimal(53)), ("The Borough", 3))
    }
    found = withheld_of_plan(plan.pk)
    assert {area for area, row in rows.items() if found.hides(row)} == {"Near", "The Borough"}
