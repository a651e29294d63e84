"""The files of a wheel, wherever they lie: in a zip archive, in a folder, in a source distribution. Never to disk.

Source: PKWARE APPNOTE.TXT 6.3.10, cited in these modules by section. The archive is read as pip's zipfile reads it,
from the end record backward. Wherever a reader that goes another way (by local headers, by stated offsets)
would see other files, there is a problem of kind `ambiguous`. Bad bytes raise nothing but `ArchiveError`, and
that only while one member is read.
"""
