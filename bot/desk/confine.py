"""A process gives up what it does not need, for good: memory beyond a bound, files, the network, other processes.

For a decoder that reads what strangers send: whoever breaks into it finds nothing, and can only talk into its pipe.
"""

import ctypes
import platform
import resource
import struct
import sys

NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # prctl's, from <linux/prctl.h> and <linux/seccomp.h>
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # go on; EPERM; ENOSYS, as an older kernel says
LOAD, JUMP_IF_EQUAL, JUMP_IF_GREATER, RETURN = 0x20, 0x15, 0x25, 0x06  # instructions of the kernel's filter
# The list below was made of the calls up to these numbers, all of Linux 6.7. What came later is not known, and refused;
# so are x86-64's calls by another name, from 2^30 on. From NEWER on all machines number alike; between an older table's
# last call and NEWER later kernels put what is one machine's own.
LAST_OLD = {"x86_64": 334, "aarch64": 294}
NEWER, LAST = 424, 456  # pidfd_send_signal, futex_requeue

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # as the kernel's audit numbers them
# Opening, making, changing and removing files, sockets, other programs; children and threads; signals to others, their
# insides and their pace; memory that is not counted as ours or stays when we end. Numbers as in the order of
# ARCHITECTURES, None where there is no such call.
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
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "ioctl": (16, 29),  # a socket's owner can be set by it, who gets its signals
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),  # threads too: reading starts none
    "clone3": (435, 435),
    "unshare": (272, 97),
    "setns": (308, 268),
    "setpgid": (109, 154),  # whoever started us ends our whole group
    "setsid": (112, 157),
    "setrlimit": (160, 164),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "process_madvise": (440, 440),
    "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
    "process_mrelease": (448, 448),
    "move_mount": (429, 429),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "kcmp": (312, 272),
    "perf_event_open": (298, 241),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "memfd_create": (319, 279),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182),
    "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184),
    "mq_getsetattr": (245, 185),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semctl": (66, 191),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgctl": (71, 187),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "prlimit64": (302, 261),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
}
FCNTL = {"x86_64": 72, "aarch64": 25}  # allowed, but for what makes a descriptor of ours signal another process:
REFUSED_FCNTL = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
NUMBER, ARCHITECTURE, SECOND = 0, 4, 24  # bytes into what the filter sees: call, way of calling, second argument

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
    """The kernel's filter: whatever is not this machine's own way of calling, or not known here, is refused too."""
    calls, ways = numbers(machine), len(REFUSED_FCNTL)
    own = ARCHITECTURES[machine]
    program = [(LOAD, 0, 0, ARCHITECTURE), (JUMP_IF_EQUAL, 1, 0, own), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, NUMBER)]
    to_refuse = len(calls) + ways + 3
    program += [
        (JUMP_IF_GREATER, to_refuse + 3, 0, LAST),
        (JUMP_IF_GREATER, 1, 0, NEWER - 1),
        (JUMP_IF_GREATER, to_refuse + 1, 0, LAST_OLD[machine]),
    ]
    program += [(JUMP_IF_EQUAL, to_refuse - 1 - place, 0, call) for place, call in enumerate(calls)]
    program += [(JUMP_IF_EQUAL, 0, ways + 1, FCNTL[machine]), (LOAD, 0, 0, SECOND)]
    program += [(JUMP_IF_EQUAL, ways - place, 0, way) for place, way in enumerate(REFUSED_FCNTL)]
    return [*program, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, UNKNOWN)]


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
