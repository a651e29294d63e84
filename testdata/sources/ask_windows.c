/* Asks the loader of Windows about DLLs.

   ask LIST

   LIST is a UTF-8 file of lines KIND TAB PATH. `folder` adds a folder as os.add_dll_directory does. `file` loads a DLL
   with the flags of CPython's import, prints one line, and frees it:

       loads TAB PATH
       fails TAB PATH TAB GetLastError()

   Without LIST it waits until its input ends: Wine need not start again for each program while another one runs.
*/
#include <stdio.h>
#include <string.h>
#include <windows.h>

int main(int argc, char **argv)
{
    static char line[4096];
    static wchar_t path[4096];
    if (argc == 1)
        return getchar() != EOF;
    FILE *list = fopen(argv[1], "rb");
    if (!list)
        return 2;
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\r\n")] = 0;
        char *name = strchr(line, '\t');
        if (!name || !MultiByteToWideChar(CP_UTF8, 0, name + 1, -1, path, 4096))
            return 2;
        if (line[1] == 'o') {
            AddDllDirectory(path);
            continue;
        }
        HMODULE module = LoadLibraryExW(path, 0, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS | LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR);
        if (module)
            printf("loads\t%s\n", name + 1);
        else
            printf("fails\t%s\t%lu\n", name + 1, GetLastError());
        fflush(stdout);
        if (module)
            FreeLibrary(module);
    }
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 0); /* what is still loaded is not asked to end */
}
