"""The daemon: joins the control plane and the data plane, and keeps them agreeing.

    each time something changes, and ten times a second:
        what AWS's state wants  ->  compute, metadata, load_balancing
        their actual state      ->  facts, and with them Auto Scaling

`daemon_process.py` is the process that serves it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path

from local_aws.compute.fleet import Compute
from local_aws.contract.credentials import AccessKey
from local_aws.contract.desired_state import DesiredState
from local_aws.contract.facts import Facts
from local_aws.control_plane import (
    delays,
    desired,
    instance_credentials,
    reconciler,
    service_connections,
    snapshot,
    wiring,
)
from local_aws.control_plane.endpoint.server import ControlPlaneServer
from local_aws.control_plane.lock import LOCK
from local_aws.control_plane.snapshot import SnapshotError
from local_aws.control_plane.wiring import Wiring
from local_aws.daemon_settings import DaemonSettings
from local_aws.host import thread_deaths, write_failure
from local_aws.host.garbage import SurvivorsSetAside
from local_aws.host.processes import ProcessIdentity
from local_aws.host.repeated_error import RepeatedError
from local_aws.load_balancing.controller import LoadBalancing
from local_aws.metadata.service import MetadataService
from local_aws.state import saved_state
from local_aws.state.bounded_logs import BoundedLogs
from local_aws.state.saved_state import SavedState
from local_aws.state.state_directory import Running, StateDirectory

_LOG = logging.getLogger(__name__)
_INTERVAL_SECONDS = 0.1
_PROCESS_INTERVAL_SECONDS = 0.5


class Daemon:
    """Everything of one local AWS, on a corrected moto.

    Raises PortTakenError, EnvoyError and SnapshotError when made. `notices` are lines for whoever
    started it.
    """

    def __init__(
        self,
        state: StateDirectory,
        settings: DaemonSettings,
        saved: SavedState | None = None,
    ) -> None:
        self._state = state
        self._region = settings.region
        self._wake = threading.Event()
        self._stopping = False
        self._save_requested = False
        self._written = ""
        self._load_balancing = LoadBalancing(state.path)
        self._facts = Facts(
            read_traffic=self._load_balancing.traffic,
            take_access_log=self._load_balancing.take_access_log,
        )
        self._administrators_key = AccessKey(
            "AKIALOCALAWS" + secrets.token_hex(4).upper(), secrets.token_urlsafe(30)
        )
        self._server = ControlPlaneServer(
            self._administrators_key, service_connections.HOOKS, settings.port
        )
        connected = Wiring(
            data_plane=self._facts,
            on_change=self._wake.set,
            delays=delays.UNKIND if settings.unkind else delays.KIND,
            signals_for_user_data=settings.signal_for_user_data,
            image_has_program=bool(settings.image_program),
            skip_custom_resources=settings.skip_custom_resources,
        )
        wiring.connect(connected)
        self.notices = snapshot.restore(saved.control_plane) if saved else []
        self._server.start()
        # Which port 0 has become is known only now.
        wiring.connect(replace(connected, endpoint=self._server.endpoint))
        self._metadata = MetadataService(instance_credentials.current)
        self._compute = Compute(
            state.path,
            self._server.endpoint,
            self._metadata,
            settings.image_program,
            saved.instance_ports if saved else None,
            connected.delays.boot,
        )

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
                self._save_if_named()
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
        self._compute.give_back_ports(wanted.living_instances)
        self._compute.forget_all_but(wanted.known_instances)
        self._facts.instances = self._compute.facts()
        self._facts.consoles = self._compute.consoles()
        self._facts.target_health = self._load_balancing.target_health()
        self._facts.targets_in_use = self._load_balancing.targets_in_use()
        self._facts.load_balancing_refusal = self._load_balancing.refusal
        self._facts.access_log_bytes = self._load_balancing.access_log_bytes
        reconciler.read_ahead(self._facts)
        with LOCK:
            reconciler.reconcile(self._facts)
        self._write_data_plane(wanted)

    def _save_if_named(self) -> None:
        """Save to the file that a request names; whatever fails, the daemon goes on."""
        try:
            path = self._state.take_save_request()
            if path is None:
                _LOG.warning("not saved: no file is named; local-aws stop --save FILE names one")
            else:
                self._save_and_stop(path)
        except Exception:  # noqa: BLE001 - everything that could be saved is still there
            _LOG.exception("not saved")

    def _save_and_stop(self, path: Path) -> None:
        """Save the state while no request can change it; when that fails, run on as before."""
        with LOCK:
            try:
                reconciler.settle(self._facts)
                control_plane = snapshot.dump()
                ports = self._compute.ports()
                saved = SavedState(control_plane, ports)
                # Disks are copied at rest. After a failure the next round boots the instances.
                saved_state.write(path, saved, self._state.path, self._compute.shut_down)
            except (SnapshotError, OSError) as error:
                reason = write_failure.why(error, path.parent)
                _LOG.error("not saved to %s: %s", path, reason)
                self._state.answer_save(reason)
                return
            self._server.close()
        _LOG.info("saved to %s", path)
        self._state.answer_save("")
        self._stopping = True

    def _write_data_plane(self, wanted: DesiredState) -> None:
        """For `local-aws status` and `logs`, which read files and send the daemon no request."""
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
