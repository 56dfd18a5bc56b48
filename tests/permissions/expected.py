"""Who may do what on every page, as data. A page that is not in the table fails the build, and so does a line of a
page that is gone.

who             anyone, logged in (whatever the role), readers (all five roles), drafters (the three who see drafts),
                publishers (those who may publish), programs (readers too, but strangers
                get 401 and are not sent to log in), own programs (likewise, for directors), askers (members: what they
                ask and follow up is all they ever write, and none of it changes a plan; to have a file made of what is
                published writes nothing of theirs), answerers (of what they ask), or the one role
of              what the address names; "-" for pages that name nothing
GET, POST       what those who may get for their own; POST sends the page's own form as it stands, nothing filled in;
                "-" is 405, and HEAD is as GET
colleague's     what they get, instead, for what a colleague of the same council answers for or has made
missing         what they get for what is not there

For all pages alike: anonymous visitors are sent to log in (unless "anyone" may), a role that may not gets 403, what
belongs to another council is 404 like what does not exist, and any other method is 405.
"""

from dataclasses import dataclass

ANYONE = "anyone"
LOGGED_IN = "logged in"
DRAFTERS = "drafters"
PROGRAMS = "programs"
OWN_PROGRAMS = "own programs"
WHO = {
    ANYONE: frozenset({"", "administrator", "director", "analyst", "lead_member", "scrutiny_member"}),
    LOGGED_IN: frozenset({"", "administrator", "director", "analyst", "lead_member", "scrutiny_member"}),
    "readers": frozenset({"administrator", "director", "analyst", "lead_member", "scrutiny_member"}),
    DRAFTERS: frozenset({"administrator", "director", "analyst"}),
    PROGRAMS: frozenset({"administrator", "director", "analyst", "lead_member", "scrutiny_member"}),
    OWN_PROGRAMS: frozenset({"director"}),
    "publishers": frozenset({"administrator", "analyst"}),
    "askers": frozenset({"lead_member", "scrutiny_member"}),
    "answerers": frozenset({"administrator", "director"}),
    "administrator": frozenset({"administrator"}),
    "director": frozenset({"director"}),
    "analyst": frozenset({"analyst"}),
}

