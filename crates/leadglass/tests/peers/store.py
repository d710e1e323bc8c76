"""What a peer may expect of C-ECHO and C-STORE, asked with pynetdicom: store.py PORT FILE...

The files are different instances in Explicit VR Little Endian. Prints facts as JSON lines: name, ok, detail."""

import copy
import io
import json
import sys
import warnings

import pydicom
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.sop_class import CTImageStorage, ModalityWorklistInformationFind, Verification

warnings.simplefilter("ignore")
port, files = int(sys.argv[1]), sys.argv[2:]
datasets = [pydicom.dcmread(file) for file in files]


def fact(name, ok, detail=""):
    print(json.dumps({"name": name, "ok": bool(ok), "detail": str(detail)}))


def associate(called="LEADGLASS", contexts=(), **options):
    entity = AE(ae_title="PYNETDICOM")
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 15
    entity.add_requested_context(Verification)
    for context in contexts:
        entity.add_requested_context(*context)
    return entity.associate("127.0.0.1", port, ae_title=called, **options)


def stored(association, dataset):
    return association.send_c_store(dataset).get("Status")


CT = (CTImageStorage, [ExplicitVRLittleEndian])

association = associate()
fact("echo", association.is_established and association.send_c_echo().Status == 0)
association.release()
fact("release-is-confirmed", association.is_released)

association = associate(called="NOBODY")
rejection = association.acceptor.primitive
fact("wrong-called-ae-is-rejected", association.is_rejected, getattr(rejection, "diagnostic", None))
fact("with-the-standard-reason", getattr(rejection, "diagnostic", None) == 7, getattr(rejection, "diagnostic", None))

for size in (4096, 16382, 131072, 0):
    association = associate(contexts=[CT], max_pdu=size)
    status = stored(association, datasets[0])
    fact(f"store-with-max-pdu-{size}", status == 0, status)
    association.release()

association = associate(contexts=[CT])
statuses = [stored(association, dataset) for dataset in datasets]
fact("all-are-stored", statuses == [0] * len(datasets), statuses)
fact("re-send-is-a-success", stored(association, datasets[0]) == 0)

conflict = copy.deepcopy(datasets[0])
pixels = bytearray(conflict.PixelData)
pixels[1000] ^= 1
conflict.PixelData = bytes(pixels)
status = stored(association, conflict)
fact("other-pixels-under-a-taken-uid-are-refused", status == 0xA900, status)

moved = copy.deepcopy(datasets[1])
moved.PatientID = "PHANTOM-OTHER"
status = stored(association, moved)
fact("another-patient-under-a-taken-uid-is-refused", status == 0xA900, status)

again = stored(association, datasets[0])
fact("the-original-is-still-welcome", again == 0, again)
association.release()

association = associate(contexts=[(CTImageStorage, [ImplicitVRLittleEndian])])
implicit = copy.deepcopy(datasets[2])
implicit.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
recoded = io.BytesIO()
pydicom.dcmwrite(recoded, implicit, enforce_file_format=True)
recoded.seek(0)
implicit = pydicom.dcmread(recoded)
status = stored(association, implicit)
fact("a-re-encoded-re-send-is-a-success", status == 0, status)
association.release()

association = associate(contexts=[(ModalityWorklistInformationFind, [ExplicitVRLittleEndian])])
refused = [str(context.abstract_syntax) for context in association.rejected_contexts]
fact("a-foreign-service-is-refused-cleanly", refused == [str(ModalityWorklistInformationFind)], refused)
fact("and-the-association-lives-on", association.is_established and association.send_c_echo().Status == 0)
association.release()

associations = [associate(contexts=[CT]) for _ in range(10)]
fact("ten-associations-at-once", all(a.is_established and a.send_c_echo().Status == 0 for a in associations))
for association in associations:
    association.abort()
association = associate()
fact("alive-after-aborts", association.is_established and association.send_c_echo().Status == 0)
association.release()
