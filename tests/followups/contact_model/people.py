"""Evidence on invented people, a few dials at a time."""

import numpy as np

from followups.contact_model.evidence import SLOT_COUNT, Evidence


def evidence(*histories, stated=None, segment="a", moved=(), renewed=(), weight=None):
    """Each history is a list of rounds, each round a list of (slot, was reached)."""
    rounds, people = max(len(one) for one in histories), len(histories)
    contacts = np.zeros((rounds, people, SLOT_COUNT), np.float32)
    failures, reached = contacts.copy(), np.zeros((rounds, people), np.bool_)
    for person, history in enumerate(histories):
        for number, dials in enumerate(history):
            for slot, answered in dials:
                (contacts if answered else failures)[number, person, slot] += 1
                reached[number, person] |= answered
    moves = np.zeros((rounds, people), np.bool_)
    for number, person in moved:
        moves[number, person] = True
    given = np.zeros((rounds, people), np.bool_)
    for number, person in renewed:
        given[number, person] = True
    return Evidence(
        segments=(segment,),
        segment=np.zeros(people, np.int64),
        stated=np.array(stated if stated is not None else [-1] * people),
        first=np.zeros(people, np.int64),
        contacts=contacts,
        failures=failures,
        weight=np.ones((rounds, people), np.float32) if weight is None else weight,
        reached=reached,
        moved=moves,
        renewed=given,
    )
