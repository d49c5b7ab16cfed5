"""Regular expressions compiled when they are first asked, so that importing the check costs next to nothing."""

import re
from collections.abc import Callable
from functools import cached_property

Asked = Callable[..., re.Match[str] | None]


class Lazy:
    """A pattern with the three questions this package asks; each is an ordinary attribute from the second time on."""

    def __init__(self, source: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._source = source
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    @cached_property
    def match(self) -> Asked:
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Asked:
        return self.compiled.fullmatch

    @cached_property
    def search(self) -> Asked:
        return self.compiled.search
