"""The table of models/quantiles.mjs for AWS's scikit-learn container: standard library only.

The container calls model_fn once, then input_fn, predict_fn and output_fn for each request.
"""

import json
import math
import os

JSON_TYPE = "application/json"
LONGEST_MILES = 2500
MILES = 500


def model_fn(model_dir):
    with open(os.path.join(model_dir, "table.json"), encoding="utf-8") as file:
        return json.load(file)


def input_fn(body, content_type=JSON_TYPE):
    if content_type.split(";")[0].strip().lower() != JSON_TYPE:
        raise ValueError(f"content type {content_type!r} is not supported: send {JSON_TYPE}")
    request = json.loads(body)
    if not isinstance(request, dict) or not isinstance(request.get("scheduledHour"), int):
        raise ValueError('a request is a JSON object such as {"scheduledHour": 17, "distanceMiles": 870}')
    return request


def predict_fn(request, model):
    distance = min(LONGEST_MILES, request.get("distanceMiles") or 0)
    group = f"{request['scheduledHour']}|{math.floor(distance / MILES)}"
    return {"delayMinutes": model["groups"].get(group, model["otherwise"])}


def output_fn(prediction, accept=JSON_TYPE):
    return json.dumps(prediction), JSON_TYPE
