<?php

namespace Bitrix\Sale\Delivery\Services;

/** A service whose price is set by hand. */
class Configurable extends Base
{
}
