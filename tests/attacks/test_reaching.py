"""Attacks that want to read or write what is outside: nothing of it is there."""

import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from arena import SECRET, Arena

from labkit.grading.isolation import Sandbox
from labkit.grading.isolation.keyring import join_fresh_keyring

READS = {
    "gradebook": "print(open('OUTSIDE/gradebook.db').read())",
    "solutions": "print(open('OUTSIDE/solutions/answers.py').read())",
    "other_submissions": "import glob\nprint([open(p).read() for p in glob.glob('OUTSIDE/submitted/*/*/*')])",
    "beside_the_submission": """
import os
for path in ("/sandbox/submission/../..", "/sandbox/submission/../../ann", "../../ann"):
    for folder, _, names in os.walk(path):
        if folder.count("/") > 6: break
        print(folder, [open(os.path.join(folder, n), errors="replace").read(100) for n in names[:3]])
""",
    "environment": "import os\nprint(dict(os.environ))",
    "environment_of_others": """
import glob
for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
    try: print(open(path).read())
    except OSError as e: print(e)
""",
    "memory_of_the_parent": """
import os
for pid in (1, os.getppid()):
    try: print(open(f"/proc/{pid}/mem", "rb").read(10))
    except OSError as e: print(e)
""",
    "roots_of_other_processes": """
import glob, os
for root in glob.glob("/proc/*/root") + glob.glob("/proc/*/cwd"):
    try: print(os.path.exists(root + "OUTSIDE"), os.listdir(root + "OUTSIDE"))
    except OSError as e: print(e)
""",
    "every_file_there_is": """
import os, subprocess
everywhere = "$(ls -d /* | grep -v -e proc -e usr -e dev)"
search = f"grep -rlI ZEBRA-71 {everywhere} 2>/dev/null | head"
print(subprocess.run(search, shell=True, capture_output=True, text=True).stdout)
""",
    "links_in_the_submission": """
import os
os.symlink("OUTSIDE/gradebook.db", "link")
print(open("link").read())
""",
    "mounts": "print(open('/proc/self/mountinfo').read().count('OUTSIDE/submitted/ann'))",
    "shared_memory": "import os\nprint(os.listdir('/dev/shm'), os.listdir('/dev/mqueue'))",
    "keyrings": """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for ring in range(-8, 0): print(libc.syscall(250, 11, ring, 0, 0))
print(open("/proc/keys").read())
""",
}


@pytest.mark.parametrize("name", READS)
def test_nothing_outside_can_be_read(arena: Arena, name: str) -> None:
    outcome = arena.play(READS[name])
    assert SECRET not in outcome.text
    assert (outcome.points, outcome.others) == (0, 3)


