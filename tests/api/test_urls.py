"""Addresses, with and without a slash at their end."""

from django.urls import resolve, reverse

from lambeth_plans.api.registers import REGISTERS
from lambeth_plans.api.urls import urlpatterns


def test_every_list_is_found_with_and_without_a_slash_by_the_same_guarded_view():
    for register in REGISTERS:
        bare, with_slash = resolve(f"/api/v1/{register.name}"), resolve(f"/api/v1/{register.name}/")
        assert bare.func is with_slash.func
        assert bare.url_name == with_slash.url_name == f"api_{register.name}"
        assert reverse(bare.url_name) == f"/api/v1/{register.name}"
        assert reverse(f"{bare.url_name}_csv") == f"/api/v1/{register.name}.csv"


def test_nothing_of_the_library_is_reached_past_the_guard():
    assert all(hasattr(pattern.callback, "guard") for pattern in urlpatterns)
    assert {pattern.name for pattern in urlpatterns if not str(pattern.name).startswith("api_")} == {"data_guide"}
