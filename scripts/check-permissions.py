"""Transforms template.yaml as CloudFormation does, and checks who may call the functions, and what
Lambda takes from a queue.

Run it with the Python that the SAM CLI is installed in.
"""

import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """No function names a policy of AWS, so there is nothing to load from there."""

    def load(self):
        return {}


# `webhook` streams its answers; those of `botmatic` are small.
INVOKE_MODES = {"WebhookFunction": "RESPONSE_STREAM", "BotmaticFunction": "BUFFERED"}
# Both are needed since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
PERMISSIONS = {
    ("lambda:InvokeFunctionUrl", "*", "NONE", None),
    ("lambda:InvokeFunction", "*", None, True),
}
# EventBridge may start imports, if there is a schedule.
SCHEDULE = {("lambda:InvokeFunction", "events.amazonaws.com", None, None)}
# The messages that a queue hands over at once, and the parameter for how many batches at a time: a
# slice of an import takes all the time of an invocation.
QUEUES = {
    "WorkerFunction": ({"Ref": "WorkerBatchSize"}, "WorkerConcurrency"),
    "ImportFunction": (1, "ImportConcurrency"),
}
# AWS wants the visibility timeout of a queue to be at least this many times the function's timeout:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
TIMEOUTS = 6

template = yaml_parse(open("template.yaml").read())
for resource in template["Resources"].values():
    properties = resource.get("Properties", {})
    for uri in ("CodeUri", "ContentUri"):
        if uri in properties:
            properties[uri] = "s3://bucket/key"  # as `sam deploy` leaves it

resources = transform(template, {}, NoManagedPolicies())["Resources"]


def all_of(kind, function_property):
    """The resources of a kind, each with the name of its function."""
    for resource in resources.values():
        if resource["Type"] == kind:
            yield resource["Properties"][function_property]["Ref"], resource


def check(what, expected, found):
    if expected != found:
        sys.exit(f"check-permissions: {what}: expected {expected}, found {found}")


urls = {name: url["Properties"]["InvokeMode"] for name, url in all_of("AWS::Lambda::Url", "TargetFunctionArn")}
check("modes of the URLs", INVOKE_MODES, urls)
granted = {}
for name, permission in all_of("AWS::Lambda::Permission", "FunctionName"):
    p = permission["Properties"]
    grant = (p["Action"], p["Principal"], p.get("FunctionUrlAuthType"), p.get("InvokedViaFunctionUrl"))
    granted.setdefault(name, set()).add(grant)
    # What belongs to a function that is not deployed must not be made either.
    condition = resources[name].get("Condition") if name in urls else "HasImportSchedule"
    check(f"condition of a permission of {name}", condition, permission.get("Condition"))
check("permissions", {name: PERMISSIONS for name in urls} | {"ImportFunction": SCHEDULE}, granted)

mappings = dict(all_of("AWS::Lambda::EventSourceMapping", "FunctionName"))
check("functions that are invoked by a queue", list(QUEUES), list(mappings))
for name, mapping in mappings.items():
    p, function = mapping["Properties"], resources[name]
    batch_size, concurrency = QUEUES[name]
    check(f"condition of the queue of {name}", function.get("Condition"), mapping.get("Condition"))
    check(f"answers of {name} to its queue", ["ReportBatchItemFailures"], p.get("FunctionResponseTypes"))
    check(f"messages per invocation of {name}", batch_size, p.get("BatchSize"))
    check(f"invocations of {name} at a time", {"MaximumConcurrency": {"Ref": concurrency}}, p.get("ScalingConfig"))
    # Fewer of them than the queue may invoke, and messages are refused until they are dead letters.
    check(f"reserved concurrency of {name}", None, function["Properties"].get("ReservedConcurrentExecutions"))
    queue = resources[p["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
    least = TIMEOUTS * function["Properties"]["Timeout"]
    if queue["VisibilityTimeout"] < least:
        sys.exit(f"check-permissions: the queue of {name} hides a message for less than {least} s")
