<?php

namespace Bitrix\Main\ORM\Fields;

/** A day. */
class DateField extends ScalarField
{
}
