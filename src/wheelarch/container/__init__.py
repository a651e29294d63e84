"""The files of a wheel: in a zip archive, in a folder, or in a source distribution. Nothing is written to disk.

An archive is read as pip's zipfile reads it, from the end record backward. If a reader that works in another way (by
local headers, by stated offsets) would see other files, there is a problem of kind `ambiguous`. Bad bytes only raise
`ArchiveError`, and only while one member is read.

Source: PKWARE APPNOTE.TXT 6.3.10, cited in these modules by section.
"""
