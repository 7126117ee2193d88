<?php

namespace Bitrix\Main\DB;

/** A unique key is taken (MySQL 1062). */
class DuplicateEntryException extends SqlQueryException
{
}
