"""Names that CPython's library exported before they joined the stable ABI, by the first Python that exported them.

Kept by hand; a test asks the Python that runs it. Up to 3.13, `table.ADDED` was compared with the exports of CPython
3.6.15, 3.7.16, 3.8.18, 3.9.18, 3.10.13, 3.11.7, 3.12.1 and 3.13.0 for Linux. For 3.14, it was compared with the C API
documentation ("Added in version 3.14").
"""

from __future__ import annotations

from ..._lib.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SINCE"]

SINCE: Mapping[tuple[int, int], str] = {
    (3, 6): (
        "PyBuffer_FillContiguousStrides PyBuffer_FillInfo PyBuffer_FromContiguous PyBuffer_GetPointer "
        "PyBuffer_IsContiguous PyBuffer_Release PyBuffer_ToContiguous PyCodec_NameReplaceErrors "
        "PyErr_GetExcInfo PyErr_SetExcInfo PyErr_SetFromErrnoWithFilenameObjects PyErr_SetImportError "
        "PyErr_SyntaxLocationEx PyExc_BlockingIOError PyExc_BrokenPipeError PyExc_ChildProcessError "
        "PyExc_ConnectionAbortedError PyExc_ConnectionError PyExc_ConnectionRefusedError "
        "PyExc_ConnectionResetError PyExc_FileExistsError PyExc_FileNotFoundError PyExc_InterruptedError "
        "PyExc_IsADirectoryError PyExc_NotADirectoryError PyExc_PermissionError PyExc_ProcessLookupError "
        "PyExc_RecursionError PyExc_ResourceWarning PyExc_StopAsyncIteration PyExc_TimeoutError "
        "PyFrame_GetLineNumber PyImport_AddModuleObject PyImport_ExecCodeModuleObject "
        "PyImport_ImportFrozenModuleObject PyImport_ImportModuleLevelObject PyMem_Calloc PyMem_RawCalloc "
        "PyMem_RawFree PyMem_RawMalloc PyMem_RawRealloc PyMemoryView_FromBuffer PyMemoryView_FromMemory "
        "PyModule_AddFunctions PyModule_ExecDef PyModule_FromDefAndSpec2 PyModule_GetNameObject "
        "PyModule_NewObject PyModule_SetDocString PyNumber_InPlaceMatrixMultiply PyNumber_MatrixMultiply "
        "PyObject_CallFinalizerFromDealloc PyObject_Calloc PyObject_CopyData PyObject_GenericGetDict "
        "PyObject_GenericSetDict PyObject_GetBuffer PySlice_AdjustIndices PySlice_Unpack PySys_AddXOption "
        "PySys_GetXOptions PyUnicode_AsUCS4 PyUnicode_AsUCS4Copy PyUnicode_AsUTF8AndSize "
        "PyUnicode_AsWideCharString PyUnicode_DecodeLocale PyUnicode_DecodeLocaleAndSize "
        "PyUnicode_EncodeLocale PyUnicode_FindChar PyUnicode_GetLength PyUnicode_ReadChar "
        "PyUnicode_Substring PyUnicode_WriteChar Py_DecodeLocale Py_EncodeLocale "
        "Py_FileSystemDefaultEncodeErrors Py_GetArgcArgv Py_SetPath"
    ),
    (3, 7): "PyImport_GetModule Py_UTF8Mode",
    (3, 8): "PySys_Audit PyVectorcall_Call",
    (3, 9): (
        "PyBuffer_SizeFromFormat PyFrame_GetCode PyModule_AddType PyObject_CallNoArgs PyObject_CheckBuffer "
        "PyObject_VectorcallMethod PyThreadState_GetFrame PyThreadState_GetID PyThreadState_GetInterpreter "
        "PyType_FromModuleAndSpec PyType_GetModule PyType_GetModuleState"
    ),
    (3, 11): "PyObject_Vectorcall PyType_GetModuleByDef",
    (3, 13): (
        "PyCriticalSection2_Begin PyCriticalSection2_End PyCriticalSection_Begin PyCriticalSection_End "
        "PyDict_SetDefaultRef PyLong_AsNativeBytes PyLong_FromNativeBytes PyLong_FromUnsignedNativeBytes"
    ),
    (3, 14): (
        "PyLongWriter_Create PyLongWriter_Discard PyLongWriter_Finish PyLong_Export PyLong_FreeExport "
        "PyLong_GetNativeLayout Py_HashBuffer"
    ),
}
"""3.6 means 3.6 or earlier: the exports of older Pythons were not compared."""
