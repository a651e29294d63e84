"""Which libraries a system brings along, so that a wheel need not.

The tables are lenient: a name that is listed is never complained of, so a library that only some editions of a
system have is listed too.
"""

from __future__ import annotations

from functools import lru_cache

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ANDROID",
    "MANYLINUX",
    "OTHER_PYTHON_DLLS",
    "CPythonLibrary",
    "cpython_library",
    "from_apple",
    "from_driver",
    "from_glibc_system",
    "from_musl_system",
    "from_other_wheel",
    "from_redistributable",
    "from_system",
    "from_windows",
    "is_known_dll",
    "pypy_library",
    "python_library",
]

# -- Python ----------------------------------------------------------------------------------------------------


class CPythonLibrary(NamedTuple):
    """The file name of CPython's library, taken apart: `libpython3.13td.so.1.0`."""

    prefix: str
    """`lib`, `msys-`, `cyg`, or empty."""
    major: str
    """`2` or `3`."""
    dot: str
    """What stands before the minor version: a dot (POSIX, MinGW) or nothing (`python313.dll`)."""
    minor: str
    """Digits; empty for the stable ABI's library."""
    flags: str
    """ABI flags: letters of `tdmu` and underscores, in the order in which they stand there."""
    ending: str
    """`.dll`, `.dylib`, or `.so` with digits and dots behind it."""


_PREFIXES = ("", "lib", "msys-", "cyg")
_ENDINGS = (".dll", ".dylib", ".so")
_DIGITS = "0123456789"


@lru_cache(maxsize=1 << 12)
def cpython_library(name: str) -> CPythonLibrary | None:
    """Take the file name of CPython's library apart, or return None for another.

    Args:
        name: The last component of a path, lower-cased where case does not count.

    Source: CPython configure.ac and PC/pyconfig.h; PyO3's build configuration; delvewheel's list; PEP 803.
    """
    prefix, python, rest = name.partition("python")
    major, rest = rest[:1], rest[1:]
    if not python or prefix not in _PREFIXES or major not in ("2", "3"):
        return None
    for ending in _ENDINGS:
        stem, found, version = rest.partition(ending)
        if found:
            break
    dot = "." if stem.startswith(".") else ""
    flags = stem[len(dot) :].lstrip(_DIGITS)
    minor = stem[len(dot) : len(stem) - len(flags)]
    if not found or (dot and not minor) or flags.strip("tdmu_"):
        return None
    if version and (ending != ".so" or version.strip(_DIGITS + ".")):
        return None
    return CPythonLibrary(prefix, major, dot, minor, flags, ending + version)


def pypy_library(name: str) -> str | None:
    """Return the Python version in the file name of PyPy's library, `3.11`, `3` or empty; None for another name."""
    before, _, ending = name.partition("-c.")
    version = before.removeprefix("libpypy")
    if before == version or ending not in ("dll", "so", "dylib"):
        return None
    return version if version in ("", "3") or (version[:2] == "3." and version[2:].isdecimal()) else None


OTHER_PYTHON_DLLS: Mapping[str, str] = {"python-native.dll": "graalpy", "rustpython_capi.dll": "rustpython"}
"""The implementations of Python whose library has one name."""


@lru_cache(maxsize=1 << 12)
def python_library(name: str) -> str | None:
    """Return the lower-cased file name of a Python runtime library, or None for another (rules.md 2.5, 3.5, 4.2).

    Args:
        name: A DLL name, an install name or path, or a soname. A framework's Python is `python`.
    """
    last = name.rpartition("/")[2]
    lower = last.lower()
    if cpython := cpython_library(lower):
        flags = cpython.flags.removeprefix("t")
        return lower if flags == "_d" or (len(flags) <= 3 and not flags.strip("dmu")) else None
    if lower in OTHER_PYTHON_DLLS or pypy_library(lower) is not None:
        return lower
    if last in ("Python", "Python3", "PythonT") and (".framework/" in name or ".dylibs/" in name):
        return lower
    return None


# -- Windows ---------------------------------------------------------------------------------------------------

