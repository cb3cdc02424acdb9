"""A process gives up what it does not need, for good: memory beyond a bound, files, the network, other programs.

For a decoder that reads what strangers send: whoever breaks into it finds nothing, and can only talk into its pipe.
"""

import ctypes
import platform
import resource
import struct
import sys

NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # prctl's, from <linux/prctl.h> and <linux/seccomp.h>
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1  # go on; EPERM
LOAD, JUMP_IF_EQUAL, JUMP_IF_GREATER, RETURN = 0x20, 0x15, 0x25, 0x06  # instructions of the kernel's filter
MOST_CALL = 0x3FFFFFFF  # beyond it are x86-64's calls by another name

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # as the kernel's audit numbers them
# Opening, making, changing and removing files, sockets, other programs, other processes' insides; numbers as in the
# order of ARCHITECTURES, None where there is no such call.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    "open": (2, None),
    "creat": (85, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "open_by_handle_at": (304, 265),
    "truncate": (76, 45),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "chmod": (90, None),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "mount": (165, 40),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "connect": (42, 203),
    "io_uring_setup": (425, 425),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "prlimit64": (302, 261),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
}

Step = tuple[int, int, int, int]  # of the filter: instruction, steps to skip when true and when false, operand


def confine(memory_bytes: int) -> bool:
    """Do so; everything that will be needed is imported and open already. True when the system calls are shut too.

    The address space is bounded everywhere, the system calls on Linux where the kernel lets us (x86-64, ARM64).
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))
    return sys.platform == "linux" and _shut(platform.machine())


def numbers(machine: str) -> list[int]:
    """The refused calls by the machine's own numbers."""
    place = list(ARCHITECTURES).index(machine)
    return [number for each in REFUSED.values() if (number := each[place]) is not None]


def program_for(machine: str) -> list[Step]:
    """The kernel's filter: whatever is not this machine's own way of calling is refused too."""
    calls = numbers(machine)
    own = ARCHITECTURES[machine]
    program = [(LOAD, 0, 0, 4), (JUMP_IF_EQUAL, 1, 0, own), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, 0)]
    program.append((JUMP_IF_GREATER, len(calls) + 1, 0, MOST_CALL))
    program += [(JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    return [*program, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]


def _shut(machine: str) -> bool:
    if machine not in ARCHITECTURES:
        return False
    program = program_for(machine)
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    kept = ctypes.create_string_buffer(code, len(code))
    described = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(kept)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(SECCOMP, FILTER, ctypes.addressof(described), 0, 0) == 0)
