<?php

namespace Bitrix\Main\ORM\Fields;

/** A field that can be written. */
interface IStorable extends IReadable
{
}
