/* A program without a C runtime. ENTRY is the symbol that the format starts at. */

int ENTRY(void)
{
    for (;;) {
    }
}
