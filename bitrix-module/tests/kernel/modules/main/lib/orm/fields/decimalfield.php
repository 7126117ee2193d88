<?php

namespace Bitrix\Main\ORM\Fields;

/** A decimal number, kept as text. */
class DecimalField extends ScalarField
{
}
