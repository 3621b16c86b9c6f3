"""What is being waited for, in sentences for the people who ask "why is this person not callable?"."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from consent.folding import Standing
from followups.scheduling.reasons import Reason, Refusal
from followups.scheduling.situation import FollowUpState, HoldKind

Sentence = Any
"""A lazily translated string."""

OPEN_ENDED: Mapping[Reason, Sentence] = {
    Reason.WITHDRAWN: _("They have withdrawn. Nobody calls them again."),
    Reason.DECEASED: _("They have died. Nobody calls this number for them."),
    Reason.ERASED: _("Their data have been erased. There is nobody to call."),
    Reason.RECONTACT_NOT_PERMITTED: _("They have not agreed to be contacted again."),
    Reason.KEEP_NUMBER_NOT_PERMITTED: _("They have not agreed that we keep their number."),
    Reason.FOLLOW_UP_OVER: _("This follow-up is over."),
    Reason.STAGE_NOT_CALLED: _("Where they are now, a call could harm them. We wait for them to contact us."),
    Reason.TRACING_ONLY: _("We do not know where they are. Only tracing calls are made."),
    Reason.ON_HOLD: _("On hold until a coordinator has looked at it."),
    Reason.NOT_PLANNED: _("No call is planned for them."),
    Reason.WINDOW_NOT_OPEN: _("It is too early for this follow-up."),
    Reason.WINDOW_CLOSED: _("The time for this follow-up is over."),
    Reason.NO_SHARED_HOUR: _(
        "We do not know on which clock they live, and no hour is a decent one on all it may be. Find out which "
        "country they are in."
    ),
    Reason.NO_DIALABLE_NUMBER: _("None of their numbers may be dialled. Another route is needed."),
    Reason.SITTING_OVER: _("Each number has been dialled once. Record what happened."),
    Reason.TRACING_CAP: _("They have been looked for as often as we may in 30 days."),
    Reason.ROUND_CAP: _("All attempts of this round have been made."),
    Reason.WEEK_CAP: _("They have been tried as often as we may in a week."),
    Reason.DAY_CAP: _("They have been tried as often as we may in a day."),
    Reason.SPACING: _("The last attempt is too recent."),
    Reason.RESTING: _("Resting after the last outcome."),
    Reason.WAITING_FOR_APPOINTMENT: _("They asked to be called at a later time."),
    Reason.NUMBER_BURDEN: _("Their numbers have rung as often as they may."),
    Reason.HOLIDAY: _("It is a holiday where they are."),
    Reason.OUTSIDE_SAFE_TIMES: _(
        "It is not a safe time to call, and no safe time is known in the next two weeks."
    ),
    Reason.CLAIMED: _("A colleague is calling them."),
    Reason.RESTING_THIS_ROUND: _(
        "They were tried and hardly ever answer, so more calls this time would only trouble them. They are called "
        "again in the next round; an interview made in another way can be recorded."
    ),
    Reason.CALLER_BARRED: _("You are not the right person to call them."),
    Reason.LANGUAGE_NOT_SPOKEN: _("They need a caller who speaks their language."),
    Reason.GENDER_NOT_WANTED: _("They asked for a caller of another gender."),
    Reason.OTHER_TEAM: _("They are called by another team."),
    Reason.ANOTHER_CALLER_AFTER_REFUSAL: _("They said no to you before. A colleague asks once more."),
    Reason.CALLER_NOT_ON_SHIFT: _("You are not on shift now."),
    Reason.CALLER_HAS_ANOTHER_CLAIM: _("Finish the call you have open first."),
}

TIMED: Mapping[Reason, Sentence] = {
    Reason.ON_HOLD: _("On hold until %(time)s."),
    Reason.WINDOW_NOT_OPEN: _("It is too early for this follow-up. It opens at %(time)s."),
    Reason.TRACING_CAP: _(
        "They have been looked for as often as we may in 30 days. The next try may be made at %(time)s."
    ),
    Reason.WEEK_CAP: _(
        "They have been tried as often as we may in a week. The next try may be made at %(time)s."
    ),
    Reason.DAY_CAP: _(
        "They have been tried as often as we may in a day. The next try may be made at %(time)s."
    ),
    Reason.SPACING: _("The last attempt is too recent. The next one may be made at %(time)s."),
    Reason.RESTING: _("Resting after the last outcome until %(time)s."),
    Reason.WAITING_FOR_APPOINTMENT: _("They asked to be called later. The call is due from %(time)s."),
    Reason.NUMBER_BURDEN: _("Their numbers have rung as often as they may. They may ring again at %(time)s."),
    Reason.HOLIDAY: _("It is a holiday where they are, until %(time)s."),
    Reason.OUTSIDE_SAFE_TIMES: _("It is not a safe time to call. The next safe time begins at %(time)s."),
    Reason.CLAIMED: _("A colleague is calling them. The claim ends at %(time)s at the latest."),
}

DETAILED: Mapping[tuple[Reason, str], Sentence] = {
    (Reason.RECONTACT_NOT_PERMITTED, Standing.REFUSED): _("They said no to being contacted again."),
    (Reason.RECONTACT_NOT_PERMITTED, Standing.WITHDRAWN): _(
        "They took back their agreement to be contacted again."
    ),
    (Reason.RECONTACT_NOT_PERMITTED, Standing.EXPIRED): _(
        "Their agreement to be contacted again has expired."
    ),
    (Reason.KEEP_NUMBER_NOT_PERMITTED, Standing.REFUSED): _("They said no to our keeping their number."),
    (Reason.KEEP_NUMBER_NOT_PERMITTED, Standing.WITHDRAWN): _(
        "They took back their agreement that we keep their number."
    ),
    (Reason.KEEP_NUMBER_NOT_PERMITTED, Standing.EXPIRED): _(
        "Their agreement that we keep their number has expired."
    ),
    (Reason.FOLLOW_UP_OVER, FollowUpState.DONE): _("The interview of this follow-up is made."),
    (Reason.FOLLOW_UP_OVER, FollowUpState.MISSED): _(
        "This follow-up was missed. A coordinator can reopen it."
    ),
    (Reason.FOLLOW_UP_OVER, FollowUpState.CANCELLED): _("This follow-up was cancelled."),
    (Reason.ON_HOLD, HoldKind.REFUSAL): _("They said no. On hold until %(time)s."),
    (Reason.ON_HOLD, HoldKind.DETENTION): _(
        "They may be detained. On hold until %(time)s, then a coordinator looks."
    ),
    (Reason.ON_HOLD, HoldKind.PAUSE): _("They asked for a pause until %(time)s."),
}


IN_SHORT: Mapping[Reason, Sentence] = {
    Reason.WITHDRAWN: _("withdrawn"),
    Reason.DECEASED: _("deceased"),
    Reason.ERASED: _("erased"),
    Reason.RECONTACT_NOT_PERMITTED: _("a new yes to being called"),
    Reason.KEEP_NUMBER_NOT_PERMITTED: _("a new yes to keeping the number"),
    Reason.FOLLOW_UP_OVER: _("over"),
    Reason.STAGE_NOT_CALLED: _("a stage at which they may be called"),
    Reason.TRACING_ONLY: _("being found again"),
    Reason.ON_HOLD: _("the end of a hold"),
    Reason.NOT_PLANNED: _("a plan"),
    Reason.WINDOW_NOT_OPEN: _("the day their follow-up opens"),
    Reason.WINDOW_CLOSED: _("closing"),
    Reason.NO_SHARED_HOUR: _("word of which country they are in"),
    Reason.NO_DIALABLE_NUMBER: _("a number that may be dialled"),
    Reason.SITTING_OVER: _("an outcome to be recorded"),
    Reason.TRACING_CAP: _("them to contact us; the search had all its tries"),
    Reason.ROUND_CAP: _("the next round; all tries are used"),
    Reason.WEEK_CAP: _("another week, so as not to trouble them"),
    Reason.DAY_CAP: _("another day, so as not to trouble them"),
    Reason.SPACING: _("some hours after the last try"),
    Reason.RESTING: _("rest after the last try"),
    Reason.WAITING_FOR_APPOINTMENT: _("the time they asked for"),
    Reason.NUMBER_BURDEN: _("their phone to rest"),
    Reason.HOLIDAY: _("the end of a holiday"),
    Reason.OUTSIDE_SAFE_TIMES: _("a safe hour where they are"),
    Reason.CLAIMED: _("the end of a call in progress"),
    Reason.RESTING_THIS_ROUND: _("the next round; more calls now would hardly reach them"),
}
"""What is waited for, in a few words, for lists that count people: "3 · a safe hour where they are"."""


def why(refusal: Refusal, time: str = "") -> str:
    """What is waited for, as one sentence in the active language.

    `time` is `refusal.until` already written on the person's own clock; without one, or without an end, the
    open-ended sentence is given.
    """
    is_timed = refusal.until is not None and bool(time)
    detailed = DETAILED.get((refusal.reason, refusal.detail))
    if detailed is not None and (is_timed or refusal.reason is not Reason.ON_HOLD):
        return str(detailed) % {"time": time}
    if is_timed and refusal.reason in TIMED:
        return str(TIMED[refusal.reason]) % {"time": time}
    return str(OPEN_ENDED[refusal.reason])
