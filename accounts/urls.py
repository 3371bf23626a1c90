from django.conf import settings
from django.urls import include, path

from accounts.views import (
    api_keys,
    audit,
    delegates,
    invitations,
    mailbox,
    members,
    organizations,
    profile,
    second_factor,
    sessions,
    teams,
)

_HERE = "o/<slug:organization>"

urlpatterns = [
    path("organizations", organizations.page, name="organizations"),
    path("organizations/invitations/<uuid:uid>/accept", organizations.accept, name="invitation_accept"),
    path("invitations/<str:secret>", invitations.invitation, name="invitation"),
    path(f"{_HERE}/switch", organizations.switch, name="organization_switch"),
    path(f"{_HERE}/settings", organizations.settings, name="organization_settings"),
    path(f"{_HERE}/leave", members.leave, name="leave"),
    path(f"{_HERE}/members", members.page, name="members"),
    path(f"{_HERE}/members/invite", invitations.invite, name="invite"),
    path(f"{_HERE}/members/<uuid:uid>", members.member, name="member"),
    path(f"{_HERE}/members/<uuid:uid>/hand-over", members.hand_over, name="member_hand_over"),
    path(f"{_HERE}/members/<uuid:uid>/remove", members.remove, name="member_remove"),
    path(f"{_HERE}/invitations/<uuid:uid>/resend", invitations.resend, name="invitation_resend"),
    path(f"{_HERE}/invitations/<uuid:uid>/withdraw", invitations.withdraw, name="invitation_withdraw"),
    path(f"{_HERE}/teams", teams.page, name="teams"),
    path(f"{_HERE}/teams/new", teams.new, name="team_new"),
    path(f"{_HERE}/teams/<uuid:uid>", teams.edit, name="team"),
    path(f"{_HERE}/teams/<uuid:uid>/delete", teams.delete, name="team_delete"),
    path(f"{_HERE}/audit", audit.page, name="audit_log"),
    path(f"{_HERE}/audit.csv", audit.table, name="audit_table"),
    path(f"{_HERE}/audit.jsonl", audit.chain, name="audit_chain"),
    path(f"{_HERE}/audit/verify", audit.verify, name="audit_verify"),
    path("account/delegates", delegates.page, name="delegates"),
    path("account/delegates/<uuid:uid>/limit", delegates.limit, name="delegate_limit"),
    path("account/delegates/<uuid:uid>/take-back", delegates.take_back, name="delegate_take_back"),
    path("account/keys", api_keys.page, name="api_keys"),
    path("account/keys/new", api_keys.new, name="api_key_new"),
    path("account/keys/<uuid:uid>/revoke", api_keys.revoke, name="api_key_revoke"),
    path("account/profile", profile.profile, name="profile"),
    path("account/custom-url", profile.custom_url, name="custom_url"),
    path("account/custom-url/check", profile.custom_url_check, name="custom_url_check"),
    path(f"{_HERE}/settings/second-factor", second_factor.require, name="require_second_factor"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/end", sessions.end, name="session_end"),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/", include("allauth.account.urls")),
]

if settings.MAILBOX:
    urlpatterns += [
        path("tryout/mails", mailbox.mailbox, name="mailbox"),
        path("tryout/mails/<int:pk>", mailbox.mailbox_email, name="mailbox_email"),
        path("tryout/mails/<int:pk>/html", mailbox.mailbox_html, name="mailbox_html"),
        path("tryout/mails/<int:pk>/<str:name>", mailbox.mailbox_attachment, name="mailbox_attachment"),
    ]
