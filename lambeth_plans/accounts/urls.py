from django.contrib.auth import views as auth_views
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from lambeth_plans.accounts.guards import personal, public
from lambeth_plans.accounts.views import pages, people, sessions


class Username(StringConverter):
    """What a user name may hold (UnicodeUsernameValidator); PostgreSQL takes no NUL even in a question."""

    regex = r"[\w.@+-]{1,150}"


register_converter(Username, "username")

urlpatterns = [
    path("", pages.home, name="home"),
    path("roles/", pages.role_list, name="roles"),
    path("glossary/", pages.glossary, name="glossary"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("accounts/login/", public(sessions.LogIn.as_view()), name="login"),
    path("accounts/logout/", public(auth_views.LogoutView.as_view()), name="logout"),
    path("accounts/password-change/", personal(sessions.PasswordChange.as_view()), name="password_change"),
    path("accounts/password-reset/", public(sessions.PasswordReset.as_view()), name="password_reset"),
    path(
        "accounts/password-reset/sent/",
        public(auth_views.PasswordResetDoneView.as_view(template_name="registration/reset_password_sent.html")),
        name="password_reset_done",
    ),
    path(
        "accounts/password-reset/<uidb64>/<token>/",
        public(sessions.PasswordResetConfirm.as_view()),
        name="password_reset_confirm",
    ),
    path(
        "accounts/password-reset/done/",
        public(auth_views.PasswordResetCompleteView.as_view(template_name="registration/password_chosen.html")),
        name="password_reset_complete",
    ),
    path("set-up/councils/<slug:slug>/people/", people.officer_table, name="officer_table"),
    path("set-up/councils/<slug:slug>/people/<slug:key>/", people.officer_edit, name="officer_edit"),
    path("set-up/councils/<slug:slug>/divisions/", people.division_table, name="division_table"),
    path("set-up/councils/<slug:slug>/boards/", people.board_table, name="board_table"),
    path("set-up/users/", people.user_list, name="user_list"),
    path("set-up/users/new/", people.user_create, name="user_create"),
    path("set-up/users/<username:username>/", people.user_edit, name="user_edit"),
    path("set-up/users/<username:username>/password-link/", people.password_link_send, name="password_link_send"),
]
