"""Who may make which move, written by hand: from DESIGN.md §3 (workflow, case file, change, visit), DOMAIN.md §1, §5
and §7, and docs/permissions.md. Never worked out from the tables in the code, which it holds to their word.

``WHO[where][action]`` is (the states from which it is made, {role: its cell}); a role without a cell may not. A cell
has a letter for each of the four ways in which the record can have come to be:

    another's, of a village · one's own, of a village · another's, of a station · one's own, of a station

``y`` may · ``n`` is not this role's (403) · ``w`` wrote in it and leaves it to somebody else (422). One letter stands
for all four. "One's own" means that the same person wrote it, in whatever post she was then. Moves of nobody, which
follow from the calendar or from another act, are ``n`` for all.
"""

# what a station decides: what comes from below, but never what one wrote; the county what a station wrote, for where a
# station has one person nobody else could
DECIDED_BY_STATION = {"township_clerk": "ywyw", "county_officer": "nnyw"}
DIRECTOR_AND_CLERK = {"village_director": "y", "township_clerk": "y"}
CLERK = {"township_clerk": "y"}
CLERK_AND_COUNTY = {"township_clerk": "y", "county_officer": "y"}
COUNTY = {"county_officer": "y"}
WHO_PROPOSED = {"village_director": "nyny", "township_clerk": "nyny"}
WHO_REPORTED_OR_DEALS_WITH_IT = {"village_director": "nyny", "township_clerk": "y", "county_officer": "y"}
NOBODY: dict[str, str] = {}
DIRECTOR = {"village_director": "y"}
CITY = {"city_officer": "y"}
ABOVE_THE_VILLAGE = {"township_clerk": "y", "county_officer": "y", "city_officer": "y"}
ABOVE_THE_STATION = {"county_officer": "y", "city_officer": "y"}
# a need that was recorded by mistake: the tier above of who recorded it, never who recorded it
ABOVE_WHO_RECORDED_IT = {"township_clerk": "ynnn", "county_officer": "ynyn", "city_officer": "ynyn"}
# who hears first that it did not help: the village, of what a village recorded
THE_VILLAGE_THAT_RECORDED_IT = {"village_director": "yynn"}
NOBODYS_MOVES_OF_A_NEED = {
    "end_with_file": (("open",), NOBODY),
    "escalate": (("open",), NOBODY),
    "release": (("open",), NOBODY),
    "follow_child": (("open",), NOBODY),
    "follow_calendar": (("open",), NOBODY),
}
# the county signs what the station confirmed, but never what one wrote
DECIDED_BY_COUNTY = {"county_officer": "ywyw"}
ALL_THREE = {"village_director": "y", "township_clerk": "y", "county_officer": "y"}
WHO_ASSESSED = {"village_director": "nyny", "township_clerk": "nyny", "county_officer": "nyny"}

