<?php

namespace Bitrix\Main\ORM\Data;

/** A deleted row. */
class DeleteResult extends Result
{
}
