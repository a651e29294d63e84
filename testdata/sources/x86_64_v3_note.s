// What gcc -march=x86-64-v3 -mneeded writes. The section has a name of its own because linkers drop what they
// don't know of a .note.gnu.property section; a loader goes by the segment.
    .section .note.isa,"a",@note
    .balign 8
    .long 4                 // namesz
    .long 16                // descsz
    .long 5                 // type: NT_GNU_PROPERTY_TYPE_0
    .asciz "GNU"
    .long 0xc0008002        // pr_type: GNU_PROPERTY_X86_ISA_1_NEEDED
    .long 4                 // pr_datasz
    .long 4                 // x86-64-v3
    .long 0