WHO = {
    "file": {
        "submit": (("draft", "returned"), DIRECTOR_AND_CLERK),
        "approve": (("submitted",), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "recall": (("submitted",), WHO_PROPOSED),
        "close": (("approved",), CLERK),
        "reopen": (("closed",), CLERK),
    },
    "change": {
        "approve": (("submitted",), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "return_moved": (("submitted",), NOBODY),
        "resubmit": (("returned",), DIRECTOR_AND_CLERK),
        "withdraw": (("submitted", "returned"), WHO_PROPOSED),
        "end_with_file": (("submitted", "returned"), NOBODY),
        "recall_with_visit": (("submitted", "returned"), NOBODY),
    },
    # proposed at another place before the child came here, and sent back since: whoever could complete it takes it back
    "change that came back after the child was handed on": {
        "approve": ((), DECIDED_BY_STATION),
        "return": ((), DECIDED_BY_STATION),
        "return_moved": ((), NOBODY),
        "resubmit": (("returned",), DIRECTOR_AND_CLERK),
        "withdraw": (("returned",), DIRECTOR_AND_CLERK),
        "end_with_file": (("returned",), NOBODY),
        "recall_with_visit": (("returned",), NOBODY),
    },
    # open though its file is no longer in the registry: nothing goes into the file, but the change can be finished
    "change of a file that is not in the registry": {
        "approve": ((), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "return_moved": (("submitted",), NOBODY),
        "resubmit": ((), DIRECTOR_AND_CLERK),
        "withdraw": (("submitted", "returned"), WHO_PROPOSED),
        "end_with_file": (("submitted", "returned"), NOBODY),
        "recall_with_visit": (("submitted", "returned"), NOBODY),
    },
    "visit": {
        "accept": (("submitted",), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "recall": (("submitted",), WHO_PROPOSED),
        "resubmit": (("returned",), DIRECTOR_AND_CLERK),
    },
    # made where the child stayed, by the place that is asked here; reviewed where the file is kept
    "visit, at the host that made it": {
        "accept": ((), NOBODY),
        "return": ((), NOBODY),
        "recall": (("submitted",), {"village_director": "nynn", "township_clerk": "nyny"}),
        # asked of the place that made it: what its station made is no director's
        "resubmit": (("returned",), {"village_director": "yynn", "township_clerk": "y"}),
    },
    # of a village: it sends itself, its station decides; what the station sent for it, the county as well
    "submission": {
        "submit": (("draft", "returned", "waived"), {"village_director": "y"}),
        "withdraw": (("submitted",), {"village_director": "y"}),
        "return": (("submitted",), DECIDED_BY_STATION),
        "approve": (("submitted",), DECIDED_BY_STATION),
        "reopen": (("approved",), DECIDED_BY_STATION),
        "waive": (("draft", "returned"), DECIDED_BY_STATION),
        "end_waiver": (("waived",), DECIDED_BY_STATION),
        "report_nothing": (("draft",), NOBODY),
        "amend": (("draft", "submitted", "returned", "approved", "waived"), NOBODY),
    },
    # what the station asked or sent for the village, the county decides as well
    "amendment": {
        "open_amendment": (("asked",), DECIDED_BY_STATION),
        "refuse_amendment": (("asked", "open", "submitted", "approved"), DECIDED_BY_STATION),
        "submit_amendment": (("open",), {"village_director": "y"}),
        "withdraw_amendment": (("asked", "open"), {"village_director": "y"}),
        "return_amendment": (("submitted", "approved"), DECIDED_BY_STATION),
        "approve_amendment": (("submitted",), DECIDED_BY_STATION),
        "open_from_below": (("asked",), NOBODY),
        "sum_anew": (("submitted",), NOBODY),
        "take_effect": (("approved",), NOBODY),
        "fall_with_above": (("approved",), NOBODY),
        "drop_amendment": (("open",), NOBODY),
    },
    # asked by the county, of its villages: the asking unit alone sends, closes, returns; the village itself answers
    "data request": {
        "send": (("draft",), COUNTY),
        "settle": (("draft",), COUNTY),
        "discard": (("draft",), COUNTY),
        "close": (("sent",), COUNTY),
        "withdraw": (("sent",), COUNTY),
    },
    "data answer": {
        "submit": (("open", "returned"), {"village_director": "y"}),
        "take_back": (("answered",), {"village_director": "y"}),
        "return": (("answered",), COUNTY),
        "extend": (("answered",), NOBODY),
    },
    "reporting period that is over": {
        "lock": (("open",), {"city_officer": "y"}),
        "lock_in_time": (("open",), NOBODY),
    },
    "transfer, where it was asked": {
        "accept": (("asked",), NOBODY),
        "refuse": (("asked",), NOBODY),
        "withdraw": (("asked",), CLERK_AND_COUNTY),
    },
    "transfer, of whom it was asked": {
        "accept": (("asked",), {"township_clerk": "ywyw", "county_officer": "ywyw"}),
        "refuse": (("asked",), CLERK_AND_COUNTY),
        "withdraw": (("asked",), NOBODY),
    },
    # one clerk answers for both places: she takes in what she asked herself
    "transfer within one township": {
        "accept": (("asked",), CLERK_AND_COUNTY),
        "refuse": (("asked",), CLERK_AND_COUNTY),
        "withdraw": (("asked",), CLERK_AND_COUNTY),
    },
    "alert, where it was reported": {
        "acknowledge": (("raised", "handled"), CLERK_AND_COUNTY),
        "close": (("handled",), COUNTY),
        "reopen": (("closed",), WHO_REPORTED_OR_DEALS_WITH_IT),
    },
    "alert, where the child's file is kept": {
        "acknowledge": (("raised", "handled"), CLERK_AND_COUNTY),
        "close": (("handled",), COUNTY),
        "reopen": (("closed",), WHO_REPORTED_OR_DEALS_WITH_IT),
    },
    "finding": {
        # who wrote the file leaves it to a colleague or the county: the child would hold what she wrote alone
        "agree": (("open",), {"township_clerk": "ywyw", "county_officer": "ywyw"}),
        "keep": (("open",), CLERK_AND_COUNTY),
        "later": (("open",), CLERK_AND_COUNTY),
    },
    "stay, where the file is kept": {
        "begin": (("announced",), NOBODY),
        "end": (("announced", "running"), CLERK),
        "expire": (("running",), NOBODY),
        "end_with_file": (("announced", "running"), NOBODY),
    },
    "stay, where the child stays": {
        "begin": (("announced",), NOBODY),
        "end": (("announced", "running"), CLERK),
        "expire": (("running",), NOBODY),
        "end_with_file": (("announced", "running"), NOBODY),
    },
    "plan": {
        "approve": (("submitted",), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "approve_high": ((), COUNTY),
        "return_high": ((), COUNTY),
        "recall": (("submitted",), WHO_PROPOSED),
        "resubmit": (("returned",), DIRECTOR_AND_CLERK),
        "withdraw": (("returned",), DIRECTOR_AND_CLERK),
        "review": (("approved",), DIRECTOR_AND_CLERK),
        "change_lead": (("approved",), DIRECTOR_AND_CLERK),
        "close": ((), DIRECTOR_AND_CLERK),  # a goal of it is open
        "succeed": (("approved",), NOBODY),
        "end_with_file": (("submitted", "returned", "approved"), NOBODY),
    },
    # the county decides, what its stations wrote as well; never who wrote it
    "plan of a child of the highest level": {
        "approve": ((), DECIDED_BY_STATION),
        "return": ((), DECIDED_BY_STATION),
        "approve_high": (("submitted",), {"county_officer": "ywyw"}),
        "return_high": (("submitted",), {"county_officer": "ywyw"}),
        "recall": (("submitted",), WHO_PROPOSED),
        "resubmit": (("returned",), DIRECTOR_AND_CLERK),
        "withdraw": (("returned",), DIRECTOR_AND_CLERK),
        "review": (("approved",), DIRECTOR_AND_CLERK),
        "change_lead": (("approved",), DIRECTOR_AND_CLERK),
        "close": ((), DIRECTOR_AND_CLERK),
        "succeed": (("approved",), NOBODY),
        "end_with_file": (("submitted", "returned", "approved"), NOBODY),
    },
    # a city writes it, or the county that has none above; whoever wrote it may publish it: nobody else is there
    "version of the assessment system": {
        "publish": (("draft",), {"city_officer": "y"}),
        "discard": (("draft",), {"city_officer": "y"}),
    },
    "assessment": {
        "confirm": (("submitted",), DECIDED_BY_STATION),
        "return": (("submitted",), DECIDED_BY_STATION),
        "sign": (("checked",), DECIDED_BY_COUNTY),
        "send_back": (("checked",), DECIDED_BY_COUNTY),
        "resubmit": (("returned",), ALL_THREE),
        "recall": (("submitted",), WHO_ASSESSED),
        "withdraw": (("submitted", "returned"), WHO_ASSESSED),
        "notify": (("submitted", "checked", "approved"), ALL_THREE),
        "end_with_file": (("submitted", "returned"), NOBODY),
    },
    "agreement of entrusted care": {
        "notify": (("agreed",), DIRECTOR_AND_CLERK),
        "end": (("agreed",), DIRECTOR_AND_CLERK),
    },
    # who holds it acts on it; those above take it over, move its day and reopen it
    "need that the village holds": {
        "take": (("open",), DIRECTOR),
        "assign": (("open",), DIRECTOR),
        "pull_up": (("open",), ABOVE_THE_VILLAGE),
        "pass_up": (("open",), DIRECTOR),
        "pass_down": ((), DIRECTOR),  # there is nobody below
        "move_due": (("open",), DIRECTOR | ABOVE_THE_VILLAGE),
        "settle": (("open",), DIRECTOR),
        "reopen": (("settled", "ended", "void"), DIRECTOR | ABOVE_THE_VILLAGE),
        "void": (("open", "settled", "ended"), ABOVE_WHO_RECORDED_IT),
        **NOBODYS_MOVES_OF_A_NEED,
    },
    "need that the station holds": {
        "take": (("open",), CLERK),
        "assign": (("open",), CLERK),
        "pull_up": (("open",), ABOVE_THE_STATION),
        "pass_up": (("open",), CLERK),
        "pass_down": (("open",), CLERK),
        "move_due": (("open",), ABOVE_THE_VILLAGE),
        "settle": (("open",), CLERK),
        "reopen": (("settled", "ended", "void"), THE_VILLAGE_THAT_RECORDED_IT | ABOVE_THE_VILLAGE),
        "void": (("open", "settled", "ended"), ABOVE_WHO_RECORDED_IT),
        **NOBODYS_MOVES_OF_A_NEED,
    },
    "need that the city holds": {
        "take": (("open",), CITY),
        "assign": (("open",), CITY),
        "pull_up": (("open",), NOBODY),
        "pass_up": ((), CITY),  # there is nobody above
        "pass_down": (("open",), CITY),
        "move_due": (("open",), CITY),
        "settle": (("open",), CITY),
        "reopen": (("settled", "ended", "void"), THE_VILLAGE_THAT_RECORDED_IT | ABOVE_THE_VILLAGE),
        "void": (("open", "settled", "ended"), ABOVE_WHO_RECORDED_IT),
        **NOBODYS_MOVES_OF_A_NEED,
    },
}  # fmt: skip
