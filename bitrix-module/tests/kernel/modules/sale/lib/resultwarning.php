<?php

namespace Bitrix\Sale;

/** A warning of `sale`. */
class ResultWarning extends ResultError
{
}
