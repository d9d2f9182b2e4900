"""How a call to AWS can fail.

AwsError
├── Refused       the service answered, and the answer is no: denied, missing table, throttled
├── Unavailable   no usable answer in time: the only failure that opens the breaker
└── NotReady      nothing was sent: no credentials, or the region is not known yet
"""


class AwsError(Exception):
    """Carries AWS's error code, or one of ours in the same style. Never a message or a body."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(AwsError):
    pass


class Unavailable(AwsError):
    pass


class NotReady(AwsError):
    pass
