"""Words of demands (诉求)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianqi.work.enums import PauseReason


class DemandStatus(TextChoices):
    SUBMITTED = "submitted", _("Waiting for dispatch")
    DISPATCHED = "dispatched", _("Waiting for acceptance")
    OBJECTED = "objected", _("Objection to be decided")
    ARBITRATION = "arbitration", _("In arbitration")
    IN_PROGRESS = "in_progress", _("In progress")
    ANSWERED = "answered", _("Answered, to be confirmed")
    APPEALED = "appealed", _("Appeal to be decided")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged with a similar one")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Channel(TextChoices):
    PORTAL = "portal", _("Portal")
    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit")
    COUNTER = "counter", _("Counter")
    API = "api", _("Interface")
    MAIL = "mail", _("E-mail")
    IMPORT = "import", _("Spreadsheet")
    TIP = "tip", _("Anonymous tip")


# What reaches the zone without anybody who is signed in.
FILED_BY_NOBODY = frozenset({Channel.MAIL, Channel.TIP})


class MailState(TextChoices):
    """What became of a mail of the zone's mailbox."""

    WAITING = "waiting", _("To be assigned")
    TAKEN = "taken", _("Became a demand")
    IGNORED = "ignored", _("No demand")


class Rating(TextChoices):
    """好差评, five steps. The first three count as satisfied (GB/T 39735-2020)."""

    VERY_SATISFIED = "5", _("Very satisfied")
    SATISFIED = "4", _("Satisfied")
    BASICALLY_SATISFIED = "3", _("Basically satisfied")
    DISSATISFIED = "2", _("Dissatisfied")
    VERY_DISSATISFIED = "1", _("Very dissatisfied")


SATISFIED = frozenset({Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.BASICALLY_SATISFIED})


class ObjectionReason(TextChoices):
    """The listed reasons for which a unit may object to a dispatch."""

    OUT_OF_REMIT = "out_of_remit", _("Outside the unit's remit")
    WRONG_UNIT = "wrong_unit", _("Another unit is responsible")
    UNCLEAR = "unclear", _("The matter is not clear enough to handle")


class Verdict(TextChoices):
    """How an objection was decided."""

    UPHELD = "upheld", _("Upheld: another unit has it")
    OVERRULED = "overruled", _("Not upheld: the unit has to accept")


class TransferVerdict(TextChoices):
    """How a request to transfer an accepted demand was decided."""

    TRANSFERRED = "transferred", _("Transferred")
    REFUSED = "refused", _("Refused: the unit keeps it")
    LAPSED = "lapsed", _("Answered meanwhile")


class Closure(TextChoices):
    """How a demand came to be closed. Answered is not solved."""

    CONFIRMED = "confirmed", _("Confirmed as solved")
    ACCEPTED = "accepted", _("Answer accepted, not wholly solved")
    SILENT = "silent", _("Answered, not confirmed")
    AT_ONCE = "at_once", _("Answered at once")
    BY_PHONE = "by_phone", _("Confirmed by telephone")
    NO_REPLY = "no_reply", _("The enterprise did not reply")
    UNSOLVABLE = "unsolvable", _("Cannot be solved")


# Closed without the enterprise saying anything: it may still rate. One that did has its rating.
UNHEARD = frozenset({Closure.SILENT, Closure.UNSOLVABLE})


class ClassStatus(TextChoices):
    """How far a class of cases (类案) has come."""

    OPEN = "open", _("Being fixed")
    FIXED = "fixed", _("Cause fixed")
    DROPPED = "dropped", _("Given up")


class ClassStep(TextChoices):
    FIX = "fix", _("Fix the cause")


class LinkedBy(TextChoices):
    PERSON = "person", _("By a person")
    FOUND = "found", _("Found by its wording")


class Learned(TextChoices):
    """What the classifier says of a wording."""

    CATEGORY = "category", _("Category")
    UNIT = "unit", _("Responsible unit")


class DutyOrigin(TextChoices):
    """Where a line of the duty catalogue comes from."""

    CATALOGUE = "catalogue", _("Entered")
    PRECEDENT = "precedent", _("Precedent")
    TASK_FORCE = "task_force", _("Task force")


class DefaultPart(TextChoices):
    """In what a category may differ from the catalogue that comes with the program."""

    NAMES = "names", _("Names")
    PLACE = "place", _("Heading")
    URGENCY = "urgency", _("Usual urgency")
    TIPS = "tips", _("Anonymous tips")
    ACCEPTANCE = "acceptance", _("Accepted here")
    PROGRESS = "progress", _("Progress")
    EVIDENCE = "evidence", _("Documents needed")
    CLOCKS = "clocks", _("Time limits")


