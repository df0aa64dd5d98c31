"""Results worth keeping: what is recorded and how."""

#: Folder of the chapter among the recorded results.
CHAPTER = "uvcgan_s"
