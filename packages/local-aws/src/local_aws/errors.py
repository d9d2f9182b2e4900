"""The package's exceptions. Each text is one line: what is wrong, and what to do where that helps.

    LocalAwsError                     a local AWS cannot be started, used, saved or stopped
    ├── CommandError                  a command of `local-aws` cannot do its work
    ├── StartError                    the daemon has not started
    ├── PreflightError                the machine lacks something
    ├── FolderError                   the state folder cannot be used
    ├── AlreadyOwnedError             another local AWS uses the state folder
    ├── PortTakenError                another program listens on the endpoint's port
    ├── EnvoyError                    Envoy does not start
    │   └── EnvoyMissingError         there is none for this machine
    ├── SnapshotError                 the control plane's state cannot be saved or loaded
    └── SavedStateError               the file of `stop --save` cannot be loaded

    ValueError                        input that is wrong, found before anything is made of it
    ├── ImageProgramError             the command line of --image-program
    ├── UserDataError                 cloud-config
    ├── UnitError                     a systemd unit
    ├── DiskError                     a path of an instance
    └── YamlBoundsError               YAML that stands for too much
        └── YamlAliasError            or that has aliases where none may be

    Exception                         what AWS's APIs answer, in their own words
    ├── ApiError                      before moto sees the request
    ├── ActionFailedError             an alarm's action; the text goes into the alarm's history
    ├── AwsCommandError               `aws` on an instance; it ends with the AWS CLI's exit status
    ├── UnevaluatedKeyError           a policy's decision depends on a condition key without a value
    ├── UndecodableError              no authorization message that this control plane has encoded
    ├── UnreadExpressionError         an expression that DynamoDB cannot evaluate
    ├── UnreadableError               ... that does not follow the grammar of its expressions
    ├── ValidationError               why a transaction of DynamoDB is cancelled
    ├── UnresolvedError               a value in a template that only a stack's resources have
    ├── ResourceFailedError           a resource of a stack; the text is its status reason
    │   ├── MissingPropertyError      ... that cannot be made without a property
    │   └── RefusedByApiError         ... whose service's API refused it
    ├── StepFailedError               ... or its outputs, with the stack's status reason
    ├── OvertakenError                another operation runs on the stack now
    └── RollingUpdateFailed           a group's rolling update; the text is a status reason

What corrects moto raises moto's exceptions (`moto.core.exceptions.ServiceException`), whose codes
and texts are AWS's; those that moto lacks are defined where they are raised: MalformedCidrError,
CertificateInUseError, ChangeSetNotFoundError, InvalidChangeSetStatusError,
InsufficientCapabilitiesError, InvalidParameterError, InvalidTagsError, StatementExistsError,
UnmodifiableEntityError.
"""

from __future__ import annotations


class LocalAwsError(Exception):
    """Something is wrong with this local AWS, not with a request to it."""
