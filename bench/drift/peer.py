"""Evidently's default drift tests beside ours. Answers one JSON line for each JSON line of standard input."""
import json
import resource
import sys
import time
import warnings

started = time.perf_counter()
warnings.filterwarnings("ignore")

import numpy as np
import pandas as pd


def flags(request):
    """Whether each window's feature drifted, by the test and the threshold that Evidently takes by default."""
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    kind = ColumnType.Numerical if request["kind"] == "numeric" else ColumnType.Categorical
    drifted = []
    names = set()
    for file in request["files"]:
        values = np.fromfile(file, dtype="<f8").reshape(request["pairs"], request["baselineRows"] + request["rows"])
        for pair in values:
            column = pd.Series(pair) if request["kind"] == "numeric" else pd.Series(pair).astype(int).astype(str)
            reference = column[: request["baselineRows"]]
            current = column[request["baselineRows"] :]
            test = get_stattest(reference, current, kind, None)
            result = test(reference, current, kind, None)
            names.add(f"{test.display_name}, {result.actual_threshold}")
            drifted.append(bool(result.drifted))
    return {"drifted": drifted, "tests": sorted(names)}


def report(request):
    """Reads captured records and makes the drift report of them."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    imported = time.perf_counter()

    def rows(file):
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                captured = json.loads(line)["captureData"]
                yield json.loads(captured["endpointInput"]["data"]) | json.loads(captured["endpointOutput"]["data"])

    definition = DataDefinition(numerical_columns=request["numeric"], categorical_columns=request["categorical"])
    baseline = Dataset.from_pandas(pd.DataFrame(rows(request["baseline"])), data_definition=definition)
    window = Dataset.from_pandas(pd.DataFrame(rows(request["window"])), data_definition=definition)
    read = time.perf_counter()
    result = Report([DataDriftPreset()]).run(window, baseline).dict()
    done = time.perf_counter()
    return {
        "metrics": len(result["metrics"]),
        "importSeconds": imported - started,
        "readSeconds": read - imported,
        "testSeconds": done - read,
        "cpuSeconds": time.process_time(),
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"flags": flags, "report": report}[asked["do"]](asked)), flush=True)
