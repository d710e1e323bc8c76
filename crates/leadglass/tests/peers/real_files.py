"""Prints a JSON line for each file that the package pydicom carries: real scans, licensed with it."""

import json
import os
import warnings

import pydicom
from pydicom.data import get_testdata_files

warnings.simplefilter("ignore")
for path in sorted(path for path in get_testdata_files("*.dcm") if os.path.exists(path)):
    try:
        dataset = pydicom.dcmread(path)
        syntax = dataset.file_meta.get("TransferSyntaxUID")
    except Exception:  # pydicom keeps broken files too: they are another test's business
        continue
    print(
        json.dumps(
            {
                "file": path,
                "transfer_syntax": syntax,
                "sop_class": dataset.get("SOPClassUID"),
                "sop_instance": dataset.get("SOPInstanceUID"),
                "study": dataset.get("StudyInstanceUID"),
                "series": dataset.get("SeriesInstanceUID"),
                "pixels": "PixelData" in dataset,
            }
        )
    )
