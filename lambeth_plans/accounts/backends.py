"""Log-in by user name and password; permissions from the user's role alone."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission


class RoleBackend(ModelBackend):
    """The group that counts is the one named after `user.role`: one truth, kept in history with the user."""

    def _get_group_permissions(self, user_obj):
        return Permission.objects.filter(group__name=user_obj.role)

    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()
