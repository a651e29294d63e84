/* A library without a Python hook, as wheels bundle them. */

#ifdef _WIN32
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
int helper_answer(void)
{
    return 42;
}
