"""The page that tells people how to use the data in other programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lambeth_plans.accounts.guards import reads
from lambeth_plans.api.reading import Reading
from lambeth_plans.api.registers import REGISTERS
from lambeth_plans.api.views import DEFAULT_LIMIT, HIGHEST_LIMIT


@reads()
def data_guide(request: HttpRequest) -> HttpResponse:
    lists = [
        {
            "register": register,
            "url": reverse(f"api_{register.name}"),
            "csv_url": reverse(f"api_{register.name}_csv"),
        }
        for register in REGISTERS
    ]
    context = {
        "plans": Reading(request.user).plans,
        "lists": lists,
        "address": request.build_absolute_uri(reverse("api_activities_csv")),
        "description_url": reverse("api_description"),
        "default_limit": DEFAULT_LIMIT,
        "highest_limit": HIGHEST_LIMIT,
    }
    return render(request, "api/guide.html", context)
