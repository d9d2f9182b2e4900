"""The daemon: joins the control plane and the data plane, and keeps them agreeing.

    each time something changes, and ten times a second:
        what AWS's state wants  ->  compute, metadata, load_balancing
        their actual state      ->  facts, and with them Auto Scaling

It serves until SIGTERM or SIGINT, and then ends everything it started.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from local_aws.compute.fleet import Compute
from local_aws.contract.credentials import AccessKey
from local_aws.contract.desired_state import DesiredState
from local_aws.contract.facts import Facts
from local_aws.control_plane import (
    change_notice,
    corrections,
    data_plane,
    delays,
    desired,
    reconciler,
    snapshot,
    sts,
)
from local_aws.control_plane.cloudformation import user_data_signals
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.snapshot import SnapshotError
from local_aws.errors import LocalAwsError
from local_aws.host import preflight, thread_deaths
from local_aws.host.garbage import SurvivorsSetAside
from local_aws.host.process_table import ProcessTable
from local_aws.host.processes import ProcessIdentity
from local_aws.host.repeated_error import RepeatedError
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.load_balancing.envoy_binary import EnvoyError
from local_aws.metadata.service import MetadataService
from local_aws.state import saved_state
from local_aws.state.bounded_logs import BoundedLogs
from local_aws.state.saved_state import SavedState
from local_aws.state.state_directory import Running, StateDirectory

_LOG = logging.getLogger(__name__)
_INTERVAL_SECONDS = 0.1
_PROCESS_INTERVAL_SECONDS = 0.5
_STOPS = (signal.SIGTERM, signal.SIGINT)
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

_LOST = (
    "the local AWS before this one was killed: its stacks, data and instances are gone; create "
    "them again, or load what was saved with: local-aws start --load FILE"
)


class Daemon:
    """Everything of one local AWS, on a corrected moto.

    Raises PortTakenError, EnvoyError and SnapshotError when made. `notices` are lines for whoever
    started it.
    """

    def __init__(
        self,
        state: StateDirectory,
        port: int,
        region: str,
        image_command: Sequence[str],
        saved: SavedState | None = None,
    ) -> None:
        self._state = state
        self._region = region
        self._wake = threading.Event()
        self._stopping = False
        self._save_requested = False
        self._written = ""
        self._load_balancing = LoadBalancing(state.path)
        self._facts = Facts(read_traffic=self._load_balancing.traffic)
        self._administrators_key = AccessKey(
            "AKIALOCALAWS" + secrets.token_hex(4).upper(), secrets.token_urlsafe(30)
        )
        self._server = ControlPlaneServer(
            self._administrators_key, port=port, on_change=self._wake.set
        )
        self.notices = snapshot.restore(saved.control_plane) if saved else []
        self._server.start()
        change_notice.listen(self._wake.set)
        self._metadata = MetadataService(sts.instance_role_credentials)
        self._compute = Compute(
            state.path,
            self._server.endpoint,
            self._metadata,
            image_command,
            saved.instance_ports if saved else None,
            delays.current().boot,
        )
        data_plane.attach(self._facts)

    def serve(self, with_process: ProcessIdentity | None) -> None:
        """Reconcile until a stop is requested, or until `with_process` has ended.

        One failure is logged and tried again, never the end; the death of a thread is.
        """
        thread_deaths.end_with_any_thread(self.request_stop)
        reconciling = RepeatedError(_LOG, "reconciling")
        survivors = SurvivorsSetAside()
        logs = BoundedLogs(self._state.path)
        look_at = 0.0
        while not self._stopping:
            if with_process and time.monotonic() > look_at:
                if not with_process.is_running():
                    _LOG.info("stopping: process %s has ended", with_process.pid)
                    return
                look_at = time.monotonic() + _PROCESS_INTERVAL_SECONDS
            survivors.update()
            try:
                self._reconcile()
                logs.cut_if_due()
                reconciling.succeeded()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next round tries again
                reconciling.failed(error)
            if self._save_requested:
                self._save_requested = False
                self._save_and_stop()
            self._wake.wait(_INTERVAL_SECONDS)
            self._wake.clear()

    def request_stop(self) -> None:
        """For a signal's handler: it may interrupt `serve` anywhere, so it takes no lock."""
        self._stopping = True

    def request_save(self) -> None:
        """Like `request_stop`, but first save to the file that the state directory names."""
        self._save_requested = True

    def stop(self) -> None:
        """End the data plane before the API that it talks to."""
        self._load_balancing.stop()
        self._compute.power_off()
        self._metadata.stop()
        self._server.stop()

    def running(self) -> Running:
        """What clients need to know to use this daemon."""
        me = ProcessIdentity.of(os.getpid())
        assert me is not None  # noqa: S101 - this process runs
        return Running(
            pid=me.pid,
            started_at=me.started_at,
            endpoint=self._server.endpoint,
            region=self._region,
            access_key_id=self._administrators_key.access_key_id,
            secret_access_key=self._administrators_key.secret_access_key,
        )

    def _reconcile(self) -> None:
        with LOCK:
            wanted = desired.desired_state()
        # Traffic leaves a target before its process is ended, and reaches it after it began.
        self._load_balancing.reconcile(wanted, self._compute.addresses())
        self._compute.reconcile(wanted.instances)
        self._compute.forget_all_but(wanted.known_instances)
        self._facts.instances = self._compute.facts()
        self._facts.consoles = self._compute.consoles()
        self._facts.target_health = self._load_balancing.target_health()
        self._facts.targets_in_use = self._load_balancing.targets_in_use()
        self._facts.load_balancing_refusal = self._load_balancing.refusal
        reconciler.read_ahead()
        with LOCK:
            reconciler.reconcile(self._facts)
        self._write_data_plane(wanted)

    def _save_and_stop(self) -> None:
        """Save what no request can change meanwhile; when that fails, go on as if never asked."""
        path = self._state.read_save_request()
        with LOCK:
            try:
                control_plane = snapshot.dump()
                ports = self._compute.ports()
                saved = SavedState(control_plane, ports)
                # Disks are copied at rest. After a failure the next round boots the instances.
                saved_state.write(path, saved, self._state.path, self._compute.shut_down)
            except (SnapshotError, OSError) as error:
                reason = preflight.why(error, path.parent)
                _LOG.error("not saved to %s: %s", path, reason)
                self._state.answer_save(reason)
                return
            self._server.close()
        _LOG.info("saved to %s", path)
        self._state.answer_save("")
        self._stopping = True

    def _write_data_plane(self, wanted: DesiredState) -> None:
        """For `local-aws status` and `logs`, which ask nothing of the daemon itself."""
        listeners = {
            listener.arn: listener.local_port
            for balancer in wanted.load_balancers
            for listener in balancer.listeners
        }
        instances = {name: asdict(fact) for name, fact in self._facts.instances.items()}
        text = json.dumps({"instances": instances, "listeners": listeners})
        if text != self._written:
            self._state.write_data_plane(text)
            self._written = text


