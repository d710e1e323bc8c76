"""What a peer may expect of STOW, QIDO and WADO, asked with dicomweb-client: dicomweb.py PORT TOKEN_FILE FILE...

The files are one study of one patient. Prints facts as JSON lines: name, ok, detail."""

import copy
import io
import json
import pathlib
import sys
import warnings

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient

warnings.simplefilter("ignore")
port, token_file, *files = sys.argv[1:]
base = f"http://127.0.0.1:{port}/dicom-web"
token = pathlib.Path(token_file).read_text().strip()
datasets = [pydicom.dcmread(file) for file in files]
study, series = datasets[0].StudyInstanceUID, datasets[0].SeriesInstanceUID


def fact(name, ok, detail=""):
    print(json.dumps({"name": name, "ok": bool(ok), "detail": str(detail)[:500]}))


def attempt(name, check):
    """A check that must give true; an exception is a failed fact, not the end."""
    try:
        result = check()
        fact(name, result is True, result)
    except Exception as error:
        fact(name, False, repr(error))


session = requests.Session()
session.headers["Authorization"] = f"Bearer {token}"
client = DICOMwebClient(base, session=session)
uids = {str(dataset.SOPInstanceUID) for dataset in datasets}


def encoded(dataset):
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset)
    return buffer.getvalue()


def stow(objects, headers=session.headers):
    parts = b"".join(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + part + b"\r\n" for part in objects)
    headers = dict(headers) | {
        "Content-Type": 'multipart/related; type="application/dicom"; boundary=b',
        "Accept": "application/dicom+json",
    }
    return requests.post(base + "/studies", data=parts + b"--b--\r\n", headers=headers, timeout=30)


def same(left, right):
    return left.to_json_dict() == right.to_json_dict()


# Who does not say who they are gets nothing.
for name, request in {
    "qido": lambda headers: requests.get(base + "/studies", headers=headers, timeout=30),
    "stow": lambda headers: stow([encoded(datasets[0])], headers),
    "wado": lambda headers: requests.get(f"{base}/studies/{study}", headers=headers, timeout=30),
}.items():
    attempt(f"{name}-without-token-is-401", lambda: request({}).status_code == 401)
    attempt(f"{name}-with-a-wrong-token-is-401", lambda: request({"Authorization": "Bearer x"}).status_code == 401)

# STOW
response = client.store_instances(datasets)
references = response.get("ReferencedSOPSequence", [])
fact("stow-refers-to-all", {str(item.ReferencedSOPInstanceUID) for item in references} == uids, response)
attempt("stow-again-is-200", lambda: stow([encoded(dataset) for dataset in datasets]).status_code == 200)
conflict = copy.deepcopy(datasets[0])
conflict.PixelData = bytes([conflict.PixelData[0] ^ 1]) + conflict.PixelData[1:]
attempt("stow-of-a-conflict-is-409", lambda: stow([encoded(conflict)]).status_code == 409)
attempt("stow-of-one-conflict-among-good-ones-is-202", lambda: stow([encoded(datasets[1]), encoded(conflict)]).status_code == 202)
attempt("stow-of-rubbish-is-4xx", lambda: stow([b"rubbish"]).status_code in (400, 409, 415))
attempt(
    "stow-of-another-type-is-415",
    lambda: requests.post(base + "/studies", data=b"x", headers=dict(session.headers) | {"Content-Type": "text/plain"}, timeout=30).status_code
    == 415,
)

# QIDO
found = client.search_for_studies(search_filters={"PatientID": datasets[0].PatientID})
fact("qido-finds-the-study", [item["0020000D"]["Value"][0] for item in found] == [study], found)
attempt("qido-by-wildcard", lambda: len(client.search_for_studies(search_filters={"PatientName": "Phantom*"})) == 1)
attempt("qido-of-a-stranger-is-empty", lambda: client.search_for_studies(search_filters={"PatientID": "STRANGER"}) == [])
date = datasets[0].StudyDate
attempt("qido-by-date-range", lambda: len(client.search_for_studies(search_filters={"StudyDate": f"{date}-{date}"})) == 1)
attempt("qido-outside-the-date-range", lambda: client.search_for_studies(search_filters={"StudyDate": "19000101-19000102"}) == [])
attempt("qido-series", lambda: [item["0020000E"]["Value"][0] for item in client.search_for_series(study)] == [series])
found = client.search_for_instances(study, series)
fact("qido-instances", {item["00080018"]["Value"][0] for item in found} == uids, len(found))
attempt("qido-limit-and-offset", lambda: len(client.search_for_instances(study, series, limit=2, offset=1)) == min(2, len(files) - 1))

# WADO
for number, dataset in enumerate(datasets[:2]):
    uid = dataset.SOPInstanceUID
    attempt(f"wado-instance-{number}-is-the-same", lambda: same(client.retrieve_instance(study, series, uid), dataset))
attempt("wado-study-is-complete", lambda: {str(item.SOPInstanceUID) for item in client.retrieve_study(study)} == uids)
attempt("wado-series-is-complete", lambda: {str(item.SOPInstanceUID) for item in client.retrieve_series(study, series)} == uids)


def byte_identical():
    for file, dataset in zip(files, datasets):
        url = f"{base}/studies/{study}/series/{series}/instances/{dataset.SOPInstanceUID}"
        answer = session.get(url, headers={"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}, timeout=30)
        sent = pathlib.Path(file).read_bytes()
        start = 132 + 12 + pydicom.dcmread(file).file_meta.FileMetaInformationGroupLength
        if sent[start:] not in answer.content:
            return dataset.SOPInstanceUID
    return True


attempt("wado-keeps-the-bytes-of-the-data-set", byte_identical)
metadata = client.retrieve_study_metadata(study)
fact("wado-metadata-of-all", len(metadata) == len(files), len(metadata))
first = next(item for item in metadata if item["00080018"]["Value"][0] == datasets[0].SOPInstanceUID)
fact("metadata-names-the-patient", first["00100010"]["Value"][0]["Alphabetic"] == str(datasets[0].PatientName), first.get("00100010"))
fact("metadata-without-inline-pixels", "InlineBinary" not in first.get("7FE00010", {}), list(first.get("7FE00010", {})))


def frame():
    frames = client.retrieve_instance_frames(study, series, datasets[0].SOPInstanceUID, [1])
    return (frames[0].tobytes() if hasattr(frames[0], "tobytes") else bytes(frames[0])) == datasets[0].PixelData


attempt("wado-frame-holds-the-samples", frame)
attempt("wado-of-an-unknown-study-is-404", lambda: session.get(base + "/studies/2.25.404", timeout=30).status_code == 404)
attempt("a-hostile-uid-is-4xx", lambda: 400 <= session.get(base + "/studies/..%2f..%2fetc", timeout=30).status_code < 500)
attempt("an-unacceptable-type-is-406", lambda: session.get(f"{base}/studies/{study}", headers={"Accept": "video/mpeg"}, timeout=30).status_code == 406)
