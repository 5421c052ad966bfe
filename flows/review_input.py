"""What a reviewer hands in, checked on our side whatever a form or a script has checked before."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self, TypeVar

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from data.errors import MulgilError
from data.stations import Stage
from flows.times import to_utc
from forecast.edits import LEVELS, NOT_A_TIME, STAGE_KINDS, Edit, Kind
from maps.plain import plain

LONGEST_HOURS = 72  # an edit is a judgement of now, not a setting
HOUR = np.timedelta64(1, "h")
T = TypeVar("T", bound=BaseModel)
Hours = Annotated[float, Field(gt=0, le=LONGEST_HOURS, allow_inf_nan=False)]
Reason = Annotated[str, Field(min_length=3, max_length=300)]
Role = Annotated[str, Field(min_length=1, max_length=60)]


class BadReview(MulgilError):
    """What a reviewer handed in cannot be used; nothing was changed."""


class _Signed(BaseModel):
    """Who speaks and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    role: Role
    reason: Reason
    name: Annotated[str, Field(max_length=60)] = ""

    @field_validator("role", "reason", "name")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        if plain(text) != text or "\n" in text or "\t" in text:
            raise ValueError("holds a line break, a control character or a mark of direction")
        return text


class Decided(_Signed):
    """An approval, a hold or a withdrawal."""

    what: Literal["approve", "hold", "withdraw"]
    saw: Annotated[int, Field(ge=0)]


class Form(_Signed):
    """One edit as a person fills it in; times are UTC where they name no zone."""

    saw: Annotated[int, Field(ge=0)]
    station: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind
    value: Annotated[float, Field(allow_inf_nan=False)]
    hours: Hours | None = None
    until: datetime | None = None
    first: datetime | None = None
    last: datetime | None = None
    fade_hours: Annotated[float, Field(ge=0, le=LONGEST_HOURS, allow_inf_nan=False)] = 0.0

    @field_validator("value", mode="before")
    @classmethod
    def _is_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Return the number of a stage that was named."""
        if not isinstance(value, str):
            return value
        names: dict[str, Any] = {stage.name.lower(): int(stage) for stage in Stage}
        found = names.get(value.strip().lower(), value)
        if found is value and info.data.get("kind") in STAGE_KINDS and not _number(value):
            raise ValueError(f"{value!r} is no stage: {', '.join(_NAMES)}")
        return found

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.hours is None) == (self.until is None):
            raise ValueError("say when it expires: hours or until, one of them")
        if self.kind in STAGE_KINDS:
            if self.value not in {float(stage) for stage in Stage}:
                raise ValueError(f"{self.value:g} is no stage: {', '.join(_NAMES)}")
            if self.kind != "stage" and self.value < Stage.NORMAL:
                raise ValueError("a stage is bounded by a known stage, not by 'unknown'")
        if self.kind == "offset" and self.value == 0:
            raise ValueError("an offset of 0 changes nothing")
        return self


def _number(text: str) -> bool:
    return text.strip().lstrip("+-").replace(".", "", 1).isdecimal()


_NAMES = tuple(stage.name.lower() for stage in Stage)


def form(given: dict[str, Any]) -> Form:
    """Return a checked form.

    Raises:
        BadReview: A field is missing, unknown or out of bounds.
    """
    return _checked(Form, given)


def decided(given: dict[str, Any]) -> Decided:
    """Return a checked decision.

    Raises:
        BadReview: A field is missing, unknown or out of bounds.
    """
    return _checked(Decided, given)


def _checked(kind: type[T], given: dict[str, Any]) -> T:
    try:
        return kind(**given)
    except ValidationError as error:
        said = "; ".join(_told(each) for each in error.errors())
        raise BadReview(f"This cannot be used: {said}.", "Nothing was changed.") from error


def _told(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"] if part not in (*LEVELS, *STAGE_KINDS))
    what = error["msg"].removeprefix("Value error, ")
    return f"{where}: {what[:1].lower()}{what[1:]}" if where else what


def edit_of(asked: Form, issue_time: np.datetime64, at: np.datetime64) -> Edit:
    """Return the edit that a form asks for.

    Args:
        issue_time: Of the forecast that the person saw.
        at: The moment; of a past that is replayed, the issue time.

    Raises:
        BadReview: It would have expired already, or last too long, or its times lie apart.
    """
    expires = _time(asked.until) if asked.hours is None else at + _hours(asked.hours)
    first, last = _time(asked.first), _time(asked.last)
    if expires <= at:
        raise BadReview(f"It would have expired already, at {expires}Z.", "Say a later time.")
    if expires > at + LONGEST_HOURS * HOUR:
        raise BadReview(
            f"It would last until {str(expires)[:16]}Z, longer than {LONGEST_HOURS} h.",
            "Make it shorter, and make it anew when it still holds then.",
        )
    if last < first or last <= issue_time:
        raise BadReview("Its last valid time lies before its first or before the forecast.")
    return Edit(
        id="new",
        station=asked.station,
        kind=asked.kind,
        value=asked.value,
        reason=asked.reason,
        role=asked.role,
        created=at,
        issued=issue_time,
        expires=expires,
        first=first,
        last=last,
        fade=_hours(asked.fade_hours),
    )


def ahead(text: str) -> float:
    """Return hours ahead as a form has them.

    Raises:
        BadReview: It is no number, or beyond any forecast.
    """
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= 10 * LONGEST_HOURS:
        raise BadReview(f"'{text}' is no number of hours ahead.", "Write e.g. 6.")
    return hours


def _time(when: datetime | None) -> np.datetime64:
    return NOT_A_TIME if when is None else np.datetime64(to_utc(when), "ns")


def _hours(hours: float) -> np.timedelta64:
    seconds: np.timedelta64 = np.timedelta64(round(hours * 3600), "s").astype("timedelta64[ns]")
    return seconds
