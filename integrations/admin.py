from django.contrib import admin
from django.http import HttpRequest

from integrations.models import Connection, Grant


class ReadOnly:
    """Rows that only Bridge itself writes; tokens are not shown, not even sealed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Grant)
class GrantAdmin(ReadOnly, admin.ModelAdmin[Grant]):
    list_display = ["id", "provider", "status", "authorized_at", "refreshed_at", "last_call", "last_call_at"]
    list_filter = ["provider", "status"]
    exclude = ["sealed_access_token", "sealed_refresh_token"]


@admin.register(Connection)
class ConnectionAdmin(ReadOnly, admin.ModelAdmin[Connection]):
    list_display = ["id", "organization", "membership", "grant", "ended_at"]
    list_select_related = ["organization", "membership__user", "membership__organization", "grant"]
