"""The classifier of models/classifier.mjs for AWS's scikit-learn container: standard library only.

The container calls model_fn once, then input_fn, predict_fn and output_fn for each request.
"""

import json
import math
import os
import re

WORD = re.compile(r"[a-z]{2,20}|[$!%]|[0-9]+")
JSON_TYPE = "application/json"


def model_fn(model_dir):
    with open(os.path.join(model_dir, "weights.json"), encoding="utf-8") as file:
        return json.load(file)


def input_fn(body, content_type=JSON_TYPE):
    if content_type.split(";")[0].strip().lower() != JSON_TYPE:
        raise ValueError(f"content type {content_type!r} is not supported: send {JSON_TYPE}")
    request = json.loads(body)
    if not isinstance(request, dict):
        raise ValueError('a request is a JSON object such as {"subject": "…", "text": "…"}')
    return request


def predict_fn(request, model):
    score = score_of(model, request)
    return {"label": "spam" if score >= model["threshold"] else "ham", "score": round(score, 6)}


def output_fn(prediction, accept=JSON_TYPE):
    return json.dumps(prediction), JSON_TYPE


def score_of(model, request):
    weights = model["weights"]
    buckets = buckets_of(request, len(weights))
    total = sum(weights[bucket] for bucket in buckets)
    return 1 / (1 + math.exp(-(model["bias"] + total / math.sqrt(max(1, len(buckets))))))


def buckets_of(request, size):
    """Distinct hash buckets of the words: FNV-1a, 32 bits."""
    text = f"{request.get('subject') or ''} {request.get('text') or ''}".lower()
    buckets = {}
    for word in WORD.findall(text):
        value = 0x811C9DC5
        for character in word:
            value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
        buckets[value % size] = True
    return list(buckets)
