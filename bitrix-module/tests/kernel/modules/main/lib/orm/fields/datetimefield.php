<?php

namespace Bitrix\Main\ORM\Fields;

/** A moment. */
class DatetimeField extends DateField
{
}
