"""Software that users install themselves: device drivers, language runtimes and libraries that wheels leave out.

`TABLE` has a row per topic; `library_names` says how a row names libraries. On Linux a policy may list some of them
(libGL, libX11): what the system provides is asked first. The Visual C++ Redistributable is not in the table, because a
wheel can contain the runtime instead; `windows.from_redistributable` knows it.

Only findings need this module, so whoever imports it does so late.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple
from . import distributions
from .library_names import Index, spellings

__all__ = ["TABLE", "Software", "formula", "software", "to_install"]


class Software(NamedTuple):
    """A piece of software that users install."""

    topic: str
    """What a message calls it: `unixODBC`, `a Java virtual machine`."""
    libraries: str
    """Patterns of the names, with spaces between them: sonames, DLLs, install names without their folder."""
    source: str
    """A wheel that needs the library, a public issue, or documentation."""
    date: str
    """When the source was read."""
    is_driver: bool = False
    """It comes with a device driver, or finds one: no wheel has it, and not every computer."""
    formulas: str = ""
    """The formulas of Homebrew by which users of macOS install it, with spaces between them. Other formulas are missed
    by a wheel that was not repaired."""
    verified: bool = True
    """False: no source for some of the names was found. Such a row never makes a finding an error."""


TABLE = (
    # Devices
    Software(
        "the NVIDIA driver",
        "libcuda.so libnvidia-*.so libnvcuvid.so libnvoptix.so nvcuda.dll nvml.dll nvcuvid.dll nvapi64.dll "
        "nvEncodeAPI64.dll nvoptix.dll",
        "spdl_io-0.8.0-cp314-cp314-manylinux_2_27_x86_64.whl, -win_amd64.whl; "
        "pynvvideocodec-2.2.4-cp314-cp314-manylinux_2_28_x86_64.whl, -win_amd64.whl; NVML API Reference "
        "Guide, Overview",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "AMD's ROCm",
        "libamdhip64.so libhsa-runtime64.so libamd_smi.so librocm_smi64.so librocprofiler*.so libroctracer64.so "
        "libroctx64.so librocblas.so librocfft.so librocrand.so librocsolver.so librocsparse.so libhipblas.so "
        "libhipblaslt.so libhipfft.so libhiprand.so libhiprtc.so libhipsolver.so libhipsparse.so libMIOpen.so "
        "librccl.so amdhip64*.dll hiprtc*.dll rocblas.dll",
        "onnxruntime_rocm-1.22.2.post3-cp312-cp312-manylinux_2_34_x86_64.whl; ROCm documentation, ROCm "
        "libraries",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "a Level Zero driver",
        "libze_loader.so libze_intel_gpu.so libxpum.so ze_loader.dll",
        "oneAPI Level Zero, README, Level Zero loader",
        "2026-11-30",
        is_driver=True,
        verified=False,
    ),
    Software(
        "an OpenCL driver",
        "libOpenCL.so OpenCL.dll",
        "daal4py-2024.7.0-py312-none-manylinux1_x86_64.whl, daal4py-2024.7.0-py39-none-win_amd64.whl; "
        "onnxruntime_openvino-1.24.1-cp312-cp312-manylinux_2_28_x86_64.whl",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "a Vulkan driver",
        "libvulkan.so vulkan-1.dll libvulkan.dylib libMoltenVK.dylib",
        "Khronos, Vulkan-Loader, docs/LoaderInterfaceArchitecture",
        "2026-11-30",
        is_driver=True,
        formulas="vulkan-loader molten-vk",
        verified=False,
    ),
    Software(
        "OpenGL",
        "libGL.so libEGL.so libGLX.so libGLdispatch.so libOpenGL.so libGLU.so libGLES*.so libOSMesa.so "
        "libgbm.so libdrm.so libdrm_*.so",
        "opencv-python issues 203 and 370; skia_python-144.1-cp314-cp314t-manylinux_2_28_x86_64.whl; "
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "VA-API or VDPAU",
        "libva.so libva-*.so libvdpau.so",
        "pyqt6_qt6-6.11.2-py3-none-manylinux_2_34_x86_64.whl, which has stubs for them",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "udev",
        "libudev.so",
        "pyrealsense2-2.59.1.11053-cp312-cp312-manylinux1_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "a smart card service",
        "libpcsclite.so",
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "FUSE",
        "libfuse.so libfuse3.so winfsp-*.dll",
        "iowarp_core-2.3.2-cp312-cp312-manylinux_2_28_x86_64.whl, -cp313-cp313-win_amd64.whl",
        "2026-11-30",
    ),
    # Other languages
    Software(
        "a Java virtual machine",
        "libjvm.so libjava.so libjawt.so libjvm.dylib jvm.dll jawt.dll",
        "jpy-2.2.0-cp315-cp315t-manylinux_2_34_x86_64.whl, -cp313-cp313-win_amd64.whl; "
        "pyjnius-1.9.0-cp313-cp313-win_amd64.whl; jpy issues 79 and 80",
        "2026-11-30",
        formulas="openjdk",
    ),
    Software(
        "R",
        "libR.so libRblas.so libRlapack.so libR.dylib libRblas.dylib libRlapack.dylib R.dll Rblas.dll "
        "Rlapack.dll",
        "rpy2_rinterface-3.6.7-cp39-cp39-win_amd64.whl, -cp310-cp310-macosx_10_9_universal2.whl; rpy2 issue "
        "578",
        "2026-11-30",
        formulas="r",
    ),
    Software(
        "Julia",
        "libjulia*.so libjulia*.dylib libjulia*.dll",
        "Julia documentation, Embedding Julia",
        "2026-11-30",
        formulas="julia",
        verified=False,
    ),
    # Databases
    Software(
        "unixODBC",
        "libodbc.so libodbcinst.so libodbccr.so libodbc.dylib libodbcinst.dylib",
        "pyodbc-5.5.0-cp315-cp315t-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl, "
        "pyodbc-5.5.0-cp311-cp311-musllinux_1_2_x86_64.whl",
        "2026-11-30",
        formulas="unixodbc",
    ),
    Software(
        "iODBC",
        "libiodbc.so libiodbcinst.so libiodbc.dylib libiodbcinst.dylib",
        "pyside6_essentials-6.9.3-cp39-abi3-macosx_12_0_universal2.whl",
        "2026-11-30",
        formulas="libiodbc",
    ),
    Software(
        "Oracle's client",
        "libclntsh.so libclntsh.dylib oci.dll",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl; python-oracledb documentation, "
        "Initializing python-oracledb",
        "2026-11-30",
    ),
    Software(
        "a Firebird client",
        "libfbclient.so libfbclient.dylib fbclient.dll",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl; Qt documentation, SQL Database "
        "Drivers",
        "2026-11-30",
    ),
    Software(
        "a Mimer SQL client",
        "libmimerapi.so libmimerapi.dylib",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl, "
        "pyside6_essentials-6.9.3-cp39-abi3-macosx_12_0_universal2.whl",
        "2026-11-30",
    ),
    # Desktop and media
    Software(
        "X11 or Wayland",
        "libX11.so libX11-xcb.so libXau.so libXaw.so libXcomposite.so libXcursor.so libXdamage.so libXdmcp.so "
        "libXext.so libXfixes.so libXft.so libXi.so libXinerama.so libXmu.so libXpm.so libXrandr.so "
        "libXrender.so libXss.so libXt.so libXtst.so libXv.so libXxf86vm.so libxshmfence.so libICE.so "
        "libSM.so libxcb.so libxcb-*.so libxkbcommon.so libxkbcommon-*.so libxkbfile.so libwayland-*.so",
        "pyqt6-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl; "
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl; "
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "a desktop with GTK",
        "libgtk-*.so libgdk-*.so libgdk_pixbuf-2.0.so libpango-1.0.so libpango*-1.0.so",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "fontconfig",
        "libfontconfig.so",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "D-Bus",
        "libdbus-1.so",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "CUPS",
        "libcups.so",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "Kerberos",
        "libgssapi_krb5.so libkrb5.so",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "NSS",
        "libnss3.so libnssutil3.so libsmime3.so libssl3.so libnspr4.so libplc4.so libplds4.so",
        "pyside6_addons-6.9.3-cp39-abi3-manylinux_2_28_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "a speech service",
        "libspeechd.so",
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
    ),
    Software(
        "an audio system",
        "libasound.so libpulse.so libpulse-*.so libjack.so libportaudio.so libpipewire-0.3.so "
        "libportaudio.dylib libjack.dylib",
        "python_rtmidi-1.5.8-cp38-cp38-manylinux_2_28_x86_64.whl; "
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl; sounddevice documentation, Installation",
        "2026-11-30",
        formulas="portaudio jack",
    ),
    Software(
        "FFmpeg",
        "libavcodec.so libavformat.so libavutil.so libavfilter.so libavdevice.so libswscale.so "
        "libswresample.so libpostproc.so avcodec-*.dll avformat-*.dll avutil-*.dll avfilter-*.dll "
        "avdevice-*.dll swscale-*.dll swresample-*.dll postproc-*.dll libavcodec.dylib libavformat.dylib "
        "libavutil.dylib libavfilter.dylib libavdevice.dylib libswscale.dylib libswresample.dylib "
        "libpostproc.dylib",
        "torchcodec-0.17.0-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl, "
        "-cp313-cp313-win_amd64.whl, -cp313-cp313-macosx_14_0_arm64.whl and "
        "spdl_io-0.8.0-cp314-cp314-win_amd64.whl, which have a module per release of FFmpeg",
        "2026-11-30",
        formulas="ffmpeg",
    ),
    Software(
        "GStreamer",
        "libgstreamer-1.0.so libgst*-1.0.so gstreamer-1.0-0.dll gst*-1.0-0.dll libgstreamer-1.0.dylib "
        "libgst*-1.0.dylib",
        "Kivy-2.3.1.dev0-cp39-cp39-win_amd64.whl; GStreamer documentation, Installing GStreamer",
        "2026-11-30",
    ),
    # Computing
    Software(
        "OpenMP",
        "libgomp.so libomp.so libomp.dylib",
        "xgboost-3.4.1-py3-none-macosx_12_0_arm64.whl, lightgbm-4.7.0-py3-none-macosx_12_0_arm64.whl, "
        "lightgbm-4.7.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl; xgboost issues 5586 and "
        "10440; LightGBM issue 6262",
        "2026-11-30",
        formulas="libomp",
    ),
    Software(
        "an MPI",
        "libmpi.so libmpi_*.so libpmpi.so libmpi.dylib libmpi_*.dylib libpmpi.dylib msmpi.dll impi.dll",
        "mpi4py-4.1.2-cp310-abi3-manylinux1_x86_64.manylinux_2_5_x86_64.whl, -win_amd64.whl, "
        "mpi4py-4.1.2-cp38-cp38-macosx_11_0_arm64.whl; mpi4py, _mpiabi.py",
        "2026-11-30",
        formulas="open-mpi mpich",
    ),
    Software(
        "the CUDA toolkit",
        " ".join(row.libraries for row in distributions.TABLE if "cuda-toolkit" in row.through.split()),
        "torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl, which requires cuda-toolkit with an extra per library; "
        "CuPy, cupy/_environment.py",
        "2026-11-30",
    ),
)  # fmt: skip


_INDEX = Index(row.libraries for row in TABLE)
_FORMULAS = {name: number for number, row in enumerate(TABLE) for name in row.formulas.split()}


def software(name: str) -> Software | None:
    """Return the software with which a library comes, or None if the table does not have it.

    Args:
        name: A DLL name, an install name or a soname. If it leads to a formula of Homebrew, that decides.
    """
    brewed = formula(name).partition("@")[0]
    if brewed:
        return TABLE[_FORMULAS[brewed]] if brewed in _FORMULAS else None
    found = _INDEX.rows(spellings(name))
    return TABLE[found[0]] if found else None


_KEGS = (
    "/opt/homebrew/opt/",
    "/opt/homebrew/Cellar/",
    "/usr/local/opt/",
    "/usr/local/Cellar/",
)
"""Where Homebrew has a folder per formula (Homebrew documentation, FAQ)."""


def formula(name: str) -> str:
    """Return the formula of Homebrew to whose folder an install name leads, or an empty text.

    Args:
        name: `/opt/homebrew/opt/libomp/lib/libomp.dylib` gives `libomp`.
    """
    for keg in _KEGS:
        if name.startswith(keg):
            return name[len(keg) :].partition("/")[0]
    return ""


def to_install(name: str, row: Software) -> str:
    """Return what a message says that a file needs: `unixODBC to be installed (libodbc.so.2)`.

    Args:
        name: The need, as the file spells it.
        row: What `software` returned for it.
    """
    return f"{row.topic} to be installed ({name.rpartition('/')[2]})"