WRITES = {
    "gradebook": "open('OUTSIDE/gradebook.db', 'w').write('gone')",
    "its_own_submission": "open('/sandbox/submission/02_forward_process.ipynb', 'w').write('gone')",
    "its_library": "open('/sandbox/library/labkit/__init__.py', 'a').write('gone')",
    "the_interpreter": "import torch\nopen(torch.__file__, 'a').write('gone')",
    "a_path_configuration": """
import site
open(site.getsitepackages()[0] + "/evil.pth", "w").write("import os")
""",
    "the_root": "open('/gone', 'w').write('gone')",
    "settings": "open('/etc/passwd', 'a').write('gone')",
    "system_switches": "open('/proc/sys/kernel/core_pattern', 'w').write('|/bin/gone')",
    "sysrq": "open('/proc/sysrq-trigger', 'w').write('b')",
    "memory_of_the_parent": "import os\nopen(f'/proc/{os.getppid()}/mem', 'wb').write(b'gone')",
    "beside_the_interpreter": "import sys\nopen(sys.base_prefix + '/gone', 'w').write('gone')",
    "a_device": """
import os, stat
os.mknod("/tmp/sda", stat.S_IFBLK | 0o666, os.makedev(8, 0))
open("/tmp/sda")
""",
    "cgroups": "open('/sys/fs/cgroup/cgroup.procs', 'w').write('1')",
    "every_path_that_it_finds": """
import os
wrote = []
for top in ("/", "/usr", "/etc", "/sandbox/submission", "/sandbox/library", "/proc/sys", "/run", "/var"):
    for folder, _, names in os.walk(top):
        if folder.startswith(("/proc", "/dev", "/tmp", "/sandbox/work")): continue
        try: open(folder + "/gone", "w").close(); wrote.append(folder)
        except OSError: pass
        if folder.count("/") > 4: break
assert wrote, "nowhere"
""",
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_outside_can_be_written(arena: Arena, name: str) -> None:
    before = _tree(arena.outside)
    outcome = arena.play(WRITES[name])
    assert "ename" in outcome.text, f"no error: {outcome.text}"
    assert _tree(arena.outside) == before
    assert (outcome.points, outcome.others) == (0, 3)


ESCAPES = {
    "becomes_root": "import os\nos.setuid(0)",
    "becomes_root_by_a_program": """
import subprocess
done = subprocess.run(["su", "-c", "id"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
assert "uid=0" in done.stdout, done
""",
    "raises_its_limits": """
import resource
resource.setrlimit(resource.RLIMIT_DATA, (2**40, 2**40))
""",
    "mounts": """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
assert libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0, ctypes.get_errno()
""",
    "mounts_in_a_user_namespace": """
import subprocess
done = subprocess.run("unshare -Urm sh -c 'mount --bind /tmp /usr && mount -o remount,rw /sandbox/submission "
                      "&& touch /sandbox/submission/gone'", shell=True, capture_output=True, text=True)
assert done.returncode == 0, done
""",
    "changes_its_root": "import os\nos.chroot('/tmp')",
    "attaches_to_its_parent": """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
assert libc.ptrace(16, 1, 0, 0) == 0, ctypes.get_errno()
""",
    "loads_a_kernel_module": """
import ctypes
assert ctypes.CDLL(None, use_errno=True).syscall(175, 0, 0, b"") == 0
""",
    "reboots": "import ctypes\nassert ctypes.CDLL(None).reboot(0x1234567) == 0",
    "network": "import socket\nsocket.create_connection(('127.0.0.1', PORT), timeout=2)",
    "network_of_the_machine": "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)",
    "names": "import socket\nsocket.getaddrinfo('example.org', 80)",
    "datagrams": """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))
""",
    "abstract_socket": "import socket\nsocket.socket(socket.AF_UNIX).connect(chr(0) + 'labkit-attack')",
    "socket_of_a_daemon": """
import glob, socket
found = [p for p in ("/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket")]
for path in found: socket.socket(socket.AF_UNIX).connect(path)
""",
    "processes_outside": "import os, signal\nos.kill(HOST, 0)",
    "a_keyring": "import ctypes\nassert ctypes.CDLL(None).syscall(KEYCTL, 0, -3, 0) != -1",
    "a_user_namespace": "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0",
    "a_user_namespace_of_a_child": """
import ctypes, platform, signal
number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
assert ctypes.CDLL(None).syscall(number, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0) != -1
""",
    "a_socket_of_the_hypervisor": "import socket\nsocket.socket(socket.AF_VSOCK)",
    "memory_that_is_nobodys": "import os\nos.memfd_create('kept')",
    "memory_of_system_v": "import ctypes\nassert ctypes.CDLL(None).shmget(0, 4096, 0o1600) != -1",
    "a_package_that_has_the_answers": "from diffusers import DDPMScheduler",
    "a_package_of_the_course_with_an_answer": "import pytorch_fid.fid_score",
    "the_courses_own_distance": "import labkit.metrics.frechet",
    "the_files_of_such_a_package": """
import glob, sys
assert glob.glob(sys.prefix + "/lib/python3*/*-packages/diffusers")
""",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_nothing_gets_out(arena: Arena, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind("\0labkit-attack")
        hidden.listen()
        attack = ESCAPES[name].replace("PORT", str(server.getsockname()[1])).replace("HOST", str(os.getpid()))
        attack = attack.replace("KEYCTL", str({"x86_64": 250, "aarch64": 219}[platform.machine()]))
        outcome = arena.play(attack)
    assert "ename" in outcome.text, f"no error: {outcome.text}"
    assert (outcome.points, outcome.others) == (0, 3)


def test_files_in_a_submission_run_by_themselves_nowhere(arena: Arena) -> None:
    outcome = arena.play("import os\nprint(os.path.exists('/tmp/ran-litter'))\nimport torch, labkit.checks")
    assert "False" in outcome.outputs[0].text
    assert not Path("/tmp/ran-litter").exists()
    assert outcome.others == 3


def test_no_judge_no_solution_no_hidden_test_is_inside(arena: Arena) -> None:
    outcome = arena.play("""
import glob, os, subprocess, sys, labkit
inside = [os.path.join(f, n) for f, _, names in os.walk(os.path.dirname(labkit.__file__)) for n in names]
print("FILES", len(inside))
print([path for path in inside if "judges" in path or "grading" in path or path.endswith("demo.py")])
sites = [path for path in sys.path if path.endswith("-packages")]
print([path for site in sites for path in glob.glob(site + "/labkit/*")])
libraries = "-path /proc -prune -o -path '*-packages' -prune -o"  # they bring notebooks of their own
find = f"find / {libraries} -name 'judge*' -print -o -name '*.ipynb' -print 2>/dev/null"
print(subprocess.run(find, shell=True, capture_output=True, text=True).stdout, "END")
""")
    counted, judges, installed, *found, end = outcome.outputs[0].text.strip().split("\n")
    assert int(counted.split()[1]) > 50 and judges == installed == "[]" and end.strip() == "END"
    assert found and all(path.startswith("/sandbox/") for path in found), found


@pytest.mark.parametrize("place", ["sys.prefix", "/usr/local"])
def test_a_course_among_what_a_sandbox_sees_is_hidden(place: str) -> None:
    """As one in a virtual environment that somebody has made around it."""
    try:
        course = Path(tempfile.mkdtemp(prefix="course-", dir=sys.prefix if place == "sys.prefix" else place))
    except OSError:
        pytest.skip(f"nothing can be written into {place}")
    course.chmod(0o755)
    try:
        submission = course / "autograded" / "mallory" / "task1_swiss_roll"
        for path in (submission / "mine.txt", course / "gradebook.db", course / "solutions" / "answers.py"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SECRET if path.name != "mine.txt" else "mine")
        sandbox = Sandbox(submission)
        try:
            outcome = Arena(sandbox, course).play(f"""
import os
for folder, _, names in os.walk({str(course)!r}):
    print([open(os.path.join(folder, name)).read() for name in names])
print(open("/sandbox/submission/mine.txt").read())
""")
        finally:
            sandbox.close()
    finally:
        shutil.rmtree(course)
    assert SECRET not in outcome.text and "mine" in outcome.text and outcome.others == 3


@pytest.mark.skipif(not Path("/proc/keys").exists(), reason="this kernel has no keyrings")
def test_a_sandbox_begins_with_a_keyring_of_its_own() -> None:
    """The filter keeps it from all of them; where there is none, this one holds nothing."""
    number = {"x86_64": 250, "aarch64": 219}[platform.machine()]
    ask = f"import ctypes; print(ctypes.CDLL(None).syscall({number}, 0, -3, 0))"

    def session_keyring(**more: object) -> bytes:
        return subprocess.run([sys.executable, "-c", ask], stdout=subprocess.PIPE, check=True, **more).stdout

    ours = session_keyring()
    fresh = session_keyring(preexec_fn=join_fresh_keyring)
    assert ours == b"-1\n" or ours != fresh


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
