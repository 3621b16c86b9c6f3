"""What the run through every role types in, and nobody may find again but where it belongs."""

TEAM_CODE, TEAM = "PIER", "Pier"
USERNAME, SHOWN_AS = "selam", "Selam"

# What nobody may find again but on the pages that the test names.
NUMBER = "+44 7700 900946"
ASK_FOR = "Goldhaehnchen"
SAFE_PHRASE = "the kettle stands on the roof"
COVER_WORDS = "your parcel waits at counter nineteen"
NOTE = "Ask at the canary with one yellow wing"
OWN_PASSWORD = "seven quiet herons at noon"
ENROLLED = ("+447700900951", "+447700900952", "+447700900953", "+447700900954")
LISTED = ("+447700900961", "+447700900962")
SECRETS = (NUMBER, ASK_FOR, SAFE_PHRASE, COVER_WORDS, NOTE, OWN_PASSWORD, *ENROLLED, *LISTED)

MAPPING = """
source = "pier-list"
team = "PIER"
[case_id]
column = "id"
[[numbers]]
column = "phone"
whose = "own"
[language]
value = "en"
[stage]
value = "arrived"
[country]
value = "TN"
[consent]
column = "agreed"
granted = ["yes"]
refused = ["no"]
date_column = "on"
[consent.terms]
mode = "in_person"
wordings = { keep_number = 1, recontact = 1 }
"""
