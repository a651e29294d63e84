"""Names that libraries of macOS and iOS may export, by the way in which Apple spells them.

There is no list of these exports that wheelarch may ship. So whoever takes a name for missing asks first whether it
looks like one of Apple's: a name that only looks so is passed over.
"""

from __future__ import annotations

import re

from .._lib.patterns import pattern

__all__ = ["may_be_apples"]

_RESERVED = ("_gfortran_", "_gfortrani_", "__kmpc_")
"""Reserved identifiers of compilers whose runtime macOS does not have: libgfortran, and OpenMP's libomp."""

_ALWAYS = pattern(
    r"""
    _*(?:OBJC_|NS[A-Z]|k?CF[A-Z]|k?CG[A-Z]|k?CT[A-Z]|k?CV[A-Z]|k?CM[A-Z]|CA[A-Z]|AV[A-Z]|k?Audio|k?MIDI|k?IO[A-Z]
        |k?Sec[A-Z]|SSL[A-Z]|k?SC[A-Z]|k?LS[A-Z]|k?MD[A-Z]|k?FS[A-Z]|k?AE[A-Z]|k?AX[A-Z]|ATS[A-Z]|UI[A-Z]|MTL|MTK
        |MPS|CI[A-Z]|CPS[A-Z]|Authorization|GS[A-Z]|HI[A-Z]|TIS[A-Z]|UT[A-Z]|DNSService|OSAtomic|CGL[A-Z]|CL[A-Z])
    |(?:objc|sel|class|object|method|protocol|ivar|imp|property|dispatch|xpc|os|nw|sec|notify|asl|mach|sqlite3|BZ2
        |lzma|ffi|curl|krb5|gss|GSS|pcap|vDSP|cblas|catlas|u|ucnv|ucol|unorm2|ures|res_9|libiconv|rl)_
    |(?:xml|xslt|html|gz|zlib|cups|ipp|v[A-Z]|vv|glu?[A-Z]|glut[A-Z]|cl[A-Z]|alc?[A-Z])
    |(?:iconv|deflate|inflate|crc32|adler32|compress|uncompress|readline|add_history)
    |_ZNK?S|_ZS|_Z[nd][wal]|_ZT[ISV]+N?(?:St|10__cxxabiv1)
    """,
    re.VERBOSE,
)
"""Frameworks and Objective-C; C libraries of macOS; C++'s own library, which every process has."""
_WITH_FRAMEWORKS = pattern(r"_*k?[A-Z][A-Za-z0-9]*$|[sdcz][a-z0-9]{2,6}_?$")
"""The C interfaces of frameworks, in camel case, and BLAS and LAPACK."""


def may_be_apples(name: str, frameworks: bool) -> bool:
    """Whether a name may be exported by a library of the system.

    Args:
        name: Without Mach-O's leading underscore.
        frameworks: Whether a framework of the system is loaded: each loads many others, whose names are many.
    """
    if name.startswith("_") and not name.startswith(("_Z", *_RESERVED)):
        return True
    if _ALWAYS.match(name):
        return True
    return frameworks and _WITH_FRAMEWORKS.match(name) is not None
