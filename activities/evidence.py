"""Adding and changing evidence: what stands beside the figures of a plan."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from activities.actions import save_evidence
from activities.models import Activity, Evidence
from lambeth_plans.accounts.access import Permission
from lambeth_plans.accounts.guards import changes
from lambeth_plans.accounts.set_up import form_answer
from lambeth_plans.accounts.versioned_forms import (
    LongTextField,
    PartialDateInput,
    ReasonedForm,
    RecordsChoiceField,
)
from objectives.models import Finding, Objective, Plan
from objectives.registers import register_context, register_page

LONGEST_SUMMARY = 5_000


class EvidenceForm(ReasonedForm):
    """One entry, and what it bears on. Grade, sample and theme are written as they are stated."""

    title = forms.CharField(label="What it is called", max_length=250)
    evidence_date = PartialDateInput(
        label="Date", required=False, help_text="A day, a month or a year, like 31/03/2021 or March 2021."
    )
    summary = LongTextField(label="What it says", required=False, max_length=LONGEST_SUMMARY)
    findings = RecordsChoiceField(label="Findings it bears on", required=False)
    objectives = RecordsChoiceField(required=False)
    activities = RecordsChoiceField(required=False)

    class Meta:
        model = Evidence
        fields = [
            "kind",
            "title",
            "evidence_date",
            "sample",
            "grade",
            "theme",
            "summary",
            "findings",
            "objectives",
            "activities",
        ]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "sample": "How many cases or people, for example “40 contacts of one week”.",
            "grade": "As it was graded, for example “31 good, 9 require improvement”.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan: Plan = self.instance.plan
        words = {"objectives": plan.objectives_word, "activities": plan.activities_word}
        for name, model in (("findings", Finding), ("objectives", Objective), ("activities", Activity)):
            records = {record.key: record for record in model.objects.filter(plan=plan)}
            self.fields[name].offer(records, label=_label)
            if name in words:
                self.fields[name].label = self.columns[name] = f"{words[name].capitalize()} it bears on"
            if not records:
                del self.fields[name], self.columns[name]
        self.fields["kind"].choices = Evidence.Kind.choices  # none is chosen beforehand


def _label(record: Any) -> str:
    return f"{record.ref} {record.title}".strip()


@changes(Permission.EDIT_REGISTERS)
def evidence_create(request: HttpRequest, plan: str) -> HttpResponse:
    """`?finding=`, `?objective=` and `?activity=` tick the record somebody came from."""
    its_plan = get_object_or_404(Plan.objects.visible_to(request.user).select_related("council"), slug=plan)
    asked = {name: request.GET.get(name, "") for name in ("finding", "objective", "activity")}

    def make(data: Any) -> EvidenceForm:
        form = EvidenceForm(data, instance=Evidence(plan=its_plan))
        if data is None:
            for name, field in (("finding", "findings"), ("objective", "objectives"), ("activity", "activities")):
                if field in form.fields and asked[name] in form.fields[field].records:
                    form.initial[field] = [asked[name]]
        return form

    return form_answer(
        request,
        make=make,
        save=lambda form: _save(request, form),
        sentence=lambda saved: f"“{saved}” is added.",
        done=lambda saved: register_page(saved, "evidence_detail"),
        context={
            "council": its_plan.council,
            "plan": its_plan,
            "heading": "Add evidence",
            "breadcrumbs": [
                {"label": "Plans", "url": reverse("plan_list")},
                {"label": its_plan.title, "url": reverse("plan_dashboard", args=[plan])},
                {"label": "Evidence", "url": reverse("evidence_list", args=[plan])},
                {"label": "Add", "url": ""},
            ],
        },
    )


@changes(Permission.EDIT_REGISTERS)
def evidence_edit(request: HttpRequest, plan: str, key: str) -> HttpResponse:
    entries = Evidence.objects.visible_to(request.user).select_related("plan__council")
    evidence = get_object_or_404(entries, plan__slug=plan, key=key)
    return form_answer(
        request,
        make=lambda data: EvidenceForm(data, instance=entries.get(pk=evidence.pk)),
        save=lambda form: _save(request, form),
        sentence=lambda saved: f"“{saved}” is saved.",
        done=lambda saved: register_page(evidence, "evidence_detail"),
        context=register_context(evidence, "evidence_detail", evidence.title, f"Change evidence: {evidence}"),
    )


def _save(request: HttpRequest, form: EvidenceForm) -> Evidence:
    return save_evidence(
        evidence=form.instance, links=form.links(), by=request.user, reason=form.cleaned_data["reason"]
    )
