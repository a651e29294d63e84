"""What Windows, its API sets and its C++ runtime provide.

The tables have names of DLLs in lower case and without `.dll`.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple

__all__ = [
    "LACKING",
    "MEDIA_FEATURES",
    "RUNTIMES",
    "Interpreter",
    "dll_stem",
    "from_redistributable",
    "from_windows",
    "is_compiler_runtime",
    "is_known_dll",
    "is_media_feature",
    "lacking_releases",
    "python_brings",
]

_WINDOWS_NAMES = """
    aclui activeds adsldpc advapi32 advpack apphelp asycfilt atl audioses authz avicap32 avifil32 avrt bcrypt
    bcryptprimitives bluetoothapis bthprops.cpl cabinet certcli cfgmgr32 chakra clfsw32 clusapi combase comctl32
    comdlg32 coml2 comsvcs coremessaging credui crypt32 cryptbase cryptdll cryptnet cryptsp cryptui cryptxml cscapi
    d2d1 d3d10 d3d10_1 d3d10core d3d11 d3d11on12 d3d12 d3d12core d3d8 d3d9 d3d9on12 d3dcompiler_47 davclnt dbgcore
    dbgeng dbghelp dbgmodel dciman32 dcomp ddraw devobj devrtl dfscli dhcpcsvc dhcpcsvc6 dinput dinput8 directml
    dismapi dmoleaututils dmutil dnsapi dpapi dsound dsparse dsprop dsrole dsuiext dui70 duser dwmapi dwrite dxcore
    dxgi dxva2 eappcfg eappprxy efsutil elscore es esent evr faultrep fltlib fmifs fontsub framedyn framedynos
    fveapi fwpuclnt fxsapi gamemode gameinput gdi32 gdi32full gdiplus glmf32 glu32 gpapi gpedit hal hbaapi hid hlink
    hnetcfg httpapi icm32 icmp icu icuin icuuc ieframe iertutil imagehlp imgutil imm32 inetcomm inetmib1 inkobjcore
    input inseng iphlpapi irprops.cpl iscsidsc jscript kerberos kernel32 kernelbase ksuser ktmw32 linkinfo loadperf
    logoncli lsasrv lz32 magnification mapi32 mf mf3216 mfc42 mfc42u mfcore mfplat mfplay mfreadwrite mfsensorgroup
    mgmtapi mlang mmdevapi mpr mprapi mprmsg msacm32 msafd msasn1 mscms mscoree msctf msdelta msdmo msdrm msdtcprx
    msftedit mshtml msi msimg32 mspatcha mspatchc msrating mssign32 mstask msvbvm60 msvcirt msvcp60 msvcp_win msvcrt
    msvcrt40 msvfw32 msvidc32 mswsock mtxdm mtxoci ncobjapi ncrypt ncryptsslp ndfapi netapi32 netio.sys netlogon
    netutils newdev ninput normaliz npmproxy ntdll ntdsapi ntlanman ntmarta ntoskrnl.exe ntshrui odbc32 odbccp32
    ole32 oleacc oleaut32 oledlg olepro32 opengl32 p2p p2pgraph pcwum pdh pla powrprof prntvpt profapi propsys psapi
    pstorec quartz query qwave rasapi32 rasdlg rasman regapi resutils riched20 rpcns4 rpcrt4 rsaenh rstrtmgr rtm
    rtutils rtworkq samcli samlib sas scarddlg scecli schannel schedcli sechost secur32 security sensapi sensorsapi
    setupapi sfc sfc_os shcore shdocvw shell32 shfolder shimeng shlwapi slc slcext slwga snmpapi softpub sppc
    spoolss sqlsrv32 srclient srpapi srvcli sspicli sti sxs t2embed tapi32 taskschd tbs tdh thumbcache traffic
    twinapi twinapi.appcore txfw32 ucrtbase ucrtbase_enclave uiautomationcore untfs upnp url urlmon user32 userenv
    usp10 utildll uxtheme vaultcli vbscript vdmdbg version vfwwdm32 virtdisk vsstrace vssapi w32topl wcmapi wdi
    webauthn webio websocket webservices wecapi wer wevtapi wiaservc wimgapi win32u winbio winbrand
    windows.ai.machinelearning windows.data.pdf windows.media windows.networking windows.storage windows.ui
    windowscodecs windowscodecsext winhttp winhvemulation winhvplatform wininet winmm winmmbase winnsi winscard
    winspool.drv winsta winsqlite3 wintrust wintypes winusb wkscli wlanapi wlanui wlanutil wldap32 wldp wmi wmiclnt
    wmvcore wofutil wow32 wpc wpprecorderum wsclient ws2_32 ws2help wscapi wsdapi wshbth wslapi wsmsvc wsnmp32
    wsock32 wtsapi32 wuapi xaudio2_8 xaudio2_9 xinput1_4 xinput9_1_0 xmllite xolehlp xpsprint
    """


_WINDOWS = frozenset(_WINDOWS_NAMES.split())
"""Libraries of Windows 10 and 11 that programs link against.

