from django.urls import path

from integrations.views import (
    arrivals,
    authorization,
    by_link,
    conferencing,
    health,
    members,
    organization,
    seats,
    setup_links,
    vendor_apps,
    webhooks,
)

_PROVIDER = "o/<slug:organization>/integrations/<slug:provider>"
_CONNECTION = "o/<slug:organization>/connections/<uuid:uid>"
_BY_LINK = "connect/<slug:provider>/organization"

urlpatterns = [
    path("account/conferencing", conferencing.page, name="conferencing"),
    path("account/conferencing/add", conferencing.add, name="add_conferencing"),
    path("account/conferencing/default", conferencing.make_default, name="make_default"),
    path("account/conferencing/<uuid:uid>/disconnect", conferencing.disconnect, name="disconnect"),
    path("account/conferencing/<uuid:uid>/remove", seats.remove, name="seat_remove"),
    path("account/conferencing/<uuid:uid>/take-back", seats.take_back, name="seat_take_back"),
    path(_CONNECTION, health.page, name="connection"),
    path(f"{_CONNECTION}/test", health.test, name="connection_test"),
    path(f"{_CONNECTION}/reconnect", health.reconnect, name="connection_reconnect"),
    path(f"{_PROVIDER}/health", health.organization_page, name="organization_health"),
    path(f"{_PROVIDER}/health/test", health.organization_test, name="organization_health_test"),
    path("o/<slug:organization>/integrations", organization.integrations, name="integrations"),
    path(_PROVIDER, organization.page, name="organization_provider"),
    path(f"{_PROVIDER}/members-may-remove", organization.members_may_remove, name="members_may_remove"),
    path(f"{_PROVIDER}/disconnect", organization.disconnect, name="organization_disconnect"),
    path(f"{_PROVIDER}/arrivals/<uuid:uid>/confirm", arrivals.confirm, name="arrival_confirm"),
    path(f"{_PROVIDER}/arrivals/<uuid:uid>/decline", arrivals.decline, name="arrival_decline"),
    path(f"{_PROVIDER}/links", setup_links.issue, name="setup_link_issue"),
    path(f"{_PROVIDER}/links/<uuid:uid>/revoke", setup_links.revoke, name="setup_link_revoke"),
    path(f"{_PROVIDER}/members.csv", members.export, name="roster_export"),
    path(f"{_PROVIDER}/members/look-up", members.look_up_all, name="roster_look_up"),
    path(f"{_PROVIDER}/members/<uuid:uid>", members.correct, name="seat"),
    path(f"{_PROVIDER}/members/<uuid:uid>/look-up", members.look_up, name="seat_look_up"),
    path("o/<slug:organization>/integrations/<slug:provider>/apps", vendor_apps.page, name="vendor_apps"),
    path("o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>", vendor_apps.edit, name="vendor_app"),
    path(
        "o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>/check",
        vendor_apps.check,
        name="vendor_app_check",
    ),
    path(
        "o/<slug:organization>/integrations/<slug:provider>/apps/<slug:kind>/remove",
        vendor_apps.remove,
        name="vendor_app_remove",
    ),
    path("connect/<slug:provider>", authorization.connect, name="connect"),
    path("connect/<slug:provider>/callback", authorization.callback, name="connect_callback"),
    path(f"{_BY_LINK}/callback", by_link.callback, name="connect_organization_callback"),
    path(f"{_BY_LINK}/<slug:secret>", by_link.invitation, name="setup_link"),
    path(f"{_BY_LINK}/<slug:secret>/start", by_link.start, name="setup_link_start"),
    path("webhooks/<slug:provider>/<slug:app>", webhooks.receive, name="webhook"),
]