TABLE = """
page                     who            of           GET      POST     colleague's  missing

healthz                  anyone         -            200      -        -            -
home                     logged in      -            302/200  -        -            -
roles                    logged in      -            200      -        -            -
glossary                 anyone         -            200      -        -            -
accessibility            anyone         -            200      -        -            -

login                    anyone         -            200/302  200/302  -            -
logout                   anyone         -            -        302      -            -
password_change          logged in      -            200      200      -            -
password_reset           anyone         -            200      200      -            -
password_reset_done      anyone         -            200      -        -            -
password_reset_complete  anyone         -            200      -        -            -
password_reset_confirm   anyone         link         302      302      -            200

set_up_home              administrator  -            200      -        -            -
plan_create              administrator  -            200      302      -            -
plan_edit                administrator  plan         200      302      -            404
plan_status              administrator  plan         200      302      -            404
roll_forward             administrator  plan         200      200      -            404
round_table              administrator  plan         200      -        -            404
round_create             administrator  plan         200      200      -            404
round_edit               administrator  round        200      302      -            404
objective_table          administrator  plan         200      302      -            404
activity_table           administrator  plan         200      302      -            404
indicator_table          administrator  plan         200      302      -            404
officer_table            administrator  council      200      302      -            404
officer_edit             administrator  officer      200      302      -            404
hand_over                administrator  officer      200      200      -            404
division_table           administrator  council      200      302      -            404
board_table              administrator  council      200      302      -            404
matrix_list              administrator  council      200      -        -            404
matrix_create            administrator  council      200      302      -            404
matrix_edit              administrator  matrix       200      302      -            404
matrix_agree             administrator  matrix       200      302      -            404
matrix_replace           administrator  matrix       200      302      -            404
meeting_table            administrator  board        200      302      -            404
meeting_action_table     administrator  meeting      200      302      -            404
user_list                administrator  -            200      -        -            -
reminder_list            administrator  -            200      -        -            -
reminder_send_again      administrator  reminder     -        302      -            404
user_create              administrator  -            200      302      -            -
user_edit                administrator  user         200      302      -            404
password_link_send       administrator  user         -        302      -            404
plan_template            administrator  -            200      -        -            -
plan_import_new          administrator  -            200      200      -            -
plan_import_detail       administrator  workbook     200      -        -            404
plan_import_confirm      administrator  workbook     -        302      -            404
plan_import_errors       administrator  unreadable   200      -        -            404
plan_import_marked       administrator  unreadable   200      -        -            404
plan_import_undo         administrator  brought      200      200      -            404

my_updates               director       -            200      302      -            -
round_list               drafters       -            200      -        -            -
round_detail             drafters       round        200      200      -            404
my_calendar              own programs   -            200      -        -            -
progress_report          director       activity     200      200      404          404

import_list              analyst        -            200      -        -            -
import_new               analyst        -            200      200      -            -
import_template          analyst        -            200      -        -            -
import_detail            analyst        batch        200      -        -            404
import_columns           analyst        asked        200      302      403          404
import_confirm           analyst        batch        -        302      403          404
import_errors            analyst        refused      200      -        -            404
import_marked            analyst        refused      200      -        -            404
import_undo              analyst        applied      200      200      -            404
register_import_detail   analyst        register     200      -        -            404
register_import_confirm  analyst        register     -        302      403          404
register_import_errors   analyst        misread      200      -        -            404
register_import_marked   analyst        misread      200      -        -            404
register_import_undo     analyst        registered   200      200      -            404
target_edit              analyst        indicator    200      200      -            404
figure_add               analyst        indicator    200      302      -            404
figure_edit              analyst        figure       200      302      -            404
risk_edit                analyst        risk         200      302      -            404
risk_score               director       risk         200      302      404          404
mitigation_table         analyst        risk         200      302      -            404
matrix_rescore           analyst        matrix       200      200      -            404
saving_edit              analyst        saving       200      302      -            404
saving_revise            analyst        saving       200      302      -            404
contract_edit            analyst        contract     200      302      -            404
budget_edit              analyst        budget_line  200      302      -            404
forecast_edit            analyst        budget_line  200      302      -            404
workforce_create         analyst        plan         200      200      -            404
workforce_edit           analyst        workforce    200      302      -            404
evidence_create          analyst        plan         200      302      -            404
evidence_edit            analyst        evidence     200      302      -            404
evidence_file_create     analyst        evidence     200      200      -            404
evidence_file_edit       analyst        closed_file  200      302      -            404
evidence_file_remove     analyst        closed_file  200      200      -            404

scrutiny                 askers         -            200      -        -            -
question_ask             askers         activity     200      200      -            404
follow_up                askers         activity     200      200      -            404
question_list            readers        plan         200      -        -            404
question_detail          readers        question     200      -        -            404
question_answer          answerers      question     200      200      -            404
question_recommend       administrator  question     200      200      -            404

search                   readers        -            200      -        -            -
plan_list                readers        -            200      -        -            -
plan_dashboard           readers        plan         200      -        -            404
plan_one_page            readers        plan         200      -        -            404
objective_list           readers        plan         200      -        -            404
activity_list            readers        plan         200      -        -            404
timeline                 readers        plan         200      -        -            404
indicator_list           readers        plan         200      -        -            404
indicator_exceptions     readers        plan         200      -        -            404
indicator_multiples      readers        plan         200      -        -            404
indicator_due            readers        plan         200      -        -            404
risk_list                readers        plan         200      -        -            404
saving_list              readers        plan         200      -        -            404
contract_list            readers        plan         200      -        -            404
contract_publication     readers        plan         200      -        -            404
budget                   readers        plan         200      -        -            404
workforce                readers        plan         200      -        -            404
narrative                readers        plan         200      -        -            404
change_list              readers        plan         200      -        -            404
change_between           readers        plan         200      -        -            404
data_quality             readers        plan         200      -        -            404
publication_list         readers        plan         200      -        -            404
publication_detail       readers        publication  200      -        -            404
publication_create       publishers     plan         200      302      -            404
plan_workbook            drafters       plan         200      -        -            404
plan_figures             drafters       plan         200      -        -            404
plan_register            drafters       plan         200      -        -            404
golden_thread            readers        plan         200      -        -            404
thread_health            readers        plan         200      -        -            404
disagreement_list        readers        plan         200      -        -            404
finding_list             readers        plan         200      -        -            404
finding_detail           readers        finding      200      -        -            404
evidence_list            readers        plan         200      -        -            404
evidence_detail          readers        evidence     200      -        -            404
evidence_file            readers        file         200      -        -            404
objective_detail         readers        objective    200      -        -            404
goal_detail              readers        goal         200      -        -            404
activity_detail          readers        activity     200      -        -            404
indicator_detail         readers        indicator    200      -        -            404
risk_detail              readers        risk         200      -        -            404
saving_detail            readers        saving       200      -        -            404
contract_detail          readers        contract     200      -        -            404
officer_list             readers        council      200      -        -            404
officer_detail           readers        officer      200      -        -            404
board_list               readers        council      200      -        -            404
board_detail             readers        board        200      -        -            404
meeting_detail           readers        meeting      200      -        -            404

pack_preview             drafters       plan         200      -        -            404
pack_page                readers        publication  200      -        -            404
pack_word                readers        publication  200      -        -            404
pack_workbook            readers        publication  200      -        -            404
pack_wait                readers        publication  200      -        -            404
pack_make                readers        publication  -        302      -            404

data_guide               readers        -            200      -        -            -
api_description          anyone         -            200      -        -            -
api_plan                 programs       plan         200      -        -            404
api_objective            programs       objective    200      -        -            404
api_activity             programs       activity     200      -        -            404
api_indicator            programs       indicator    200      -        -            404
api_risk                 programs       risk         200      -        -            404
api_saving               programs       saving       200      -        -            404
api_contract             programs       contract     200      -        -            404
api_analysis             programs       indicator    200      -        -            404
"""

