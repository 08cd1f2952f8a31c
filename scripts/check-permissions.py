"""Transforms template.yaml as CloudFormation does, and checks who may call the function's URL.

Run it with the Python that the SAM CLI is installed in.
"""

import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """The template names none, so there is nothing to load from AWS."""

    def load(self):
        return {}


template = yaml_parse(open("template.yaml").read())
for resource in template["Resources"].values():
    properties = resource.get("Properties", {})
    for uri in ("CodeUri", "ContentUri"):
        if uri in properties:
            properties[uri] = "s3://bucket/key"  # as `sam deploy` leaves it

resources = transform(template, {}, NoManagedPolicies())["Resources"].values()
urls = [r["Properties"] for r in resources if r["Type"] == "AWS::Lambda::Url"]
granted = {
    (p["Action"], p["Principal"], p.get("FunctionUrlAuthType"), p.get("InvokedViaFunctionUrl"))
    for p in (r["Properties"] for r in resources if r["Type"] == "AWS::Lambda::Permission")
}
# Both are needed since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
expected = {
    ("lambda:InvokeFunctionUrl", "*", "NONE", None),
    ("lambda:InvokeFunction", "*", None, True),
}
if granted != expected:
    sys.exit(f"check-permissions: expected {sorted(expected, key=str)}, found {sorted(granted, key=str)}")
if [url["InvokeMode"] for url in urls] != ["RESPONSE_STREAM"]:
    sys.exit(f"check-permissions: expected one URL that streams, found {urls}")
