"""Where MiniStack's CloudFormation does what AWS's never does, and a deploy or a deletion would suffer from it."""

from ministack.services.cloudformation import handlers, stacks
from ministack.services.cloudformation.helpers import _p, _xml

RETAINED = ("Retain", "RetainExceptOnCreate")


def honour_deletion_policy(delete):
    """MiniStack deletes what a template retains."""
    from ministack.services.cloudformation import _stacks

    def delete_unless_retained(resource_type, physical_id, properties, stack_name=None, logical_id=None):
        stack = _stacks.get(stack_name) or {}
        resource = (stack.get("_template") or {}).get("Resources", {}).get(logical_id, {})
        if stack.get("StackStatus") == "DELETE_IN_PROGRESS" and resource.get("DeletionPolicy") in RETAINED:
            return None
        return delete(resource_type, physical_id, properties, stack_name, logical_id)

    return delete_unless_retained


def forgive_missing_change_set(delete):
    """`cdk deploy` deletes the change set of before, whether there is one or not; MiniStack refuses where there is none."""

    def delete_if_there(parameters):
        status, headers, body = delete(parameters)
        if status == 404:
            return _xml(200, "DeleteChangeSetResponse", "")
        return status, headers, body

    return delete_if_there


def delete_by_arn(delete):
    """`cdk destroy` names the stack by its ARN, and looks at it at once; MiniStack knows names alone, and begins a little later."""
    from ministack.services.cloudformation import _stacks

    def delete_stack(parameters):
        given = _p(parameters, "StackName")
        name = given.split("/")[1] if given.startswith("arn:") else given
        stack = _stacks.get(name)
        answer = delete({**parameters, "StackName": [name]})
        if answer[0] == 200 and stack and stack["StackStatus"] != "DELETE_COMPLETE":
            stack["StackStatus"] = "DELETE_IN_PROGRESS"
        return answer

    return delete_stack


def register():
    stacks._delete_resource = honour_deletion_policy(stacks._delete_resource)
    handlers._ACTION_HANDLERS["DeleteChangeSet"] = forgive_missing_change_set(handlers._delete_change_set)
    handlers._ACTION_HANDLERS["DeleteStack"] = delete_by_arn(handlers._delete_stack)
