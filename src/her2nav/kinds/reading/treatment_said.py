"""What a statement about treatment holds: groups of treatments, each with its time and setting."""

from __future__ import annotations

from dataclasses import dataclass, field

from her2nav.kinds.reading.treatment_names import Treatment
from her2nav.kinds.reading.treatment_times import Window
from her2nav.kinds.reading.treatment_words import Setting


@dataclass
class Group:
    """Treatments that share a time and a setting.

    Attributes:
        items: The treatments.
        joints: What stands between each two of them: and, or, comma.
        joint: What stands before the group.
        examples: Treatments named as examples or parts of the last item.
        narrow: The examples are demanded.
        preset: The window stands before the items.
        borrowed: The window is that of the items before, unless one of its own follows.
        ever: It is said to be meant whenever it was given.
        generic: No treatment is named but therapy in general.
        disease, of_breast: The cancer that is treated is named, and it is breast cancer.
        except_settings: Courses in these settings, and ended before `except_window`, do not count.
    """

    items: list[Treatment] = field(default_factory=list)
    joints: list[str] = field(default_factory=list)
    joint: str = ""
    examples: list[Treatment] = field(default_factory=list)
    narrow: bool = False
    settings: tuple[Setting, ...] = ()
    window: Window | None = None
    preset: bool = False
    borrowed: bool = False
    ever: bool = False
    generic: bool = False
    noun: bool = False
    disease: bool = False
    of_breast: bool = False
    except_drugs: tuple[str, ...] = ()
    except_settings: tuple[Setting, ...] = ()
    except_window: Window | None = None


@dataclass
class Said:
    """A statement about treatment.

    Attributes:
        denied: It stands under a "no".
        prior, exposed, current: What it says about the time: before, given, now.
        outcome: How the treatment ended, empty where it is not said.
        used: A weak word for it: "treatment with".
        planned: It lies ahead.
        latest: The last therapy is meant.
        chronic: The word that says how long it is taken.
        narrow: Words that narrow the treatment and that no parameter holds.
        tumours: The cancers that were treated, where the trial takes others too.
    """

    groups: list[Group]
    denied: bool
    prior: bool
    exposed: bool
    current: bool
    outcome: str
    latest: bool = False
    used: bool = False
    planned: bool = False
    chronic: str = ""
    narrow: tuple[str, ...] = ()
    tumours: tuple[str, ...] = ()

    @property
    def elapsed(self) -> bool:
        """Whether it says that a time has passed, of every treatment."""
        return all(group.window is not None and group.window.elapsed for group in self.groups)
