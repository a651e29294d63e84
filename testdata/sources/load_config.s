// IMAGE_LOAD_CONFIG_DIRECTORY64 (winnt.h) without hybrid metadata: Size, then nothing but zeros.
    .section .rdata,"dr"
    .globl _load_config_used
    .p2align 3
_load_config_used:
    .long 0x140
    .fill 0x13c, 1, 0
