/* Stands in for libpython at link time, so that the linker records its name. */

void *PyModuleDef_Init(void *definition) { return definition; }
void *PyLong_FromLong(long value) { return (void *)value; }
int PyModule_AddObjectRef(void *module, const char *name, void *value) { return module == value && name[0]; }
