"""Every page that shows rows of several apps."""

from django.urls import path

from lambeth_plans.dashboards.boards import board_detail, board_list
from lambeth_plans.dashboards.budgets import budget
from lambeth_plans.dashboards.changes import change_between, change_list
from lambeth_plans.dashboards.contracts import contract_list, contract_publication
from lambeth_plans.dashboards.data_quality import data_quality
from lambeth_plans.dashboards.details import (
    activity_detail,
    contract_detail,
    goal_detail,
    objective_detail,
    saving_detail,
)
from lambeth_plans.dashboards.digest import indicator_list
from lambeth_plans.dashboards.disagreements import disagreement_list
from lambeth_plans.dashboards.due_calendar import indicator_due
from lambeth_plans.dashboards.evidence import evidence_detail, evidence_list
from lambeth_plans.dashboards.evidence_files import evidence_file
from lambeth_plans.dashboards.findings import finding_detail, finding_list
from lambeth_plans.dashboards.indicators import indicator_detail
from lambeth_plans.dashboards.lists import activity_list, objective_list
from lambeth_plans.dashboards.meetings import meeting_detail
from lambeth_plans.dashboards.multiples import indicator_multiples
from lambeth_plans.dashboards.my_calendar import my_calendar
from lambeth_plans.dashboards.my_updates import my_updates
from lambeth_plans.dashboards.narrative import narrative
from lambeth_plans.dashboards.officers import officer_detail, officer_list
from lambeth_plans.dashboards.one_page import plan_one_page
from lambeth_plans.dashboards.plans import plan_list
from lambeth_plans.dashboards.progress_report import progress_report
from lambeth_plans.dashboards.publications import publication_create, publication_detail, publication_list
from lambeth_plans.dashboards.questions import (
    follow_up,
    question_answer,
    question_ask,
    question_detail,
    question_list,
    question_recommend,
)
from lambeth_plans.dashboards.risks import risk_detail, risk_list
from lambeth_plans.dashboards.rounds import round_detail, round_list
from lambeth_plans.dashboards.savings import saving_list
from lambeth_plans.dashboards.scrutiny import scrutiny
from lambeth_plans.dashboards.search import search
from lambeth_plans.dashboards.summary import plan_dashboard
from lambeth_plans.dashboards.thread import golden_thread
from lambeth_plans.dashboards.thread_health import thread_health
from lambeth_plans.dashboards.timeline import plan_timeline
from lambeth_plans.dashboards.unusual import indicator_exceptions
from lambeth_plans.dashboards.workforce import workforce

urlpatterns = [
    path("my-updates/", my_updates, name="my_updates"),
    path("my-updates/calendar.ics", my_calendar, name="my_calendar"),
    path("rounds/", round_list, name="round_list"),
    path("plans/<slug:plan>/rounds/<slug:key>/", round_detail, name="round_detail"),
    path("scrutiny/", scrutiny, name="scrutiny"),
    path("search/", search, name="search"),
    path("plans/", plan_list, name="plan_list"),
    path("plans/<slug:plan>/", plan_dashboard, name="plan_dashboard"),
    path("plans/<slug:plan>/on-a-page/", plan_one_page, name="plan_one_page"),
    path("plans/<slug:plan>/publications/", publication_list, name="publication_list"),
    path("plans/<slug:plan>/publications/new/", publication_create, name="publication_create"),
    path("plans/<slug:plan>/publications/<int:number>/", publication_detail, name="publication_detail"),
    path("plans/<slug:plan>/objectives/", objective_list, name="objective_list"),
    path("plans/<slug:plan>/activities/", activity_list, name="activity_list"),
    path("plans/<slug:plan>/timeline/", plan_timeline, name="timeline"),
    path("plans/<slug:plan>/indicators/", indicator_list, name="indicator_list"),
    path("plans/<slug:plan>/indicators/charts/", indicator_multiples, name="indicator_multiples"),
    path("plans/<slug:plan>/indicators/unusual/", indicator_exceptions, name="indicator_exceptions"),
    path("plans/<slug:plan>/indicators/due/", indicator_due, name="indicator_due"),
    path("plans/<slug:plan>/risks/", risk_list, name="risk_list"),
    path("plans/<slug:plan>/savings/", saving_list, name="saving_list"),
    path("plans/<slug:plan>/contracts/", contract_list, name="contract_list"),
    path("plans/<slug:plan>/contracts.csv", contract_publication, name="contract_publication"),
    path("plans/<slug:plan>/budget/", budget, name="budget"),
    path("plans/<slug:plan>/workforce/", workforce, name="workforce"),
    path("plans/<slug:plan>/narrative/", narrative, name="narrative"),
    path("plans/<slug:plan>/changes/", change_list, name="change_list"),
    path("plans/<slug:plan>/changes/between/", change_between, name="change_between"),
    path("plans/<slug:plan>/data-quality/", data_quality, name="data_quality"),
    path("plans/<slug:plan>/questions/", question_list, name="question_list"),
    path("plans/<slug:plan>/questions/<slug:key>/", question_detail, name="question_detail"),
    path("plans/<slug:plan>/questions/<slug:key>/answer/", question_answer, name="question_answer"),
    path("plans/<slug:plan>/questions/<slug:key>/recommendation/", question_recommend, name="question_recommend"),
    path("plans/<slug:plan>/ask/<slug:kind>/<slug:key>/", question_ask, name="question_ask"),
    path("plans/<slug:plan>/follow-up/<slug:kind>/<slug:key>/", follow_up, name="follow_up"),
    path("plans/<slug:plan>/thread/", golden_thread, name="golden_thread"),
    path("plans/<slug:plan>/health/", thread_health, name="thread_health"),
    path("plans/<slug:plan>/disagreements/", disagreement_list, name="disagreement_list"),
    path("plans/<slug:plan>/findings/", finding_list, name="finding_list"),
    path("plans/<slug:plan>/findings/<slug:key>/", finding_detail, name="finding_detail"),
    path("plans/<slug:plan>/evidence/", evidence_list, name="evidence_list"),
    path("plans/<slug:plan>/evidence/<slug:key>/", evidence_detail, name="evidence_detail"),
    path("plans/<slug:plan>/evidence/<slug:key>/files/<int:number>/", evidence_file, name="evidence_file"),
    path("plans/<slug:plan>/objectives/<slug:key>/", objective_detail, name="objective_detail"),
    path("plans/<slug:plan>/goals/<slug:key>/", goal_detail, name="goal_detail"),
    path("plans/<slug:plan>/activities/<slug:key>/", activity_detail, name="activity_detail"),
    path("plans/<slug:plan>/activities/<slug:key>/report/", progress_report, name="progress_report"),
    path("plans/<slug:plan>/indicators/<slug:key>/", indicator_detail, name="indicator_detail"),
    path("plans/<slug:plan>/risks/<slug:key>/", risk_detail, name="risk_detail"),
    path("plans/<slug:plan>/savings/<slug:key>/", saving_detail, name="saving_detail"),
    path("plans/<slug:plan>/contracts/<slug:key>/", contract_detail, name="contract_detail"),
    path("councils/<slug:council>/people/", officer_list, name="officer_list"),
    path("councils/<slug:council>/officers/<slug:key>/", officer_detail, name="officer_detail"),
    path("councils/<slug:council>/boards/", board_list, name="board_list"),
    path("councils/<slug:council>/boards/<slug:key>/", board_detail, name="board_detail"),
    path("councils/<slug:council>/boards/<slug:key>/meetings/<slug:date>/", meeting_detail, name="meeting_detail"),
]
