"""Logging in and out, and passwords, over Django's own views."""

from axes.utils import reset
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpResponse
from django.urls import reverse_lazy

from lambeth_plans.accounts.forms import LogInForm, PasswordChangeForm, PasswordForm, PasswordResetForm


class LogIn(auth_views.LoginView):
    """`?next=` is followed within this site only."""

    authentication_form = LogInForm
    template_name = "registration/log_in.html"
    redirect_authenticated_user = True


class PasswordChange(auth_views.PasswordChangeView):
    """Ends every other session of the person; this one stays."""

    form_class = PasswordChangeForm
    template_name = "registration/change_password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, "Your password is changed. You are logged out everywhere else.")
        return response


class PasswordReset(auth_views.PasswordResetView):
    """Answers the same whether or not somebody has this address."""

    form_class = PasswordResetForm
    template_name = "registration/reset_password.html"
    email_template_name = "registration/reset_password_message.txt"
    subject_template_name = "registration/reset_password_subject.txt"


class PasswordResetConfirm(auth_views.PasswordResetConfirmView):
    form_class = PasswordForm
    template_name = "registration/choose_password.html"

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        reset(username=form.user.get_username())  # whoever has just chosen a password is not kept out
        return response
