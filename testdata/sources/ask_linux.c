/* Asks the loader of a Linux system about shared libraries.

   ask STUB FILE...

   loads STUB for everybody, as an interpreter's symbols are there for everybody, then each FILE as CPython imports
   it, each in a process of its own. It prints one line per FILE, and no other:

       loads TAB FILE           followed by one line TAB PATH for each object in the process
       fails TAB FILE TAB what dlerror() says
       dies TAB FILE TAB the exit status as waitpid gives it
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int object(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    if (info->dlpi_name && info->dlpi_name[0])
        printf("\t%s\n", info->dlpi_name);
    return 0;
}

static int ask(const char *path)
{
    if (!dlopen(path, RTLD_NOW)) {
        printf("fails\t%s\t%s\n", path, dlerror());
        return 0;
    }
    printf("loads\t%s\n", path);
    dl_iterate_phdr(object, 0);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (!dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL)) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            ask(argv[i]);
            fflush(stdout);
            _exit(0); /* the destructors of what was loaded are not asked */
        }
        int status = 0;
        if (child < 0 || waitpid(child, &status, 0) < 0)
            return 3;
        if (status)
            printf("dies\t%s\t%d\n", argv[i], status);
    }
    return 0;
}
