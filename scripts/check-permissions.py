"""Transforms template.yaml as CloudFormation does, and checks who may call the functions' URLs.

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
granted = {name: set() for name in urls}
for name, permission in all_of("AWS::Lambda::Permission", "FunctionName"):
    p = permission["Properties"]
    granted[name].add((p["Action"], p["Principal"], p.get("FunctionUrlAuthType"), p.get("InvokedViaFunctionUrl")))
    # What belongs to a function that is not deployed must not be made either.
    check(f"condition of a permission of {name}", resources[name].get("Condition"), permission.get("Condition"))
check("permissions", {name: PERMISSIONS for name in urls}, granted)
