"""How many queries a page may need, and that it needs no more of them for ten times the data.

Counted with everything a logged-in person's request brings: the session, the user, the councils.
"""

from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity
from lambeth_plans import history
from lambeth_plans.accounts.access import Permission, may
from tests import factories
from tests.environment import SOAK, is_in_full
from tests.permissions.expected import OWN_PROGRAMS, PAGES, WHO
from tests.permissions.walk import ASKED_FOR_A_PLAN, own_patterns, parts_of
from tests.stage import ROLES, Stage, held, set_stage

pytestmark = pytest.mark.django_db

PATTERNS = own_patterns()

DASHBOARD = DETAIL = 20
LIST = 10
ANALYSED = 12  # a list with what its control charts, other areas and due dates say
COMPARED = 40  # every register on two days
REPORT = 15  # a list, what its indicators and outputs say, its round and its drafts
SCRUTINY = 75  # a plan's registers on two days, and what is unusual, worth asking, followed up and asked
PACK = 45  # every register on two past days, with all that is judged of them
API = 20  # for a plan
WORKBOOK = 75  # two for each of its sheets, however large they are
UNDO = 75  # one for each model that a batch may have written, and a few for each that it did

CEILINGS = {
    "plan_dashboard": DASHBOARD,
    "plan_one_page": DASHBOARD,
    "plan_list": LIST,
    "search": LIST,
    "objective_list": LIST,
    "activity_list": LIST,
    "timeline": LIST,
    "indicator_list": ANALYSED,
    "indicator_exceptions": ANALYSED,
    "indicator_multiples": ANALYSED,
    "indicator_due": ANALYSED,
    "risk_list": DASHBOARD,  # with its map, and how the activities that keep risks down stand
    "saving_list": LIST,
    "contract_list": LIST,
    "contract_publication": LIST,
    "change_list": LIST,
    "publication_list": LIST,
    "publication_detail": LIST,
    "publication_create": 60,  # every register as it is and as it was published
    "change_between": COMPARED,
    "data_quality": 14,  # every register that is added up
    "budget": LIST,
    "workforce": LIST,
    "pack_preview": PACK,
    "pack_page": PACK,
    "pack_word": PACK,
    "pack_workbook": PACK,
    "pack_wait": LIST,
    "plan_workbook": WORKBOOK,
    "plan_figures": LIST,
    "plan_register": WORKBOOK,
    "narrative": DASHBOARD,  # everything beside the tables
    "golden_thread": DASHBOARD,
    "thread_health": DASHBOARD,
    "disagreement_list": LIST,
    "finding_list": DASHBOARD,  # a matrix of five registers
    "finding_detail": DETAIL,
    "evidence_list": LIST,
    "evidence_detail": DETAIL,
    "evidence_file": DETAIL,
    "objective_detail": DETAIL,
    "goal_detail": DETAIL,
    "activity_detail": DETAIL + 2,  # and how far its report has come
    "indicator_detail": 12,
    "risk_detail": DETAIL,
    "saving_detail": DETAIL,
    "contract_detail": DETAIL,
    "officer_list": LIST,
    "officer_detail": DETAIL,
    "board_list": LIST,
    "board_detail": DETAIL,
    "meeting_detail": DETAIL,
    "scrutiny": SCRUTINY,
    "question_list": LIST,
    "question_detail": DETAIL,
    "question_ask": DETAIL,
    "question_answer": DETAIL,
    "question_recommend": DETAIL,
    "follow_up": COMPARED,  # what has changed on it since
    "my_updates": REPORT + 6,  # and the registers
    "my_calendar": LIST,
    "progress_report": REPORT,
    "set_up_home": LIST,
    "plan_create": LIST,
    "plan_edit": LIST,
    "plan_status": LIST,
    "roll_forward": DETAIL,
    "round_table": LIST,
    "round_create": LIST,
    "round_edit": LIST,
    "round_list": LIST,
    "round_detail": DETAIL,
    "objective_table": LIST,
    "activity_table": LIST,
    "indicator_table": LIST,
    "officer_table": LIST,
    "officer_edit": LIST,
    "hand_over": DETAIL,
    "division_table": LIST,
    "board_table": LIST,
    "meeting_table": LIST,
    "meeting_action_table": LIST,
    "user_list": LIST,
    "reminder_list": LIST,
    "user_create": LIST,
    "user_edit": LIST,
    "plan_template": LIST,
    "plan_import_new": LIST,
    "plan_import_detail": LIST,
    "plan_import_errors": LIST,
    "plan_import_marked": LIST,
    "plan_import_undo": UNDO,
    "import_list": LIST,
    "import_new": LIST,
    "import_detail": LIST,
    "import_columns": LIST,
    "import_template": LIST,
    "import_errors": LIST,
    "import_marked": LIST,
    "import_undo": LIST,
    "register_import_detail": LIST,
    "register_import_errors": LIST,
    "register_import_marked": LIST,
    "register_import_undo": UNDO,
    "target_edit": LIST,
    "figure_add": LIST,
    "figure_edit": LIST,
    "risk_edit": DETAIL,  # everything that a risk may threaten is offered
    "risk_score": DETAIL,
    "mitigation_table": LIST,
    "matrix_list": LIST,
    "matrix_create": LIST,
    "matrix_edit": LIST,
    "matrix_agree": LIST,
    "matrix_replace": LIST,
    "matrix_rescore": LIST,
    "saving_edit": LIST,
    "saving_revise": LIST + 2,  # what it may be linked to
    "contract_edit": LIST + 2,  # and the three registers it leads to
    "budget_edit": LIST,
    "forecast_edit": LIST,
    "workforce_create": LIST,
    "workforce_edit": LIST,
    "evidence_create": LIST,
    "evidence_edit": LIST,
    "evidence_file_create": LIST,
    "evidence_file_edit": LIST,
    "evidence_file_remove": LIST,
    "home": 5,
    "roles": 5,
    "glossary": 5,
    "accessibility": 5,
    "healthz": 5,
    "login": 5,
    "password_change": 5,
    "password_reset": 5,
    "password_reset_done": 5,
    "password_reset_complete": 5,
    "password_reset_confirm": 8,  # keeps the link's token in the session
    "data_guide": 5,
} | {name: API for name in PAGES if name.startswith("api_")}


