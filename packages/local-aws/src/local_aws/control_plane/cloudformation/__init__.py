"""CloudFormation: an engine of its own that drives moto's resources.

moto runs a stack's whole life within one request, without resource events, rollback, signals or
update policies. Here a stack operation runs in the background and takes the lock resource by
resource, so everything else stays usable meanwhile.

    api/                     the API's calls, in place of moto's
    descriptions.py          stacks and their parts in the shape of AWS's answers
    operations.py            background operations
    engine.py                create, update, delete and roll back a stack
    resource_steps.py        create, change, delete one resource, with events and signals
    creation_policies.py     the signals without which a resource is not complete
    failure_reasons.py       what failed, and what its event says
    differences.py           how a resource differs from its definition
    changes.py               what an update would change
    change_details.py        why and how, as change sets show it
    change_sets.py           change sets
    drift/                   how resources differ from what their stack declares
    stack.py                 the data: stacks, resources, events
    template_source.py       where a request's template comes from
    template_reader.py       its text, read within bounds
    template.py              reading and checking a template
    template_names.py        names of its parts, and references to them
    function_forms.py        which arguments functions take
    language_extensions.py   the transform AWS::LanguageExtensions
    declarations.py          a stack as template, parameters and tags declare it
    capabilities.py          what a request must acknowledge
    quotas.py                CloudFormation's quotas
    references.py            what refers to what; the order of creation
    outputs.py               what a stack returns
    exports.py               outputs that other stacks import
    parameters.py            a stack's parameters
    rules.py                 a template's rules, which assert on them
    stack_policies.py        which resources an update may change
    intrinsic_functions.py   Ref, Fn::Sub and the others; conditions
    dynamic_references.py    `{{resolve:service:key}}` within texts
    surroundings.py          what functions look up outside the template
    stored_values.py         values in the Parameter Store and in Secrets Manager
    deployment_config.py     the mode of an operation, and whether it keeps a failure
    rollback_settings.py     which alarms an operation watches
    rollback_triggers.py     alarms that roll an operation back
    signals.py               SignalResource's mailboxes
    user_data_signals.py     signals that user data would send, if it were run
    stack_arns.py            the ARN of the stack that a request names
    resource_schemas.py      a type's properties, attributes and replacements
    deletion_policies.py     what becomes of a resource that is deleted or replaced
    property_problems.py     what AWS would refuse in a resource's properties
    resource_types/          for each type, how AWS differs from moto's model
"""

from __future__ import annotations

from local_aws.control_plane.cloudformation import api
from local_aws.control_plane.cloudformation.resource_types import nested_stack, registry


def install() -> None:
    """Put our calls in the place of moto's."""
    api.install()
    registry.register("AWS::CloudFormation::Stack", nested_stack.NestedStack)