_WINDOWS_NAMES = """
    aclui activeds adsldpc advapi32 advpack apphelp asycfilt atl audioses authz avicap32 avifil32 avrt bcrypt
    bcryptprimitives bluetoothapis bthprops.cpl cabinet certcli cfgmgr32 chakra clfsw32 clusapi combase comctl32
    comdlg32 coml2 comsvcs coremessaging credui crypt32 cryptbase cryptdll cryptnet cryptsp cryptui cryptxml
    cscapi d2d1 d3d10 d3d10_1 d3d10core d3d11 d3d11on12 d3d12 d3d12core d3d8 d3d9 d3d9on12 d3dcompiler_47 d3dcsx_47
    davclnt dbgcore dbgeng dbghelp dbgmodel dciman32 dcomp ddraw devobj devrtl dfscli dhcpcsvc dhcpcsvc6 dinput
    dinput8 directml dismapi dmoleaututils dmutil dnsapi dpapi dsound dsparse dsprop dsrole dsuiext dui70 duser
    dwmapi dwrite dxcore dxgi dxva2 eappcfg eappprxy efsutil elscore es esent evr faultrep fltlib fmifs fontsub
    framedyn framedynos fveapi fwpuclnt fxsapi gamemode gameinput gdi32 gdi32full gdiplus glmf32 glu32 gpapi gpedit
    hal hbaapi hid hlink hnetcfg httpapi icm32 icmp icu icuin icuuc ieframe iertutil imagehlp imgutil imm32 inetcomm
    inetmib1 inkobjcore input inseng iphlpapi irprops.cpl iscsidsc jscript kerberos kernel32 kernelbase ksuser ktmw32
    linkinfo loadperf logoncli lsasrv lz32 magnification mapi32 mf mf3216 mfc42 mfc42u mfcore mfplat mfplay
    mfreadwrite mfsensorgroup mgmtapi mlang mmdevapi mpr mprapi mprmsg msacm32 msafd msasn1 mscms mscoree msctf
    msdelta msdmo msdrm msdtcprx msftedit mshtml msi msimg32 mspatcha mspatchc msrating mssign32 mstask
    msvbvm60 msvcirt msvcp60 msvcp_win msvcrt msvcrt40 msvfw32 msvidc32 mswsock mtxdm mtxoci ncobjapi ncrypt
    ncryptsslp ndfapi netapi32 netio.sys netlogon netsh netutils newdev ninput normaliz npmproxy ntdll ntdsapi
    ntlanman ntmarta ntoskrnl.exe ntshrui odbc32 odbccp32 ole32 oleacc oleaut32 oledb32 oledlg olepro32
    opengl32 p2p p2pgraph pcwum pdh pla powrprof prntvpt profapi propsys psapi
    pstorec qosname quartz query qwave rasapi32 rasdlg rasman regapi resutils riched20 riched32 rpcns4
    rpcrt4 rsaenh rstrtmgr rtm rtutils rtworkq samcli samlib sas scarddlg scecli schannel schedcli sechost secur32
    security sensapi sensorsapi setupapi sfc sfc_os shcore shdocvw shell32 shfolder shimeng shlwapi slc slcext slwga
    snmpapi softpub sppc spoolss sqlsrv32 srclient srpapi srvcli sspicli sti sxs synceng t2embed tapi32 taskschd tbs
    tdh thumbcache traffic twinapi twinapi.appcore txfw32 ucrtbase ucrtbase_enclave uiautomationcore
    untfs upnp url urlmon user32 userenv usp10 utildll uxtheme vaultcli vbscript
    vdmdbg version vfwwdm32 virtdisk vsstrace vssapi w32topl wcmapi wdi wdsclientapi webauthn webio websocket
    webservices wecapi wer wevtapi wiaservc wimgapi win32u winbio winbrand windows.ai.machinelearning
    windows.data.pdf windows.media windows.networking windows.storage windows.ui windowscodecs windowscodecsext
    winhttp winhvemulation winhvplatform wininet winmm winmmbase winnsi winscard winspool.drv winsta
    winsqlite3 wintrust wintypes winusb wkscli wlanapi wlanui wlanutil wldap32 wldp wmi wmiclnt wmvcore wofutil
    wow32 wpc wpprecorderum wsclient ws2_32 ws2help wscapi wsdapi wshbth wslapi wsmsvc wsnmp32 wsock32 wtsapi32
    wuapi x3daudio1_7 xapofx1_5 xaudio2_8 xaudio2_9 xinput1_3 xinput1_4 xinput9_1_0 xmllite xolehlp xpsprint
    """
_WINDOWS = frozenset(_WINDOWS_NAMES.split())
"""Libraries of Windows 10 and 11 that programs link against, lower-cased, `.dll` left out.

Source: the import libraries of mingw-w64 (lib-common and lib32, `*.def`), those of Windows' past that are gone
left out; Microsoft's documentation of the rest.
"""

_PYTHON_BRINGS = frozenset({"vcruntime140", "vcruntime140_1"})
"""Parts of the Visual C++ runtime that stand beside python.exe (CPython PCbuild/python.vcxproj).

`_1` came with 3.8 and is not there for x86, whose compiler never asks for it.
"""

