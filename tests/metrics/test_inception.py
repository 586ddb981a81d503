"""pytorch-fid's network: the same features, the same number, and honest names."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
import scipy
import torch
from blobs import save_images, smooth_images
from typer.testing import CliRunner

from labkit.cli import app
from labkit.metrics import inception
from labkit.metrics.inception import Inception, WeightsError


@pytest.fixture(scope="module")
def extractor(weights) -> Inception:
    return Inception(weights, "cpu")


@pytest.mark.parametrize("size", [32, 299, 400])
def test_features_are_those_of_pytorch_fid(size, extractor, torch_home, monkeypatch) -> None:
    from pytorch_fid.inception import InceptionV3

    monkeypatch.setenv("TORCH_HOME", str(torch_home))
    images = torch.from_numpy(smooth_images(2, size, 0))
    with torch.no_grad():
        wanted = InceptionV3([3]).eval()(images / 255)[0].flatten(1)
    features = extractor(images)
    assert features.shape == (2, 2048) and wanted.std() > 0.1
    torch.testing.assert_close(features, wanted, rtol=1e-4, atol=1e-4 * wanted.abs().max().item())


@pytest.mark.skipif(
    tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 18),
    reason="pytorch-fid 0.3.0 calls sqrtm(disp=False), which SciPy 1.18 removed",
)
def test_the_command_agrees_with_pytorch_fids_own(torch_home, tmp_path, monkeypatch) -> None:
    """Both commands on the same two folders of images; pytorch-fid takes half a minute of it, for sqrtm."""
    a = save_images(smooth_images(8, 48, 1), tmp_path / "a")
    b = save_images(smooth_images(10, 320, 2), tmp_path / "b")
    environment = os.environ | {"TORCH_HOME": str(torch_home), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-W", "ignore", "-m", "pytorch_fid", str(a), str(b)]
    command += ["--device", "cpu", "--num-workers", "0"]
    theirs = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    wanted = float(re.search(r"FID:\s*(\S+)", theirs)[1])

    for name in ("TORCH_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, environment[name])
    outcome = CliRunner().invoke(app, ["fid", str(a), str(b), "--json"])
    assert outcome.exit_code == 0, outcome.stderr
    report = json.loads(outcome.stdout)
    assert report["frechet_distance"] == pytest.approx(wanted, rel=1e-4) and wanted > 0.1
    assert report["n"] == 8 and report["reference_n"] == 10 and report["kernel_distance"] is not None
    assert "fid" not in report and "kid" not in report, "random weights give no FID"
    assert "unverified" in report["name"] and "unverified" in report["features"]


def test_only_the_published_weights_give_a_fid(weights, extractor, monkeypatch) -> None:
    assert not extractor.verified and extractor.measure != "FID"
    monkeypatch.setattr(inception, "HASH_PREFIX", hashlib.sha256(weights.read_bytes()).hexdigest()[:8])
    right = Inception(weights, "cpu")
    assert right.verified and right.measure == "FID" and "unverified" not in right.features
    assert inception.FID_WEIGHTS_URL.endswith("pt_inception-2015-12-05-6726825d.pth")


def other_network(path) -> None:
    torch.save({"weight": torch.zeros(3)}, path)


def pickled_object(path) -> None:
    torch.save(HTTPServer, path)


@pytest.mark.parametrize(
    "write",
    [
        other_network,
        pickled_object,
        lambda path: torch.save([1, 2], path),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"<html>not found</html>"),
        lambda path: path.write_bytes(b"PK\x03\x04" + bytes(100)),
        lambda path: path.write_bytes(np.random.default_rng(0).bytes(1000)),
        None,
    ],
)
def test_a_file_that_holds_no_inception_weights_is_named(write, weights, tmp_path) -> None:
    path = tmp_path / "weights.pth"
    if write is None:
        path.write_bytes(weights.read_bytes()[:1_000_000])
    else:
        write(path)
    with pytest.raises(WeightsError, match=r"weights\.pth does not hold"):
        Inception(path)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.pth cannot be read"):
        Inception(tmp_path / "gone.pth")


@pytest.fixture
def server(weights):
    """A local server: /weights.pth is what `weights` holds, everything else a page of HTML."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = weights.read_bytes() if self.path == "/weights.pth" else b"<html>log in</html>"
            self.send_response(404 if self.path == "/gone.pth" else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_missing_weights_are_downloaded_once(server, weights, tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(inception, "FID_WEIGHTS_URL", f"{server}/weights.pth")
    monkeypatch.setattr(inception, "HASH_PREFIX", hashlib.sha256(weights.read_bytes()).hexdigest()[:8])
    assert Inception(device="cpu").verified
    out, err = capfd.readouterr()
    assert out == "" and "100%" in err
    monkeypatch.setattr(inception, "FID_WEIGHTS_URL", "http://127.0.0.1:1/")
    assert Inception(device="cpu").verified


@pytest.mark.parametrize("page", ["/gone.pth", "/login.html", None])
def test_a_failed_download_is_said_and_leaves_nothing(page, server, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(
        inception, "FID_WEIGHTS_URL", f"{server}{page}" if page else "http://127.0.0.1:1/w.pth"
    )
    with pytest.raises(WeightsError, match="could not be downloaded"):
        Inception()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
