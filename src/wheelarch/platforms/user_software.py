"""Software that users install themselves: device drivers, language runtimes and libraries that wheels leave out.

`TABLE` has a row per topic. Names of libraries are patterns as in `distributions`: the last component, with at most one
`*`, without the version unless the pattern has one. On Linux a policy may list some of the libraries (libGL, libX11):
what the system provides is asked first.

Only findings need this module, so whoever imports it does so late.
"""

from __future__ import annotations

from .._lib.typed import NamedTuple
from .distributions import fits, spellings

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
    """The formulas of Homebrew that bring it, with spaces between them."""
    verified: bool = True
    """False: no source for some of the names was found. Such a row never makes a finding an error."""


TABLE = (
    # Devices
    Software(
        "the NVIDIA driver",
        "libcuda.so libnvidia-*.so libnvcuvid.so libnvoptix.so nvcuda.dll nvml.dll nvcuvid.dll nvapi64.dll "
        "nvEncodeAPI64.dll nvoptix.dll",
        "CUDA Toolkit, Release Notes, CUDA Driver; NVML API Reference; NVDEC Video Decoder API Programming Guide",
        "2026-11-30",
        is_driver=True,
        verified=False,
    ),
    Software(
        "AMD's ROCm",
        "libamdhip64.so libhsa-runtime64.so libamd_smi.so librocm_smi64.so librocblas.so librocsolver.so "
        "librocsparse.so librocfft.so librocrand.so librocprofiler*.so libroctx64.so libroctracer64.so libhipblas*.so "
        "libhipsparse*.so libhipfft.so libhiprand.so libhipsolver.so libhiprtc.so librccl.so libMIOpen.so "
        "amdhip64*.dll hiprtc*.dll rocblas.dll",
        "ROCm documentation, ROCm libraries",
        "2026-11-30",
        is_driver=True,
        verified=False,
    ),
    Software(
        "Level Zero",
        "libze_loader.so libze_intel_gpu.so ze_loader.dll libxpum.so",
        "oneAPI Level Zero, Level Zero loader README",
        "2026-11-30",
        is_driver=True,
        verified=False,
    ),
    Software(
        "an OpenCL loader",
        "libOpenCL.so OpenCL.dll",
        "Khronos, OpenCL ICD Loader; delvewheel 15c2556, dll_lists: no x64 Windows 10 image has it",
        "2026-11-30",
        is_driver=True,
    ),
    Software(
        "the Vulkan loader",
        "libvulkan.so vulkan-1.dll libvulkan.dylib libMoltenVK.dylib",
        "Khronos, Vulkan-Loader, LoaderInterfaceArchitecture; delvewheel 15c2556, dll_lists: no Windows image has it",
        "2026-11-30",
        is_driver=True,
        formulas="vulkan-loader molten-vk",
    ),
    Software(
        "OpenGL",
        "libGL.so libEGL.so libGLX.so libGLdispatch.so libOpenGL.so libGLU.so libGLES*.so libGLEW.so libglut.so "
        "libOSMesa.so libgbm.so libdrm*.so",
        "opencv-python issues 203 and 370; libglvnd README",
        "2026-11-30",
        is_driver=True,
        formulas="mesa glew freeglut",
    ),
    Software(
        "VA-API",
        "libva.so libva-*.so libvdpau.so",
        "libva README; pyqt6_qt6-6.11.2-py3-none-manylinux_2_34_x86_64.whl has stubs for them",
        "2026-11-30",
        is_driver=True,
    ),
    # Language runtimes
    Software(
        "a Java virtual machine",
        "libjvm.so libjvm.dylib jvm.dll libjava.so libjawt.so jawt.dll",
        "jpy issues 79 and 80",
        "2026-11-30",
        formulas="openjdk",
    ),
    Software(
        "R",
        "libR.so libRblas.so libRlapack.so libR.dylib libRblas.dylib libRlapack.dylib R.dll Rblas.dll Rlapack.dll",
        "rpy2 issue 578; R Installation and Administration, Shared BLAS",
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
    # Libraries
    Software(
        "unixODBC",
        "libodbc.so libodbcinst.so libodbccr.so libodbc.dylib libodbcinst.dylib",
        "pyodbc documentation, Install; lambda-packages issue 111",
        "2026-11-30",
        formulas="unixodbc",
    ),
    Software(
        "FFmpeg",
        "libavcodec.so libavformat.so libavutil.so libavfilter.so libavdevice.so libswscale.so libswresample.so "
        "libpostproc.so avcodec-*.dll avformat-*.dll avutil-*.dll avfilter-*.dll avdevice-*.dll swscale-*.dll "
        "swresample-*.dll libavcodec.dylib libavformat.dylib libavutil.dylib libavfilter.dylib libavdevice.dylib "
        "libswscale.dylib libswresample.dylib",
        "torchcodec-0.17.0-cp313-cp313-win_amd64.whl, which has a module per release of FFmpeg",
        "2026-11-30",
        formulas="ffmpeg",
    ),
    Software(
        "X11 or Wayland",
        "libX11.so libX11-xcb.so libXext.so libXrender.so libXi.so libXtst.so libXrandr.so libXcursor.so "
        "libXfixes.so libXinerama.so libXcomposite.so libXdamage.so libXxf86vm.so libXss.so libXt.so libXmu.so "
        "libXpm.so libXaw.so libXft.so libXau.so libXdmcp.so libXv.so libxcb.so libxcb-*.so libxkbcommon.so "
        "libxkbcommon-*.so libxkbfile.so libwayland-*.so libICE.so libSM.so",
        "pyqt6-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl needs libxkbcommon.so.0",
        "2026-11-30",
    ),
    Software(
        "OpenMP",
        "libomp.dylib libomp.so libgomp.so libgomp.dylib",
        "xgboost issues 5586 and 10440; LightGBM issue 6262",
        "2026-11-30",
        formulas="libomp",
    ),
    Software(
        "an MPI",
        "libmpi.so libmpi_*.so libmpi*.dylib msmpi.dll impi.dll",
        "mpi4py-4.1.2-cp312-cp312-manylinux1_x86_64.manylinux_2_5_x86_64.whl; mpi4py, _mpiabi.py",
        "2026-11-30",
        formulas="open-mpi mpich",
    ),
    Software(
        "an audio system",
        "libasound.so libpulse*.so libjack.so libportaudio.so libpipewire-0.3.so libportaudio.dylib libjack.dylib",
        "sounddevice documentation, Installation; PyAudio documentation, Installation",
        "2026-11-30",
        formulas="portaudio jack",
    ),
)  # fmt: skip


def software(name: str) -> Software | None:
    """Return the software with which a library comes, or None if the table does not have it.

    Args:
        name: A DLL name, an install name or a soname. The formula in an install name of Homebrew counts too.
    """
    names = spellings(name)
    brewed = formula(name).partition("@")[0]
    for row in TABLE:
        if any(fits(names, pattern) for pattern in row.libraries.lower().split()):
            return row
        if brewed and brewed in row.formulas.split():
            return row
    return None


_KEGS = (
    "/opt/homebrew/opt/",
    "/opt/homebrew/Cellar/",
    "/usr/local/opt/",
    "/usr/local/Cellar/",
    "/home/linuxbrew/.linuxbrew/opt/",
)


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
    """Return what a message says of a need: `needs unixODBC to be installed (libodbc.so.2)`, without the first word."""
    return f"{row.topic} to be installed ({name.rpartition('/')[2]})"
