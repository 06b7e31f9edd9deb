"""What of JSONata workflows MiniStack 1.4 lacks: most expressions, Items of a Map, Seconds and TimeoutSeconds given as expressions, Assign of a Wait.

Expressions are evaluated by the reference implementation, over loopback. Waits take a moment: nobody here waits for hours.
"""

import copy
import json
import time

from doubles import send
from ministack.services import stepfunctions as sfn

MOMENT_SECONDS = 0.1
TIMES = ("TimeoutSeconds", "HeartbeatSeconds")


def evaluate(expression, raw_input, ctx=None, result=None, error_output=None):
    context = {key: value for key, value in (ctx or {}).items() if key != "variables"}
    states = {"input": raw_input, "context": context, "result": result, "errorOutput": error_output}
    body = {
        "expression": expression,
        "states": {key: value for key, value in states.items() if value is not None},
        "variables": (ctx or {}).get("variables", {}),
    }
    status, _, answer = send("/jsonata", json.dumps(body).encode(), {"content-type": "application/json"})
    value = json.loads(answer)
    if status != 200:
        raise sfn._ExecutionError("States.QueryEvaluationError", f"{value['message']}: {expression}")
    return value["value"]


def is_jsonata(state, ctx):
    return sfn._state_query_language(state, ctx) == "JSONata"


def wait(state, raw_input, ctx=None):
    time.sleep(MOMENT_SECONDS)
    if not is_jsonata(state, ctx):
        return raw_input, sfn._next_or_end(state)
    output = sfn._apply_jsonata_output(state, raw_input, ctx, default=raw_input)
    sfn._apply_state_assign(state, raw_input, ctx, result=output)
    return output, sfn._next_or_end(state)


def task_with_times(own):
    def execute(state, raw_input, execution, ctx):
        if is_jsonata(state, ctx):
            times = {key: sfn._apply_jsonata_template(state[key], raw_input, ctx) for key in TIMES if key in state}
            state = {**state, **times}
        return own(state, raw_input, execution, ctx)

    return execute


def map_with_items(own):
    """One item after the other, without retries: enough for the workflows that are deployed here."""

    def execute(state, raw_input, execution, ctx):
        if not is_jsonata(state, ctx):
            return own(state, raw_input, execution, ctx)
        try:
            items = sfn._apply_jsonata_template(state["Items"], raw_input, ctx)
            results = [run_item(state, item, index, execution, ctx) for index, item in enumerate(items)]
        except sfn._ExecutionError as error:
            catcher = sfn._find_matching_catcher(state.get("Catch", []), error.error)
            if catcher is None:
                raise
            told = {"Error": error.error, "Cause": error.cause}
            sfn._apply_state_assign(catcher, raw_input, ctx, error_output=told)
            return sfn._apply_jsonata_output(catcher, raw_input, ctx, error_output=told, default=told), catcher["Next"]
        output = sfn._apply_jsonata_output(state, raw_input, ctx, result=results, default=results)
        sfn._apply_state_assign(state, raw_input, ctx, result=results)
        return output, sfn._next_or_end(state)

    return execute


def run_item(state, item, index, execution, ctx):
    inner = copy.deepcopy(ctx)
    inner["Map"] = {"Item": {"Index": index, "Value": item}}
    processor = state["ItemProcessor"]
    return sfn._run_sub_machine(processor["States"], processor["StartAt"], item, execution, inner)


def register():
    sfn._evaluate_jsonata = evaluate
    sfn._execute_wait = wait
    sfn._scaled_sleep = lambda _seconds: time.sleep(MOMENT_SECONDS)
    sfn._execute_task = task_with_times(sfn._execute_task)
    sfn._execute_map = map_with_items(sfn._execute_map)