Source: the import libraries of mingw-w64 (lib-common and lib32, `*.def`), except those that only old versions of
Windows had; Microsoft's documentation for the rest. Compared on 2026-11-30 with delvewheel 15c2556, dll_lists: each is
on a disc image of Windows 10 or 11, except four that are not .dll or .drv files and so not in these lists.
"""


LACKING = (
    ("arm64", "10", "avicap32 avifil32 dciman32 glmf32 glu32 msvfw32 msvidc32 opengl32 vfwwdm32 wmvcore"),
    ("arm64", "10 11", "iscsidsc mscoree fxsapi winhvemulation winhvplatform ucrtbase_enclave"),
    ("arm64 x86_64", "10 11", "d3d8 msvbvm60 msvcrt40 olepro32 vdmdbg wow32"),
    ("arm64 x86_64 x86", "10", "d3d12core dxcore gameinput icu"),
    (
        "x86",
        "10 11",
        "hal lsasrv spoolss wiaservc wpprecorderum wslapi ucrtbase_enclave winhvemulation winhvplatform",
    ),
)
"""What disc images of Windows lack: architectures, releases, names from `_WINDOWS`.

x86 is the SysWOW64 folder of an x64 Windows. The image of Windows 10 is an early one: updates have brought d3d12core,
dxcore, gameinput and icu to most computers.

Source: delvewheel 15c2556, dll_lists, read on 2026-11-30.
"""


MEDIA_FEATURES = frozenset({"mf", "mfplat", "mfreadwrite"})
"""What N editions and servers lack until the Media Feature Pack or Media Foundation is installed.

Source: opencv-python issues 185, 261 and 771, read on 2026-11-30.
"""


RUNTIMES = (
    ("cpython", (2, 6), (3, 2), "release", "msvcr90"),
    ("cpython", (3, 3), (3, 4), "release", "msvcr100"),
    ("cpython", (3, 5), (99, 0), "release", "vcruntime140"),
    ("cpython", (3, 9), (99, 0), "release", "vcruntime140_1"),
    ("cpython", (3, 5), (99, 0), "debug", "vcruntime140d"),
    ("cpython", (3, 5), (99, 0), "debug", "ucrtbased"),
    ("pypy", (2, 7), (99, 0), "release", "vcruntime140"),
    ("graalpy", (3, 10), (99, 0), "release", "vcruntime140"),
    ("graalpy", (3, 10), (99, 0), "release", "vcruntime140_1"),
)
"""The C runtime beside python.exe: implementation, its first and last version of Python, build, DLL.

`_1` does not exist for x86, where compilers do not need it. No Python brings any msvcp, concrt, vcomp or vccorlib, nor
vcruntime140_threads.

