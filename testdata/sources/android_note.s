// The note that crtbegin_so.o of the Android NDK adds: API level, NDK version, NDK build number.
    .section .note.android.ident,"a",%note
    .balign 4
    .long 8                 // namesz
    .long 132               // descsz
    .long 1                 // type: NT_VERSION
    .asciz "Android"
    .long 24
    .asciz "r27c"
    .fill 59, 1, 0
    .asciz "12479018"
    .fill 55, 1, 0
