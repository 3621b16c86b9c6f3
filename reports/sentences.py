"""Every action of the trail as a plain sentence: who did what."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.actions import Action

SENTENCES: Mapping[Action, Any] = {
    # vault
    Action.VAULT_ALERT: _("Something sealed could not be opened: it may have been tampered with."),
    Action.VAULT_LOCKED: _("The vault was locked: nothing sealed can be opened."),
    Action.VAULT_UNLOCKED: _("The vault was unlocked."),
    Action.KEY_SHREDDED: _("%(who)s destroyed the key of a respondent."),
    Action.KEYS_CHANGED: _("%(who)s changed the epoch key: every respondent’s key is wrapped anew."),
    Action.KEY_DESTROYED: _("%(who)s destroyed an old epoch key: erasures before it are final."),
    Action.KEY_CHANGE_FAILED: _("The change of the epoch key did not go through; the old key is kept."),
    Action.INDEX_KEY_CHANGED: _("%(who)s changed the key of the phone index."),
    Action.RECOVERY_WRITTEN: _("%(who)s sealed a recovery copy of the keys."),
    Action.RECOVERY_ACKNOWLEDGED: _("%(who)s confirmed that the recovery copies are kept elsewhere."),
    Action.PASSPHRASE_CHANGED: _("%(who)s changed the passphrase of the key file."),
    Action.LOCAL_KEYS_DESTROYED: _("%(who)s destroyed the keys on this machine."),
    Action.DRILLED: _("%(who)s practised destroying the keys on this machine; nothing was destroyed."),
    Action.IDENTITY_OPENED: _("%(who)s opened something sealed of a respondent."),
    # accounts
    Action.SIGNED_IN: _("%(who)s signed in."),
    Action.SIGN_IN_REFUSED: _("A sign-in to the account of %(whom)s was refused."),
    Action.SIGNED_OUT: _("%(who)s signed out."),
    Action.STAFF_CREATED: _("%(who)s made an account for %(whom)s."),
    Action.STAFF_CHANGED: _("%(who)s changed the account of %(whom)s."),
    Action.STAFF_DISABLED: _("%(who)s closed the account of %(whom)s."),
    Action.PASSWORD_CHANGED: _("%(who)s changed the password of %(whom)s."),
    Action.TEAM_CHANGED: _("%(who)s made or changed a team."),
    Action.SHIFT_CHANGED: _("%(who)s changed the working hours of a member of staff."),
    Action.FACTOR_ADDED: _("%(who)s set up a second factor."),
    Action.FACTOR_REMOVED: _("%(who)s removed a second factor."),
    Action.FACTORS_RESET: _("%(who)s removed the second factors of %(whom)s, who sets up new ones."),
    Action.RECOVERY_CODES_MADE: _("%(who)s made new recovery codes."),
    Action.RECOVERY_CODE_USED: _("%(who)s used a recovery code."),
    Action.SECRET_OPENED: _("The secret behind the codes of %(who)s was read, to check a code."),
    Action.STEPPED_UP: _("%(who)s gave their second factor once more."),
    Action.STEP_UP_REFUSED: _("A second factor of %(who)s was refused."),
    Action.SESSIONS_ENDED: _("%(who)s ended the sessions of %(whom)s."),
    Action.ACCESS_REFUSED: _("%(who)s was refused a page of another role."),
    Action.BREAK_GLASS_ASKED: _("%(who)s asked to see the people of another team for a short time."),
    Action.BREAK_GLASS_GRANTED: _("%(who)s let a colleague see the people of another team for a short time."),
    Action.BREAK_GLASS_REFUSED: _("%(who)s refused a colleague the sight of another team."),
    Action.BREAK_GLASS_ENDED: _("%(who)s ended an exceptional sight of another team."),
    Action.BREAK_GLASS_REVIEWED: _("%(who)s reviewed an exceptional sight of another team."),
    # consent
    Action.WORDING_DRAFTED: _("%(who)s wrote a new wording of consent."),
    Action.WORDING_APPROVED: _("%(who)s approved a wording of consent."),
    Action.CONSENT_GRANTED: _("%(who)s wrote down that a respondent agreed to something."),
    Action.CONSENT_REFUSED: _("%(who)s wrote down that a respondent said no to something."),
    Action.CONSENT_WITHDRAWN: _("%(who)s wrote down that a respondent took back an agreement."),
    # tracker
    Action.STUDY_CHANGED: _("%(who)s set up or changed a study."),
    Action.ROUND_CHANGED: _("%(who)s set or changed the dates of a round."),
    Action.RESPONDENT_ENROLLED: _("%(who)s enrolled a respondent."),
    Action.PROFILE_CHANGED: _("%(who)s changed the profile of a respondent."),
    Action.CONTACT_POINT_ADDED: _("%(who)s added a way to reach a respondent."),
    Action.CONTACT_POINT_CHANGED: _("%(who)s changed a way to reach a respondent."),
    Action.STAGE_MOVED: _("%(who)s recorded a new stage of a respondent’s journey."),
    Action.BEST_TIME_STATED: _("%(who)s wrote down when a respondent is best reached."),
    Action.RESPONDENT_VIEWED: _("%(who)s looked at the page of a respondent."),
    Action.CANARY_PLANTED: _("%(who)s planted a canary: a respondent who does not exist."),
    Action.CANARY_TOUCHED: _("%(who)s touched a canary: somebody looked where nobody had a reason to."),
    # casework
    Action.CASES_IMPORTED: _("%(who)s brought in a list of cases."),
    Action.CONTACT_STOPPED: _("%(who)s ended all contact with a respondent."),
    Action.CONTACT_RECEIVED: _("%(who)s wrote down that a respondent contacted us."),
    Action.RESPONDENT_ERASED: _("%(who)s erased a respondent."),
    Action.ERASE_REQUESTED: _("%(who)s wrote down that a respondent wishes to be erased."),
    Action.STOP_RECORDED: _("%(who)s recorded that somebody asked to be left alone."),
    Action.NUMBER_SHOWN: _("%(who)s saw a number without a call, and gave a reason."),
    Action.RETENTION_APPLIED: _("%(who)s deleted what was kept for long enough."),
    Action.REGISTER_READ: _("%(who)s took out the register of what is held."),
    Action.BACKED_UP: _("%(who)s made a backup."),
    Action.RESTORED: _("%(who)s put a backup in the place of the databases."),
    # followups
    Action.PLAN_CHANGED: _("%(who)s made a new version of a plan."),
    Action.PLAN_APPLIED: _("%(who)s moved planned follow-ups to the newest version of a plan."),
    Action.CALENDAR_CHANGED: _("%(who)s changed the rest days, holidays or seasonal hours of a country."),
    Action.CONTACT_MODEL_MADE: _("%(who)s learned anew when people are best reached."),
    Action.TRACING_STARTED: _("%(who)s began to look for a respondent by their other routes."),
    Action.TRACING_ENDED: _("%(who)s ended the search for a respondent."),
    Action.WORK_MOVED: _("%(who)s moved respondents to another team or usual enumerator."),
    Action.FOLLOW_UP_PLANNED: _("%(who)s planned a follow-up."),
    Action.FOLLOW_UP_OPENED: _("%(who)s opened the windows of follow-ups that were due."),
    Action.FOLLOW_UP_MISSED: _("%(who)s closed follow-ups whose window had passed."),
    Action.FOLLOW_UP_CANCELLED: _("%(who)s cancelled a follow-up."),
    Action.CLAIMED: _("%(who)s took a call."),
    Action.CLAIM_RELEASED: _("%(who)s gave a call back."),
    Action.CLAIM_EXPIRED: _("%(who)s ended claims whose time was over."),
    Action.DIAL_ORDERED: _("%(who)s asked for a respondent to be dialled."),
    Action.DIAL_REFUSED: _("%(who)s was refused a dial."),
    Action.NUMBER_REVEALED: _("%(who)s saw a number, for one dial."),
    Action.OUTCOME_RECORDED: _("%(who)s recorded what came of a call."),
    Action.LATE_OUTCOME_KEPT: _("%(who)s recorded what came of a call after its time was over."),
    Action.APPOINTMENT_MADE: _("%(who)s made an appointment with a respondent."),
    Action.HOLD_PLACED: _("%(who)s placed a hold: the respondent is not called."),
    Action.HOLD_LIFTED: _("%(who)s lifted a hold."),
    Action.ENUMERATOR_BARRED: _(
        "%(who)s wrote down that a respondent does not want to be called by %(whom)s."
    ),
    Action.USUAL_ENUMERATOR_SET: _("%(who)s set the usual enumerator of a respondent."),
    Action.UNSAFE_PRESSED: _("%(who)s said that a call was unsafe."),
    Action.TICKED: _("%(who)s made a background pass."),
    # orientation
    Action.PARTNER_CHANGED: _("%(who)s added or changed a partner."),
    Action.SERVICE_VERIFIED: _("%(who)s verified a service of a partner."),
    Action.ORIENTATION_REQUESTED: _("%(who)s wrote down an orientation request of a respondent."),
    Action.ORIENTATION_VIEWED: _("%(who)s read an orientation request."),
    Action.ORIENTATION_ACKNOWLEDGED: _("%(who)s received an orientation request."),
    Action.ORIENTATION_CLOSED: _("%(who)s closed an orientation request."),
    Action.ORIENTATION_REVOKED: _("%(who)s revoked an orientation request for the respondent."),
    Action.ORIENTATION_EXPIRED: _("%(who)s ended orientation requests whose time was over."),
    Action.ORIENTATION_ACTED: _("%(who)s acted on an orientation request."),
    Action.ORIENTATION_DECLINED: _("%(who)s declined an orientation request."),
    Action.ORIENTATION_WITHDRAWN: _("%(who)s ended orientation requests of a respondent who left the panel."),
    Action.ORIENTATION_ERASED: _("%(who)s emptied the orientation requests of a respondent."),
    Action.SERVICE_CHANGED: _("%(who)s added or changed a service of a partner."),
    Action.FOCAL_POINT_CHANGED: _("%(who)s changed who the focal points of a partner are."),
    # audit
    Action.TRAIL_READ: _("%(who)s read the trail."),
    Action.TRAIL_REVIEWED: _("%(who)s reviewed the looks of a week."),
    Action.TRAIL_EXPORTED: _("%(who)s took a part of the trail out as a file."),
    Action.TRAIL_VERIFIED: _("%(who)s verified the seals of the trail."),
    Action.TRAIL_ALARM: _("The trail does not fit its seals: it was changed outside Recontact."),
    Action.DIGEST_ISSUED: _("%(who)s issued the digest of a day."),
}

REFUSED: Mapping[Action, Any] = {
    Action.IDENTITY_OPENED: _("%(who)s was refused the opening of something sealed of a respondent."),
    Action.NUMBER_SHOWN: _("%(who)s was refused the sight of a number without a call."),
    Action.RETENTION_APPLIED: _(
        "The deletion of what is due was refused: the trail does not show that the days before were lived through. "
        "Look at the server’s clock; if it is right, it goes by itself within five days."
    ),
    Action.TICKED: _(
        "The opening and closing of windows was refused until the server’s clock, which leapt, has gone steadily for "
        "a while. Look at the clock."
    ),
    Action.SESSIONS_ENDED: _("%(whom)s was refused too many second factors and signed out."),
}
"""Where the same action, refused, would otherwise read as if it had happened."""


def sentence(action: Action, *, who: str, whom: str, outcome: str = "done") -> str:
    """The sentence in the active language; `whom` is the member of staff it was done to, where there is one."""
    told = REFUSED.get(action, SENTENCES[action]) if outcome == "refused" else SENTENCES[action]
    return str(told) % {"who": who, "whom": whom}