_REDISTRIBUTABLE = (
    "msvcp", "msvcr", "vcruntime140", "concrt140", "vccorlib", "vcomp", "vcamp", "mfc", "atl1",
)  # fmt: skip
"""How the files of Microsoft's Visual C++ Redistributable begin (Microsoft: Determining Which DLLs to Redistribute)."""

_API_SETS = ("api-ms-win-", "ext-ms-")
"""Names of API sets: the loader knows which library stands for each (Microsoft: Windows API sets)."""


def _stem(name: str) -> str:
    return name.lower().removesuffix(".dll")


def from_windows(name: str) -> bool:
    """Whether Windows or CPython's own folder has the DLL: API sets, system DLLs, UCRT, vcruntime140."""
    stem = _stem(name)
    return stem in _WINDOWS or stem in _PYTHON_BRINGS or stem.startswith(_API_SETS)


_KNOWN_NAMES = """
    advapi32 bcryptprimitives clbcatq combase comdlg32 coml2 difxapi gdi32 gdiplus imagehlp imm32 kernel32 kernelbase
    msctf msvcrt normaliz nsi ntdll ole32 oleaut32 psapi rpcrt4 sechost setupapi shcore shell32 shlwapi user32
    wldap32 ws2_32
    """
_KNOWN_DLLS = frozenset(_KNOWN_NAMES.split())
"""Libraries that Windows maps at its start; a process never takes them from anywhere else.

Source: Microsoft, Dynamic-link library search order; the registry's Session Manager key, KnownDLLs, of Windows 10.
"""


def is_known_dll(name: str) -> bool:
    """Whether Windows takes the DLL from System32 though its user has one beside it: KnownDLLs and API sets."""
    stem = _stem(name)
    return stem in _KNOWN_DLLS or stem.startswith(_API_SETS)


def from_redistributable(name: str) -> bool:
    """Whether the DLL comes with the Visual C++ Redistributable, which users may have or not."""
    return _stem(name).startswith(_REDISTRIBUTABLE)


# -- macOS and iOS ---------------------------------------------------------------------------------------------


def from_apple(name: str) -> bool:
    """Whether an install name lies where only the system's libraries do. Most are in dyld's shared cache alone."""
    return name.startswith(("/usr/lib/", "/System/"))


# -- Linux and Android -----------------------------------------------------------------------------------------

MANYLINUX: Mapping[str, tuple[int, int]] = {
    "libgcc_s.so.1": (2, 5),
    "libstdc++.so.6": (2, 5),
    "libm.so.6": (2, 5),
    "libmvec.so.1": (2, 24),
    "libanl.so.1": (2, 5),
    "libdl.so.2": (2, 5),
    "librt.so.1": (2, 5),
    "libc.so.6": (2, 5),
    "libnsl.so.1": (2, 5),
    "libutil.so.1": (2, 5),
    "libpthread.so.0": (2, 5),
    "libX11.so.6": (2, 5),
    "libXext.so.6": (2, 5),
    "libXrender.so.1": (2, 5),
    "libICE.so.6": (2, 5),
    "libSM.so.6": (2, 5),
    "libGL.so.1": (2, 5),
    "libgobject-2.0.so.0": (2, 5),
    "libgthread-2.0.so.0": (2, 5),
    "libglib-2.0.so.0": (2, 5),
    "libresolv.so.2": (2, 5),
    "libexpat.so.1": (2, 12),
    "libz.so.1": (2, 5),
    "libatomic.so.1": (2, 5),
}
"""Libraries that a manylinux wheel may expect, and the first policy that lists each.

Source: PEP 513, PEP 571, PEP 599, PEP 600; auditwheel's manylinux policies, which have grown since.
"""

_LOADERS = ("ld-linux", "ld64.so.", "ld.so.1", "ld-musl-")
"""How the program interpreters of glibc and musl are named."""

_MUSL_ITSELF = frozenset({"libc", "libpthread", "librt", "libm", "libdl", "libutil", "libxnet"})
"""Names that musl's loader takes for itself, whatever their version (musl ldso/dynlink.c, load_library)."""

