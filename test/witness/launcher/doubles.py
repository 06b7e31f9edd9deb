"""Teaches MiniStack the resource types and the service that it lacks: each call goes to our own doubles over loopback HTTP."""

import json
import os
import urllib.error
import urllib.request

from ministack import app
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

URL = os.environ.get("SLUICE_DOUBLES")

TYPES = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::AlarmMuteRule",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::InferenceComponent",
    "AWS::SageMaker::Model",
    "AWS::SageMaker::ModelPackage",
    "AWS::SageMaker::ModelPackageGroup",
)
ALARM = "AWS::CloudWatch::Alarm"


def send(path, body, headers):
    request = urllib.request.Request(URL + path, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()


def resource(what, **request):
    status, _, body = send("/resources", json.dumps({"do": what, **request}).encode(), {"content-type": "application/json"})
    answer = json.loads(body)
    if status != 200:
        raise ValueError(answer["message"])
    return answer


# What was created, by the id that CloudFormation knows: MiniStack gives only that one when it updates or deletes.
created = {}


def handlers_of(type_name):
    def create(logical_id, properties, stack_name):
        answer = resource("create", type=type_name, logicalId=logical_id, stackName=stack_name, properties=properties)
        created[answer["ref"]] = {"answer": answer, "logicalId": logical_id, "stackName": stack_name}
        return answer["ref"], answer["attributes"]

    def update(physical_id, before, properties, stack_name):
        known = created[physical_id]
        answer = resource("update", type=type_name, logicalId=known["logicalId"], stackName=stack_name,
                          properties=properties, previous=before, created=known["answer"])
        created[answer["ref"]] = {**known, "answer": answer}
        return answer["ref"], answer["attributes"]

    def delete(physical_id, properties):
        known = created.pop(physical_id)
        resource("remove", type=type_name, logicalId=known["logicalId"], stackName=known["stackName"],
                 properties=properties, created=known["answer"])

    return {"create": create, "update": update, "delete": delete}


def only_metric_math(own, ours):
    """An alarm on an expression is ours, every other one MiniStack's."""

    def create(logical_id, properties, stack_name):
        return (ours if properties.get("Metrics") else own)["create"](logical_id, properties, stack_name)

    def update(physical_id, before, properties, stack_name, logical_id):
        if before.get("Metrics") and properties.get("Metrics"):
            return ours["update"](physical_id, before, properties, stack_name)
        if before.get("Metrics") or properties.get("Metrics"):
            delete(physical_id, before)
        return create(logical_id, properties, stack_name)

    def delete(physical_id, properties):
        (ours if properties.get("Metrics") else own)["delete"](physical_id, properties)

    return {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def mirrored(own, ours, properties_of):
    """MiniStack's own, and the doubles are told: a budget is refused where its topic's policy does not let it publish."""

    def create(logical_id, properties, stack_name):
        physical_id, attributes = own["create"](logical_id, properties, stack_name)
        told = properties_of(physical_id, properties)
        key = (stack_name, logical_id)
        if key in mirrors:
            ours["update"](mirrors[key][0], mirrors[key][1], told, stack_name)
        else:
            mirrors[key] = (ours["create"](logical_id, told, stack_name)[0], told)
        by_physical_id[physical_id] = key
        return physical_id, attributes

    def delete(physical_id, properties):
        own["delete"](physical_id, properties)
        key = by_physical_id.pop(physical_id, None)
        if key is not None:
            ours["delete"](*mirrors.pop(key))

    mirrors, by_physical_id = {}, {}
    return {"create": create, "delete": delete}


def topic_of(arn, properties):
    """Under the name that MiniStack gave it; the key that encrypts it is not the doubles'."""
    kept = {name: value for name, value in properties.items() if name != "KmsMasterKeyId"}
    return {**kept, "TopicName": arn.split(":")[-1]}


MIRRORED = {"AWS::SNS::Topic": topic_of, "AWS::SNS::TopicPolicy": lambda _id, properties: properties}


async def sagemaker(_method, path, headers, body, _query):
    data = body.encode() if isinstance(body, str) else body
    return send(path, data, headers)


def register():
    for name in TYPES:
        provisioners._RESOURCE_HANDLERS[name] = handlers_of(name)
    own = provisioners._RESOURCE_HANDLERS[ALARM]
    provisioners._RESOURCE_HANDLERS[ALARM] = only_metric_math(own, handlers_of(ALARM))
    for name, properties_of in MIRRORED.items():
        provisioners._RESOURCE_HANDLERS[name] = mirrored(provisioners._RESOURCE_HANDLERS[name], handlers_of(name), properties_of)
    app.SERVICE_HANDLERS["sagemaker"] = sagemaker
    stepfunctions._AWS_SDK_SERVICE_MAP["sagemaker"] = {"target_prefix": "SageMaker", "protocol": "json"}
    stepfunctions._AWS_SDK_ERROR_PREFIX["sagemaker"] = "SageMaker"
