"""The risks on the monthly sheet of those who own them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.http import QueryDict

from lambeth_plans.accounts.models import User
from lambeth_plans.dashboards.monthly import MonthlyRow, prefix_of, typed_form
from risks.actions import mark_of, score_risk
from risks.models import Risk, RiskBand, RiskScore, RiskStep
from risks.monthly_forms import RiskUpdateForm
from risks.products import Products, products_of


@dataclass(eq=False)
class RiskRow(MonthlyRow):
    """A risk, its current score, what its steps mean and come to, and the form for a new score. Four queries."""

    slug = "risk"
    heading = "Risks"
    template = "risks/_monthly_fields.html"
    page = "risk_detail"

    form: RiskUpdateForm
    products: Products | None = None

    @classmethod
    def rows(cls, user: User, today: date, data: QueryDict | None = None) -> list[Self]:
        risks = list(
            Risk.objects.answerable_to(user)
            .exclude(plan__status__in=("closed", "superseded"))
            .select_related("plan__council", "owner", "matrix")
            .order_by("plan_id", "order", "key")
        )
        steps, bands, now = defaultdict(list), defaultdict(list), {}
        matrices = {risk.matrix_id for risk in risks if risk.matrix_id}
        for parts, model, order in ((steps, RiskStep, "weight"), (bands, RiskBand, "lowest_score")):
            for part in model.objects.filter(matrix__in=matrices).order_by(order):
                parts[part.matrix_id].append(part)
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
            products = products_of(risk, form.now, steps[risk.matrix_id], bands[risk.matrix_id])
            is_done = bool(last and (last.year, last.month) == (today.year, today.month))
            return cls(risk, form, is_done=is_done, products=products)

        return [row(risk) for risk in risks]

    def save(self, by: User, today: date) -> str:
        risk, form = self.form.instance, self.form
        score = RiskScore(
            risk=risk, kind=RiskScore.Kind.CURRENT, scored_date=today, score=form.score,
            reason=form.cleaned_data["because"],
        )  # fmt: skip
        score.matrix = risk.matrix
        if form.has_matrix:
            score.likelihood, score.impact = form.cleaned_data["likelihood"], form.cleaned_data["impact"]
        score_risk(risk=risk, score=score, seen=mark_of(form.now), by=by, reason=score.reason[:100])
        was = f" It was {form.now.score}." if form.now and form.now.score != score.score else ""
        return f"{risk} is now scored {score.score}.{was}"