ANDROID: Mapping[str, int] = {
    "libandroid.so": 9, "libc.so": 1, "libdl.so": 1, "libm.so": 1, "liblog.so": 1, "libz.so": 1, "libEGL.so": 9,
    "libGLESv1_CM.so": 4, "libGLESv2.so": 5, "libGLESv3.so": 18, "libjnigraphics.so": 8, "libmediandk.so": 21,
    "libOpenMAXAL.so": 14, "libOpenSLES.so": 9, "libcamera2ndk.so": 24, "libvulkan.so": 24, "libaaudio.so": 26,
    "libsync.so": 26, "libnativewindow.so": 26, "libneuralnetworks.so": 27, "libamidi.so": 29,
    "libbinder_ndk.so": 29, "libicu.so": 31, "libstdc++.so": 1,
    "libcrypto_python.so": 21, "libsqlite3_python.so": 21, "libssl_python.so": 21,
}  # fmt: skip
"""Libraries that an Android wheel may expect, and the API level from which on.

Source: Android NDK, Android NDK Native APIs; auditwheel's Android policies for what CPython brings along.
"""

_DRIVERS = (
    "libcuda.so", "libnvidia-", "libnvcuvid.so", "libnvoptix.so", "libOpenCL.so", "libvulkan.so", "libEGL.so",
    "libGLX.so", "libGLdispatch.so", "libOpenGL.so", "libGLU.so", "libGLES", "libdrm", "libva.so", "libva-drm.so",
    "libamdhip64.so", "libhsa-runtime64.so", "libze_loader.so", "libxpum",
)  # fmt: skip
_WINDOWS_DRIVERS = frozenset(
    {"nvcuda", "nvml", "nvcuvid", "nvapi64", "opencl", "vulkan-1", "ze_loader", "amdhip64"}
)


def from_driver(name: str) -> bool:
    """Whether the library comes with a device's driver: never with a wheel, and not on every host."""
    return name.startswith(_DRIVERS) or _stem(name) in _WINDOWS_DRIVERS


_OTHER_WHEELS = (
    # CUDA and ROCm toolkits (the nvidia-* and rocm-* distributions)
    "libcu", "libnv", "libnccl", "libroc", "libhip", "libmiopen", "librccl", "libroctx",
    "cuda", "cudart", "cublas", "cudnn", "cufft", "cupti", "curand", "cusolver", "cusparse", "nvrtc", "nvjitlink",
    "nvjpeg", "npp", "nvtoolsext", "amdhip", "hiprtc", "rocblas",
    # torch, TensorFlow, ONNX Runtime, pyarrow
    "libtorch", "libc10", "libshm.", "torch", "c10.", "c10_", "libtensorflow", "_pywrap_tensorflow",
    "libonnxruntime", "onnxruntime", "libarrow", "libparquet", "arrow.", "arrow_", "parquet.",
    # Intel's runtimes (the mkl, tbb, intel-openmp and dpcpp distributions)
    "libmkl_", "mkl_", "libtbb", "tbb", "libiomp5", "libsvml", "libirng", "libimf", "libintlc", "libsycl", "sycl",
    "libze_", "libccl",
    # the pywin32 distribution
    "pywintypes", "pythoncom",
    # Qt (the PyQt and PySide distributions)
    "libqt5", "libqt6", "qt5", "qt6", "libpyside", "libshiboken", "pyside", "shiboken",
)  # fmt: skip
"""How libraries begin, in lower case, that Python code loads from another distribution before it imports the module.

Source: the files of these distributions. A wheel leaves them out on purpose (auditwheel's `--exclude`).
"""


def from_other_wheel(name: str) -> bool:
    """Whether the library is one that wheels by custom take from another distribution.

    Args:
        name: A DLL name, an install name or a soname.
    """
    return name.rpartition("/")[2].lower().startswith(_OTHER_WHEELS)


def from_glibc_system(name: str, policy: tuple[int, int]) -> bool:
    """Whether a manylinux wheel of this policy may expect the soname.

    Args:
        name: As DT_NEEDED has it.
        policy: The glibc version of the tag.
    """
    return name.startswith(_LOADERS) or (name in MANYLINUX and MANYLINUX[name] <= policy)


def from_musl_system(name: str) -> bool:
    """Whether a musllinux wheel may expect the soname: musl itself, and zlib (auditwheel's musllinux policies)."""
    stem, dot, _ = name.partition(".")
    return name.startswith(_LOADERS) or (bool(dot) and stem in _MUSL_ITSELF) or name == "libz.so.1"


def from_system(name: str) -> bool:
    """Whether the library is one that some system brings along, whatever the tag: for display.

    Args:
        name: A DLL name, an install name or a soname.
    """
    return (
        from_apple(name)
        or (name.lower().endswith((".dll", ".drv", ".cpl")) and from_windows(name))
        or from_glibc_system(name, (99, 0))
        or from_musl_system(name)
        or name in ANDROID
    )
