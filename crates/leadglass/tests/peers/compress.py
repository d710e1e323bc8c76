"""Re-encodes files with pydicom, without loss: compress.py FOLDER FILE...

Writes each native file into FOLDER as RLE, JPEG-LS and JPEG 2000 (encoders of pydicom, pyjpegls and
pylibjpeg-openjpeg), each compressed file as native samples. Prints a JSON line for each that worked; kinds of pixels
that an encoder does not take are left out."""

import json
import os
import sys
import warnings

import pydicom
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

warnings.simplefilter("ignore")
ENCODERS = {"rle": RLELossless, "jpegls": JPEGLSLossless, "j2k": JPEG2000Lossless}


def recode(source, target, coding):
    dataset = pydicom.dcmread(source)
    if coding == "native":
        # as_rgb=False: the samples as they are coded, not turned into another colour space.
        dataset.decompress(as_rgb=False, generate_instance_uid=False)
    else:
        dataset.compress(ENCODERS[coding], generate_instance_uid=False)
    dataset.save_as(target, enforce_file_format=True)


folder, *sources = sys.argv[1:]
for number, source in enumerate(sources):
    syntax = pydicom.dcmread(source, stop_before_pixels=True).file_meta.TransferSyntaxUID
    if syntax.is_deflated or not syntax.is_little_endian:
        continue  # pydicom does not re-encode these
    for coding in ["native"] if syntax.is_encapsulated else ENCODERS:
        target = os.path.join(folder, f"pydicom-{number}-{coding}.dcm")
        try:
            recode(source, target, coding)
        except Exception:  # each codec has its own error for pixels that it does not take
            continue
        print(json.dumps({"source": source, "coding": coding, "file": target}))