def main() -> None:
    arguments = _parse_arguments()
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format=_LOG_FORMAT,
    )
    state = StateDirectory.default()
    for descriptor in (arguments.lock_descriptor, arguments.ready_descriptor):
        if descriptor is not None:
            os.set_inheritable(descriptor, False)
    with _nothing_left_of_a_failure(state):
        try:
            daemon = _made(arguments, state)
        except (EnvoyError, OSError) as error:
            _answer(arguments.ready_descriptor, preflight.why(error, state.path))
            sys.exit(1)
        except LocalAwsError as error:
            _answer(arguments.ready_descriptor, str(error))
            sys.exit(1)
    try:
        running = daemon.running()
        try:
            state.write_running(running)
        except OSError as error:
            _answer(arguments.ready_descriptor, preflight.why(error, state.path))
            return
        _LOG.info("serving at %s", running.endpoint)
        if _answer(arguments.ready_descriptor, "\n".join(["ready", *daemon.notices])):
            daemon.serve(arguments.with_process)
    finally:
        daemon.stop()
        state.clear()


@contextmanager
def _nothing_left_of_a_failure(state: StateDirectory) -> Iterator[None]:
    try:
        yield
    except BaseException:
        ProcessTable(state.path).end_leftovers()
        state.clear()
        raise


def _made(arguments: argparse.Namespace, state: StateDirectory) -> Daemon:
    """The daemon; a signal stops it from here on, and raises SystemExit before it is made.

    Raises also EnvoyError, OSError, PortTakenError and SnapshotError.
    """
    for number in _STOPS:
        signal.signal(number, _end_while_starting)
    lost = [_LOST] if state.has_trace() else []
    ProcessTable(state.path).end_leftovers()
    state.clear()
    corrections.install(skip_custom_resources=arguments.skip_custom_resources)
    if arguments.unkind:
        delays.configure(delays.UNKIND)
    user_data_signals.configure(
        are_sent=arguments.signal_for_user_data,
        image_has_program=bool(arguments.image_program),
    )
    saved = saved_state.read(arguments.load, state.path) if arguments.load else None
    daemon = Daemon(state, arguments.port, arguments.region, arguments.image_program, saved)
    daemon.notices[:0] = lost
    for number in _STOPS:
        signal.signal(number, lambda *_: daemon.request_stop())
    signal.signal(signal.SIGUSR1, lambda *_: daemon.request_save())
    return daemon


def _end_while_starting(number: int, _: object) -> NoReturn:
    for each in _STOPS:
        signal.signal(each, signal.SIG_IGN)  # one is enough
    sys.exit(128 + number)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local_aws")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--lock-descriptor", type=int, required=True)
    parser.add_argument("--ready-descriptor", type=int)
    parser.add_argument("--load", type=Path)
    parser.add_argument("--with-process", type=_process)
    parser.add_argument("--skip-custom-resources", action="store_true")
    parser.add_argument("--signal-for-user-data", action="store_true")
    parser.add_argument("--unkind", action="store_true")
    parser.add_argument("--image-program", type=json.loads, default=[])
    return parser.parse_args()


def _process(text: str) -> ProcessIdentity:
    return ProcessIdentity(**json.loads(text))


def _answer(descriptor: int | None, line: str) -> bool:
    """Tell the starter, through its pipe, how the start went, or else the terminal.

    False when the starter has ended meanwhile: nobody waits for this daemon.
    """
    if descriptor is None:
        print(line, file=sys.stderr)  # noqa: T201 - somebody is looking
        return True
    try:
        with os.fdopen(descriptor, "w") as pipe:
            print(line, file=pipe)
    except BrokenPipeError:
        _LOG.error("who started this has ended before it was ready")
        return False
    return True
