"""What Windows, its API sets and its C++ runtime provide.

The tables have names of DLLs in lower case and without `.dll`.
"""

from __future__ import annotations

__all__ = ["dll_stem", "from_redistributable", "from_windows", "is_known_dll"]

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
"""Libraries of Windows 10 and 11 that programs link against.

Source: the import libraries of mingw-w64 (lib-common and lib32, `*.def`), except those that only old versions of
Windows had; Microsoft's documentation for the rest.
"""


_PYTHON_BRINGS = frozenset({"vcruntime140", "vcruntime140_1"})
"""Parts of the Visual C++ runtime that are beside python.exe (CPython PCbuild/python.vcxproj).

`_1` came with 3.8. It does not exist for x86, where compilers do not need it.
"""


_REDISTRIBUTABLE = (
    "msvcp", "msvcr", "vcruntime140", "concrt140", "vccorlib", "vcomp", "vcamp", "mfc", "atl1",
)  # fmt: skip
"""How the file names of the Visual C++ Redistributable start (Microsoft, Determining Which DLLs to Redistribute)."""


_API_SETS = ("api-ms-win-", "ext-ms-")
"""How the names of API sets start; the loader knows the library of each (Microsoft, Windows API sets)."""


def dll_stem(name: str) -> str:
    """Return the name of a DLL in lower case, without `.dll`."""
    return name.lower().removesuffix(".dll")


def from_windows(name: str) -> bool:
    """Whether Windows or CPython's folder has the DLL: API sets, system DLLs, the UCRT, vcruntime140."""
    stem = dll_stem(name)
    return stem in _WINDOWS or stem in _PYTHON_BRINGS or stem.startswith(_API_SETS)


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


def from_redistributable(name: str) -> bool:
    """Whether the DLL comes with the Visual C++ Redistributable, which not all users have."""
    return dll_stem(name).startswith(_REDISTRIBUTABLE)
