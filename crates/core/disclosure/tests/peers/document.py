"""Prints what another PDF reader sees in a report: title, language, tags, and the text of each page."""

import json
import sys

from pypdf import PdfReader

reader = PdfReader(sys.argv[1], strict=True)
root = reader.trailer["/Root"]
tags = {}


def walk(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            walk(child)
    elif hasattr(node, "get") and "/S" in node:
        tags[node["/S"]] = tags.get(node["/S"], 0) + 1
        if "/K" in node:
            walk(node["/K"])


walk(root["/StructTreeRoot"]["/K"])
print(
    json.dumps(
        {
            "title": reader.metadata.title,
            "language": root["/Lang"],
            "marked": bool(root["/MarkInfo"]["/Marked"]),
            "tags": tags,
            "outline": [it.title for it in reader.outline],
            "pages": [page.extract_text() for page in reader.pages],
        }
    )
)
