"""How many bytes an object holds, which Dask must know to move and to spill it."""

import sys


class Sized:
    """Base class of objects that hold arrays, or other objects of this kind."""

    def __sizeof__(self) -> int:
        """Return the bytes of the object and of what it holds, for `sys.getsizeof`."""
        held = (
            getattr(each, "nbytes", None) or sys.getsizeof(each)
            for each in vars(self).values()
        )
        return object.__sizeof__(self) + sum(held)
