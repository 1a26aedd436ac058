"""Background and periodic work. A task reads the clock and calls one action."""

import datetime as dt
from secrets import token_hex

from django.conf import settings
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from lianqi.accounts.models import User
from lianqi.audit.actions import check_chain
from lianqi.demands.actions import (
    apply_demands,
    backfill_marks,
    close_silent_demands,
    compact_tallies,
    compile_statistics,
    draw_callbacks,
    find_clusters,
    find_recurrences,
    forget_marks,
    forget_parked,
    make_due_report,
    make_report,
    preview_demands,
    remind_unreplied,
    take_mail,
    train_classifiers,
    train_if_due,
)
from lianqi.demands.models import DemandCategory, IncomingMail
from lianqi.demands.queries import periods_by_category
from lianqi.engines.mails import Mail
from lianqi.files.actions import remove_orphans
from lianqi.matching.actions import (
    apply_list,
    begin_nightly,
    carry_out,
    follow,
    forget_matches,
    preview_list,
    tell_all,
    tell_newly,
)
from lianqi.needs.actions import (
    compact_need_tallies,
    open_missing_batches,
    push_daily_counts,
)
from lianqi.notices.actions import bundle_due, send_waiting
from lianqi.ops.gateways import gateways
from lianqi.ops.mailbox import Mailbox, read_mailbox
from lianqi.register.actions import apply_import, preview_import, remove_import_files
from lianqi.visits.actions import remind_of_visits, tell_of_broken_promises
from lianqi.webhooks.actions import feed, forget_messages, send_hooks
from lianqi.work.actions import escalate_due

BATCH = 500
# More visits than a zone announces for one day.
MOST_REMINDED = 5000
# How many days back a draw of call-backs is made up for.
DRAWN_AGAIN = 7
TRAIN = "lianqi.demands.train"
REPORT = "lianqi.demands.monthly_report"
# A worker that died leaves its jobs "doing"; a job older than this is taken up again.
STALLED_AFTER = dt.timedelta(minutes=2)
# An upload that is a day old is not under way any more.
UPLOAD_TAKES = dt.timedelta(days=1)
# Long enough to look again at what an import was made from.
IMPORT_FILES_KEPT = dt.timedelta(days=30)
# Long enough to see what comes back every year.
HOOK_MESSAGES_KEPT = dt.timedelta(days=90)
# Long enough to look again at what a version changed.
MATCHES_KEPT = dt.timedelta(days=400)
MARKS_KEPT = dt.timedelta(days=400)
# Whoever called and was not called back in a month has called again.
PARKED_CALLS_KEPT = dt.timedelta(days=30)


class ChainBroken(RuntimeError):
    """The audit trail does not hold: an operator must look at once."""


@app.task(name="lianqi.register.preview_import")
def preview(run_id: int) -> None:
    preview_import(run_id, at=timezone.now())


@app.task(name="lianqi.register.apply_import")
def apply(run_id: int) -> None:
    apply_import(run_id, at=timezone.now())


@app.task(name="lianqi.demands.preview_import")
def preview_demand_import(run_id: int) -> None:
    preview_demands(run_id, at=timezone.now())


@app.task(name="lianqi.demands.apply_import")
def apply_demand_import(run_id: int) -> None:
    apply_demands(run_id, at=timezone.now())


@app.task(name="lianqi.matching.preview_import")
def preview_department_list(run_id: int) -> None:
    preview_list(run_id, at=timezone.now())


@app.task(name="lianqi.matching.apply_import")
def apply_department_list(run_id: int) -> None:
    apply_list(run_id, at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="lianqi.work.escalate", queueing_lock="lianqi.work.escalate")
