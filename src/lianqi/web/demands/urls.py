"""Addresses of demands: one per page, one per act."""

from django.urls import path

from lianqi.web.demands import (
    acts,
    calls,
    classes,
    classifier,
    filing,
    matching,
    objections,
    ratings,
    views,
)

app_name = "demands"

urlpatterns = [
    path("", views.demand_list, name="list"),
    path("export/", views.export, name="export"),
    path("call/", calls.call, name="call"),
    path("calls/", calls.counts, name="calls"),
    path("new/", filing.file, name="file"),
    path("new/enterprises/", filing.find_enterprises, name="find_enterprises"),
    path("classes/", classes.index, name="classes"),
    path("classes/new/", classes.new, name="new_class"),
    path("classes/<int:class_id>/", classes.detail, name="class"),
    path("classes/<int:class_id>/link/", classes.link, name="link_class"),
    path("classes/<int:class_id>/unlink/<int:demand_id>/", classes.unlink, name="unlink_class"),
    path("classes/<int:class_id>/postpone/", classes.postpone, name="postpone_class"),
    path("classes/<int:class_id>/fix/", classes.fix, name="fix_class"),
    path("classes/<int:class_id>/reopen/", classes.reopen, name="reopen_class"),
    path("classes/<int:class_id>/drop/", classes.drop, name="drop_class"),
    path("classifier/", classifier.page, name="classifier"),
    path("classifier/train/", classifier.train, name="train"),
    path("new/similar/", filing.similar, name="similar"),
    path("<int:demand_id>/", views.detail, name="detail"),
    path("<int:demand_id>/enterprise/", matching.attach_enterprise, name="attach_enterprise"),
    path("<int:demand_id>/tipster/", acts.tipster, name="write_to_tipster"),
    path("<int:demand_id>/dispatch/", acts.dispatch, name="dispatch"),
    path("<int:demand_id>/category/", acts.recategorise, name="move_category"),
    path("<int:demand_id>/accept/", acts.accept, name="accept"),
    path("<int:demand_id>/object/", objections.object_, name="object"),
    path("<int:demand_id>/uphold/", objections.uphold, name="uphold"),
    path("<int:demand_id>/overrule/", objections.overrule, name="overrule"),
    path("<int:demand_id>/arbitrate/", objections.arbitrate, name="arbitrate"),
    path("<int:demand_id>/answer/", acts.answer, name="answer"),
    path("<int:demand_id>/pause/", acts.pause, name="pause"),
    path("<int:demand_id>/resume/", acts.resume, name="resume"),
    path("<int:demand_id>/confirm/", acts.confirm, name="confirm"),
    path("<int:demand_id>/dispute/", acts.dispute, name="dispute"),
    path("<int:demand_id>/reopen/", acts.reopen, name="reopen"),
    path("<int:demand_id>/withdraw/", acts.withdraw, name="withdraw"),
    path("<int:demand_id>/rate/", ratings.rate, name="rate"),
    path("<int:demand_id>/rate-again/", ratings.again, name="rate_again"),
    path("<int:demand_id>/remedy/contact/", ratings.contact, name="contact_remedy"),
    path("<int:demand_id>/remedy/done/", ratings.finish, name="finish_remedy"),
]
