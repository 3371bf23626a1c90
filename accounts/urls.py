from django.conf import settings
from django.urls import include, path

from accounts.views import mailbox, profile

urlpatterns = [
    path("account/profile", profile.profile, name="profile"),
    path("account/custom-url", profile.custom_url, name="custom_url"),
    path("account/custom-url/check", profile.custom_url_check, name="custom_url_check"),
    path("account/", include("allauth.account.urls")),
]

if settings.MAILBOX:
    urlpatterns += [
        path("tryout/mails", mailbox.mailbox, name="mailbox"),
        path("tryout/mails/<int:pk>", mailbox.mailbox_email, name="mailbox_email"),
        path("tryout/mails/<int:pk>/html", mailbox.mailbox_html, name="mailbox_html"),
        path("tryout/mails/<int:pk>/<str:name>", mailbox.mailbox_attachment, name="mailbox_attachment"),
    ]
