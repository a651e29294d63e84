// What the C runtime gives an ARM64EC image, cut down to what lld-link asks for: a load config that points at
// hybrid metadata, the metadata itself, and the pointers that Windows fills in.

    .section .rdata,"dr"
    .globl _load_config_used
    .p2align 3
_load_config_used:                                  // IMAGE_LOAD_CONFIG_DIRECTORY64 (winnt.h)
    .long 0x140                                     // Size
    .fill 0xc4, 1, 0
    .quad __chpe_metadata                           // CHPEMetadataPointer, at 0xC8
    .fill 0x70, 1, 0

    .globl __chpe_metadata
    .p2align 3
__chpe_metadata:                                    // IMAGE_ARM64EC_METADATA (winnt.h); addresses are RVAs
    .long 1                                         // Version
    .rva  __hybrid_code_map                         // CodeMap
    .long __hybrid_code_map_count                   // CodeMapCount
    .rva  __x64_code_ranges_to_entry_points         // CodeRangesToEntryPoints
    .rva  __arm64x_redirection_metadata             // RedirectionMetadata
    .rva  __os_arm64x_dispatch_call_no_redirect
    .rva  __os_arm64x_dispatch_ret
    .rva  __os_arm64x_check_call
    .rva  __os_arm64x_check_icall
    .rva  __os_arm64x_check_icall_cfg
    .long 0                                         // AlternateEntryPoint
    .rva  __hybrid_auxiliary_iat                    // AuxiliaryIAT
    .long __x64_code_ranges_to_entry_points_count   // CodeRangesToEntryPointsCount
    .long __arm64x_redirection_metadata_count       // RedirectionMetadataCount
    .long 0                                         // GetX64InformationFunctionPointer
    .long 0                                         // SetX64InformationFunctionPointer
    .rva  __arm64x_extra_rfe_table                  // ExtraRFETable
    .long __arm64x_extra_rfe_table_size             // ExtraRFETableSize
    .long 0                                         // __os_arm64x_dispatch_fptr
    .rva  __hybrid_auxiliary_iat_copy               // AuxiliaryIATCopy
    .rva  __hybrid_auxiliary_delayload_iat          // AuxiliaryDelayloadIAT
    .rva  __hybrid_auxiliary_delayload_iat_copy     // AuxiliaryDelayloadIATCopy
    .long __hybrid_image_info_bitfield              // BitfieldInfo

    .section .data,"dw"
    .p2align 3
    .irp pointer, call_no_redirect, ret
    .globl __os_arm64x_dispatch_\pointer
__os_arm64x_dispatch_\pointer:
    .quad 0
    .endr
    .irp pointer, call, icall, icall_cfg
    .globl __os_arm64x_check_\pointer
__os_arm64x_check_\pointer:
    .quad 0
    .endr

    .text
    .globl __icall_helper_arm64ec
    .p2align 2
__icall_helper_arm64ec:
    br x11