@dataclass
class Sized:
    """The same council twice: once as it is, and once with ten times of everything; in a short run with three times,
    which tells as well whether there is a query for each."""

    once: Stage
    tenfold: Stage
    warm: set[tuple[str, bool]] = field(default_factory=set)


@pytest.fixture(scope="module")
def sized(django_db_setup, django_db_blocker):
    with held(django_db_blocker):
        both = Sized(set_stage("once"), set_stage("tenfold", times=10 if SOAK else 3))
        for stage in (both.once, both.tenfold):  # the newest changes are alike, and of the kind that says most
            factories.ProgressUpdateFactory(activity=stage.records["activity"])
            activity = Activity.objects.get(pk=stage.records["activity"].pk)
            history.save(activity, by=stage.people["administrator"], links={"see_also": []})
            factories.ReportingRoundFactory(plan=stage.plan)  # what is reported now is handed in to it
        yield both


def readers(name: str) -> list[str]:
    """Who opens a page: what a role may do on it decides what is read for it."""
    who = PAGES[name].who
    if name == "pack_page" and not SOAK:
        return ["scrutiny_member", "administrator"]  # one of each version
    if name in ("plan_workbook", "pack_preview", "pack_word", "pack_workbook") and not SOAK:
        return ["administrator"]  # what is written is told of the plan only, not of who asks
    everybody = [role for role in ("scrutiny_member", "director", "analyst", "administrator") if role in WHO[who]]
    if who == OWN_PROGRAMS:
        return ["director"]
    if name == "change_list" and not SOAK:  # to members it shows what changed between two publications
        return ["analyst"]
    may_open = [person for person in everybody if person in WHO[who]]
    # A short run takes one who sees what is published, and one who sees drafts.
    some = may_open if SOAK else list(dict.fromkeys([may_open[0], may_open[-1]] if is_in_full() else may_open[-1:]))
    return [who] if who in ROLES else some


def queries(stage: Stage, name: str, person: str) -> list[str]:
    """What a page asks of the database when somebody opens it who is logged in."""
    page = PAGES[name]
    client = Client()
    client.force_login(stage.people[person], "lambeth_plans.accounts.backends.RoleBackend")
    parts = PATTERNS[name].pattern.converters
    url = reverse(name, kwargs=parts_of(stage, page.of, parts) if parts else None)
    asked = {"plan": stage.plan.slug} if name in ASKED_FOR_A_PLAN else {}
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, asked)
        if response.streaming:
            response.getvalue()
    assert response.status_code in page.get
    return [query["sql"] for query in captured.captured_queries]


#: How much a page asks hardly depends on the database: in a short run every third page is measured on the second one.
MEASURED = list(CEILINGS) if is_in_full() else list(CEILINGS)[::3]


def test_every_page_that_is_read_has_a_ceiling():
    assert set(CEILINGS) == {name for name, page in PAGES.items() if page.get}


@pytest.mark.campaign
@pytest.mark.parametrize(("name", "person"), [(name, person) for name in MEASURED for person in readers(name)])
def test_page_stays_below_its_ceiling_however_much_there_is(sized: Sized, name: str, person: str):
    kept = name, may(sized.once.people[person], Permission.SEE_SMALL_COUNTS)
    if kept not in sized.warm:  # what is read once and kept, is read
        queries(sized.once, name, person)
        sized.warm.add(kept)
    few, many = queries(sized.once, name, person), queries(sized.tenfold, name, person)
    assert len(few) == len(many), "\n".join(sorted({sql[:300] for sql in many if many.count(sql) > few.count(sql)}))
    # What is published is read from the history, where nothing is joined.
    ceiling = CEILINGS[name] * (1 if may(sized.once.people[person], Permission.SEE_DRAFTS) else 2)
    assert len(many) <= ceiling, "\n".join(sql[:200] for sql in many)
