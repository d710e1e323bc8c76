"""Flips one bit of one sample: flip.py FILE OUT SEED. Prints where, as a JSON line (frame from 1, x and y from 0)."""

import json
import random
import sys

import numpy
import pydicom

source, target, seed = sys.argv[1:4]
chance = random.Random(int(seed))
dataset = pydicom.dcmread(source)
frames, rows, columns = int(dataset.get("NumberOfFrames", 1)), dataset.Rows, dataset.Columns
channels, width = dataset.SamplesPerPixel, dataset.BitsAllocated // 8
assert dataset.get("PlanarConfiguration", 0) == 0 and dataset.BitsAllocated in (8, 16, 32)
frame, y, x = chance.randrange(frames), chance.randrange(rows), chance.randrange(columns)
sample = ((frame * rows + y) * columns + x) * channels + chance.randrange(channels)
bit = chance.randrange(dataset.BitsStored)
pixels = numpy.frombuffer(dataset.PixelData, dtype="u1").copy()
pixels[sample * width + bit // 8] ^= 1 << bit % 8
dataset.PixelData = pixels.tobytes()
dataset.save_as(target)
print(json.dumps({"frame": frame + 1, "x": x, "y": y, "bit": bit}))
