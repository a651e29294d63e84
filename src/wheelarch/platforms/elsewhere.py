"""Libraries that a wheel leaves out on purpose, because a driver or another distribution provides them.

The answer comes from the name alone: both tables list how such names start.
"""

from __future__ import annotations

from .windows import dll_stem

__all__ = ["from_driver", "from_other_wheel"]

_DRIVERS = (
    "libcuda.so", "libnvidia-", "libnvcuvid.so", "libnvoptix.so", "libOpenCL.so", "libvulkan.so", "libEGL.so",
    "libGLX.so", "libGLdispatch.so", "libOpenGL.so", "libGLU.so", "libGLES", "libdrm", "libva.so", "libva-drm.so",
    "libamdhip64.so", "libhsa-runtime64.so", "libze_loader.so", "libxpum",
)  # fmt: skip


_WINDOWS_DRIVERS = frozenset(
    {"nvcuda", "nvml", "nvcuvid", "nvapi64", "opencl", "vulkan-1", "ze_loader", "amdhip64"}
)


def from_driver(name: str) -> bool:
    """Whether the library comes with a device driver. No wheel has it, and not every computer."""
    return name.startswith(_DRIVERS) or dll_stem(name) in _WINDOWS_DRIVERS


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
"""How the names of libraries start, in lower case, that Python code loads from another distribution before it imports
the module.

Source: the files of these distributions. A wheel leaves them out on purpose (auditwheel's `--exclude`); see
docs/facts/loaders.md, "Libraries that other distributions bring".
"""


def from_other_wheel(name: str) -> bool:
    """Whether wheels usually take the library from another distribution.

    Args:
        name: A DLL name, an install name or a soname.
    """
    return name.rpartition("/")[2].lower().startswith(_OTHER_WHEELS)