#: Each list of the API, and its file (`api_plans`, `api_plans_csv`): for programs, naming nothing, only read.
# fmt: off
API_LISTS = (
    "councils", "plans", "objectives", "activities", "outputs", "findings", "indicators", "outturns", "targets",
    "risks", "savings", "budgets", "contracts", "workforce", "caseloads", "evidence", "reports", "sources",
    "benchmarks", "budget_figures", "milestones", "events", "achievements", "sections", "consultations", "notes",
    "goals", "divisions", "officers", "boards",
)
# fmt: on

#: Django's admin, by kind of page: for administrators only; everybody else who has logged in gets 403 on all of them.
#: "own" is what belongs to a council of theirs; what belongs to another one is, as in all of Django's admin, a way
#: back to the start (302) like what does not exist. Nothing is deleted there.
ADMIN_TABLE = """
page                     own GET  own POST  elsewhere GET  elsewhere POST

index                    200      200       -              -
app_list                 200      200       -              -
jsi18n                   200      405       -              -
login                    302      302       -              -
logout                   405      302       -              -
password_change          302      302       -              -
password_change_done     302      302       -              -
autocomplete             403      405       -              -
view_on_site             404      404       -              -
unknown                  404      404       -              -
changelist               200      200       -              -
add                      200/403  200/403   -              -
history                  200      405       302            405
delete                   403      403       403            403
change                   200      200/403   302            302/403
bare                     302      302       302            302
"""


def _statuses(cell: str) -> frozenset[int]:
    return frozenset(int(part) for part in cell.split("/")) if cell != "-" else frozenset()


@dataclass(frozen=True)
class Page:
    """A line of the table. Statuses are sets, where an answer depends on who asks."""

    name: str
    who: str
    of: str
    get: frozenset[int]
    post: frozenset[int]
    colleagues: frozenset[int]
    missing: frozenset[int]

    def allows(self, method: str) -> bool:
        return bool(self.answer(method))

    def answer(self, method: str) -> frozenset[int]:
        return {"GET": self.get, "HEAD": self.get, "POST": self.post}.get(method, frozenset())


def _lines(table: str) -> list[list[str]]:
    """The cells of each line; columns are parted by two blanks or more."""
    lines = [line for line in table.strip().splitlines()[1:] if line.strip()]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


PAGES = {
    cells[0]: Page(cells[0], cells[1], cells[2].replace("-", ""), *map(_statuses, cells[3:])) for cells in _lines(TABLE)
}
for _name in API_LISTS:
    for _page in (f"api_{_name}", f"api_{_name}_csv"):
        PAGES[_page] = Page(_page, PROGRAMS, "", frozenset({200}), frozenset(), frozenset(), frozenset())
ADMIN_PAGES = {cells[0]: tuple(map(_statuses, cells[1:])) for cells in _lines(ADMIN_TABLE)}