def escalate(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    while escalate_due(at=timezone.now(), limit=BATCH) == BATCH:
        pass


@app.periodic(cron="* * * * *")
@app.task(name="lianqi.notices.send", queueing_lock="lianqi.notices.send")
def send_messages(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    while bundle_due(at=now, limit=BATCH) == BATCH:
        pass
    send_waiting(at=now, limit=BATCH, gateways=gateways(), site=settings.SITE_URL)


@app.periodic(cron="* * * * *")
@app.task(name="lianqi.webhooks.send", queueing_lock="lianqi.webhooks.send")
def send_webhooks(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    while feed(at=timezone.now(), limit=BATCH) == BATCH:
        pass
    send_hooks(
        at=timezone.now(),
        limit=BATCH,
        key=settings.SECRET_KEY,
        internal=settings.WEBHOOK_INTERNAL_HOSTS,
        site=settings.SITE_URL,
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="lianqi.demands.close_silent", queueing_lock="lianqi.demands.close_silent")
def close_silent(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    zone, own = periods_by_category()
    own_days = {category: periods.silent_days for category, periods in own.items()}
    closed = BATCH
    while closed == BATCH:
        closed = close_silent_demands(
            after_days=zone.silent_days, own_days=own_days, at=timezone.now(), limit=BATCH
        )


@app.periodic(cron="5 * * * *")
@app.task(name="lianqi.demands.remind_unreplied", queueing_lock="lianqi.demands.remind_unreplied")
def remind(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    days = settings.QUESTION_REMINDER_DAYS
    while remind_unreplied(after_days=days, at=timezone.now(), limit=BATCH) == BATCH:
        pass


# The scheduler reads these times in UTC, eight hours behind the zone: 19:15 is 03:15 there.
@app.periodic(cron="15 19 * * *")
@app.task(name="lianqi.demands.compact_tallies", queueing_lock="lianqi.demands.compact_tallies")
def compact(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    compact_tallies()


@app.periodic(cron="*/10 * * * *")
@app.task(name="lianqi.needs.open_batches", queueing_lock="lianqi.needs.open_batches")
def open_batches(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    open_missing_batches(at=timezone.now())


@app.periodic(cron="17 19 * * *")
@app.task(name="lianqi.needs.compact_tallies", queueing_lock="lianqi.needs.compact_tallies")
def compact_needs(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    compact_need_tallies()


# 08:00 in the zone. A second run, by hand or after a crash, tells nobody twice.
@app.periodic(cron="0 0 * * *")
@app.task(name="lianqi.needs.push_counts", queueing_lock="lianqi.needs.push_counts")
def push_counts(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    push_daily_counts(at=timezone.now())


# 08:00 in the zone, as above.
@app.periodic(cron="0 0 * * *")
@app.task(name="lianqi.visits.remind", queueing_lock="lianqi.visits.remind")
def remind_visitors(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    today = timezone.localdate(now)
    remind_of_visits(on=today, at=now, limit=MOST_REMINDED)
    tell_of_broken_promises(on=today, at=now, limit=MOST_REMINDED)


# What a day closed is drawn early the next morning; days that were missed are made up for.
@app.periodic(cron="5 20 * * *")
@app.task(name="lianqi.demands.draw_callbacks", queueing_lock="lianqi.demands.draw_callbacks")
def draw(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    for days in range(DRAWN_AGAIN, 0, -1):
        draw_callbacks(
            timezone.localdate(now) - dt.timedelta(days=days), seed=token_hex(16), at=now
        )


@app.periodic(cron="20 19 * * *")
@app.task(name="lianqi.files.remove_orphans", queueing_lock="lianqi.files.remove_orphans")
def clear_uploads(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    remove_orphans(before=timezone.now() - UPLOAD_TAKES)


@app.periodic(cron="25 19 * * *")
@app.task(
    name="lianqi.register.remove_import_files", queueing_lock="lianqi.register.remove_import_files"
)
def clear_imports(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    remove_import_files(before=now - IMPORT_FILES_KEPT, at=now)


@app.periodic(cron="30 19 * * *")
@app.task(name="lianqi.audit.verify", queueing_lock="lianqi.audit.verify")
def verify(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    report = check_chain(at=timezone.now())
    if report.broken:
        raise ChainBroken(f"event {report.broken.event_id}: {report.broken.reason}")


@app.periodic(cron="*/10 * * * *")
@app.task(name="lianqi.demands.mark", queueing_lock="lianqi.demands.mark")
def mark(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    """Nothing to do once the demands from before the marks are marked."""
    while backfill_marks(since=timezone.localdate() - MARKS_KEPT):
        pass


@app.periodic(cron="35 19 * * *")
@app.task(name="lianqi.demands.forget_marks", queueing_lock="lianqi.demands.forget_marks")
def clear_marks(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    forget_marks(before=timezone.localdate() - MARKS_KEPT)


@app.periodic(cron="37 19 * * *")
@app.task(name="lianqi.demands.forget_parked", queueing_lock="lianqi.demands.forget_parked")
def clear_parked_calls(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    forget_parked(before=now - PARKED_CALLS_KEPT, at=now)


@app.periodic(cron="40 19 * * *")
@app.task(name="lianqi.webhooks.forget", queueing_lock="lianqi.webhooks.forget")
def clear_hook_messages(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    forget_messages(before=timezone.now() - HOOK_MESSAGES_KEPT)


@app.periodic(cron="45 19 * * *")
@app.task(name="lianqi.demands.find_classes", queueing_lock="lianqi.demands.find_classes")
def find_classes(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    """First what belongs to a class, then groups of what is left."""
    now = timezone.now()
    find_recurrences(at=now)
    find_clusters(at=now)


@app.periodic(cron="0 20 * * *")
@app.task(name="lianqi.demands.statistics", queueing_lock="lianqi.demands.statistics")
def statistics(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    compile_statistics(at=timezone.now())


@app.task(name="lianqi.matching.run")
def match_all(run_id: int) -> None:
    carry_out(run_id, at=timezone.now())


# Just after midnight in the zone: what holds, and who is in time, changes with the day.
@app.periodic(cron="10 16 * * *")
@app.task(name="lianqi.matching.nightly", queueing_lock="lianqi.matching.nightly")
def match_nightly(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    forget_matches(before=now - MATCHES_KEPT)
    begin_nightly(on=timezone.localdate(now), at=now)


@app.periodic(cron="* * * * *")
@app.task(name="lianqi.matching.follow", queueing_lock="lianqi.matching.follow")
def match_changes(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    while follow(on=timezone.localdate(now), at=now, limit=BATCH) == BATCH:
        pass


@app.task(name="lianqi.matching.tell")
def tell_of_policies(
    pack_id: int | None, measure: str, user_id: int, *, with_missing: bool
) -> None:
    now = timezone.now()
    tell_all(
        on=timezone.localdate(now),
        by=User.people.get(pk=user_id),
        at=now,
        pack_id=pack_id,
        measure=measure,
        with_missing=with_missing,
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="lianqi.matching.tell_newly", queueing_lock="lianqi.matching.tell_newly")
def tell_of_new_policies(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    now = timezone.now()
    tell_newly(on=timezone.localdate(now), at=now)


@app.task(name=REPORT)
def monthly_report(month: str, language: str, user_id: int) -> None:
    make_report(
        dt.date.fromisoformat(month),
        language=language,
        zone=settings.ZONE_NAME,
        by=User.people.get(pk=user_id),
        at=timezone.now(),
    )


@app.periodic(cron="30 20 * * *")
@app.task(name="lianqi.demands.due_report", queueing_lock="lianqi.demands.due_report")
def due_report(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    make_due_report(language=settings.LANGUAGE_CODE, zone=settings.ZONE_NAME, at=timezone.now())


@app.task(name=TRAIN, queueing_lock=TRAIN, lock=TRAIN)
def train(user_id: int) -> None:
    train_classifiers(by=User.people.get(pk=user_id), at=timezone.now())


@app.periodic(cron="40 19 * * 6")
@app.task(
    name="lianqi.demands.train_weekly", queueing_lock="lianqi.demands.train_weekly", lock=TRAIN
)
def train_weekly(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    train_if_due(at=timezone.now())


@app.periodic(cron="*/2 * * * *")
@app.task(name="lianqi.demands.read_mailbox", queueing_lock="lianqi.demands.read_mailbox")
def read_mails(timestamp: int) -> None:  # noqa: ARG001  # the scheduler's own time
    if not settings.IMAP_HOST:
        return
    box = Mailbox(
        settings.IMAP_HOST,
        settings.IMAP_PORT,
        settings.IMAP_USER,
        settings.IMAP_PASSWORD,
        settings.IMAP_FOLDER,
        settings.IMAP_PLAIN,
    )
    category = DemandCategory.objects.in_use().filter(code=settings.IMAP_CATEGORY).first()

    def take(mail: Mail) -> IncomingMail:
        return take_mail(
            mail,
            category=category,
            own_address=settings.IMAP_USER,
            max_bytes=settings.UPLOAD_MAX_BYTES,
            daemon=settings.CLAMAV_ADDRESS,
            at=timezone.now(),
        )

    read_mailbox(box, take)


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="lianqi.ops.retry_stalled", queueing_lock="lianqi.ops.retry_stalled", pass_context=True
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # as above
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(
        seconds_since_heartbeat=STALLED_AFTER.total_seconds()
    ):
        await manager.retry_job(job)