class Step(TextChoices):
    """The steps somebody owes a demand; each is a work item with its own clock."""

    DISPATCH = "dispatch", _("Dispatch")
    ACCEPT = "accept", _("Accept")
    CONTACT = "contact", _("Contact the enterprise")
    INTERIM = "interim", _("Interim answer")
    PROGRESS = "progress", _("Report progress")
    ANSWER = "answer", _("Answer")
    ASSIST = "assist", _("Assist")
    TRANSFER = "transfer", _("Decide a transfer")
    # Nobody owes an objection: its clock says how long after a dispatch the unit may raise one.
    OBJECT = "object", _("Object to a dispatch")
    DECIDE = "decide", _("Decide an objection")
    ARBITRATE = "arbitrate", _("Arbitrate")
    REMEDY = "remedy", _("Follow up a bad rating")
    EXTEND = "extend", _("Decide on more time")
    SIGN = "sign", _("Sign “cannot be solved”")
    APPEAL = "appeal", _("Decide an appeal")


DISSATISFIED = frozenset({Rating.DISSATISFIED, Rating.VERY_DISSATISFIED})


class RemedyCause(TextChoices):
    """What the follow-up of a bad rating found."""

    UNSOLVED = "unsolved", _("The matter was closed without being solved")
    SLOW = "slow", _("It took too long")
    PASSED_ON = "passed_on", _("Units did not work together")
    UNCLEAR = "unclear", _("The answer was vague or wrong")
    MANNER = "manner", _("Manner of the staff")
    NO_GROUND = "no_ground", _("What was asked has no ground in law or policy")
    MISTAKEN = "mistaken", _("Rated by mistake, the enterprise says")


class RemedyResult(TextChoices):
    """How a bad rating was put right: the three ways of 国办发〔2019〕51号, section 4."""

    DONE = "done", _("Put right at once")
    PLANNED = "planned", _("Cannot be put right at once: entered with a date")
    EXPLAINED = "explained", _("Explained: there is no ground for more")


class Solved(TextChoices):
    """Whether the matter is solved, apart from how satisfied somebody is."""

    YES = "yes", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NO = "no", _("Not solved")


class ContactWay(TextChoices):
    """How somebody of the unit tried to speak with the enterprise."""

    TELEPHONE = "telephone", _("Telephone")
    VISIT = "visit", _("Visit")
    WECOM = "wecom", _("WeCom")
    MAIL = "mail", _("E-mail")


class ContactOutcome(TextChoices):
    REACHED = "reached", _("Reached")
    NOT_REACHED = "not_reached", _("Not reached")
    WRONG_NUMBER = "wrong_number", _("The number is wrong")


class ConsentWay(TextChoices):
    """How an enterprise said that somebody else may file for it."""

    LETTER = "letter", _("Signed letter")
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Telephone")
    IN_PERSON = "in_person", _("In person")


class Covers(TextChoices):
    """How far the consent of a represented enterprise goes."""

    FILE = "file", _("Only to file: whoever files sees the status and nothing else")
    FOLLOW = "follow", _("To file and to follow: whoever files reads progress and answer")


class ToldBy(TextChoices):
    """Over what a contact person without an account is written to."""

    MAIL = "mail", _("By e-mail")
    SMS = "sms", _("By text message")


class ReportKind(TextChoices):
    """What a unit tells while it works. An interim answer is always for the enterprise."""

    INTERIM = "interim", _("Interim answer")
    PROGRESS = "progress", _("Progress")


# What a unit owes beside the move that comes next; their clocks stand behind the main one.
BESIDE = frozenset({Step.CONTACT, Step.INTERIM, Step.PROGRESS})

# What somebody else decides while the unit works on; an answer makes the decision needless.
DECIDED_ABOVE = frozenset({Step.EXTEND, Step.SIGN})


class Decider(TextChoices):
    """Who decides about more time."""

    HEAD = "head", _("Head of the unit")
    DISPATCHER = "dispatcher", _("Dispatcher")


class Decision(TextChoices):
    """What was said to a request."""

    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("No longer needed")


class UnsolvableState(TextChoices):
    """How far “cannot be solved” has come."""

    PROPOSED = "proposed", _("To be signed")
    RETURNED = "returned", _("Returned to the unit")
    LAPSED = "lapsed", _("No longer needed")
    IN_FORCE = "in_force", _("Told to the enterprise")
    OVERTURNED = "overturned", _("Overturned on appeal")


