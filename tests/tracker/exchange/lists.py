"""A small invented call list and its mapping, for the tests of exchange."""

from tracker.exchange import reading
from tracker.exchange.mapping_files import read_mapping

MAPPING = """
source = "field-survey"
team = "north"
default_region = "GB"

[case_id]
column = "case"

[[numbers]]
column = "tel_1"
whose = "own"

[[numbers]]
column = "tel_2"
whose = "shared"

[language]
column = "lang"
values = { Tigrinya = "ti", "Haitian Creole" = "ht" }

[stage]
column = "where"
values = { moving = "in_transit", "" = "unknown" }

[country]
column = "country"
values = { Sudan = "SD" }

[profile.sex]
column = "sex"
values = { F = "woman", M = "man" }

[consent]
column = "agreed"
granted = ["yes"]
refused = ["no"]
date_column = "agreed_on"

[consent.terms]
mode = "in_person"

[consent.terms.wordings]
keep_number = 2
recontact = 3

[dropped]
respondent_name = "a name; names are never kept"
"""

HEADER = "case,respondent_name,tel_1,tel_2,lang,where,country,sex,agreed,agreed_on"
ADAM = "A-1,Adam Example,07700 900101,,Tigrinya,moving,Sudan,M,yes,2026-01-15"
HANA = "A-2,Hana Example,07700 900102,+1 202-555-0123,Haitian Creole,,,,YES,2026-01-16"
SALMA = "A-3,Salma Example,07700 900103,,Tigrinya,moving,Sudan,F,no,"

ATTESTED = """
[consent]
[consent.terms]
language = "en"
mode = "attested"
[consent.terms.wordings]
keep_number = 1
recontact = 1
[consent.attestation]
attested_by = "coordinator"
on = 2026-01-20
"""


def sheet(*lines, header=HEADER):
    return reading.read("\n".join([header, *lines]).encode())


def mapping(old="", new=""):
    assert old in MAPPING
    return read_mapping(MAPPING.replace(old, new) if old else MAPPING)


def attested_mapping():
    start, end = MAPPING.index("[consent]"), MAPPING.index("[dropped]")
    dropped = 'agreed = "the list is attested"\nagreed_on = "the list is attested"\n'
    return read_mapping(MAPPING[:start] + ATTESTED + MAPPING[end:] + dropped)
