"""The risks on the monthly sheet of those who own them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.http import QueryDict

from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, prefix_of, typed_form
from risks.actions import revise_risk
from risks.models import Risk, RiskScore, RiskStep
from risks.monthly_forms import RiskUpdateForm


@dataclass(eq=False)
class RiskRow(MonthlyRow):
    """A risk, its current score and the form for a new one. Three queries."""

    slug = "risk"
    heading = "Risks"
    template = "risks/_monthly_fields.html"
    page = "risk_detail"

    form: RiskUpdateForm

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        risks = list(
            Risk.objects.answerable_to(user)
            .exclude(plan__status__in=("closed", "superseded"))
            .select_related("plan__council", "owner", "matrix")
            .order_by("plan_id", "order", "key")
        )
        steps, now = defaultdict(list), {}
        for step in RiskStep.objects.filter(matrix__in={risk.matrix_id for risk in risks if risk.matrix_id}):
            steps[step.matrix_id].append(step)
        scores = RiskScore.objects.filter(risk__in=risks, kind=RiskScore.Kind.CURRENT).order_by("scored_date")
        for score in scores:
            now[score.risk_id] = score

        def row(risk: Risk) -> RiskRow:
            of_risk = {"steps": steps[risk.matrix_id], "now": now.get(risk.pk)}
            form = typed_form(
                lambda posted, prefix: RiskUpdateForm(posted, instance=risk, prefix=prefix, **of_risk),
                prefix_of(cls.slug, risk),
                data,
            )
            last = form.now.scored_date if form.now else None
            return cls(risk, form, is_done=bool(last and (last.year, last.month) == (today.year, today.month)))

        return [row(risk) for risk in risks]

    def save(self, by: User, today: date) -> str:
        risk, form = self.form.instance, self.form
        score = RiskScore(
            risk=risk, kind=RiskScore.Kind.CURRENT, scored_date=today, score=form.score,
            reason=form.cleaned_data["because"],
        )  # fmt: skip
        if form.has_matrix:
            score.matrix = risk.matrix
            score.likelihood, score.impact = form.cleaned_data["likelihood"], form.cleaned_data["impact"]
        revise_risk(risk=risk, score=score, by=by, reason=score.reason[:100])
        return f"{risk} is now scored {score.score}."