class AppealVerdict(TextChoices):
    STANDS = "stands", _("It stands: the demand is closed")
    REOPENED = "reopened", _("Handled again, with a new clock")


# Not chosen by anybody: a request lapses with the answer, or with the unit that asked.
CHOSEN_DECISIONS = [(each.value, each.label) for each in Decision if each != "lapsed"]

# What only the enterprise can settle; its reply sets the clock going again.
WAITS_FOR_THE_ENTERPRISE = frozenset(
    {PauseReason.ENTERPRISE_MATERIAL, PauseReason.ENTERPRISE_REQUEST}
)


class CallbackReason(TextChoices):
    """Why a closed demand is asked about: all of the first three, a sample of the others."""

    BAD = "bad", _("Rated badly")
    SILENT = "silent", _("Closed by silence")
    UNSOLVED = "unsolved", _("Closed without being solved")
    SAMPLE = "sample", _("Sample")


class CallbackState(TextChoices):
    WAITING = "waiting", _("To be called")
    DONE = "done", _("Reached")
    UNREACHED = "unreached", _("Not reached")


class CallOutcome(TextChoices):
    """How one call ended."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("Nobody answered")
    LATER = "later", _("Asked to be called later")
    WRONG = "wrong", _("Wrong number")


class Span(TextChoices):
    """The spans of filing that statistics are compiled for."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class Dimension(TextChoices):
    """What statistics are broken down by."""

    ZONE = "zone", _("Month")
    UNIT = "unit", _("Unit")
    CHANNEL = "channel", _("Channel")
    CATEGORY = "category", _("Category")
    STREET = "street", _("Street or town")
    CHAIN = "chain", _("Industry chain")


class Measure(TextChoices):
    """The rates that are compiled; what they are made of stands in `models.statistics.cases`."""

    CLOSING = "closing", _("Closing rate")
    ON_TIME = "on_time", _("Answered on time")
    SATISFACTION = "satisfaction", _("Satisfaction rate")
    SOLVED = "solved", _("Solved rate")
    REOPEN = "reopen", _("Reopening rate")
    REPEAT = "repeat", _("Repeat rate")
    FIRST_RIGHT = "first_right", _("Dispatched right at first")
    BOUNCE = "bounce", _("Bounce rate")
    REMEDY = "remedy", _("Bad ratings followed up")


class LeftOut(TextChoices):
    """Why a demand is not in the base of a measure."""

    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged: counted with the demand it rides with")
    AT_ONCE = "at_once", _("Answered at once: no clock ran")
    NOT_DUE = "not_due", _("Not answered yet, and still within its time")
    TIP = "tip", _("Anonymous: nobody can be asked")
    OPEN = "open", _("Not closed yet")
    UNRATED = "unrated", _("Closed without a rating")
    UNSAID = "unsaid", _("Closed without a word on whether it is solved")
    UNKNOWN = "unknown", _("From whom is not known: anonymous, or not in the register")
    UNANSWERED = "unanswered", _("Not answered yet")
    NOT_SENT = "not_sent", _("Never sent to a unit")
    UNACCEPTED = "unaccepted", _("Not accepted yet")
    REOPENED = "reopened", _("Reopened instead of followed up")
    NOT_BAD = "not_bad", _("No bad rating")


class Stage(TextChoices):
    """The stages of a demand whose length is compiled."""

    DISPATCH = "dispatch", _("Filing to dispatch")
    ACCEPT = "accept", _("Dispatch to acceptance")
    CONTACT = "contact", _("Acceptance to first contact")
    ANSWER = "answer", _("Acceptance to answer")
    CONFIRM = "confirm", _("Answer to confirmation")


class ScoreCount(TextChoices):
    """What is counted of the call-backs that reached the enterprise, for scores."""

    CALLED = "called", _("Reached")
    CONTACTED = "contacted", _("The unit had been in touch")
    SOLVED = "solved", _("Solved")
    SATISFIED = "satisfied", _("Satisfied or very satisfied")
    BASIC = "basic", _("Basically satisfied")


class ScoreTerm(TextChoices):
    """The rates that scores are made of."""

    RESPONSE = "response", _("Response rate")
    SATISFACTION = "satisfaction", _("Satisfaction rate")
    RESOLUTION = "resolution", _("Resolution rate")


class ScoreName(TextChoices):
    """Scores made of several rates; how is data with a day from which it holds."""

    THREE_RATES = "three_rates", _("Three-rate score")
