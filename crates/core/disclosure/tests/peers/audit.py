"""Reads a folder of audit messages with other people's software; prints one line for each, fails on the first that is refused."""

import json
import pathlib
import sys
import xml.etree.ElementTree as tree

from fhir.resources.R4B.auditevent import AuditEvent

folder = pathlib.Path(sys.argv[1])

for file in sorted(folder.glob("*.json")):
    text = file.read_text(encoding="utf-8")
    event = AuditEvent.model_validate_json(text)
    again = json.loads(event.model_dump_json())
    # What the library reads is what was written: nothing was dropped.
    written = json.loads(text)
    assert set(again) == set(written), (file.name, set(again) ^ set(written))
    assert len(again["agent"]) == len(written["agent"]), file.name
    print("fhir", file.name)

ORDER = ["EventIdentification", "ActiveParticipant", "AuditSourceIdentification", "ParticipantObjectIdentification"]

for file in sorted(folder.glob("*.xml")):
    root = tree.fromstring(file.read_bytes())
    assert root.tag == "AuditMessage", file.name
    places = [ORDER.index(child.tag) for child in root]
    assert places == sorted(places), file.name
    assert places.count(0) == 1 and places.count(1) >= 1 and places.count(2) == 1, file.name
    event = root.find("EventIdentification")
    assert event.get("EventOutcomeIndicator") in ("0", "4", "8", "12"), file.name
    assert event.get("EventActionCode") in ("C", "R", "U", "D", "E"), file.name
    for code in root.iter():
        if code.tag.endswith("Code") or code.tag == "EventID":
            assert code.get("csd-code") and code.get("codeSystemName") and code.get("originalText"), (file.name, code.tag)
    requestors = [it.get("UserIsRequestor") for it in root.iter("ActiveParticipant")]
    assert requestors.count("true") == 1, (file.name, requestors)
    print("xml", file.name)
