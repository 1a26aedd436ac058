"""How one wants to be told; for the platform administrator, the outbox and the words."""

from django.urls import path

from lianqi.web.messages import choices, outbox, webhooks, wordings

app_name = "messages"

urlpatterns = [
    path("settings/messages/", choices.choices, name="choices"),
    path("messages/", outbox.outbox, name="outbox"),
    path("messages/<int:delivery_id>/again/", outbox.again, name="again"),
    path("messages/wordings/", wordings.wordings, name="wordings"),
    path("messages/wordings/<str:event>/", wordings.event_page, name="event"),
    path(
        "messages/wordings/<str:event>/<slug:audience>/<slug:channel>/<slug:language>/",
        wordings.wording,
        name="wording",
    ),
    path("messages/webhooks/", webhooks.webhooks, name="webhooks"),
    path("messages/webhooks/new/", webhooks.add, name="add_webhook"),
    path("messages/webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("messages/webhooks/<int:webhook_id>/secret/", webhooks.renew, name="renew_secret"),
    path("messages/webhooks/<int:webhook_id>/test/", webhooks.test, name="test_webhook"),
    path(
        "messages/webhooks/<int:webhook_id>/<int:message_id>/again/",
        webhooks.again,
        name="hook_again",
    ),
]
