/* What link.exe takes from delayimp.lib: the function that loads a delayed DLL at its first call. */

void *__delayLoadHelper2(const void *descriptor, void **slot)
{
    return descriptor ? *slot : 0;
}