Source: delvewheel 15c2556, _dll_list.py, `ignore_by_abi_platform`; CPython PC/layout/main.py and
Lib/distutils/cygwinccompiler.py, get_msvcr. Read on 2026-11-30.
"""


class Interpreter(NamedTuple):
    """What decides which C runtime is beside python.exe."""

    implementation: str = "cpython"
    """`Target.implementation`."""
    version: tuple[int, int] | None = None
    """The version of Python. None: the newest."""
    debug: bool = False


_NEWEST = Interpreter()


_REDISTRIBUTABLE = (
    "msvcp", "msvcr", "vcruntime140", "concrt140", "vccorlib", "vcomp", "vcamp", "mfc", "atl1",
)  # fmt: skip
"""How the file names of the Visual C++ Redistributable start (Microsoft, Determining Which DLLs to Redistribute)."""


_API_SETS = ("api-ms-win-", "ext-ms-")
"""How the names of API sets start; the loader knows the library of each (Microsoft, Windows API sets)."""


def dll_stem(name: str) -> str:
    """Return the name of a DLL in lower case, without `.dll`."""
    return name.lower().removesuffix(".dll")


def python_brings(
    name: str, implementation: str, version: tuple[int, int] | None, arch: str, debug: bool = False
) -> bool:
    """Whether a Python for Windows has the DLL beside python.exe, for modules. Programs do not look there.

    Args:
        name: A DLL name.
        implementation: `cpython`, `pypy` or `graalpy`; all others are taken for CPython.
        version: The version of Python. None: the newest. A module for the stable ABI needs the DLL in all its versions.
        arch: `x86`, `x86_64` or `arm64`; empty if it is not known.
        debug: The interpreter is a debug build.
    """
    stem = dll_stem(name)
    if implementation not in ("pypy", "graalpy"):
        implementation = "cpython"
    build = "debug" if debug else "release"
    newest = version or (99, 0)
    return not (arch == "x86" and stem == "vcruntime140_1") and any(
        stem == dll and kind == implementation and needed == build and first <= newest <= last
        for kind, first, last, needed, dll in RUNTIMES
    )


def from_windows(name: str, arch: str = "", python: Interpreter | None = None) -> bool:
    """Whether Windows 10 or 11 or Python's folder has the DLL: API sets, system DLLs, the UCRT, the C runtime.

    Args:
        name: A DLL name.
        arch: `x86`, `x86_64` or `arm64`. Empty: it is enough that Windows has the DLL for one of them.
        python: The Python that loads it. None: the newest CPython.
    """
    stem = dll_stem(name)
    if stem in _WINDOWS:
        return not arch or len(lacking_releases(stem, arch)) < len(_RELEASES)
    implementation, version, debug = python or _NEWEST
    return stem.startswith(_API_SETS) or python_brings(stem, implementation, version, arch, debug)


_RELEASES = ("10", "11")


def lacking_releases(name: str, arch: str) -> tuple[str, ...]:
    """Return the releases of Windows whose disc images lack the DLL: some of `10`, `11`.

    Args:
        name: A DLL name.
        arch: `x86`, `x86_64` or `arm64`.
    """
    stem = dll_stem(name)
    if stem.startswith(_API_SETS):
        return ()
    if stem not in _WINDOWS:
        return _RELEASES
    lacking = {
        release
        for arches, releases, names in LACKING
        if arch in arches.split() and stem in names.split()
        for release in releases.split()
    }
    return tuple(release for release in _RELEASES if release in lacking)


def is_media_feature(name: str) -> bool:
    """Whether N editions and servers lack the DLL until somebody installs their media features."""
    return dll_stem(name) in MEDIA_FEATURES


_KNOWN_NAMES = """
    advapi32 bcryptprimitives clbcatq combase comdlg32 coml2 difxapi gdi32 gdiplus imagehlp imm32 kernel32 kernelbase
    msctf msvcrt normaliz nsi ntdll ole32 oleaut32 psapi rpcrt4 sechost setupapi shcore shell32 shlwapi user32
    wldap32 ws2_32
    """


_KNOWN_DLLS = frozenset(_KNOWN_NAMES.split())
"""Libraries that Windows maps when it starts. A process never takes them from another place.

Source: Microsoft, Dynamic-link library search order; the registry's Session Manager key, KnownDLLs, of Windows 10.
"""


def is_known_dll(name: str) -> bool:
    """Whether Windows takes the DLL from System32 even if there is another beside the file: KnownDLLs and API sets."""
    stem = dll_stem(name)
    return stem in _KNOWN_DLLS or stem.startswith(_API_SETS)


_MINGW_RUNTIME = (
    "libgcc_s_",
    "libstdc++-",
    "libwinpthread-",
    "libgomp-",
    "libquadmath-",
    "libgfortran-",
    "libssp-",
)
"""How the names of the runtimes of GCC for Windows start (MinGW-w64)."""


def is_compiler_runtime(name: str) -> bool:
    """Whether a DLL is a runtime that a compiler's programs need: Visual C++'s, or that of GCC for Windows."""
    return from_redistributable(name) or name.lower().startswith(_MINGW_RUNTIME)


def from_redistributable(name: str) -> bool:
    """Whether the DLL comes with the Visual C++ Redistributable, which not all users have. Debug builds do not."""
    stem = dll_stem(name)
    return stem.startswith(_REDISTRIBUTABLE) and not stem.endswith("d") and stem not in _WINDOWS
