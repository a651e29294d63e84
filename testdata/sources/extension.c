/* An extension module in miniature: it exports one init hook and calls two functions of Python.

   HOOK          the name of the hook: PyInit_ext, PyModExport_ext, initext
   LIBC_CALL     a function of the C library to call, where the file shall depend on one
   USES_HELPER   also call the helper library
*/

#ifdef _WIN32
#define IMPORTED __declspec(dllimport)
#define EXPORTED __declspec(dllexport)
#else
#define IMPORTED extern
#define EXPORTED __attribute__((visibility("default")))
#endif

IMPORTED void *PyModuleDef_Init(void *definition);
IMPORTED void *PyLong_FromLong(long value);

#ifndef _WIN32
/* As a module does that supports Pythons with and without the function. */
extern int PyModule_AddObjectRef(void *, const char *, void *) __attribute__((weak));
#endif
#ifdef LIBC_CALL
extern int LIBC_CALL(const char *);
#endif
#ifdef USES_HELPER
IMPORTED int helper_answer(void);
#endif

static void *definition[16];

EXPORTED void *HOOK(void)
{
    long value = 1;
#ifndef _WIN32
    if (PyModule_AddObjectRef)
        value += PyModule_AddObjectRef(definition, "value", definition);
#endif
#ifdef LIBC_CALL
    value += LIBC_CALL("ext");
#endif
#ifdef USES_HELPER
    value += helper_answer();
#endif
    definition[0] = PyLong_FromLong(value);
    return PyModuleDef_Init(definition);
}
