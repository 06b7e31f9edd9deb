"""Where MiniStack's CloudFormation does what AWS's never does, and a deploy or a deletion would suffer from it."""

from ministack.services.cloudformation import handlers, stacks
from ministack.services.cloudformation.helpers import _xml

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


def register():
    stacks._delete_resource = honour_deletion_policy(stacks._delete_resource)
    handlers._ACTION_HANDLERS["DeleteChangeSet"] = forgive_missing_change_set(handlers._delete_change_set)
